"""What the box says of a question that was not understood: where, why, and what was meant."""

from dataclasses import dataclass
from typing import Any

from makegood.asking.pointing import pointed
from makegood.asking.problems import Problem
from makegood.conversations.naming import Understood


@dataclass(frozen=True)
class Wrong:
    """One problem in words, and the whole question mended, where we know how."""

    words: str
    mended: str


def box(understood: Understood | None) -> dict[str, Any]:
    """What the templates of the box want to know."""
    if understood is None:
        return {"problems": (), "echo": ()}
    text, problems = understood.asked.text, understood.problems
    return {
        "problems": [Wrong(one.words, _mended(text, one)) for one in problems],
        "echo": pointed(text, problems),
    }


def _mended(text: str, one: Problem) -> str:
    if not one.instead:
        return ""
    is_plain = all(letter.isalnum() or letter in "-_.@" for letter in one.instead)
    instead = one.instead if is_plain else f'"{one.instead}"'
    return text[: one.start] + instead + text[one.end :]
