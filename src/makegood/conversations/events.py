from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from makegood.ledger.facts import Fact


@dataclass(frozen=True, kw_only=True)
class ConversationOpened(Fact, kind="conversation.opened"):
    """A conversation began, and why it is not part of an earlier one."""

    says = _("A conversation began: {reason}")
    personal = ("reason",)

    conversation: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class MessageReceived(Fact, kind="message.received"):
    """The customer wrote."""

    says = _("{by} wrote")
    plain = ("automatic", "trust")
    personal = ("reason",)

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
class SentAnyway(Fact, kind="conversation.sent_anyway"):
    """An agent was asked about something in their answer, and sent it as it was."""

    says = _("{by} sent this as it was, asked: {questions}")
    personal = ("questions",)

    message: int
    questions: str


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
class PriorityChanged(Fact, kind="conversation.priority_changed"):
    """Somebody said how urgent it is."""

    says = _("{by} set the priority from {before} to {after}")
    plain = ("before", "after")

    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class MoodSaid(Fact, kind="conversation.mood_said"):
    """Somebody said how the customer's latest words sound."""

    says = _("{by} heard the mood as {after}, not {before}")
    plain = ("before", "after")

    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class Resolved(Fact, kind="conversation.resolved"):
    """The matter is settled."""

    says = _("{by} resolved this")


@dataclass(frozen=True, kw_only=True)
class SpamMarked(Fact, kind="conversation.spam_marked"):
    """The conversation is spam: it leaves every list."""

    says = _("{by} marked this as spam")
    plain = ("before",)

    before: str
    """How it stood."""


@dataclass(frozen=True, kw_only=True)
class SpamUnmarked(Fact, kind="conversation.spam_unmarked"):
    """The conversation is no spam after all."""

    says = _("{by} said that this is no spam")


@dataclass(frozen=True, kw_only=True)
class Reopened(Fact, kind="conversation.reopened"):
    """The matter is not settled after all."""

    says = _("{by} reopened this")


@dataclass(frozen=True, kw_only=True)
class Snoozed(Fact, kind="conversation.snoozed"):
    """The conversation rests until a time, or until something happens."""

    says = _("{by} snoozed this until {until}")
    plain = ("until", "before")

    until: str
    """A moment; `customer`: until they write; `conversation:12`: until that one is settled."""
    before: str = ""
    """How it stood."""


@dataclass(frozen=True, kw_only=True)
class Woke(Fact, kind="conversation.woke"):
    """A snoozed conversation came back."""

    says = _("This woke up: {because}")
    plain = ("because",)

    because: str = "time"
    """`time`, `customer`, or `conversation:12`: that one was settled."""


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
    plain = ("state",)
    personal = ("reason",)

    message: int
    state: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class ConversationJoined(Fact, kind="conversation.joined"):
    """One conversation became part of another; both numbers lead there."""

    says = _("{by} joined #{conversation} into #{into}")
    plain = ("status", "turn")

    conversation: int
    into: int
    status: str
    """How the joined one stood before."""
    turn: str
    messages: int
    first: int
    last: int


@dataclass(frozen=True, kw_only=True)
class ConversationParted(Fact, kind="conversation.parted"):
    """A join was taken back: what belongs to the joined one stands there again."""

    says = _("{by} took #{conversation} out of #{into} again")
    plain = ("status",)

    conversation: int
    into: int
    status: str
    """How it stands now."""
    messages: int


@dataclass(frozen=True, kw_only=True)
class ConversationSplit(Fact, kind="conversation.split"):
    """A part of a conversation became one of its own."""

    says = _("{by} split #{into} off from #{conversation}")

    conversation: int
    into: int
    messages: int
    first: int
    last: int


@dataclass(frozen=True, kw_only=True)
class SaidUnlike(Fact, kind="conversation.unlike"):
    """Somebody looked: this is another matter than it seemed."""

    says = _("{by} said that this is not the same as #{other}")

    other: int


@dataclass(frozen=True, kw_only=True)
class SaidLike(Fact, kind="conversation.like"):
    """That two matters are not the same was taken back."""

    says = _("{by} took back that this is not the same as #{other}")

    other: int


@dataclass(frozen=True, kw_only=True)
class MatterKept(Fact, kind="conversation.matter_kept"):
    """What looked like a new matter belongs here."""

    says = _("{by} said that it belongs here")

    message: int


@dataclass(frozen=True, kw_only=True)
class ParticipantAdmitted(Fact, kind="conversation.admitted"):
    """An agent let somebody take part who was only copied in."""

    says = _("{by} let {address} take part")
    personal = ("address",)

    address: str


@dataclass(frozen=True, kw_only=True)
class ParticipantDeclined(Fact, kind="conversation.declined"):
    """An agent decided that somebody who was copied in takes no part."""

    says = _("{by} decided that {address} takes no part")
    personal = ("address",)

    address: str


@dataclass(frozen=True, kw_only=True)
class ForwardOpened(Fact, kind="conversation.forward_opened"):
    """A mail that an agent forwarded became its first sender's conversation."""

    says = _("{by} opened what {forwarder} forwarded as {address}’s conversation")
    personal = ("address", "forwarder")

    message: int
    address: str
    forwarder: str


@dataclass(frozen=True, kw_only=True)
class ForwardClosed(Fact, kind="conversation.forward_closed"):
    """A forwarded mail is the forwarder's again."""

    says = _("{by} made this the forwarder’s mail again, not {address}’s")
    personal = ("address",)

    message: int
    address: str


@dataclass(frozen=True, kw_only=True)
class ReportDoubted(Fact, kind="message.report_doubted"):
    """A mail says that ours did not arrive, and nothing proves that a mail server wrote it."""

    says = _("A mail says that our answer did not arrive, but nothing proves it: {reason}")
    plain = ("reason",)

    message: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class ViewSaved(Fact, kind="view.saved"):
    """A question was given a name and a place in the list."""

    says = _("{by} saved the view “{name}”")
    plain = ("name", "audience")
    personal = ("query",)

    name: str
    query: str
    audience: str


@dataclass(frozen=True, kw_only=True)
class ViewChanged(Fact, kind="view.changed"):
    """A saved view was renamed, asks otherwise, or is somebody else's now."""

    says = _("{by} changed the view “{name}”")
    plain = ("name", "audience", "before_name", "before_audience")
    personal = ("query", "before_query")

    name: str
    query: str
    audience: str
    before_name: str
    before_query: str
    before_audience: str


@dataclass(frozen=True, kw_only=True)
class ViewRemoved(Fact, kind="view.removed"):
    """A saved view was taken away."""

    says = _("{by} removed the view “{name}”")
    plain = ("name",)

    name: str
