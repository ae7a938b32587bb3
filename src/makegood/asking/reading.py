"""Reading a question: linear in its length, never failing. What makes no sense is a problem.

question = group { OR group }
group    = part { [AND] part }
part     = { NOT | - } ( "(" question ")" | field:value,value | #12 | word | "words" )
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from makegood.asking.fields import Field, Kind, Vocabulary
from makegood.asking.moments import span_of, which_of
from makegood.asking.pieces import Piece, Sign, pieces
from makegood.asking.problems import Problem, nearest, problem
from makegood.asking.tree import AllOf, Node, Span, Test, all_of, any_of, not_
from makegood.asking.values import values

LONGEST = 1000
DEEPEST = 12
MOST_TESTS = 60
MOST_PROBLEMS = 3


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question as typed, and what it means: a tree, or the problems that stand in the way."""

    text: str
    tree: Node | None
    problems: Sequence[Problem] = ()

    def is_empty(self) -> bool:
        return self.tree == AllOf()


def read(text: str, vocabulary: Vocabulary) -> Asked:
    """Understand a question. Never fails."""
    if len(text) > LONGEST:
        words = _("This is too long: %(count)s letters at most.") % {"count": LONGEST}
        return Asked(text=text, tree=None, problems=[problem(Span(LONGEST, len(text)), words)])
    reader = _Reader(list(pieces(text)), vocabulary)
    tree = reader.whole()
    if reader.problems:
        found = sorted(reader.problems, key=lambda one: one.start)[:MOST_PROBLEMS]
        return Asked(text=text, tree=None, problems=found)
    return Asked(text=text, tree=tree)


class _Reader:
    def __init__(self, found: list[Piece], vocabulary: Vocabulary) -> None:
        self.pieces, self.at, self.vocabulary = found, 0, vocabulary
        self.problems: list[Problem] = []
        self.tests = 0

    @property
    def here(self) -> Piece:
        return self.pieces[self.at]

    def take(self) -> Piece:
        piece = self.here
        if piece.sign != Sign.END:
            self.at += 1
        return piece

    def wrong(self, span: Span, words: str, instead: str = "") -> None:
        self.problems.append(problem(span, words, instead))

    def whole(self) -> Node:
        """Everything typed. What closes nothing is said, and reading goes on behind it."""
        parts = [self.question(0)]
        while self.here.sign != Sign.END:
            self.wrong(self.take().span, _("This bracket closes nothing."))
            parts.append(self.question(0))
        return all_of([part for part in parts if part is not None])

    def question(self, depth: int) -> Node | None:
        parts = [self.group(depth)]
        while self.here.sign == Sign.OR:
            sign = self.take()
            if parts[-1] is None:
                self.wrong(sign.span, _("Something is missing before “%(word)s”.") % _word(sign))
            parts.append(self.group(depth))
            if parts[-1] is None:
                self.wrong(sign.span, _("Something is missing after “%(word)s”.") % _word(sign))
        found = [part for part in parts if part is not None]
        return any_of(found) if found else None

    def group(self, depth: int) -> Node | None:
        parts: list[Node] = []
        while self.here.sign not in (Sign.OR, Sign.CLOSE, Sign.STRAY, Sign.END):
            if self.here.sign == Sign.AND:
                self._and(bool(parts))
                continue
            part = self.part(depth)
            if part is not None:
                parts.append(part)
        return all_of(parts) if parts else None

    def _and(self, has_left: bool) -> None:
        sign = self.take()
        if not has_left:
            self.wrong(sign.span, _("Something is missing before “%(word)s”.") % _word(sign))
        if self.here.sign not in (Sign.WORD, Sign.OPEN, Sign.NOT):
            self.wrong(sign.span, _("Something is missing after “%(word)s”.") % _word(sign))

    def part(self, depth: int) -> Node | None:
        is_negated, sign = False, self.here
        while self.here.sign == Sign.NOT:
            is_negated, sign = not is_negated, self.take()
        if self.here.sign == Sign.OPEN:
            part = self.bracket(depth + 1)
        elif self.here.sign == Sign.WORD:
            part = self.leaf(self.take())
        else:
            self.wrong(sign.span, _("Something is missing after “%(word)s”.") % _word(sign))
            return None
        return not_(part) if part is not None and is_negated else part

    def bracket(self, depth: int) -> Node | None:
        opened = self.take()
        if depth > DEEPEST:
            self.wrong(opened.span, _("These are too many brackets inside one another."))
            self.at = len(self.pieces) - 1
            return None
        part = self.question(depth)
        if self.here.sign == Sign.CLOSE:
            closed = self.take()
            if part is None:
                self.wrong(Span(opened.start, closed.span.end), _("These brackets are empty."))
        elif not self.problems:
            self.wrong(opened.span, _("This bracket is not closed."))
        return part

    def leaf(self, piece: Piece) -> Node | None:
        if piece.is_unclosed:
            self.wrong(piece.span, _("The quotation mark is not closed."))
            return None
        self.tests += 1
        if self.tests > MOST_TESTS:
            self.wrong(piece.span, _("This asks for too much at once."))
            self.at = len(self.pieces) - 1
            return None
        numbered = self.vocabulary.number
        if numbered is not None and piece.text[:1] == "#" and piece.text[1:].isdecimal():
            return self.test(numbered, piece, 0)
        field, begins = self.field_of(piece)
        if field is not None:
            return self.test(field, self.joined(field, piece), begins)
        if begins or not any(letter.isalnum() for letter in piece.text):
            return None
        return self.test(self.vocabulary.words, piece, 0)

    def field_of(self, piece: Piece) -> tuple[Field | None, int]:
        """The field and where its value begins. `Re:`, `10:30` and web addresses are words."""
        name, colon, value = piece.text.partition(":")
        if not colon or value.startswith("/"):
            return None, 0
        begins = len(name) + 1
        field = self.vocabulary.named(name)
        if field is None and not name.isalpha():
            return None, 0
        if field is None and value:
            self._no_field(Span(piece.start, piece.start + len(name)), name)
            return None, begins
        if field is not None and not value:
            self.wrong(piece.span, _("After “%(field)s:” a value is missing.") % {"field": name})
            return None, begins
        return field, begins if field else 0

    def _no_field(self, span: Span, name: str) -> None:
        instead = nearest(name, self.vocabulary.names())
        if instead:
            words = _("There is no field “%(field)s”. Did you mean “%(instead)s”?")
        else:
            words = _("There is no field “%(field)s”. Put it in quotes to look for these words.")
        self.wrong(span, words % {"field": name, "instead": instead}, instead)

    def joined(self, field: Field, piece: Piece) -> Piece:
        """`created:last week` is two words and one value."""
        begins = piece.text.partition(":")[2].rpartition("..")[2].lstrip("<>=")
        following = self.here
        if field.kind != Kind.MOMENT or following.sign != Sign.WORD or not which_of(begins):
            return piece
        first = following.text.partition("..")[0]
        if not span_of(first):
            return piece
        self.take()
        blank = " " * (following.start - piece.span.end)
        return self.joined(
            field, Piece(Sign.WORD, piece.text + blank + following.text, piece.start)
        )

    def test(self, field: Field, piece: Piece, begins: int) -> Node | None:
        found = values(field, piece.text[begins:], piece.start + begins)
        if isinstance(found, Problem):
            self.problems.append(found)
            return None
        return Test(field.name, tuple(found), piece.span)


def _word(piece: Piece) -> dict[str, str]:
    return {"word": piece.text}
