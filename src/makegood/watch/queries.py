"""What pages and the doctor read of the watch. Nothing here writes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from django.utils import timezone

from makegood.channels.models import Inbox
from makegood.kit.compiled import Compiled
from makegood.team.models import Agent
from makegood.watch.models import Alarm, Probe, Watched
from makegood.watch.probing import can_be_probed
from makegood.watch.sayings import ALARMS, DO, MEANS, TITLES, in_words

STRIP = 30
SHOWN_ALARMS = 20
_CAUSE = Alarm.Cause
FELT_AT_ONCE = (
    _CAUSE.LOGIN, _CAUSE.NETWORK, _CAUSE.FULL, _CAUSE.FOLDER, _CAUSE.PROBE, _CAUSE.REPLY,
    _CAUSE.OUTBOX, _CAUSE.DISK,
)  # fmt: skip
"""What somebody who answers may notice; a certificate that ends next week is none of it."""


@dataclass(frozen=True, kw_only=True)
class ShownAlarm:
    """One alarm in the reader's language, with what to do."""

    cause: str
    says: str
    do: str
    said: str
    since: datetime
    inbox: int | None


_RAISED: Compiled[Alarm] = Compiled(
    lambda: Alarm.objects.filter(closed_at=None).exclude(raised_at=None)[:SHOWN_ALARMS]
)


def open_alarms() -> Sequence[ShownAlarm]:
    """What somebody has to put right now, oldest first."""
    return [_shown(row) for row in _RAISED.all()]


def alarms_for(agent: Agent) -> Sequence[ShownAlarm]:
    """The alarms as the desk shows them: in words to those who can act, a bare hint to others."""
    alarms = open_alarms()
    if agent.sees_everything():
        return alarms
    felt = [one for one in alarms if one.cause in FELT_AT_ONCE]
    return [replace(one, says="", do="", said="", inbox=None) for one in felt]


def alarms_of(inbox: Inbox) -> Sequence[ShownAlarm]:
    raised = Alarm.objects.filter(closed_at=None, inbox=inbox).exclude(raised_at=None)
    return [_shown(row) for row in raised]


def _shown(row: Alarm) -> ShownAlarm:
    return ShownAlarm(
        cause=row.cause,
        says=in_words(ALARMS[row.cause], row.values),
        do=str(DO[row.cause]),
        said=row.said,
        since=row.raised_at or row.first_seen_at,
        inbox=row.inbox_id,
    )


@dataclass(frozen=True, kw_only=True)
class Way:
    """One way into an inbox, with its newest test messages, oldest first, and the usual lag."""

    kind: str
    to: str
    probes: Sequence[Probe]
    newest: Probe
    usual: timedelta | None
    is_late: bool


def ways_of(inbox: Inbox) -> Sequence[Way]:
    """Every way that was tried lately, published addresses first."""
    now = timezone.now()
    found: dict[tuple[str, str], list[Probe]] = {}
    for probe in inbox.probes.select_related("arrival").order_by("-pk")[: STRIP * 6]:
        # Each reply address is another one: they are one way.
        key = (probe.way, "" if probe.way == Probe.Way.REPLY else probe.to)
        if len(strip := found.setdefault(key, [])) < STRIP:
            strip.append(probe)
    order = [Probe.Way.ADDRESS, Probe.Way.FORM, Probe.Way.REPLY]
    ways = sorted(found.items(), key=lambda item: order.index(Probe.Way(item[0][0])))
    return [_way(kind, probes, now) for (kind, _to), probes in ways]


def _way(kind: str, probes: Sequence[Probe], now: datetime) -> Way:
    lags = [probe.lag.total_seconds() for probe in probes if probe.lag is not None]
    newest = probes[0]
    return Way(
        kind=kind,
        to=_without_token(newest.to) if kind == Probe.Way.REPLY else newest.to,
        probes=list(reversed(probes)),
        newest=newest,
        usual=timedelta(seconds=median(lags)) if lags else None,
        is_late=newest.state == Probe.State.WAITING and newest.due_at < now,
    )


def _without_token(address: str) -> str:
    local, at, domain = address.partition("@")
    return f"{local[:-26]}…{at}{domain}"


def watched_of(inbox: Inbox) -> Watched:
    """How an inbox is watched; one that nobody has looked at yet is watched as usual."""
    now = timezone.now()
    usual = {"next_probe_at": now, "next_look_at": now, "next_records_at": now}
    return Watched.objects.filter(inbox=inbox).first() or Watched(inbox=inbox, **usual)


def records_in_words(watched: Watched) -> Sequence[dict[str, Any]]:
    """The domain's records with their titles and what they mean, those to mend first."""
    order = {"broken": 0, "attention": 1, "unknown": 2, "ok": 3}
    told = [
        {
            **one,
            "title": str(TITLES.get(one["name"], one["name"])),
            "says": in_words(MEANS.get(one["why"], one["why"]), one.get("values", {})),
        }
        for one in watched.records
    ]
    return sorted(told, key=lambda one: order.get(one["state"], 4))


def inboxes_to_probe(named: str) -> Sequence[Inbox]:
    """Every inbox that can be tried, or the one of that address, name or number."""
    inboxes = [inbox for inbox in Inbox.objects.order_by("pk") if can_be_probed(inbox)]
    if not named:
        return inboxes
    return [one for one in inboxes if named.lower() in (one.address, one.name.lower(), str(one.pk))]


def probes_again(probes: Sequence[Probe]) -> list[Probe]:
    """The same test messages as they are now."""
    return list(Probe.objects.filter(pk__in=[probe.pk for probe in probes]).order_by("pk"))
