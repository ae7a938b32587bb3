"""The health of one inbox as its page shows it: strips of test messages, words for lags."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.channels.models import Inbox
from makegood.kit.jinja import moment
from makegood.watch.models import Probe
from makegood.watch.probing import can_be_probed
from makegood.watch.queries import STRIP, Way, alarms_of, records_in_words, watched_of, ways_of

WIDTH, GAP, HEIGHT, LEAST = 8, 3, 28, 4
LONGEST_SECONDS = 3600.0


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One test message as a bar: the taller, the longer it took."""

    x: int
    y: int
    height: int
    tone: str
    title: str


def health_of(inbox: Inbox) -> dict[str, Any]:
    """Everything that the page about one inbox shows. Nobody is asked and nothing written."""
    watched = watched_of(inbox)
    ways = ways_of(inbox)
    return {
        "watched": watched,
        "alarms": alarms_of(inbox),
        "can_be_probed": can_be_probed(inbox),
        "ways": [(way, strip(way), lag_in_words(way.usual)) for way in ways],
        "strip_width": STRIP * (WIDTH + GAP),
        "records": records_in_words(watched),
        "mailbox": watched.mailbox,
        "quota": quota_of(watched.mailbox),
        "certificates": certificates_of(watched.certificates),
        "lag": lag_in_words(inbox_lag(ways)),
    }


def strip(way: Way) -> Sequence[Bar]:
    """The bars of one way, the newest at the right edge."""
    first = STRIP - len(way.probes)
    return [_bar(probe, first + number) for number, probe in enumerate(way.probes)]


def _bar(probe: Probe, place: int) -> Bar:
    height, tone = _height(probe), _tone(probe)
    words = lag_in_words(probe.lag) if probe.lag else probe.get_state_display()
    return Bar(
        x=place * (WIDTH + GAP),
        y=HEIGHT - height,
        height=height,
        tone=tone,
        title=f"{moment(probe.sent_at)}: {words}",
    )


def _height(probe: Probe) -> int:
    """Seconds to an hour on a logarithmic scale; what is missing fills the whole height."""
    if probe.lag is None:
        return LEAST if _tone(probe) == "waiting" else HEIGHT
    seconds = max(1.0, min(probe.lag.total_seconds(), LONGEST_SECONDS))
    share = math.log(seconds) / math.log(LONGEST_SECONDS)
    return LEAST + round(share * (HEIGHT - LEAST))


def _tone(probe: Probe) -> str:
    if probe.came_at:
        return "kept" if probe.came_at <= probe.due_at else "late"
    is_lost = probe.state == Probe.State.FAILED or probe.due_at < timezone.now()
    return "broken" if is_lost else "waiting"


def inbox_lag(ways: Sequence[Way]) -> timedelta | None:
    """How long mail usually takes: of the first published address that was measured."""
    return next((way.usual for way in ways if way.usual is not None), None)


def lag_in_words(lag: timedelta | None) -> str:
    """A length of time in one unit: `12 s`, `3 min`, `2 h`."""
    if lag is None:
        return ""
    seconds = lag.total_seconds()
    if seconds < 90:
        return _("%(n)s s") % {"n": max(1, round(seconds))}
    if seconds < 5400:
        return _("%(n)s min") % {"n": round(seconds / 60)}
    return _("%(n)s h") % {"n": round(seconds / 3600)}


def quota_of(mailbox: dict[str, Any]) -> dict[str, int]:
    """Room used, room there is, and the share of it; nothing where the server does not say."""
    quota = mailbox.get("quota") or {}
    if not quota.get("limit"):
        return {}
    return {**quota, "share": min(100, round(100 * quota["used"] / quota["limit"]))}


def certificates_of(rows: Sequence[dict[str, Any]]) -> Sequence[dict[str, Any]]:
    """Each server's certificate with the days that are left."""
    return [{**row, "days": _days_left(row.get("ends_at", ""))} for row in rows]


def _days_left(ends_at: str) -> int | None:
    return (datetime.fromisoformat(ends_at) - timezone.now()).days if ends_at else None
