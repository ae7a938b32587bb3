"""What a person may type into the search field, and what we understand of it.

late parcel            both words, as beginnings: `parc` finds `parcel`
"late parcel"          these words beside one another
subject:lamp           in one field: subject, from, tag, text
-newsletter            without this
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from makegood.search.words import words

FIELDS = {"subject": "subject", "from": "customer", "tag": "tags", "text": "text"}
MOST_TERMS = 24
LONGEST_QUESTION = 500
SHORTEST_BEGINNING = 3
"""Letters that a word must have to be the beginning of others; shorter ones stand alone."""


@dataclass(frozen=True, kw_only=True)
class Term:
    """One thing asked for: words beside one another, anywhere or in one field."""

    words: tuple[str, ...]
    field: str = ""
    is_negated: bool = False
    is_beginning: bool = False
    """Whether the last word may be the beginning of a longer one."""


@dataclass(frozen=True, kw_only=True)
class Problem:
    """What we did not understand, and where it stands in what was typed."""

    start: int
    end: int
    words: str


@dataclass(frozen=True, kw_only=True)
class Question:
    """Everything that was understood; problems beside it, for the person to see."""

    terms: Sequence[Term] = ()
    problems: Sequence[Problem] = ()

    def asks_for_something(self) -> bool:
        return any(not term.is_negated for term in self.terms)


@dataclass(frozen=True)
class _Piece:
    """One word as typed, with its quotes and marks."""

    text: str
    start: int
    is_open: bool = False

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def parse(typed: str) -> Question:
    """Understand what was typed. Never fails: what makes no sense becomes a problem."""
    terms: list[Term] = []
    problems: list[Problem] = []
    for piece in _pieces(typed[:LONGEST_QUESTION]):
        found = _understand(piece)
        if isinstance(found, Problem):
            problems.append(found)
        elif found is not None and found not in terms:
            terms.append(found)
    if len(terms) > MOST_TERMS:
        end = min(len(typed), LONGEST_QUESTION)
        problems.append(Problem(start=0, end=end, words=_("These are too many words at once.")))
    question = Question(terms=tuple(terms[:MOST_TERMS]), problems=tuple(problems))
    return question if question.asks_for_something() else _only_without(question, typed)


def _only_without(question: Question, typed: str) -> Question:
    if not question.terms:
        return question
    words_ = _("Say also what to look for: this says only what to leave out.")
    problem = Problem(start=0, end=len(typed), words=words_)
    return Question(terms=question.terms, problems=(*question.problems, problem))


def _pieces(typed: str) -> Iterator[_Piece]:
    """Cut at blanks that are not inside quotes."""
    start, is_open = -1, False
    for place, letter in enumerate(typed):
        if letter.isspace() and not is_open:
            if start >= 0:
                yield _Piece(typed[start:place], start)
            start = -1
            continue
        if start < 0:
            start = place
        if letter == '"':
            is_open = not is_open
    if start >= 0:
        yield _Piece(typed[start:], start, is_open)


def _understand(piece: _Piece) -> Term | Problem | None:
    is_negated = piece.text.startswith("-") and len(piece.text) > 1
    rest = piece.text[1:] if is_negated else piece.text
    field, value = _field_of(rest)
    if field and field not in FIELDS:
        return _problem(
            piece,
            _("There is no field “%(field)s”; there are %(fields)s.")
            % {"field": field, "fields": ", ".join(FIELDS)},
        )
    if piece.is_open:
        return _problem(piece, _("The quotation mark is not closed."))
    found = tuple(words(value))
    if not found:
        return _problem(piece, _("Here a word is missing.")) if field else None
    is_phrase = '"' in value
    return Term(
        words=found,
        field=FIELDS.get(field, ""),
        is_negated=is_negated,
        is_beginning=not is_phrase and len(found[-1]) >= SHORTEST_BEGINNING,
    )


def _field_of(text: str) -> tuple[str, str]:
    """`subject:lamp` in two; `Re:`, `10:30` and web addresses are words as any other."""
    name, colon, value = text.partition(":")
    low = name.lower()
    if not colon or not (name.isascii() and name.isalpha()) or value.startswith("/"):
        return "", text
    if low not in FIELDS and not value:
        return "", text
    return low, value


def _problem(piece: _Piece, said: str) -> Problem:
    return Problem(start=piece.start, end=piece.end, words=said)
