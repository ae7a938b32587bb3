"""Opening hours as people write them, and back: `9–12, 13:30–17`, `closed`, `always`."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from makegood.calendars.hours import DAY_MINUTES, Shift, Span
from makegood.kit.errors import Refused
from makegood.kit.rx import rx

MOST_SHIFTS = 12
MOST_AT_ONCE = 60  # days in one line
_SHIFT = rx(r"^(\d{1,2})(?:[:.](\d{2}))?[-–—](\d{1,2})(?:[:.](\d{2}))?$")
Stored = list[list[int]]


def read_shifts(said: str) -> tuple[Shift, ...]:
    """The shifts of one day; an empty word is a day on which nobody is there.

    An end at or before its beginning lies on the next day. What cannot be read is refused.
    """
    if said.strip().casefold() in ("24h", "24", "0-24", "always", _("always").casefold()):
        return (Shift(0, DAY_MINUTES),)
    if said.strip().casefold() in ("", "-", "–", "closed", _("closed").casefold()):
        return ()
    parts = said.replace(";", ",").replace(" ", "").rstrip(",").split(",")
    if len(parts) > MOST_SHIFTS:
        raise Refused(_("That is more than %(n)s shifts a day.") % {"n": MOST_SHIFTS})
    return tuple(sorted(_shift(part, said) for part in parts))


def _shift(part: str, said: str) -> Shift:
    found = _SHIFT.match(part)
    if not found:
        raise Refused(
            _("“%(said)s” is not read. Write it like 9:00–12:00, 13:00–17:30.")
            % {"said": said[:60]}
        )
    begins, ends = _minute(found[1], found[2]), _minute(found[3], found[4])
    if begins is None or begins == DAY_MINUTES or ends is None:
        raise Refused(_("“%(said)s” has a time that no clock shows.") % {"said": said[:60]})
    return Shift(begins, ends if ends > begins else ends + DAY_MINUTES)


def _minute(hour: str, minute: str | None) -> int | None:
    found = int(hour) * 60 + int(minute or 0)
    return found if found <= DAY_MINUTES and int(minute or 0) < 60 else None


def say_shifts(shifts: Sequence[Shift]) -> str:
    """`9:00–12:00, 22:00–6:00`; nothing where the day is closed."""
    if tuple(shifts) == (Shift(0, DAY_MINUTES),):
        return _("always")
    return ", ".join(f"{_clock(one.begins)}–{_clock(one.ends)}" for one in shifts)


def _clock(minute: int) -> str:
    hour, rest = divmod(minute if minute == DAY_MINUTES else minute % DAY_MINUTES, 60)
    return f"{hour}:{rest:02}"


def stored(shifts: Sequence[Shift]) -> Stored:
    return [[one.begins, one.ends] for one in shifts]


def restored(kept: Stored) -> tuple[Shift, ...]:
    return tuple(Shift(begins, ends) for begins, ends in kept)


def read_days(said: str) -> dict[date, tuple[tuple[Shift, ...], str]]:
    """Days that are different, one a line: `2026-12-24 9:00–12:00 Christmas Eve`.

    Without hours nobody is there; `2026-12-24..2026-12-31` is every day of them.
    """
    found: dict[date, tuple[tuple[Shift, ...], str]] = {}
    for line in filter(None, map(str.strip, said.splitlines())):
        first, _gap, rest = line.partition(" ")
        begins, _dots, ends = first.rstrip(":").partition("..")
        days = _days(begins, ends or begins, line)
        hours, words = _hours_then_words(rest)
        found |= dict.fromkeys(days, (read_shifts(hours), words))
    return found


def _days(begins: str, ends: str, line: str) -> list[date]:
    try:
        first, last = date.fromisoformat(begins), date.fromisoformat(ends)
    except ValueError as error:
        raise _unread(line) from error
    count = (last - first).days + 1
    if not 0 < count <= MOST_AT_ONCE:
        raise Refused(
            _("“%(said)s” is more than %(n)s days.") % {"said": line[:60], "n": MOST_AT_ONCE}
        )
    return [first + timedelta(days=number) for number in range(count)]


def _hours_then_words(rest: str) -> tuple[str, str]:
    """Hours stand before words; a word that is none begins the words."""
    parts = rest.split()
    count = 0
    while count < len(parts) and _looks_like_hours(parts[count]):
        count += 1
    return " ".join(parts[:count]), " ".join(parts[count:])


def _looks_like_hours(part: str) -> bool:
    closed = ("-", "–", "closed", _("closed").casefold())
    return part.casefold() in closed or bool(_SHIFT.match(part.rstrip(",;")))


def read_closures(said: str, zone: ZoneInfo) -> list[tuple[Span, str]]:
    """Closures, one a line, by the zone's own clock: `2026-12-01 14:00 2026-12-01 16:30 Stock`."""
    found = []
    for line in filter(None, map(str.strip, said.splitlines())):
        parts = line.split(maxsplit=4)
        try:
            begins_at, ends_at = (
                datetime.fromisoformat(f"{day} {clock}").replace(tzinfo=zone).astimezone(UTC)
                for day, clock in (parts[:2], parts[2:4])
            )
        except (ValueError, OverflowError) as error:
            raise _unread(line) from error
        if begins_at >= ends_at:
            raise Refused(_("“%(said)s” ends before it begins.") % {"said": line[:60]})
        found.append((Span(begins_at, ends_at), parts[4] if len(parts) > 4 else ""))
    return found


def _unread(line: str) -> Refused:
    return Refused(
        _("“%(said)s” is not read. A line begins with a date such as 2026-12-24.")
        % {"said": line[:60]}
    )
