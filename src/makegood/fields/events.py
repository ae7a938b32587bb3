from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from makegood.ledger.facts import Fact


@dataclass(frozen=True, kw_only=True)
class FieldSaved(Fact, kind="field.saved"):
    """A field was made or changed in the office; what it was before stands beside."""

    says = _("{by} saved the field “{name}”")
    plain = ("name", "before", "after")

    field: int
    name: str
    before: dict[str, str]
    after: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class FieldArchived(Fact, kind="field.archived"):
    """A field is not asked for any more; what it said is kept."""

    says = _("{by} archived the field “{name}”")
    plain = ("name",)

    field: int
    name: str


@dataclass(frozen=True, kw_only=True)
class FieldRestored(Fact, kind="field.restored"):
    """A field is asked for again."""

    says = _("{by} brought back the field “{name}”")
    plain = ("name",)

    field: int
    name: str


@dataclass(frozen=True, kw_only=True)
class FieldFilled(Fact, kind="field.filled"):
    """What a field says of one thing changed."""

    says = _("{by} set {name} to “{after}”")
    plain = ("name",)
    personal = ("before", "after")

    field: int
    name: str
    before: str
    after: str
