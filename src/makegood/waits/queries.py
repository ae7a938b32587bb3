from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Sum

from makegood.channels.models import Inbox
from makegood.channels.queries import inboxes_visible_to
from makegood.conversations.models import Conversation
from makegood.team.models import Agent, Team
from makegood.waits.calibrating import Calibration, Said, calibrated
from makegood.waits.expecting import Expected, expected_wait
from makegood.waits.models import Expectation, Hour, Wait
from makegood.waits.outcomes import LATEST

HOURS_OF_A_WEEK = 168
LOOKS_BACK = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class Slot:
    """One hour of the week, over some weeks: 0 is Monday from midnight on."""

    slot: int
    arrivals: int = 0
    answers: int = 0
    seconds: float = 0
    """How long those who were answered had waited, on average, by the clock."""
    open_seconds: float = 0
    """The same within the opening hours."""
    within_hour: int = 0
    within_four: int = 0
    within_day: int = 0
    """Of the answers: within one, four and eight open hours."""

    @property
    def weekday(self) -> int:
        return self.slot // 24

    @property
    def hour(self) -> int:
        return self.slot % 24


def by_hour_of_week(
    agent: Agent,
    *,
    since: date,
    until: date,
    inbox: Inbox | None = None,
    team: Team | None = None,
    channel: str = "",
) -> Sequence[Slot]:
    """What came in and how long it waited, for each hour of the week; whole weeks from Mondays on.

    Of the inboxes that this agent may see, summed up from what is counted already.
    """
    visible = [
        one.pk
        for one in inboxes_visible_to(agent)
        if inbox in (None, one) and channel in ("", one.kind)
    ]
    hours = Hour.objects.filter(inbox__in=visible, week__gte=since, week__lte=until)
    if team is not None:
        hours = hours.filter(team=team.pk)
    summed = ("arrivals", "answers", "within_hour", "within_four", "within_day")
    lengths = ("seconds", "open_seconds")
    rows: Any = hours.values("slot").annotate(
        **{f"all_{name}": Sum(name) for name in (*summed, *lengths)}
    )
    found = {
        row["slot"]: Slot(
            slot=row["slot"],
            **{name: row[f"all_{name}"] for name in summed},
            **{name: row[f"all_{name}"] / max(1, row["all_answers"]) for name in lengths},
        )
        for row in rows
    }
    return [found.get(slot, Slot(slot=slot)) for slot in range(HOURS_OF_A_WEEK)]


def expected_at(inboxes: Iterable[Inbox], now: datetime) -> Sequence[tuple[Inbox, Expected]]:
    """What whoever writes to each of these now can expect."""
    return [(inbox, expected_wait(inbox, now)) for inbox in inboxes]


def told_to(conversation: Conversation) -> Expectation | None:
    """What was foreseen for the first of a conversation's words that still wait."""
    if not conversation.is_waiting():
        return None
    waiting = Expectation.objects.filter(conversation=conversation, ended_at=None)
    return waiting.order_by("told_at").first()


@dataclass(frozen=True, kw_only=True)
class Fared:
    """One inbox: what can be expected now, and what became of what was told."""

    inbox: Inbox
    expected: Expected
    calibration: Calibration | None


def how_it_fares(inboxes: Sequence[Inbox], now: datetime) -> Sequence[Fared]:
    """For each of these inboxes, with the last weeks' calibration."""
    told = calibrations([one.pk for one in inboxes], now)
    return [
        Fared(inbox=one, expected=expected_wait(one, now), calibration=told.get(one.pk))
        for one in inboxes
    ]


def calibrations(inboxes: Sequence[int], now: datetime) -> Mapping[int, Calibration]:
    """Of what was told lately and whose time is up, by inbox: how much came true."""
    found = {inbox: calibrated(_said(inbox, now)) for inbox in inboxes}
    return {inbox: one for inbox, one in found.items() if one is not None}


def _said(inbox: int, now: datetime) -> Sequence[Said]:
    """The latest; whoever was never answered without our doing is left out."""
    rows = Expectation.objects.filter(inbox=inbox, told_at__gt=now - LOOKS_BACK)
    over = rows.exclude(end__in=[Wait.End.SPAM, Wait.End.RESOLVED])
    told = over.order_by("-told_at").values_list(
        "told_at", "ended_at", "median_seconds", "most_seconds"
    )
    return [
        Said(
            median=median,
            most=most,
            seconds=((ended_at or now) - told_at).total_seconds(),
            is_over=ended_at is not None,
        )
        for told_at, ended_at, median, most in told[: 5 * LATEST]
        if told_at + timedelta(seconds=most) <= now
    ]
