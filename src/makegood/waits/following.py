"""Figures that reports and expectations are made of: kept by a follower, so nothing is scanned."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

from makegood.calendars.hours import Hours
from makegood.channels.models import Inbox
from makegood.conversations.events import MessageReceived
from makegood.conversations.models import Conversation
from makegood.kit.remembering import remembered, remembering
from makegood.ledger.followers import follows
from makegood.ledger.models import Event
from makegood.sending.events import AnswerTakenBack
from makegood.waits.measuring import Answer, Counts, Key, Tally
from makegood.waits.models import Hour, Wait
from makegood.waits.outcomes import note_outcomes, take_outcomes_back
from makegood.waits.rebuilding import FOLLOWER
from makegood.waits.standing import OF_PEOPLE, conversations_in
from makegood.waits.writing_down import hours_at

ADDED = (
    "arrivals", "answers", "seconds", "open_seconds",
    "within_hour", "within_four", "within_day", "busy_seconds",
)  # fmt: skip


@follows(FOLLOWER, keeps_order=True)
def count_the_hours(events: Sequence[Event]) -> None:
    """Put what these events brought upon their hours, and see what became of what was told."""
    tally = Tally()
    with remembering():
        _arrivals(events, tally)
        ended = _waits_ended_by(events)
        _answers([one for one in ended if one.end == Wait.End.ANSWERED], tally)
        note_outcomes(ended)
        _taken_back(events, tally)
    _add(tally.hours)


def place_of(inbox: int) -> tuple[Hours | None, ZoneInfo]:
    """By which hours and which clock an inbox is counted."""

    def ask() -> tuple[Hours | None, ZoneInfo]:
        hours = hours_at(Inbox.objects.get(pk=inbox))
        return hours, hours.zone if hours else ZoneInfo(timezone.get_default_timezone_name())

    return remembered(f"place of {inbox}", ask)


def _arrivals(events: Sequence[Event], tally: Tally) -> None:
    came = [
        event
        for event in events
        if event.kind == MessageReceived.kind and event.facts.get("automatic", "") in OF_PEOPLE
    ]
    numbers = {conversations_in(event)[0] for event in came}
    known = Conversation.objects.filter(pk__in=numbers).values_list("pk", "inbox", "team")
    places = {pk: (inbox, team or 0) for pk, inbox, team in known}
    for event in came:
        inbox, team = places[conversations_in(event)[0]]
        tally.arrival(inbox, team, event.at, place_of(inbox)[1])


def _waits_ended_by(events: Sequence[Event]) -> list[Wait]:
    found = Wait.objects.filter(event__in=[event.pk for event in events])
    return list(found.order_by("event", "conversation"))


def _answers(ended: Iterable[Wait], tally: Tally) -> None:
    previous: dict[int, datetime | None] = {}
    for wait in ended:
        before = previous.get(wait.inbox_id) or _answered_before(wait)
        hours, zone = place_of(wait.inbox_id)
        one = _as_answer(wait)
        tally.answer(one, zone)
        tally.pace(one, before, hours, zone)
        previous[wait.inbox_id] = max(before or wait.ended_at, wait.ended_at)


def _answered_before(wait: Wait) -> datetime | None:
    """When the answer before it was given at this inbox."""
    others = Wait.objects.filter(inbox=wait.inbox_id, end=Wait.End.ANSWERED, event__lt=wait.event)
    earlier = others.filter(ended_at__lte=wait.ended_at).order_by("-ended_at")
    return earlier.values_list("ended_at", flat=True).first()


def _as_answer(wait: Wait) -> Answer:
    return Answer(
        inbox=wait.inbox_id,
        team=wait.team_id or 0,
        agent=wait.agent_id or 0,
        began_at=wait.began_at,
        ended_at=wait.ended_at,
        open_seconds=wait.open_seconds,
    )


def _taken_back(events: Sequence[Event], tally: Tally) -> None:
    """What was never said is counted no more; that somebody worked meanwhile stays."""
    for event in events:
        if event.kind == AnswerTakenBack.kind:
            for wait in Wait.objects.filter(answer=event.facts["message"]):
                tally.answer(_as_answer(wait), place_of(wait.inbox_id)[1], change=-1)
                take_outcomes_back(wait)


def _add(counted: Mapping[Key, Counts]) -> None:
    """Lay these counts upon those of before. Nobody else writes them."""
    if not counted:
        return
    rows = Hour.objects.filter(
        inbox__in={key[0] for key in counted}, week__in={key[2] for key in counted}
    )
    known = {(row.inbox_id, row.team, row.week, row.slot): row for row in rows}
    new = []
    for key, counts in counted.items():
        row = known.get(key)
        if row is None:
            row = Hour(inbox_id=key[0], team=key[1], week=key[2], slot=key[3])
            new.append(row)
        for name in ADDED:
            setattr(row, name, getattr(row, name) + getattr(counts, name))
        row.agents = sorted({*row.agents, *counts.agents})
    Hour.objects.bulk_create(new, batch_size=500)
    changed = [known[key] for key in counted if key in known]
    Hour.objects.bulk_update(changed, [*ADDED, "agents"], batch_size=200)
