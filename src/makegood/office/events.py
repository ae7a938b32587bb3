from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from makegood.ledger.facts import Fact


@dataclass(frozen=True, kw_only=True)
class KeyAdded(Fact, kind="key.added"):
    """Somebody's certificate or key is known from now on."""

    says = _("{by} made the key of {owner} known")
    personal = ("owner",)

    owner: str


@dataclass(frozen=True, kw_only=True)
class KeyRemoved(Fact, kind="key.removed"):
    """Somebody's certificate or key is known no more."""

    says = _("{by} removed the key of {owner}")
    personal = ("owner",)
    plain = ("fingerprint",)

    owner: str
    fingerprint: str
