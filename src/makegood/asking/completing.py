"""What may come next where the caret stands: fields, their values, and what is there by name."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from makegood.asking.fields import Choice, Field, Kind, Vocabulary, Words
from makegood.asking.folding import fold
from makegood.asking.moments import EXAMPLES
from makegood.asking.pieces import OPENING, Piece, Sign, pieces, split
from makegood.asking.reading import LONGEST

MOST = 8
LENGTHS = (">30m", ">2h", ">1d", ">3d")
NUMBERS = (">=2", ">=5", ">=10")

Names = Callable[[Field, str], Sequence[str]]
"""What a field's values are called, of those that begin with something."""


@dataclass(frozen=True, kw_only=True)
class Option:
    """One way to go on: what to write, and what it means."""

    insert: str
    says: Words = ""


@dataclass(frozen=True, kw_only=True)
class Completion:
    """Ways to go on, each in the place of what stands from `start` to `end`."""

    start: int
    end: int
    options: Sequence[Option] = ()


def complete(text: str, caret: int, vocabulary: Vocabulary, names: Names) -> Completion:
    """What may stand where the caret is. Never fails; where nothing comes to mind, nothing."""
    text = text[:LONGEST]
    caret = min(max(caret, 0), len(text))
    piece = _piece_at(text, caret)
    name, colon, _value = piece.text[: caret - piece.start].partition(":")
    field = vocabulary.named(name) if colon else None
    if field is None:
        options = [] if colon else list(_fields(name, vocabulary))
        return Completion(start=piece.start, end=caret, options=options[:MOST])
    typed = piece.text[len(name) + 1 : caret - piece.start]
    last, at = (typed, 0) if field.kind == Kind.WORDS else split(typed, ",")[-1]
    start = piece.start + len(name) + 1 + at
    return Completion(start=start, end=caret, options=list(_values(field, last, names))[:MOST])


def _piece_at(text: str, caret: int) -> Piece:
    for piece in pieces(text[:caret]):
        if piece.sign == Sign.WORD and piece.span.end == caret:
            return piece
    return Piece(Sign.WORD, "", caret)


def _fields(typed: str, vocabulary: Vocabulary) -> Iterator[Option]:
    asked = fold(typed)
    if not asked:
        return
    for field in vocabulary.fields:
        if any(fold(name).startswith(asked) for name in (field.name, *field.aliases)):
            yield Option(insert=f"{field.name}:", says=field.says)
    for field in vocabulary.fields:
        if field.kind == Kind.CHOICE and field.name != asked:
            yield from (
                Option(insert=f"{field.name}:{one.name}", says=one.says)
                for one in field.choices
                if len(asked) > 1 and _begins(one, asked)
            )


def _values(field: Field, typed: str, names: Names) -> Iterator[Option]:
    bare = typed[1:] if typed[:1] in tuple(OPENING) else typed
    asked = fold(bare)
    for choice in field.choices if bare == typed else ():
        if _begins(choice, asked) and fold(choice.name) != asked:
            yield Option(insert=choice.name, says=choice.says)
    usual = {
        Kind.MOMENT: EXAMPLES,
        Kind.LENGTH: LENGTHS,
        Kind.NUMBER: NUMBERS,
        Kind.AMOUNT: NUMBERS,
    }.get(field.kind, ())
    for example in usual:
        if example.startswith(asked) and example != asked:
            yield Option(insert=quoted(example))
    if field.kind == Kind.NAME:
        yield from (Option(insert=quoted(name, field)) for name in names(field, bare))


def _begins(choice: Choice, asked: str) -> bool:
    return any(fold(name).startswith(asked) for name in (choice.name, *choice.aliases))


def quoted(name: str, field: Field | None = None) -> str:
    """A name as it can be typed: in quotes where it has blanks or signs of the language."""
    is_plain = (
        all(letter.isalnum() or letter in "-_.@<>=" for letter in name) and name[:1] not in "<>="
    )
    is_example = field is None and " " not in name
    is_special = field is not None and field.choice(name) is not None
    if is_example or (is_plain and not is_special):
        return name
    return '"' + name.replace('"', '""') + '"'
