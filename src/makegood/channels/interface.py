"""What a channel says to the house, and what the house says to a channel.

A channel reads what came in, says what it allows, and sends. It never touches
conversations: everything it knows travels in the frozen classes below.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol


class Trust(StrEnum):
    """How sure we are that the sender is who the message says (security.md D03)."""

    VERIFIED = "verified"
    SAME = "same as before"
    UNVERIFIED = "unverified"
    SUSPICIOUS = "suspicious"


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The sender's trust and, in words an agent understands, why."""

    trust: Trust = Trust.UNVERIFIED
    reason: str = ""


class Automatic(StrEnum):
    """What kind of machine wrote, where one did. Empty means a person."""

    NOT = ""
    REPLY = "auto-reply"
    BOUNCE = "bounce"
    LIST = "list"
    RECEIPT = "receipt"


class ReceiptState(StrEnum):
    """The provider's word on what we sent, in our vocabulary."""

    QUEUED = "queued"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    BOUNCED = "bounced"
    REFUSED = "refused"
    COMPLAINED = "complained"


@dataclass(frozen=True, kw_only=True)
class Address:
    """One address as written: canonical form and the name beside it."""

    address: str
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class Part:
    """A file that came with a message. `cid` is set where the text refers to it."""

    name: str
    content_type: str
    content: bytes = field(repr=False)
    cid: str = ""
    is_inline: bool = False


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What a provider reports of something we sent earlier."""

    state: ReceiptState
    about: Sequence[str]
    """External ids (Message-IDs) of ours that this is about; may be several."""
    address: str = ""
    is_permanent: bool = False
    code: str = ""
    """Enhanced status code, RFC 3463 (`5.1.1`), where known."""
    reason: str = ""
    """The remote side's own words."""
    traces: Sequence[str] = ()
    """What the report gives back of the marks that we put into our own mail."""
    is_proven: bool = False
    """Whether it shows something that only who handled our mail can know."""
    is_of_the_way: bool = False
    """Whether it shows what only the servers on the way can know, and nobody who got the mail."""
    cause: str = ""
    """Why, in one of our words (`mailbox full`); empty where nobody said."""
    is_hard: bool = False
    """Whether the address itself is at fault, and not only this mail or this day."""


@dataclass(frozen=True, kw_only=True)
class Forwarded:
    """A mail that the sender passed on, as far as it says itself: nothing of it is proved."""

    sender: Address
    sent_at: datetime | None = None
    subject: str = ""
    text: str = ""
    quoted: str = ""
    is_attached: bool = False


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """One thing said to us, understood, but not yet anybody's."""

    external_id: str
    """The provider's id (an e-mail's Message-ID); empty where there was none."""
    sender: Address
    text: str
    """What the sender wrote now, as plain text."""
    quoted: str = ""
    """What they quoted or signed: folded on the page, never lost."""
    html: str = ""
    """Sanitised HTML of the whole body; empty where the body was plain text."""
    subject: str = ""
    sent_at: datetime | None = None
    """When the sender says it was said, UTC; None where absurd or missing."""
    reply_to: Address | None = None
    to: Sequence[Address] = ()
    cc: Sequence[Address] = ()
    reply_tokens: Sequence[str] = ()
    """Opaque tokens found in the recipients, envelope first."""
    references: Sequence[str] = ()
    """Message-IDs that this answers, nearest first."""
    parts: Sequence[Part] = ()
    automatic: Automatic = Automatic.NOT
    receipts: Sequence[Receipt] = ()
    verdict: Verdict = field(default_factory=Verdict)
    troubles: Sequence[str] = ()
    """What could not be read, in words; the raw bytes are kept."""
    forwarded: Forwarded | None = None
    """The mail that was passed on, where one was and says who wrote it."""
    facts: dict[str, str] = field(default_factory=dict)
    """Small channel facts worth showing (language header, mailer)."""


@dataclass(frozen=True, kw_only=True)
class OutgoingFile:
    """A file to send; the content is fetched by `sha256` at sending time."""

    sha256: str
    name: str
    content_type: str
    size: int
    cid: str = ""


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """One thing to say to somebody, complete: nothing is looked up while sending."""

    key: str
    """Fixed when queued; the same on every try (an e-mail's Message-ID)."""
    to: Sequence[Address]
    text: str
    html: str = ""
    subject: str = ""
    cc: Sequence[Address] = ()
    sender: Address | None = None
    reply_to: str = ""
    in_reply_to: str = ""
    references: Sequence[str] = ()
    files: Sequence[OutgoingFile] = ()
    is_automatic: bool = False
    is_secret: bool = False
    """Its words open something: once it left, only their hash is kept."""
    probe: str = ""
    """The word of a test message that we send to ourselves."""
    unsubscribe: str = ""
    """Where one press ends mails of this kind (RFC 8058)."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What a channel can carry: data, read by composer, validation and docs."""

    characters: int | None = None
    """None: no limit worth showing."""
    html: bool = False
    subject: bool = False
    attachments: int = 0
    attachment_bytes: int = 0
    public: bool = False
    live: bool = False
    undo_seconds: int = 0
    """How long an answer waits before it leaves, so that its writer can take it back."""


class DeliveryFailed(Exception):
    """Sending did not work. `permanent` says whether trying again is pointless.

    `in_doubt` is set where the other side may have taken it (the link broke
    after the last byte and before the answer).
    """

    def __init__(
        self,
        reason: str,
        *,
        permanent: bool,
        in_doubt: bool = False,
        credentials: bool = False,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.permanent = permanent
        self.in_doubt = in_doubt
        self.credentials = credentials


class Unreadable(Exception):
    """A channel could not read an arrival at all; the words say why."""


class Channel(Protocol):
    """A kind of way in. See `registry.py` for those that exist."""

    kind: str
    limits: Limits

    def read(self, raw: bytes, envelope: dict[str, Any]) -> Incoming:
        """Understand one arrival. Pure: no network, no database."""
        ...

    def send(self, settings: dict[str, Any], outgoing: Outgoing) -> str:
        """Send, and return the provider's id. Raises `DeliveryFailed`."""
        ...


class Collecting(Protocol):
    """A channel that fetches. `collect` runs until `stop` says so."""

    def collect(self, settings: dict[str, Any], since: str) -> Iterable[tuple[str, bytes]]: ...
