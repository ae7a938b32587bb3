"""The fields that can be asked for: an app registers its own, once, with their words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.functional import Promise

from makegood.asking.folding import fold

Words = str | Promise
AMOUNT_PARTS = 1_000_000
"""So many parts of an amount are told apart."""


class Kind(StrEnum):
    """What stands after the colon."""

    CHOICE = "choice"
    NAME = "name"
    WORDS = "words"
    NUMBER = "number"
    AMOUNT = "amount"
    """A number with a fraction, kept in millionths."""
    LENGTH = "length"
    MOMENT = "moment"


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One of the few words that a field knows."""

    name: str
    says: Words = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Field:
    """Something that can be asked for, in the words of whoever asks."""

    name: str
    kind: Kind
    says: Words
    example: str
    aliases: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()

    def choice(self, typed: str) -> Choice | None:
        """The choice of that name, in any of its languages."""
        asked = fold(typed)
        return next((one for one in self.choices if asked in _names(one)), None)


def _names(thing: Field | Choice) -> set[str]:
    return {fold(thing.name), *map(fold, thing.aliases)}


@dataclass(frozen=True)
class Vocabulary:
    """All fields of one kind of thing. `words` is the field of whatever has no colon."""

    fields: Sequence[Field]
    words: Field
    number: Field | None = None
    """The field of `#12`."""
    _named: dict[str, Field] = field(default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        for one in self:
            for name in _names(one):
                if self._named.setdefault(name, one) is not one:
                    raise ValueError(f"Two fields are called {name}.")

    def __iter__(self) -> Iterator[Field]:
        return iter([*self.fields, self.words])

    def named(self, typed: str) -> Field | None:
        return self._named.get(fold(typed))

    def names(self) -> list[str]:
        return [one.name for one in self.fields]
