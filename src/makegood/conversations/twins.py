"""The same mail by another way: to two of our addresses, or both fetched and handed over.

Its Message-ID is the sender's word and proves nothing. It is the same mail only where all
that the sender wrote is the same, byte for byte; what the ways added on top is not compared.
Nor is it where the first one was taken for less: somebody else may have sent that copy.
"""

import hashlib

from django.db import connection
from django.db.models import CharField

from makegood.channels.interface import Incoming
from makegood.channels.models import Arrival, Inbox
from makegood.channels.queries import raw_bytes
from makegood.conversations.models import Message
from makegood.conversations.resolving import PROVEN
from makegood.kit.compiled import Compiled

_WRITTEN = (
    "from", "sender", "reply-to", "to", "cc", "subject", "date", "message-id", "in-reply-to",
    "references", "mime-version", "content-type", "content-transfer-encoding",
)  # fmt: skip
"""The header fields that come from the sender's own program and stay as they are on the way."""


_OF_THAT_NAME: Compiled[Message] = Compiled(
    lambda name: (
        Message.objects.filter(
            external_id=name, direction=Message.Direction.INCOMING, arrival__isnull=False
        )
        .exclude(external_id="")
        .select_related("arrival__inbox", "arrival__file")
        .order_by("pk")[:10]
    ),
    CharField(),
)


def message_of_twin(incoming: Incoming, arrival: Arrival) -> Message | None:
    """The message that the same mail has become already, where it may be seen instead."""
    if not incoming.external_id or arrival.origin == "form":
        return None
    _one_at_a_time(incoming.external_id)
    written = None
    for message in _OF_THAT_NAME.all(incoming.external_id[:250]):
        if message.arrival is None or not _is_seen_there(arrival.inbox, message.arrival.inbox):
            continue
        if _counts_for_less(message, incoming):
            continue
        written = written or what_was_written(raw_bytes(arrival))
        if what_was_written(raw_bytes(message.arrival)) == written:
            return message
    return None


def _one_at_a_time(external_id: str) -> None:
    """Two copies may be taken in at the same moment: the second waits for the first."""
    if connection.vendor == "postgresql":
        number = hashlib.sha256(f"twins {external_id}".encode("utf-8", "replace")).digest()[:8]
        with connection.cursor() as cursor:
            lock = int.from_bytes(number, "big", signed=True)
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock])


def _counts_for_less(message: Message, incoming: Incoming) -> bool:
    """Whether the first one is a machine's by its headers, or proven by nothing as this one is."""
    is_proven = incoming.verdict.trust in PROVEN and message.trust not in PROVEN
    return is_proven or message.automatic != incoming.automatic


def _is_seen_there(inbox: Inbox, other: Inbox) -> bool:
    """Whether everybody who sees the one inbox sees the other: nobody may miss a mail by this."""
    if inbox == other:
        return True
    theirs = set(other.teams.values_list("pk", flat=True))
    ours = set(inbox.teams.values_list("pk", flat=True))
    return not theirs or (bool(ours) and ours <= theirs)


def what_was_written(raw: bytes) -> bytes:
    """A hash of what the sender's own program made, without the marks of its way."""
    head, _blank, body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
    fields = head.replace(b"\n ", b" ").replace(b"\n\t", b" ").split(b"\n")
    wanted = (field for field in fields if _name(field) in _WRITTEN)
    total = hashlib.sha256(b"\n".join(b" ".join(field.split()) for field in sorted(wanted)))
    total.update(b"\0" + body.rstrip())
    return total.digest()


def _name(field: bytes) -> str:
    return field.partition(b":")[0].strip().lower().decode("ascii", "replace")
