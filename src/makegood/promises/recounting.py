"""Opening hours changed: what was counted by them is counted anew, and says whether it moved."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from makegood.calendars.hours import Hours
from makegood.calendars.models import Calendar
from makegood.calendars.queries import calendar_of, calendars_numbered, hours_in
from makegood.kit.records import Record
from makegood.ledger.actions import record
from makegood.ledger.actors import Named
from makegood.ledger.gathering import gathered
from makegood.ledger.models import Event
from makegood.promises import telling
from makegood.promises.events import RecountEnded
from makegood.promises.models import Promise, Recount, Rest
from makegood.promises.standing import Standing, break_if_due, mend_if_early

AT_ONCE = 200
COUNTED = (
    "due_at", "warn_at", "next_at", "calendar", "state", "broken_at", "asks_since", "cause",
    "cause_words",
)  # fmt: skip


def ask_for_recount(event: Event) -> None:
    """Note that there is something to count anew; the worker does it."""
    name, number = str(event.facts["name"]), int(event.facts["calendar"])
    # What was counted by hours that are no more is counted by the standard ones from now on.
    standing = Calendar.objects.filter(pk=number).first() or calendar_of()
    if standing is not None and _counted_by(standing).exists():
        Recount.objects.create(calendar=standing, name=name, asked_by=event.by, asked_at=event.at)


def _counted_by(calendar: Calendar) -> QuerySet[Promise]:
    by_these = Q(calendar=calendar)
    if calendar.is_standard:
        by_these |= Q(calendar=None, clock=Promise.Clock.HOURS)
    return Promise.objects.filter(by_these, settled_at=None)


def count_next() -> int:
    """One step of the recount that has waited longest; how many promises were looked at."""
    pks = Recount.objects.filter(ended_at=None).order_by("pk").values_list("pk", flat=True)
    pk = pks.first()
    return max(step(pk, timezone.now()), 1) if pk else 0


@transaction.atomic
def step(pk: int, now: datetime) -> int:
    """The next promises of a recount. None left: it is over, and told."""
    rows = Recount.objects.select_for_update(of=("self",)).select_related("calendar")
    recount = rows.filter(pk=pk, ended_at=None).first()
    if recount is None:
        return 0
    found = _next(recount)
    moved = 0
    with gathered():
        for calendar in calendars_numbered([recount.calendar_id or 0]) if found else ():
            hours = hours_in(calendar)
            moved = sum(_count(one, hours, recount, now) for one in found)
    Promise.objects.bulk_update(found, COUNTED, batch_size=100)
    recount.looked_at += len(found)
    recount.moved += moved
    if found:
        recount.position = found[-1].pk
    else:
        recount.ended_at = now
        _tell_end(recount)
    recount.save()
    return len(found)


def _next(recount: Recount) -> list[Promise]:
    if recount.calendar is None:
        return []
    rows = _counted_by(recount.calendar).filter(pk__gt=recount.position)
    rows = rows.select_for_update(of=("self",)).select_related("version")
    return list(rows.prefetch_related("rests").order_by("pk")[:AT_ONCE])


def _count(promise: Promise, hours: Hours, recount: Recount, now: datetime) -> bool:
    """Count one anew; whether it is due at another time. What is broken stays as it was due."""
    mend_if_early(promise)
    if break_if_due(promise, recount.asked_at):
        telling.broken(promise)
    before, promise.calendar = promise.due_at, recount.calendar
    if promise.state == Promise.State.OPEN:
        Standing(promise, hours, list[Rest](promise.rests.all())).reckon()
    if promise.due_at == before:
        return False
    by = Named(recount.asked_by, recount.name)
    telling.moves(promise, before, recount.name, by=by, at=now, recount=recount)
    return True


def _tell_end(recount: Recount) -> None:
    fact = RecountEnded(
        recount=recount.pk, name=recount.name, looked_at=recount.looked_at, moved=recount.moved
    )
    about: list[Record | str] = [recount]
    if recount.calendar_id:
        about.append(f"calendar:{recount.calendar_id}")
    record(fact, about=about, by=Named(recount.asked_by, recount.name))
