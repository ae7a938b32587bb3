from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from makegood.ledger.facts import Fact


@dataclass(frozen=True, kw_only=True)
class TagSaved(Fact, kind="tag.saved"):
    """A tag was made, or is called or coloured otherwise; its old name means it still."""

    says = _("{by} changed the tag {name}")
    plain = ("name",)

    name: str
    before: dict[str, str]
    after: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class TagsMerged(Fact, kind="tag.merged"):
    """Whatever bore one tag bears another instead."""

    says = _("{by} merged the tag {name} into {into} on {count} conversations")
    plain = ("name", "into")

    name: str
    into: str
    count: int
    before: dict[str, str]
    after: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class TagRemoved(Fact, kind="tag.removed"):
    """A tag was taken off every conversation."""

    says = _("{by} deleted the tag {name}, which was on {count} conversations")
    plain = ("name",)

    name: str
    count: int
    before: dict[str, str]
    after: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class TagRestored(Fact, kind="tag.restored"):
    """A merged or deleted tag is back where it was."""

    says = _("{by} brought the tag {name} back to {count} conversations")
    plain = ("name",)

    name: str
    count: int
    before: dict[str, str]
    after: dict[str, str]
