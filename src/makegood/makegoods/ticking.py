"""The clock of make-goods: questions that nobody answered, and what was not used in time."""

from datetime import datetime

from django.utils import timezone

from makegood.makegoods.actions import expire
from makegood.makegoods.approving import NO_LONGER, escalate
from makegood.makegoods.models import Approval, Makegood
from makegood.makegoods.telling import HOUSE

AT_ONCE = 50


def look_at_makegoods() -> int:
    """One step of the worker: how many something happened to."""
    return tick(timezone.now())


def tick(now: datetime, *, limit: int = AT_ONCE) -> int:
    waiting = Approval.objects.filter(
        answered_at=None, due_at__lte=now, asked_at__gt=now - NO_LONGER
    )
    asked = sum(escalate(one) for one in waiting.order_by("due_at", "pk")[:limit])
    old = Makegood.objects.filter(state=Makegood.State.GIVEN, valid_until__lte=now)
    return asked + sum(expire(one, now, by=HOUSE) for one in old.order_by("valid_until")[:limit])
