"""What was typed, cut into pieces: words, groups and the words between them. One pass."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from makegood.asking.tree import Span

OPENING = '"„“”«»'
CLOSING = {'"': '"', **dict.fromkeys(OPENING[1:], "“”«»")}


class Sign(StrEnum):
    WORD = "word"
    OPEN = "("
    CLOSE = ")"
    STRAY = "stray"
    NOT = "not"
    AND = "and"
    OR = "or"
    END = "end"


SAID = {
    "OR": Sign.OR, "ODER": Sign.OR, "AND": Sign.AND, "UND": Sign.AND,
    "NOT": Sign.NOT, "NICHT": Sign.NOT,
}  # fmt: skip


@dataclass(frozen=True)
class Piece:
    sign: Sign
    text: str
    start: int
    is_unclosed: bool = False

    @property
    def span(self) -> Span:
        return Span(self.start, self.start + len(self.text))


def pieces(typed: str) -> Iterator[Piece]:
    at, depth = 0, 0
    while at < len(typed):
        letter = typed[at]
        if letter.isspace():
            at += 1
        elif letter == "(":
            yield Piece(Sign.OPEN, letter, at)
            at, depth = at + 1, depth + 1
        elif letter == ")":
            yield Piece(Sign.CLOSE if depth else Sign.STRAY, letter, at)
            at, depth = at + 1, max(0, depth - 1)
        elif letter == "-" and typed[at + 1 : at + 2].strip():
            yield Piece(Sign.NOT, letter, at)
            at += 1
        else:
            end, is_unclosed = _end_of_word(typed, at, depth)
            text = typed[at:end]
            yield Piece(SAID.get(text, Sign.WORD), text, at, is_unclosed)
            at = end
    yield Piece(Sign.END, "", len(typed))


def _end_of_word(typed: str, start: int, depth: int) -> tuple[int, bool]:
    """Where a word ends: at a blank that is not in quotes, or where its group closes."""
    inner, closing = 0, ""
    for at in range(start, len(typed)):
        letter = typed[at]
        if closing:
            closing = "" if letter in closing else closing
        elif letter in OPENING and _may_open(typed, start, at):
            closing = CLOSING[letter]
        elif letter.isspace():
            return at, False
        elif letter == "(":
            inner += 1
        elif letter == ")":
            if depth and not inner:
                return at, False
            inner = max(0, inner - 1)
    return len(typed), bool(closing)


def _may_open(typed: str, start: int, at: int) -> bool:
    """A quotation mark opens at the beginning of a word or a value; `6"` is six inches."""
    return at == start or typed[at - 1] in ':,<>=."'


def split(text: str, mark: str) -> list[tuple[str, int]]:
    """The parts between marks that are not in quotes, with where each begins."""
    parts, begun, closing, at = [], 0, "", 0
    while at < len(text):
        letter = text[at]
        if closing:
            closing = "" if letter in closing else closing
        elif letter in OPENING and _may_open(text, 0, at):
            closing = CLOSING[letter]
        elif text.startswith(mark, at):
            parts.append((text[begun:at], begun))
            at += len(mark)
            begun = at
            continue
        at += 1
    return [*parts, (text[begun:], begun)]


def unquoted(text: str) -> tuple[str, bool]:
    """What stands in the quotes, and whether there were any."""
    if len(text) >= 2 and text[0] in OPENING and text[-1] in CLOSING[text[0]]:
        inside = text[1:-1]
        return (inside.replace('""', '"') if text[0] == '"' else inside), True
    return text, False
