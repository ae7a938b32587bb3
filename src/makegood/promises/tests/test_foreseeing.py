"""What the queue ahead would not let us reach is at risk sooner, and says so."""

from datetime import date, timedelta

from makegood.channels.models import Inbox
from makegood.conversations.models import Conversation
from makegood.ledger.models import Event
from makegood.presence.models import Presence
from makegood.promises.foreseeing import foresee
from makegood.promises.models import Promise
from makegood.promises.ticking import tick
from makegood.team.models import Agent
from makegood.waits.models import Hour
from tests.promised import MONDAY, a_policy, written

MONDAYS = [date(2026, 2, 2), date(2026, 2, 9), date(2026, 2, 16), date(2026, 2, 23)]
SOON = MONDAY + timedelta(minutes=40)


def ten_an_hour(inbox: Inbox) -> None:
    """Four weeks in which two agents gave ten answers in each hour."""
    Hour.objects.bulk_create(
        Hour(inbox=inbox, week=week, slot=slot, answers=10, busy_seconds=3600, agents=[1, 2])
        for week in MONDAYS
        for slot in range(168)
    )


def a_queue(form: Inbox, length: int) -> list[Conversation]:
    """So many wait, each a minute longer than the next."""
    return [
        written(form, f"No {n}", MONDAY + timedelta(minutes=n), email=f"{n}@example.com")
        for n in range(length)
    ]


def test_who_stands_far_behind_is_warned_of_sooner_and_once(form: Inbox, nora: Agent) -> None:
    a_policy(steps=[{"at": "warn", "after": 0, "do": "notify", "whom": "leads"}])
    ten_an_hour(form)
    queue = a_queue(form, 30)
    Presence.objects.create(agent=nora, page="p", seen_at=SOON)
    warned = foresee(SOON)
    assert 0 < warned < 30
    first, last = (
        Promise.objects.get(conversation=one, kind="first_answer") for one in (queue[0], queue[-1])
    )
    assert (first.warned_at, last.warned_at) == (None, SOON)
    told = Event.objects.get(kind="promise.foreseen", subjects__ref=last.ref)
    assert told.facts["expected"] > told.facts["due"]
    assert foresee(SOON) == 0
    assert Event.objects.filter(kind="promise.warned", subjects__ref=last.ref).count() == 1
    tick(SOON + timedelta(seconds=1))
    assert Event.objects.filter(kind="promise.escalated", subjects__ref=last.ref).count() == 1


def test_where_nothing_was_learned_nothing_is_foreseen(form: Inbox, nora: Agent) -> None:
    a_policy()
    a_queue(form, 2)
    assert foresee(SOON) == 0
