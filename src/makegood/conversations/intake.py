"""From arrivals to conversations: the queue's other end, run by the worker and by forms.

Whatever comes in becomes something an agent can see. What cannot be read becomes a message
that says so, with the raw bytes attached; what cannot be stored waits, tries again, and
then stands in the list of troubles with "read again".
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

from django.db import transaction
from django.db.models import BigAutoField, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.channels.actions import take_receipt
from makegood.channels.events import ArrivalReadAgain, ArrivalTroubled
from makegood.channels.interface import Address, Automatic, Incoming, Part, Unreadable
from makegood.channels.models import Arrival, Inbox
from makegood.channels.queries import raw_bytes
from makegood.channels.registry import channel
from makegood.conversations.receiving import receive_message, sender_of
from makegood.conversations.twins import message_of_twin
from makegood.customers.blocking import block_on, set_aside
from makegood.kit.compiled import Compiled
from makegood.kit.remembering import remembering
from makegood.kit.text import fit_for_storage
from makegood.ledger.actions import record
from makegood.ledger.actors import Actor, System
from makegood.watch.recognising import take_probe

log = logging.getLogger(__name__)

WEB_ORIGINS = ("form", "link")
TRUSTWORTHY_ROUTES = ("smtp", "lmtp", "imap", "pipe")
"""Where a sender can be judged: what is imported is history, and its keys may be gone."""

ATTEMPTS = 5

Taker = Callable[[Incoming, Arrival], str]
_TAKERS: list[Taker] = []


def asks_first(taker: Taker) -> Taker:
    """Register who is asked before a conversation is looked for: it says what became of it.

    It runs in the transaction that settles the arrival, and says nothing where it is not meant.
    """
    if taker not in _TAKERS:
        _TAKERS.append(taker)
    return taker


AT_ONCE = frozenset({"chat"})
"""Where what came from is taken in by whoever stored it, in the same breath."""
A_BREATH = timedelta(seconds=5)


def waiting_arrivals(limit: int = 50) -> Sequence[int]:
    """The oldest arrivals that nobody has taken in yet and that may be tried now."""
    now = timezone.now()
    due = Q(next_try_at=None) | Q(next_try_at__lte=now)
    is_in_hand = Q(origin__in=AT_ONCE, arrived_at__gt=now - A_BREATH)
    return list(
        Arrival.objects.filter(due, taken_at=None, attempts__lt=ATTEMPTS)
        .exclude(is_in_hand)
        .exclude(inbox__state=Inbox.State.PAUSED)
        .order_by("pk")
        .values_list("pk", flat=True)[:limit]
    )


def take_in_arrival(pk: int) -> str:
    """Read one arrival and give it its place; returns what became of it, as a reference."""
    arrival = _arrival(_AS_IT_LIES, pk)
    if arrival.taken_at is not None:
        return arrival.outcome
    incoming = read(arrival)
    with remembering():
        return _settle(arrival, incoming)


_AS_IT_LIES: Compiled[Arrival] = Compiled(
    lambda pk: Arrival.objects.select_related("inbox", "file").filter(pk=pk), BigAutoField()
)
_HELD: Compiled[Arrival] = Compiled(
    lambda pk: (
        Arrival.objects.select_for_update(of=("self",)).select_related("inbox").filter(pk=pk)
    ),
    BigAutoField(),
)


def _arrival(question: Compiled[Arrival], pk: int) -> Arrival:
    found = question.first(pk)
    if found is None:
        raise Arrival.DoesNotExist(pk)
    return found


def read(arrival: Arrival) -> Incoming:
    """Understand the bytes; where that fails, the message that says so."""
    reader = channel("web" if arrival.origin in WEB_ORIGINS else arrival.inbox.kind)
    raw = raw_bytes(arrival)
    try:
        incoming: Incoming = reader.read(raw, arrival.envelope)
    except Unreadable as error:
        return _could_not_be_read(raw, arrival, str(error))
    if arrival.origin in TRUSTWORTHY_ROUTES:
        verdict = reader.judge(raw, arrival.envelope, incoming, arrival.inbox.settings)
        incoming = replace(incoming, verdict=verdict)
    return incoming


def _could_not_be_read(raw: bytes, arrival: Arrival, reason: str) -> Incoming:
    return Incoming(
        external_id="",
        sender=Address(address=str(arrival.envelope.get("from") or "")),
        subject=_("A message that could not be read"),
        text=_("This message could not be read (%(why)s). It is attached as it came.")
        % {"why": reason},
        parts=[Part(name="message.eml", content_type="message/rfc822", content=raw)],
        troubles=[reason],
    )


@transaction.atomic
def _settle(arrival: Arrival, incoming: Incoming) -> str:
    arrival = _arrival(_HELD, arrival.pk)
    if arrival.taken_at is not None:
        return arrival.outcome
    outcome = take_probe(incoming, arrival) or _receipts_outcome(arrival, incoming)
    outcome = outcome or next(filter(None, (take(incoming, arrival) for take in _TAKERS)), "")
    outcome = outcome or _blocked_outcome(arrival, incoming)
    if not outcome:
        message = message_of_twin(incoming, arrival) or receive_message(incoming, arrival=arrival)
        outcome = message.ref
    arrival.taken_at, arrival.outcome, arrival.trouble = timezone.now(), outcome, ""
    arrival.save(update_fields=["taken_at", "outcome", "trouble"])
    return outcome


def _receipts_outcome(arrival: Arrival, incoming: Incoming) -> str:
    """A bounce marks what it is about and never opens a conversation (security.md T19)."""
    if incoming.facts.get("own"):
        return "nothing:own"  # our own mail came back: answering it would never end (T17)
    about = [take_receipt(receipt, arrival=arrival) for receipt in incoming.receipts]
    known = [delivery for delivery in about if delivery is not None]
    if known:
        return known[0].ref
    if incoming.receipts or incoming.automatic in (Automatic.BOUNCE, Automatic.RECEIPT):
        return "nothing:bounce"
    return ""


def _blocked_outcome(arrival: Arrival, incoming: Incoming) -> str:
    """What comes from a blocked address is kept and counted, and disturbs nobody."""
    kind, address = sender_of(incoming, arrival)
    found = block_on(kind, address, timezone.now())
    if found is None:
        return ""
    handle, block = found
    return set_aside(handle, block, arrival=arrival.pk, at=arrival.arrived_at)


@transaction.atomic
def try_later(pk: int, trouble: str) -> None:
    """An arrival could not be taken in now: others go first, and after five tries it is shown."""
    arrival = Arrival.objects.select_for_update().get(pk=pk)
    if arrival.taken_at is not None:
        return
    arrival.attempts += 1
    arrival.trouble = fit_for_storage(trouble)[:2000]
    arrival.next_try_at = timezone.now() + timedelta(seconds=5 * 4**arrival.attempts)
    arrival.save(update_fields=["attempts", "trouble", "next_try_at"])
    if arrival.attempts >= ATTEMPTS:
        record(ArrivalTroubled(trouble=arrival.trouble), about=[arrival], by=System("intake"))


@transaction.atomic
def read_again(arrival: Arrival, *, by: Actor) -> None:
    """Put an arrival that stands in the list of troubles back into the queue."""
    waiting = Arrival.objects.filter(pk=arrival.pk, taken_at=None)
    if waiting.update(attempts=0, next_try_at=None):
        record(ArrivalReadAgain(), about=[arrival], by=by)
