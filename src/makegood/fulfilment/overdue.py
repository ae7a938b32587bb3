"""Confirmations that nobody sent in time: all of them at once, or by themselves."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from makegood.fulfilment.confirming import confirm_by_machine, confirm_order
from makegood.fulfilment.due import CONFIRMED
from makegood.fulfilment.models import Confirmation, TermsVersion
from makegood.kit.errors import Refused
from makegood.ledger.actors import Actor, System
from makegood.promises.models import Promise

AT_ONCE = 20
AT_A_PRESS = 100
FRESH = timedelta(days=1)
"""What was due longer ago is sent by people alone: the shop may have told its customer since."""
MACHINE = System("confirmations")


def waiting(now: datetime) -> QuerySet[Promise]:
    """Promised confirmations that are at risk or late, the next due first."""
    rows = Promise.objects.filter(
        conversation=None, kind__in=CONFIRMED, settled_at=None, rests_since=None,
        order__isnull=False, warn_at__lte=now,
    )  # fmt: skip
    return rows.select_related("order__shop").order_by("due_at", "pk")


def waiting_number(now: datetime) -> int:
    """How many wait; counted to a thousand."""
    return waiting(now)[:1000].count()


def send_waiting(now: datetime, *, by: Actor) -> tuple[int, int]:
    """The first hundred that wait, one by one; how many were sent, and how many cannot be."""
    sent = failed = 0
    for promise in list(waiting(now)[:AT_A_PRESS]):
        try:
            assert promise.order is not None
            confirm_order(promise.order, promise.kind, by=by)
            sent += 1
        except Refused:
            failed += 1
    return sent, failed


def send_by_itself() -> int:
    """One step of the worker: what stated times let us send by ourselves."""
    return send_due(timezone.now())


def send_due(now: datetime) -> int:
    """How many were looked at. Each in a transaction of its own; what failed is not tried again."""
    switched = _switched_on()
    if not switched:
        return 0
    tried = Confirmation.objects.filter(order=OuterRef("order"), kind=OuterRef("kind"))
    rows = waiting(now).filter(made_by__in=switched, due_at__gt=now - FRESH)
    found = list(rows.exclude(Exists(tried))[:AT_ONCE])
    for promise in found:
        assert promise.order is not None
        confirm_by_machine(promise.order, promise.kind, by=MACHINE)
    return len(found)


def _switched_on() -> Sequence[str]:
    """The versions of stated times whose newest version sends by itself."""
    if not TermsVersion.objects.filter(sends_itself=True, terms__is_on=True).exists():
        return []
    newest: dict[int, bool] = {}
    rows = TermsVersion.objects.filter(terms__is_on=True).order_by("-number")
    versions = list(rows)
    for one in versions:
        newest.setdefault(one.terms_id, one.sends_itself)
    return [one.ref for one in versions if newest[one.terms_id]]
