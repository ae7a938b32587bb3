from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from makegood.ledger.facts import Fact


@dataclass(frozen=True, kw_only=True)
class ConversationOpened(Fact, kind="conversation.opened"):
    """A conversation began, and why it is not part of an earlier one."""

    says = _("A conversation began: {reason}")
    plain = ("reason",)

    conversation: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class MessageReceived(Fact, kind="message.received"):
    """The customer wrote."""

    says = _("{by} wrote")
    plain = ("reason", "automatic", "trust")

    message: int
    reason: str
    automatic: str = ""
    trust: str = ""


@dataclass(frozen=True, kw_only=True)
class Replied(Fact, kind="conversation.replied"):
    """An agent answered the customer."""

    says = _("{by} replied")

    message: int


@dataclass(frozen=True, kw_only=True)
class NoteAdded(Fact, kind="note.added"):
    """An agent left a note for the others."""

    says = _("{by} left a note")

    note: int


@dataclass(frozen=True, kw_only=True)
class Assigned(Fact, kind="conversation.assigned"):
    """The conversation was given to an agent, a team, or nobody."""

    says = _("{by} assigned this to {assignee}")
    personal = ("assignee",)

    assignee: str
    agent: int | None
    team: int | None


@dataclass(frozen=True, kw_only=True)
class Unassigned(Fact, kind="conversation.unassigned"):
    """The conversation is nobody's now."""

    says = _("{by} gave this back to everybody")


@dataclass(frozen=True, kw_only=True)
class Tagged(Fact, kind="conversation.tagged"):
    """Tags were put on or taken off."""

    says = _("{by} changed the tags: {words}")
    plain = ("words",)

    words: str


@dataclass(frozen=True, kw_only=True)
class Resolved(Fact, kind="conversation.resolved"):
    """The matter is settled."""

    says = _("{by} resolved this")


@dataclass(frozen=True, kw_only=True)
class Reopened(Fact, kind="conversation.reopened"):
    """The matter is not settled after all."""

    says = _("{by} reopened this")


@dataclass(frozen=True, kw_only=True)
class Snoozed(Fact, kind="conversation.snoozed"):
    """The conversation rests until a time."""

    says = _("{by} snoozed this until {until}")
    plain = ("until",)

    until: str


@dataclass(frozen=True, kw_only=True)
class Woke(Fact, kind="conversation.woke"):
    """A snoozed conversation came back."""

    says = _("This woke up")


@dataclass(frozen=True, kw_only=True)
class AddressConfirmed(Fact, kind="conversation.confirmed"):
    """The owner of the address said that they wrote here."""

    says = _("{address} confirmed: this was me")
    personal = ("address",)

    address: str


@dataclass(frozen=True, kw_only=True)
class AddressDenied(Fact, kind="conversation.denied"):
    """The owner of the address said that they did not write here."""

    says = _("{address} says: this was not me")
    personal = ("address",)

    address: str


@dataclass(frozen=True, kw_only=True)
class MessageDelivery(Fact, kind="message.delivery"):
    """What is known of a message's way to the customer changed."""

    says = _("Delivery: {state}")
    plain = ("state", "reason")

    message: int
    state: str
    reason: str = ""
