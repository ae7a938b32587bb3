"""Moments as people say them: `2026-03`, `yesterday`, `-3d`, `+2h`, in their own time zone.

A question keeps the words; what they mean is asked anew each time, so that a saved view of
yesterday is tomorrow a view of today.
"""

from datetime import date, datetime, timedelta

from makegood.asking.folding import fold
from makegood.asking.tree import When

EARLIEST, LATEST = 1970, 2199
LONGEST_NUMBER = 8
LONGEST = 100 * 31_536_000
"""A hundred years: whoever asks for more means always."""
UNITS = {"m": 60, "h": 3600, "d": 86400, "w": 604800, "mo": 2_592_000, "y": 31_536_000}
UNIT_ALIASES = {"min": "m", "std": "h", "t": "d", "tage": "d", "days": "d", "hours": "h"}
SPANS = {
    "day": ("day", "tag"),
    "week": ("week", "woche"),
    "month": ("month", "monat"),
    "year": ("year", "jahr"),
}
WHICH = {
    "this": ("this", "diese", "dieser", "diesen", "dieses"),
    "last": ("last", "letzte", "letzter", "letzten", "letztes"),
}
DAYS = {"today": ("heute",), "yesterday": ("gestern",), "tomorrow": ("morgen",), "now": ("jetzt",)}
EXAMPLES = ("today", "yesterday", "this week", "last week", "this month", "last month", "-7d")


def moment(typed: str) -> str:
    """The moment in its one way of writing, or nothing where it is none."""
    said = fold(typed).replace("_", " ")
    if not said.startswith("-"):
        said = said.replace("-", " ") if not said[:1].isdigit() else said
    for name, aliases in DAYS.items():
        if said == name or said in aliases:
            return name
    first, _, second = said.partition(" ")
    which, what = which_of(first), span_of(second)
    if which and what:
        return f"{which} {what}"
    return _apart(said) or _dated(said)


def which_of(word: str) -> str:
    """`last` in any of its forms: the word after it belongs to it."""
    return next((name for name, forms in WHICH.items() if fold(word) in forms), "")


def span_of(word: str) -> str:
    return next((name for name, forms in SPANS.items() if fold(word) in forms), "")


def length(typed: str) -> int | None:
    """`90m`, `2h`, `3d` in seconds."""
    said = fold(typed)
    digits = said.rstrip("abcdefghijklmnopqrstuvwxyz")
    unit = said[len(digits) :]
    unit = UNIT_ALIASES.get(unit, unit)
    if not _is_number(digits) or unit not in UNITS:
        return None
    seconds = int(digits) * UNITS[unit]
    return seconds if seconds <= LONGEST else None


def length_in_words(seconds: int) -> str:
    """Seconds in the largest unit that says them exactly."""
    for unit in ("w", "d", "h", "m"):
        if seconds and seconds % UNITS[unit] == 0:
            return f"{seconds // UNITS[unit]}{unit}"
    return "0m"


def interval(said: str, now: datetime) -> tuple[datetime, datetime]:
    """From when until when a moment lasts; `now` stands in the zone of whoever asks."""
    if said == "now":
        return now, now
    if said.startswith(("-", "+")):
        apart = timedelta(seconds=length(said[1:]) or 0)
        at = now + apart if said.startswith("+") else now - apart
        return at, at
    first, last = _days(said, now.date())
    return _midnight(first, now), _midnight(last, now)


def _apart(said: str) -> str:
    """`-3d` is three days ago, `+2h` in two hours."""
    seconds = length(said[1:]) if said.startswith(("-", "+")) else None
    if seconds is None:
        return ""
    return f"{said[0]}{length_in_words(seconds)}" if seconds else "now"


def _dated(said: str) -> str:
    """`2026`, `2026-03`, `2026-03-02` or `2.3.2026`."""
    parts = said.split(".")[::-1] if "." in said else said.split("-")
    if not 1 <= len(parts) <= 3 or not all(map(_is_number, parts)) or len(parts[0]) != 4:
        return ""
    year, month, day = (*map(int, parts), 1, 1)[:3]
    if not EARLIEST <= year <= LATEST:
        return ""
    try:
        found = date(year, month, day)
    except ValueError:
        return ""
    return found.isoformat()[: (4, 7, 10)[len(parts) - 1]]


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER


def _days(said: str, today: date) -> tuple[date, date]:
    """The first day of a moment, and the first after it."""
    if said in DAYS:
        day = today + timedelta(days={"today": 0, "yesterday": -1, "tomorrow": 1}[said])
        return day, day + timedelta(days=1)
    which, _, what = said.partition(" ")
    if what:
        first = _first_of(what, today)
        return (first, _after(what, first)) if which == "this" else (_before(what, first), first)
    parts = [int(part) for part in said.split("-")]
    what = ("year", "month", "day")[len(parts) - 1]
    first = date(*(*parts, 1, 1)[:3])
    return first, _after(what, first)


def _first_of(what: str, day: date) -> date:
    if what == "week":
        return day - timedelta(days=day.weekday())
    if what == "year":
        return day.replace(month=1, day=1)
    return day.replace(day=1) if what == "month" else day


def _after(what: str, first: date) -> date:
    if what in ("day", "week"):
        return first + timedelta(days=1 if what == "day" else 7)
    if what == "year":
        return first.replace(year=first.year + 1)
    return (first + timedelta(days=31)).replace(day=1)


def _before(what: str, first: date) -> date:
    return (
        first - timedelta(days=1) if what == "day" else _first_of(what, first - timedelta(days=1))
    )


def _midnight(day: date, now: datetime) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=now.tzinfo)


def bounds(when: When, now: datetime) -> tuple[datetime | None, datetime | None]:
    """From when (included) until when (not); None: no end on that side."""
    start, end = interval(when.moment, now)
    if when.comparison == "..":
        return start, interval(when.until, now)[1]
    ends: dict[str, tuple[datetime | None, datetime | None]] = {
        "=": (start, end), "<": (None, start), "<=": (None, end), ">": (end, None),
        ">=": (start, None),
    }  # fmt: skip
    return ends[when.comparison]
