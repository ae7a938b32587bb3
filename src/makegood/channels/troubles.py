"""What could not come in or go out, for whoever runs the shop."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import BooleanField, Q, QuerySet
from django.db.models.expressions import RawSQL

from makegood.channels.models import Arrival, Delivery, Inbox

SHOWN = 100


def _written_out(condition: str) -> RawSQL:
    """A condition as its partial index has it: with parameters, SQLite would not use the index."""
    return RawSQL(condition, [], output_field=BooleanField())  # noqa: S611  # no foreign text


STOPPED = _written_out("channels_delivery.state IN ('failed', 'bounced', 'in doubt')")
UNSETTLED = _written_out("channels_delivery.state IN ('queued', 'sending', 'in doubt')")


def troubled_inboxes() -> Sequence[Inbox]:
    return list(Inbox.objects.filter(state=Inbox.State.TROUBLE))


def troubled_arrivals() -> Sequence[Arrival]:
    """What came in and could not be taken in yet, oldest first, without the bytes."""
    waiting = _troubled_arrivals().select_related("inbox").defer("raw")
    return list(waiting.order_by("pk")[:SHOWN])


def troubled_deliveries() -> Sequence[Delivery]:
    """What did not leave, or did not get there, newest first."""
    stopped = Delivery.objects.filter(STOPPED).select_related("inbox")
    return list(stopped.order_by("-pk")[:SHOWN])


def trouble_counts() -> tuple[int, int, int]:
    """How many inboxes, arrivals and deliveries need somebody; a hundred means many."""
    inboxes = Inbox.objects.filter(state=Inbox.State.TROUBLE).count()
    arrivals = _troubled_arrivals()[:SHOWN].count()
    deliveries = Delivery.objects.filter(STOPPED)[:SHOWN].count()
    return inboxes, arrivals, deliveries


def oldest_arrival_waiting(attempts: int) -> datetime | None:
    """Since when something waits to be taken in; not what is paused, nor what was given up."""
    waiting = Arrival.objects.filter(taken_at=None, attempts__lt=attempts).exclude(
        inbox__state=Inbox.State.PAUSED
    )
    return waiting.order_by("pk").values_list("arrived_at", flat=True).first()


def oldest_delivery_waiting(now: datetime) -> datetime | None:
    """Since when something that may leave has not left."""
    waiting = Delivery.objects.filter(UNSETTLED, send_after__lte=now).exclude(
        state=Delivery.State.IN_DOUBT
    )
    return waiting.order_by("send_after").values_list("send_after", flat=True).first()


def late_collectors(before: datetime) -> int:
    """How many mailboxes that we fetch from did not answer since then."""
    fetched = Inbox.objects.filter(settings__has_key="imap").exclude(state=Inbox.State.PAUSED)
    return fetched.filter(Q(fetched_at=None) | Q(fetched_at__lt=before)).count()


def _troubled_arrivals() -> QuerySet[Arrival]:
    return Arrival.objects.filter(taken_at=None).exclude(trouble="")
