"""What is expected, in words: rounded up, never more exact than it is known."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from makegood.calendars.telling import moment_in_words
from makegood.waits.expecting import Expected

MINUTES = (5, 10, 15, 20, 30, 45)
HOURS = (1, 2, 3, 4, 5, 6, 8, 10, 12, 18, 24)
AS_LENGTH = timedelta(hours=8)
"""Said as a length up to here, where nobody goes home meanwhile; beyond, as a moment."""
HALF_AN_HOUR = timedelta(minutes=30)


def length_in_words(length: timedelta) -> str:
    """`20 minutes`, `3 hours`, `2 days`: the next step up that one would say."""
    minutes = length.total_seconds() / 60
    for step in MINUTES:
        if minutes <= step:
            return ngettext("%(n)s minute", "%(n)s minutes", step) % {"n": step}
    for step in HOURS:
        if minutes <= step * 60:
            return ngettext("%(n)s hour", "%(n)s hours", step) % {"n": step}
    days = -int(-minutes // (24 * 60))
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}


def for_customers(expected: Expected) -> str:
    """One honest line; empty where nothing is known."""
    if expected.median_at is None or expected.most_at is None:
        return ""
    if _is_soon(expected):
        median, most = (
            length_in_words(at - expected.now) for at in (expected.median_at, expected.most_at)
        )
        if median == most:
            return _("Nine of ten hear from us within %(most)s.") % {"most": most}
        words = _("Usually you hear from us within %(median)s; nine of ten within %(most)s.")
        return words % {"median": median, "most": most}
    median, most = (_by(at, expected) for at in (expected.median_at, expected.most_at))
    if median == most:
        return _("Nine of ten hear from us by %(most)s.") % {"most": most}
    words = _("Usually you hear from us by %(median)s; nine of ten by %(most)s.")
    return words % {"median": median, "most": most}


def _is_soon(expected: Expected) -> bool:
    assert expected.most_at is not None
    if expected.most_at - expected.now > AS_LENGTH:
        return False
    hours = expected.hours
    return hours is None or hours.counted(expected.now, expected.most_at) >= (
        expected.most_at - expected.now - timedelta(seconds=1)
    )


def _by(at: datetime, expected: Expected) -> str:
    """A moment by the shop's clock, rounded up."""
    hours = expected.hours
    zone = hours.zone if hours else ZoneInfo(timezone.get_default_timezone_name())
    over = timedelta(minutes=at.minute % 30, seconds=at.second, microseconds=at.microsecond)
    rounded = at - over + HALF_AN_HOUR if over else at
    return moment_in_words(rounded, expected.now, zone)


def reasons(expected: Expected) -> Sequence[str]:
    """Why that is expected, for agents."""
    if not expected.is_known:
        return [_("We do not know yet how long an answer takes here."), *_opening(expected)]
    ahead, here = expected.ahead, expected.here
    said = [
        ngettext("%(n)s waits.", "%(n)s wait.", ahead) % {"n": ahead}
        if ahead
        else _("Nobody waits."),
        ngettext("%(n)s agent is here.", "%(n)s agents are here.", here) % {"n": here}
        if here
        else _("Nobody who answers here is at the desk."),
    ]
    if expected.minutes:
        minutes = max(1, round(expected.minutes))
        said.append(
            ngettext(
                "One agent gives an answer about every minute.",
                "One agent gives an answer about every %(n)s minutes.",
                minutes,
            )
            % {"n": minutes}
        )
    said.extend(_opening(expected))
    words = ngettext(
        "Learned from %(n)s answer of the last eight weeks.",
        "Learned from %(n)s answers of the last eight weeks.",
        expected.answers,
    )
    return [*said, words % {"n": expected.answers}]


def _opening(expected: Expected) -> Sequence[str]:
    state = expected.state()
    if state is None or state.is_open or not state.when:
        return []
    return [_("Closed until %(when)s.") % {"when": state.when}]
