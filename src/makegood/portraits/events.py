from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from makegood.ledger.facts import Fact


@dataclass(frozen=True, kw_only=True)
class PortraitPut(Fact, kind="portrait.put"):
    """An agent gave a picture of theirs, or another one."""

    says = _("{by} put up a picture of themselves")


@dataclass(frozen=True, kw_only=True)
class PortraitTakenDown(Fact, kind="portrait.taken_down"):
    """An agent's picture is shown no more."""

    says = _("{by} took down their picture")
