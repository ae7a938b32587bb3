"""What is asked before a chat, and which answers fit: a browser may send whatever it likes."""

from collections.abc import Mapping
from typing import Any

from makegood.channels.models import Inbox
from makegood.kit.text import one_line

PHONE_DIGITS = 5
"""With fewer nobody can be called."""


def fitting(inbox: Inbox, answers: Mapping[str, str]) -> dict[str, str]:
    """Answers as they are kept: one that is none of the choices, or no number, is left out."""
    asked = {str(one.get("key")): one for one in _questions(inbox)}
    tidy = {one_line(key, 40): one_line(words, 500) for key, words in answers.items()}
    return {key: words for key, words in tidy.items() if _fits(asked.get(key, {}), words)}


def _questions(inbox: Inbox) -> list[Mapping[str, Any]]:
    chat = inbox.settings.get("chat")
    asked = chat.get("questions") if isinstance(chat, Mapping) else None
    return [one for one in asked or [] if isinstance(one, Mapping)]


def _fits(question: Mapping[str, Any], words: str) -> bool:
    kind = question.get("kind")
    if kind == "choice":
        return words in (question.get("choices") or [])
    if kind == "phone":
        return sum(sign.isdigit() for sign in words) >= PHONE_DIGITS
    return True
