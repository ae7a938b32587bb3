from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import available_timezones

from django.db import transaction
from django.utils.translation import gettext as _

from makegood.calendars.events import CalendarDeleted, CalendarSaved
from makegood.calendars.free_days import regions_by_country
from makegood.calendars.hours import Shift, Span
from makegood.calendars.models import Calendar, Closure, OwnDay, Use
from makegood.calendars.reading import restored, say_shifts, stored
from makegood.kit.errors import Refused
from makegood.kit.second import refuses_a_second
from makegood.kit.text import one_line
from makegood.ledger.actions import record
from makegood.ledger.actors import Actor

MOST_DAYS, MOST_CLOSURES = 2000, 200
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, kw_only=True)
class Wish:
    """Opening hours as the office wants them, whole. `days` and `closures` hold their words."""

    name: str
    zone: str
    week: Sequence[Sequence[Shift]]
    country: str = ""
    region: str = ""
    is_standard: bool = False
    days: Mapping[date, tuple[Sequence[Shift], str]] = field(default_factory=dict)
    closures: Sequence[tuple[Span, str]] = ()
    whose: Iterable[str] = ()
    """References: `inbox:3`, `team:2`. Who had others before has these now."""


@refuses_a_second
@transaction.atomic
def save_calendar(calendar: Calendar | None, wish: Wish, *, by: Actor) -> Calendar:
    """Make opening hours, or change them; one event tells both states."""
    name = _checked(wish)
    if Calendar.objects.filter(name=name).exclude(pk=calendar.pk if calendar else 0).exists():
        raise Refused(_("There are opening hours with this name."))
    if calendar is None:
        calendar, before = Calendar(is_standard=not Calendar.objects.exists()), {}
    else:
        calendar = Calendar.objects.select_for_update().get(pk=calendar.pk)
        before = tell_calendar(calendar)
    if wish.is_standard and not calendar.is_standard:
        Calendar.objects.filter(is_standard=True).update(is_standard=False)
        calendar.is_standard = True
    calendar.name, calendar.zone = name, wish.zone
    calendar.week = [stored(sorted(shifts)) for shifts in wish.week]
    calendar.country, calendar.region = wish.country, wish.region
    calendar.save()
    _save_parts(calendar, wish)
    after = tell_calendar(calendar)
    if before != after:
        fact = CalendarSaved(calendar=calendar.pk, name=name, before=before, after=after)
        record(fact, about=[calendar], by=by)
    return calendar


@transaction.atomic
def delete_calendar(calendar: Calendar, *, by: Actor) -> None:
    """Who had these hours has the standard ones; the standard ones themselves stay."""
    calendar = Calendar.objects.select_for_update().get(pk=calendar.pk)
    if calendar.is_standard and Calendar.objects.exclude(pk=calendar.pk).exists():
        raise Refused(_("These are the standard hours. Make others the standard first."))
    fact = CalendarDeleted(calendar=calendar.pk, name=calendar.name, before=tell_calendar(calendar))
    record(fact, about=[calendar], by=by)
    calendar.delete()


def _checked(wish: Wish) -> str:
    """The name, where all of the wish can be."""
    name = one_line(wish.name, 80)
    if not name:
        raise Refused(_("Opening hours need a name."))
    if wish.zone not in available_timezones():
        raise Refused(_("“%(zone)s” is not a time zone.") % {"zone": wish.zone[:60]})
    places = regions_by_country()
    if wish.country and wish.country not in places:
        raise Refused(_("The holidays of this country are not known."))
    if wish.region and wish.region not in places.get(wish.country, []):
        raise Refused(_("This country has no such region."))
    if not any(wish.week):
        raise Refused(_("Somebody must be there at some time of the week."))
    if len(wish.days) > MOST_DAYS or len(wish.closures) > MOST_CLOSURES:
        raise Refused(_("These are more different days than opening hours can hold."))
    return name


def _save_parts(calendar: Calendar, wish: Wish) -> None:
    calendar.days.all().delete()
    OwnDay.objects.bulk_create(
        OwnDay(calendar=calendar, on=on, shifts=stored(shifts), words=one_line(words, 120))
        for on, (shifts, words) in wish.days.items()
    )
    calendar.closures.all().delete()
    Closure.objects.bulk_create(
        Closure(
            calendar=calendar,
            begins_at=span.begins_at,
            ends_at=span.ends_at,
            words=one_line(words, 120),
        )
        for span, words in wish.closures
    )
    calendar.uses.all().delete()
    whose = set(wish.whose)
    Use.objects.filter(whose__in=whose).delete()
    Use.objects.bulk_create(Use(calendar=calendar, whose=ref) for ref in sorted(whose))


def tell_calendar(calendar: Calendar) -> dict[str, str]:
    """All that opening hours say, as an event tells it."""
    days = calendar.days.all()
    closures = calendar.closures.all()
    shown = {
        "name": calendar.name,
        "zone": calendar.zone,
        **{
            day: say_shifts(restored(shifts))
            for day, shifts in zip(WEEKDAYS, calendar.week, strict=True)
        },
        "holidays": "-".join(filter(None, (calendar.country, calendar.region))),
        "standard": "yes" if calendar.is_standard else "",
        "days": "; ".join(
            f"{one.on} {say_shifts(restored(one.shifts))} {one.words}".strip() for one in days
        ),
        "closures": "; ".join(
            f"{one.begins_at.isoformat()}/{one.ends_at.isoformat()} {one.words}".strip()
            for one in closures
        ),
        "whose": ", ".join(sorted(calendar.uses.values_list("whose", flat=True))),
    }
    return {key: value for key, value in shown.items() if value}
