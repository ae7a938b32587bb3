from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from makegood.ledger.facts import Fact


@dataclass(frozen=True, kw_only=True)
class SavedReplySaved(Fact, kind="savedreply.saved"):
    """A saved reply was made or changed; what it was before stands beside."""

    says = _("{by} saved the saved reply “{title}”")
    plain = ("title", "before", "after")

    title: str
    before: dict[str, Any]
    after: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class SavedReplyRemoved(Fact, kind="savedreply.removed"):
    """A saved reply was thrown away."""

    says = _("{by} removed the saved reply “{title}”")
    plain = ("title", "before")

    title: str
    before: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class MacroSaved(Fact, kind="macro.saved"):
    """A macro was made or changed; what it was before stands beside."""

    says = _("{by} saved the macro “{title}”")
    plain = ("title", "before", "after")

    title: str
    before: dict[str, Any]
    after: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class MacroRemoved(Fact, kind="macro.removed"):
    """A macro was thrown away."""

    says = _("{by} removed the macro “{title}”")
    plain = ("title", "before")

    title: str
    before: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class MacroRan(Fact, kind="macro.ran"):
    """An agent ran a macro on a conversation; what it did follows."""

    says = _("{by} ran the macro “{title}”")
    plain = ("title",)

    macro: int
    title: str


@dataclass(frozen=True, kw_only=True)
class ImportTaken(Fact, kind="import.taken"):
    """A file of saved replies or macros was brought in."""

    says = _("{by} brought in {count} {what}")
    plain = ("what",)

    what: str
    count: int


@dataclass(frozen=True, kw_only=True)
class ImportUndone(Fact, kind="import.undone"):
    """What a file brought was taken out again."""

    says = _("{by} took out {count} {what} that a file had brought")
    plain = ("what",)

    what: str
    count: int
