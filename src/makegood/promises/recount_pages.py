"""What a change of opening hours moved, as the office shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.shortcuts import get_object_or_404
from django.utils import timezone

from makegood.calendars.models import Calendar
from makegood.kit.moments import in_utc
from makegood.ledger.models import Event
from makegood.promises.events import PromiseMoved
from makegood.promises.explaining import explain
from makegood.promises.models import Promise, Recount
from makegood.promises.queries import seen_by
from makegood.team.models import Agent

SHOWN_FOR = timedelta(days=1)
MOST_SHOWN = 50


@dataclass(frozen=True, kw_only=True)
class Moved:
    """One promise that is due at another time now, and why it is due then."""

    promise: Promise
    before: datetime
    after: datetime
    sentences: Sequence[str]


def latest_recount(calendar: Calendar) -> Recount | None:
    """What became of the last change of these hours, for a day."""
    fresh = Recount.objects.filter(calendar=calendar, asked_at__gt=timezone.now() - SHOWN_FOR)
    return fresh.order_by("-pk").first()


def recount_numbered(pk: int) -> Recount:
    return get_object_or_404(Recount.objects.select_related("calendar"), pk=pk)


def moved_by(recount: Recount, agent: Agent) -> Sequence[Moved]:
    """The promises that moved, as far as the agent may see them, the first ones found."""
    told = Event.objects.about(recount.ref).filter(kind=PromiseMoved.kind).in_order()
    events = {int(event.facts["promise"]): event for event in told[:MOST_SHOWN]}
    rows = seen_by(agent).filter(pk__in=events).select_related("calendar")
    promises = {one.pk: one for one in rows.prefetch_related("rests")}
    now = timezone.now()
    return [
        Moved(
            promise=promises[pk],
            before=in_utc(event.facts["before"]),
            after=in_utc(event.facts["after"]),
            sentences=explain(promises[pk], now).sentences,
        )
        for pk, event in events.items()
        if pk in promises
    ]
