"""What was written now, and what is quoted or signed: a linear reader of lines.

Nothing is ever lost: every line gets a kind, and what is not surely something else was written.
Quoted lines between answers stay with them: an answer is nothing without its question.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from . import endings
from .introductions import Opening, is_quoted, opening_at, plain, words_ending_at
from .pointing import points_below, points_inside

_MOST_LINES = 20_000
"""Nobody writes more; below that, what is not marked stays where it is seen."""


class Kind(StrEnum):
    """What a line of a mail is."""

    WRITTEN = "written"
    QUOTE = "quote"
    SIGNATURE = "signature"
    DISCLAIMER = "disclaimer"
    FORWARDED = "forwarded"
    FOOTER = "footer"


@dataclass(frozen=True, slots=True)
class Mark:
    """What the HTML of a mail says of some lines of its text.

    `quote` and `signature` are sure; `below` says that all from there on was said before;
    `indent` is a block that was set apart and cites nobody.
    """

    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Piece:
    """Lines that stand together and are of one kind."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Split:
    """A mail's text in its pieces, in order."""

    pieces: Sequence[Piece] = ()
    whole: str = ""
    """The text as it came."""

    @property
    def written(self) -> str:
        """What was written now."""
        return _tidy("\n\n".join(p.text for p in self.pieces if p.kind == Kind.WRITTEN))

    @property
    def folded(self) -> Sequence[Piece]:
        """What was not."""
        return [piece for piece in self.pieces if piece.kind != Kind.WRITTEN]

    @property
    def quoted(self) -> str:
        """What was not, as one text."""
        return _tidy("\n".join(piece.text for piece in self.folded))


def split(text: str, marks: Sequence[Mark] = (), *, is_forward: bool = False) -> Split:
    """Tell what was written now from the rest. `is_forward`: the subject says so.

    Where nothing seems to have been written, the whole counts as written: a forwarded mail
    is what its sender wants to show.
    """
    lines = text.split("\n")
    kinds = _Reader(lines, marks).kinds()
    if not any(k == Kind.WRITTEN and line.strip() for k, line in zip(kinds, lines, strict=True)):
        return Split([Piece(Kind.WRITTEN, _tidy(text))], text)
    if is_forward and Kind.FORWARDED not in kinds:
        kinds = [Kind.FORWARDED if kind == Kind.QUOTE else kind for kind in kinds]
    pieces = []
    for kind, group in groupby(zip(kinds, lines, strict=True), key=lambda pair: pair[0]):
        told = _tidy("\n".join(line for _kind, line in group))
        if told.strip():
            pieces.append(Piece(kind, told))
    return Split(pieces, text)


@dataclass(slots=True)
class _Run:
    """Quoted lines that stand together, with what introduces them."""

    start: int
    body: int
    end: int
    is_introduced: bool
    is_forward: bool = False


class _Reader:
    """One mail's lines, and what is known of each so far."""

    def __init__(self, lines: Sequence[str], marks: Sequence[Mark]) -> None:
        self.lines = lines
        self.found = [Kind.WRITTEN] * len(lines)
        self.quoted = [is_quoted(line) for line in lines]
        self.runs: list[_Run] = []
        self.marks = marks
        self.top = self.first_words(0)
        self.bottom = self.last_words(len(lines))

    def kinds(self) -> list[Kind]:
        end = self.read_marks()
        self.read_down(end)
        self.fold_runs()
        self.fold_endings()
        return self.found

    def read_marks(self) -> int:
        """Take over what the HTML says; returns the line from which all was said before."""
        end = len(self.lines)
        for mark in self.marks:
            stop = min(mark.end, len(self.lines))
            start = min(max(0, mark.start), stop)
            if mark.kind == "below" and self.top < start and not points_below(self.lines[:start]):
                end = min(end, start)
            elif mark.kind == "quote" and self.is_apart(start, stop):
                self.found[start:stop] = [Kind.QUOTE] * max(0, stop - start)
            elif mark.kind == "signature" and stop - start <= 20:
                self.found[start:stop] = [Kind.SIGNATURE] * max(0, stop - start)
            elif mark.kind == "indent" and not self.is_introduced(start):
                self.quoted[start:stop] = [False] * max(0, stop - start)
        self.fold(end, len(self.lines), Kind.QUOTE)
        return end

    def is_apart(self, start: int, stop: int) -> bool:
        """Whether words stand above or below a quote, and none of them within it."""
        if points_inside(self.lines[:start]):
            return False
        return self.top < start or self.bottom >= stop

    def is_introduced(self, start: int) -> bool:
        above = self.last_words(start)
        if above >= 0 and words_ending_at(self.lines, above) is not None:
            return True
        # Some programs put the introduction inside.
        inside = [line.lstrip("> \t") for line in self.lines[start : start + 8]]
        first = next((i for i, line in enumerate(inside) if line), -1)
        return first >= 0 and opening_at(inside, first) is not None

    def read_down(self, end: int) -> None:
        """Find each quote and its introduction, from the top, until one that takes the rest."""
        at = 0
        while at < min(end, _MOST_LINES):
            if self.quoted[at]:
                at = self.add_run(at, at, is_introduced=False)
                continue
            opening = None if self.found[at] != Kind.WRITTEN else opening_at(self.lines, at)
            if opening is None:
                at += 1
            elif (body := self.first_words(opening.body)) < end and self.quoted[body]:
                at = self.add_run(at, body, is_introduced=True, is_forward=opening.is_forward)
            elif opening.is_strong and self.takes_the_rest(opening, end):
                return
            else:
                at = max(at + 1, opening.body)

    def takes_the_rest(self, opening: Opening, end: int) -> bool:
        """An answered mail that is not marked line by line reaches down to the end."""
        if not self.has_written(0, opening.start):
            return False
        if not opening.is_forward and points_below(self.lines[: opening.start]):
            return False
        kind = Kind.FORWARDED if opening.is_forward else Kind.QUOTE
        self.fold(opening.start, end, kind)
        return True

    def add_run(
        self, start: int, body: int, *, is_introduced: bool, is_forward: bool = False
    ) -> int:
        at = stop = body
        while at < len(self.lines) and (self.quoted[at] or not self.lines[at].strip()):
            at += 1
            stop = at if self.quoted[at - 1] else stop
        self.runs.append(_Run(start, body, stop, is_introduced, is_forward))
        return stop

    def fold_runs(self) -> None:
        """Fold the quotes that no answer stands between."""
        runs = self.runs
        if not runs:
            return
        last = runs[-1]
        answered = points_inside(self.lines[: runs[0].start])
        if not answered and not self.has_own_words(last.end, len(self.lines)):
            # Below the last quote there is nothing of the writer's.
            if not self.is_own_list(last):
                self.fold_run(last)
            runs = runs[:-1]
        if len(runs) == 1 and not answered:
            only = runs[0]
            is_first = not self.has_written(0, only.start)
            if (only.is_introduced or is_first) and len(self.runs) == 1:
                self.fold_run(only)
        for run in runs:
            # The answers need what they answer, and not who said it when.
            self.fold(run.start, run.body, Kind.QUOTE)

    def is_own_list(self, run: _Run) -> bool:
        """`I ordered:`, and below it two lines that begin with an arrow."""
        if run.is_introduced or not self.has_written(0, run.start):
            return False
        lines = sum(self.quoted[run.start : run.end])
        above = self.last_words(run.start)
        if self.found[above] != Kind.WRITTEN:
            return False
        return lines == 1 or (lines <= 12 and plain(self.lines[above]).endswith(":"))

    def fold_run(self, run: _Run) -> None:
        self.fold(run.start, run.end, Kind.FORWARDED if run.is_forward else Kind.QUOTE)

    def fold(self, start: int, end: int, kind: Kind) -> None:
        for i in range(start, end):
            if self.found[i] == Kind.WRITTEN:
                self.found[i] = kind

    def fold_endings(self) -> None:
        """Below the last words and above each fold: signatures, small print and footers."""
        for start, end in self.segments():
            end = self.fold_ending(start, end, endings.footer, Kind.FOOTER)
            end = self.fold_ending(start, end, endings.small_print, Kind.DISCLAIMER)
            end = self.fold_ending(start, end, endings.without_mobile_line, Kind.SIGNATURE)
            signed = self.fold_ending(start, end, endings.signature, Kind.SIGNATURE)
            self.fold_ending(start, signed, endings.without_mobile_line, Kind.SIGNATURE)

    def fold_ending(
        self, start: int, end: int, find: Callable[[Sequence[str]], int], kind: Kind
    ) -> int:
        begin = start + find(self.lines[start:end])
        self.fold(begin, end, kind)
        return begin

    def segments(self) -> list[tuple[int, int]]:
        """The written stretches: the last of all, and that above the first fold."""
        found: list[tuple[int, int]] = []
        at = 0
        for kind, group in groupby(self.found):
            length = len(list(group))
            if kind == Kind.WRITTEN and self.has_words(at, at + length):
                found.append((at, at + length))
            at += length
        return found

    def has_own_words(self, start: int, end: int) -> bool:
        """Whether words of the writer stand here, beside a signature or a footer."""
        lines = self.lines[start:end]
        for find in (
            endings.footer,
            endings.small_print,
            endings.without_mobile_line,
            endings.signature,
            endings.without_mobile_line,
        ):
            lines = lines[: find(lines)]
        return any(
            line.strip() and self.found[start + i] == Kind.WRITTEN for i, line in enumerate(lines)
        )

    def has_written(self, start: int, end: int) -> bool:
        return any(
            self.lines[i].strip() and self.found[i] == Kind.WRITTEN for i in range(start, end)
        )

    def has_words(self, start: int, end: int) -> bool:
        return any(line.strip() for line in self.lines[start:end])

    def first_words(self, at: int) -> int:
        while at < len(self.lines) and not self.lines[at].strip():
            at += 1
        return at

    def last_words(self, before: int) -> int:
        at = before - 1
        while at >= 0 and not self.lines[at].strip():
            at -= 1
        return at


def _tidy(text: str) -> str:
    return text.strip("\n").rstrip()
