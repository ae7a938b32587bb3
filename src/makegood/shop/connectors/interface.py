"""What a way to a shop can do, and how it says what went wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from django.utils.functional import Promise as Lazy

from makegood.kit.errors import Refused
from makegood.shop.seen import Seen


class Ability(StrEnum):
    """What a shop can be asked to do."""

    REFUND = "refund"
    CANCEL = "cancel"
    ADDRESS = "address"
    RESEND = "resend"
    REPLACEMENT = "replacement"
    RETURN_LABEL = "return_label"
    COUPON = "coupon"


@dataclass(frozen=True, kw_only=True)
class Field:
    """What the office asks for to connect."""

    name: str
    label: str | Lazy
    help: str | Lazy = ""
    is_secret: bool = False
    is_optional: bool = False
    example: str = ""


@dataclass(frozen=True, kw_only=True)
class Link:
    """What is needed to reach one shop; its secrets are open already and do not print."""

    shop_name: str
    base_url: str
    secrets: Mapping[str, str] = field(repr=False)
    settings: Mapping[str, str]
    currency: str
    time_zone: str


@dataclass(frozen=True, kw_only=True)
class Probed:
    """What a look at the shop found: whose it is, and which rights we have there."""

    shop_name: str
    currency: str = ""
    time_zone: str = ""
    has: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    """Each in words: what does not work without it."""
    cannot: tuple[Ability, ...] = ()
    """What it cannot be asked to do by the rights that are there."""


@dataclass(frozen=True, kw_only=True)
class Head:
    """Of a genuine signal: which one it is, what about, and when it happened."""

    event_id: str
    topic: str
    happened_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Ask:
    """A signal names a thing and does not tell it: fetch it."""

    what: str
    external_id: str


@dataclass(frozen=True, kw_only=True)
class Pulled:
    """One page of things, and the cursor of the next one; empty after the last."""

    seen: Sequence[Seen]
    next: str = ""
    troubles: Sequence[str] = ()
    """What of it cannot be read, in words; the rest is taken."""
    rests: float = 0.0
    """Seconds that the shop would like us to wait before the next page."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is to be done, in our words."""

    what: Ability
    order_id: str = ""
    amount_minor: int = 0
    currency: str = ""
    lines: tuple[tuple[str, int], ...] = ()
    """The shop's own number of a line, and how many of it."""
    code: str = ""
    percent: int = 0
    valid_until: datetime | None = None
    least_minor: int = 0
    email: str = ""
    address: Mapping[str, str] = field(default_factory=dict)
    """name, company, line1, line2, postcode, city, region, country, phone"""
    reason: str = ""
    notify: bool = False


@dataclass(frozen=True, kw_only=True)
class Done:
    """The shop did it: under its own number, with what it says and what it gave."""

    external_id: str
    words: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


class NotGenuine(Refused):
    """A signal is not from where it says, or from another time."""

    status = 401


class Greeting(NotGenuine):
    """Some say hello before they sign anything: answered kindly, and nothing is kept."""

    status = 200

    def __init__(self) -> None:
        super().__init__("")


class Declined(Refused):
    """The shop says no, in its own words; nothing happened."""


class TryLater(Exception):
    """Nothing happened; it may be asked again after so many seconds."""

    def __init__(self, seconds: float, words: str = "") -> None:
        super().__init__(words or f"in {seconds:.0f} s")
        self.seconds, self.words = seconds, words


class Unsure(Exception):
    """It may have happened: look before anything else."""


class Connector(Protocol):
    """One kind of shop. Speaks with it, and touches no table of ours."""

    @property
    def kind(self) -> str: ...

    @property
    def label(self) -> str | Lazy: ...

    @property
    def abilities(self) -> frozenset[Ability]: ...

    @property
    def cancel_refunds(self) -> bool:
        """Whether the shop pays back by itself what was paid, where an order is cancelled."""
        ...

    @property
    def fields(self) -> Sequence[Field]: ...

    @property
    def brings(self) -> Sequence[str]:
        """What can be asked for page by page: order, product …"""
        ...

    @property
    def headers(self) -> Sequence[str]:
        """Of a signal, what is kept beside its bytes. Small letters."""
        ...

    @property
    def makes_signing(self) -> bool:
        """Whether the secret of its signals is made here, to be put in over there."""
        ...

    @property
    def signing_says(self) -> str | Lazy:
        """Where to put it, and which events to choose."""
        ...

    def probe(self, link: Link) -> Probed:
        """A live test that changes nothing. Raises `Declined` or `TryLater`."""
        ...

    def verify(self, link: Link, raw: bytes, headers: Mapping[str, str]) -> Head:
        """On the raw bytes, in constant time. Raises `NotGenuine`; so does an empty secret."""
        ...

    def read(self, link: Link, topic: str, raw: bytes) -> Sequence[Seen | Ask] | None:
        """What a signal says; None where its topic is not for us. Raises `Refused`."""
        ...

    def page(self, link: Link, what: str, cursor: str, since: datetime | None) -> Pulled:
        """One page of what changed since, the first one without a cursor."""
        ...

    def fetch(self, link: Link, what: str, external_id: str) -> Seen | None:
        """One thing as it is now; None where the shop has none of that number."""
        ...

    def do(self, link: Link, wanted: Wanted, key: str) -> Done:
        """Do it once. Raises `Declined`, `TryLater` or `Unsure`."""
        ...

    def look(self, link: Link, wanted: Wanted, key: str) -> Done | None:
        """Whether the thing with this key was done, by its mark; None: surely not."""
        ...
