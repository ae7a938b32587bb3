from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from makegood.ledger.facts import Fact


@dataclass(frozen=True, kw_only=True)
class CustomerSeen(Fact, kind="customer.seen"):
    """Somebody wrote to us for the first time."""

    says = _("{name} came to us for the first time, as {address}")
    personal = ("name", "address")

    name: str
    address: str


@dataclass(frozen=True, kw_only=True)
class HandleAdded(Fact, kind="customer.handle_added"):
    """Somebody whom we know has one more address."""

    says = _("{address} belongs to them, too")
    personal = ("address",)

    address: str


@dataclass(frozen=True, kw_only=True)
class HandleVerified(Fact, kind="customer.handle_verified"):
    """A customer proved that an address is theirs."""

    says = _("{address} was verified")
    personal = ("address",)

    address: str


@dataclass(frozen=True, kw_only=True)
class HandleBounced(Fact, kind="customer.handle_bounced"):
    """An address does not take mail any more; why, in our words."""

    says = _("{address} does not take mail: {reason}")
    personal = ("address", "reason")

    address: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class HandleWorks(Fact, kind="customer.handle_works"):
    """An address that refused mail is written to again."""

    says = _("{address} takes mail again")
    personal = ("address",)

    address: str


@dataclass(frozen=True, kw_only=True)
class HandleComplained(Fact, kind="customer.handle_complained"):
    """The owner of an address called our mail spam."""

    says = _("{address} called our mail spam: nothing automatic goes there any more")
    personal = ("address",)

    address: str


@dataclass(frozen=True, kw_only=True)
class CustomerChanged(Fact, kind="customer.changed"):
    """What we know of a customer changed: name, language or time zone."""

    says = _("{by} changed the details of {name}")
    personal = ("name", "before", "after")

    name: str
    before: dict[str, str]
    after: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class CustomerTagged(Fact, kind="customer.tagged"):
    """Words were put on a customer or taken off."""

    says = _("{by} changed the customer's tags: {words}")
    personal = ("words",)

    words: str


@dataclass(frozen=True, kw_only=True)
class CustomerNoted(Fact, kind="customer.noted"):
    """An agent left a note on a customer."""

    says = _("{by} left a note on the customer")

    customer_note: int


@dataclass(frozen=True, kw_only=True)
class NoteRemoved(Fact, kind="customer.note_removed"):
    """A note on a customer was taken away."""

    says = _("{by} took a note on the customer away")

    customer_note: int


@dataclass(frozen=True, kw_only=True)
class ConsentNoted(Fact, kind="customer.consented"):
    """A customer agreed to something, or took it back."""

    says = _("{by} noted of {purpose}: {answer}")
    plain = ("purpose", "answer")
    personal = ("how",)

    purpose: str
    answer: str
    how: str


@dataclass(frozen=True, kw_only=True)
class CustomerBlocked(Fact, kind="customer.blocked"):
    """Nothing from a customer, or from one address, reaches the desk any more."""

    says = _("{by} blocked {whom}: {reason}")
    personal = ("whom", "reason")

    block: int
    whom: str
    reason: str
    until: datetime | None


@dataclass(frozen=True, kw_only=True)
class CustomerUnblocked(Fact, kind="customer.unblocked"):
    """A block was lifted; what was set aside comes in now."""

    says = _("{by} unblocked {whom}; {waiting} set aside come in")
    personal = ("whom",)

    block: int
    whom: str
    waiting: int


@dataclass(frozen=True, kw_only=True)
class ArrivalSetAside(Fact, kind="customer.set_aside"):
    """Something came from a blocked address and was set aside."""

    says = _("Something from {address} was set aside")
    personal = ("address",)

    block: int
    address: str


@dataclass(frozen=True, kw_only=True)
class CustomersMerged(Fact, kind="customer.merged"):
    """Two customers turned out to be one person."""

    says = _("{by} merged {absorbed_name} into {kept_name}")
    personal = ("kept_name", "absorbed_name", "reason")

    merge: int
    kept: int
    absorbed: int
    kept_name: str
    absorbed_name: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class CustomersSplit(Fact, kind="customer.split"):
    """A merge was undone: they are two people after all."""

    says = _("{by} undid the merge of {absorbed_name} into {kept_name}")
    personal = ("kept_name", "absorbed_name")

    merge: int
    kept: int
    absorbed: int
    kept_name: str
    absorbed_name: str


@dataclass(frozen=True, kw_only=True)
class CustomersTold(Fact, kind="customer.told_apart"):
    """Two customers who look alike are not the same."""

    says = _("{by} said: {one_name} and {other_name} are not the same")
    personal = ("one_name", "other_name")

    one_name: str
    other_name: str


@dataclass(frozen=True, kw_only=True)
class CustomerForgotten(Fact, kind="customer.forgotten"):
    """A person's words, handles and files were deleted; what is counted stays."""

    says = _("{by} forgot this person: {conversations} conversations, {messages} messages")

    conversations: int
    messages: int
    notes: int
    files: int
    arrivals: int
