from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from makegood.calendars.free_days import WithFreeDays, free_days
from makegood.calendars.hours import Hours, Span
from makegood.calendars.models import Calendar, Use
from makegood.calendars.reading import restored
from makegood.calendars.telling import day_in_words


def all_calendars() -> QuerySet[Calendar]:
    return Calendar.objects.prefetch_related("days", "closures", "uses")


def calendar_numbered(pk: int) -> Calendar:
    return get_object_or_404(all_calendars(), pk=pk)


def calendars_numbered(numbers: Collection[int]) -> QuerySet[Calendar]:
    return all_calendars().filter(pk__in=numbers)


def calendar_of(*refs: str) -> Calendar | None:
    """The opening hours of the first of these that has some, or else the standard ones."""
    found = dict(Use.objects.filter(whose__in=refs).values_list("whose", "calendar"))
    chosen = next((found[ref] for ref in refs if ref in found), None)
    calendars = all_calendars()
    known = calendars.filter(pk=chosen) if chosen else calendars.filter(is_standard=True)
    return known.first()


def hours_in(calendar: Calendar) -> Hours:
    """The same, to count time by."""
    own = {day.on: restored(day.shifts) for day in calendar.days.all()}
    return Hours(
        zone=ZoneInfo(calendar.zone),
        week=tuple(restored(shifts) for shifts in calendar.week),
        days=WithFreeDays(own, calendar.country, calendar.region),
        closures=tuple(Span(one.begins_at, one.ends_at) for one in calendar.closures.all()),
    )


def hours_of(*refs: str) -> Hours | None:
    """Nothing where the shop has not said when somebody is there."""
    calendar = calendar_of(*refs)
    return hours_in(calendar) if calendar else None


def different_days(
    calendar: Calendar, now: datetime, language: str, ahead: int = 366
) -> Sequence[tuple[str, str]]:
    """The public holidays that keep these hours closed from today on: day and name, in words."""
    first = now.astimezone(ZoneInfo(calendar.zone)).date()
    last = first + timedelta(days=ahead)
    own = {day.on for day in calendar.days.all()}
    return [
        (day_in_words(day), name)
        for year in range(first.year, last.year + 1)
        for day, name in sorted(
            free_days(calendar.country, calendar.region, year, language).items()
        )
        if first <= day <= last and day not in own
    ]
