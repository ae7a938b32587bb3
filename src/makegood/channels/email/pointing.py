"""`My answers are below, in red`: where somebody wrote into the quote, nobody can tell it apart.

Then the quote stays where it is seen: a line too many is better than an answer that is lost.
"""

from collections.abc import Sequence

from .phrases import ANSWERING, BELOW, INSIDE

_SHORT = 400
_LINES = 40
_STOPS = str.maketrans(dict.fromkeys("!?;。！？؟\n", "."))


def points_below(above: Sequence[str]) -> bool:
    """Whether these words send the reader further down."""
    words = _words(above)
    return bool(words) and (_holds(words, BELOW) or _names_place(words))


def points_inside(above: Sequence[str]) -> bool:
    """Whether these words say that answers stand within the quote itself."""
    words = _words(above)
    return bool(words) and _names_place(words)


def _words(above: Sequence[str]) -> str:
    words = "\n".join(above[:_LINES]).lower()
    return words if len(words) < _SHORT else ""


def _names_place(words: str) -> bool:
    """An answer and its place, in one sentence."""
    return any(
        _holds(sentence, ANSWERING) and _holds(sentence, INSIDE)
        for sentence in words.translate(_STOPS).split(".")
    )


def _holds(words: str, known: Sequence[str]) -> bool:
    """Whether one of these begins a word; some scripts put no space between words."""
    spaced = " " + " ".join(words.replace("'", " ").replace("’", " ").split())
    return any(f" {each}" in spaced or (each[0] > "\u0590" and each in words) for each in known)
