import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.channels.events import (
    DeliverySettled,
    InboxRecovered,
    InboxTroubled,
    ReceiptCame,
)
from makegood.channels.interface import Outgoing, Receipt, ReceiptState
from makegood.channels.models import Arrival, Delivery, Inbox
from makegood.channels.outgoing import as_json
from makegood.files.actions import keep_file
from makegood.kit.errors import Refused
from makegood.kit.text import fit_for_storage
from makegood.ledger.actions import record
from makegood.ledger.actors import Actor, System

KEPT_IN_ROW = 128 * 1024
"""Arrivals up to this many bytes live in their row: one commit, no second fsync."""


@dataclass(frozen=True, kw_only=True)
class RawArrival:
    """Bytes as they came, with what the transport said about them."""

    inbox_id: int
    raw: bytes = field(repr=False)
    origin: str
    envelope: dict[str, Any] = field(default_factory=dict)
    external_id: str = ""
    arrived_at: datetime | None = None

    def unique_id(self) -> str:
        """The transport's own id, or the hash of bytes and recipients: never the sender's word."""
        if self.external_id:
            return self.external_id
        total = hashlib.sha256(self.raw)
        for recipient in sorted(self.envelope.get("to", ())):
            total.update(b"\0" + str(recipient).encode("utf-8", "surrogateescape"))
        return total.hexdigest()


def take_in(arrivals: Iterable[RawArrival]) -> int:
    """Store what came in, once. When this returns, it survives a power cut.

    All of them share one transaction: many connections wait for one fsync. Returns how many
    were new; one that came before is not stored again.
    """
    rows = [_row(arrival) for arrival in arrivals]
    if not rows:
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(_STORE, rows)
        return int(cursor.rowcount)


_COLUMNS = (
    "inbox_id", "external_id", "origin", "envelope", "raw", "file_id", "size", "arrived_at",
    "attempts", "trouble", "outcome",
)  # fmt: skip
# By hand: the ORM takes twice as long to say this as the disk takes to keep it.
_STORE = (
    f"INSERT INTO {Arrival._meta.db_table} ({', '.join(_COLUMNS)})"  # noqa: S608
    f" VALUES ({', '.join(['%s'] * len(_COLUMNS))}) ON CONFLICT DO NOTHING"
)


def _row(arrival: RawArrival) -> tuple[Any, ...]:
    is_small = len(arrival.raw) <= KEPT_IN_ROW
    arrived_at = arrival.arrived_at or timezone.now()
    return (
        arrival.inbox_id,
        arrival.unique_id(),
        arrival.origin,
        json.dumps(arrival.envelope),
        arrival.raw if is_small else None,
        None if is_small else keep_file(arrival.raw).pk,
        len(arrival.raw),
        connection.ops.adapt_datetimefield_value(arrived_at),
        0,
        "",
        "",
    )


def post(
    outgoing: Outgoing, *, inbox: Inbox, about: str, send_after: datetime | None = None
) -> Delivery:
    """Put something into the outbox, in the transaction that decided to send it."""
    now = timezone.now()
    return Delivery.objects.create(
        inbox=inbox,
        about=about,
        key=outgoing.key,
        outgoing=as_json(outgoing),
        is_automatic=outgoing.is_automatic,
        queued_at=now,
        send_after=send_after or now,
    )


@transaction.atomic
def cancel_delivery(delivery: Delivery, *, by: Actor) -> bool:
    """Take back what has not begun to leave; whether it was in time."""
    cancelled = Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.QUEUED).update(
        state=Delivery.State.CANCELLED, settled_at=timezone.now()
    )
    if cancelled:
        _forget_what_opens_something(delivery)
        fact = DeliverySettled(state=Delivery.State.CANCELLED)
        record(fact, about=[delivery, delivery.about], by=by)
    return bool(cancelled)


@transaction.atomic
def retry_delivery(delivery: Delivery, *, by: Actor) -> bool:
    """Send again what failed or is in doubt, with the same key; whether it could be."""
    if "text_sha256" in delivery.outgoing:
        raise Refused(_("Its words opened something and were forgotten: ask for a new one."))
    stopped = [Delivery.State.FAILED, Delivery.State.BOUNCED, Delivery.State.IN_DOUBT]
    again = Delivery.objects.filter(pk=delivery.pk, state__in=stopped).update(
        state=Delivery.State.QUEUED, settled_at=None, attempts=0, send_after=timezone.now()
    )
    if again:
        fact = DeliverySettled(state=Delivery.State.QUEUED)
        record(fact, about=[delivery, delivery.about], by=by)
    return bool(again)


@transaction.atomic
def settle_delivery(
    delivery: Delivery, *, state: str, fence: int, reason: str = "", external_id: str = ""
) -> bool:
    """Write down what became of a try, if this process still holds it; whether it did."""
    reason = fit_for_storage(reason)[:2000]  # a server says what it likes, NUL included
    undecided = [Delivery.State.QUEUED, Delivery.State.SENDING, Delivery.State.IN_DOUBT]
    held = Delivery.objects.filter(pk=delivery.pk, fence=fence, state__in=undecided)
    changed = held.exclude(state=state).update(
        state=state,
        trouble=reason,
        external_id=external_id,
        settled_at=timezone.now(),
        leased_until=None,
    )
    if changed:
        _forget_what_opens_something(delivery)
        fact = DeliverySettled(state=state, reason=reason)
        record(fact, about=[delivery, delivery.about], by=System(delivery.inbox.kind))
    return bool(changed)


def _forget_what_opens_something(delivery: Delivery) -> None:
    """A link that lets somebody in must not stay readable in the outbox: its hash is enough."""
    kept = delivery.outgoing
    if not kept.get("is_secret") or "text_sha256" in kept:
        return
    words = hashlib.sha256(str(kept.get("text", "")).encode("utf-8", "surrogatepass")).hexdigest()
    blank = {**kept, "text": "", "html": "", "text_sha256": words}
    Delivery.objects.filter(pk=delivery.pk).update(outgoing=blank)


@transaction.atomic
def take_receipt(receipt: Receipt, *, arrival: Arrival) -> Delivery | None:
    """What a provider says about a delivery of this inbox; None where it is about none.

    What a stranger could have written is kept and shown, and changes nothing.
    """
    inbox = arrival.inbox
    sent = Delivery.objects.filter(key__in=list(receipt.about), inbox__kind=inbox.kind)
    delivery = sent.select_for_update().order_by("-pk").first()
    if delivery is None:
        return None
    states = {
        ReceiptState.BOUNCED: Delivery.State.BOUNCED,
        ReceiptState.REFUSED: Delivery.State.BOUNCED,
        ReceiptState.DELIVERED: Delivery.State.DELIVERED,
    }
    state = states.get(receipt.state)
    if state and receipt.is_proven and (receipt.is_permanent or state == Delivery.State.DELIVERED):
        delivery.state, delivery.trouble = state, receipt.reason
        delivery.settled_at = timezone.now()
        delivery.save(update_fields=["state", "trouble", "settled_at"])
    fact = ReceiptCame(
        state=receipt.state,
        address=receipt.address,
        code=receipt.code,
        reason=receipt.reason[:500],
        is_permanent=receipt.is_permanent and receipt.is_proven,
        is_proven=receipt.is_proven,
        is_of_the_way=receipt.is_of_the_way,
        cause=receipt.cause,
        is_hard=receipt.is_hard,
    )
    record(fact, about=[delivery, delivery.about, arrival], by=System(inbox.kind))
    return delivery


@transaction.atomic
def note_inbox_trouble(inbox: Inbox, words: str) -> None:
    """An inbox cannot fetch or send. Said once per new trouble, in the server's words."""
    words = fit_for_storage(words)[:2000]
    row = Inbox.objects.select_for_update().get(pk=inbox.pk)
    if row.state == Inbox.State.PAUSED or row.trouble == words:
        return
    row.state, row.trouble = Inbox.State.TROUBLE, words
    row.save(update_fields=["state", "trouble"])
    record(
        InboxTroubled(inbox_name=row.name, trouble=row.trouble), about=[row], by=System(row.kind)
    )


@transaction.atomic
def note_inbox_works(inbox: Inbox) -> None:
    """An inbox fetched or sent as it should; an earlier trouble is over."""
    Inbox.objects.filter(pk=inbox.pk).update(fetched_at=timezone.now())
    over = Inbox.objects.filter(pk=inbox.pk, state=Inbox.State.TROUBLE).update(
        state=Inbox.State.ACTIVE, trouble=""
    )
    if over:
        record(InboxRecovered(inbox_name=inbox.name), about=[inbox], by=System(inbox.kind))
