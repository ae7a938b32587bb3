"""Hours as they were, counted from the ledger by a follower of its own.

To count anew, empty both tables and let the follower begin again: each event counts once,
because the figures and the follower's place are saved together.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from makegood.conversations.events import MessageReceived, Replied
from makegood.conversations.models import Conversation
from makegood.kit.records import ref_id
from makegood.lead.models import AgentHour, InboxHour
from makegood.ledger.followers import follows
from makegood.ledger.models import Event
from makegood.promises.events import PromiseBroken, PromiseKept
from makegood.sending.events import AnswerTakenBack
from makegood.team.models import Agent

FIGURES = {
    MessageReceived.kind: "arrivals",
    Replied.kind: "answers",
    PromiseKept.kind: "kept",
    PromiseBroken.kind: "broken",
}
NAMES = ("arrivals", "answers", "kept", "late", "broken")
Key = tuple[datetime, int]


@follows("hours")
def count_hours(events: Sequence[Event]) -> None:
    """Add what these events tell to the hours in which it happened."""
    told = [event for event in events if event.kind in FIGURES]
    unsaid = [_answer_of(event) for event in events if event.kind == AnswerTakenBack.kind]
    if not told and not unsaid:
        return
    counted = [(event, 1) for event in told] + [(event, -1) for event in unsaid if event]
    homes = _homes([event for event, _change in counted])
    by_inbox: dict[Key, Counter[str]] = {}
    by_agent: Counter[Key] = Counter()
    for event, change in counted:
        hour, inbox = hour_of(event.at), homes.get(_conversation(event))
        if inbox is not None:
            by_inbox.setdefault((hour, inbox), Counter())[_figure(event)] += change
        if event.kind == Replied.kind and event.by.startswith("agent:"):
            by_agent[hour, ref_id(event.by)] += change
    _add_to_inboxes(by_inbox)
    _add_to_agents(by_agent)


def _answer_of(event: Event) -> Event | None:
    """The answer that was taken back: what was never said counts no more, in the hour it was in."""
    ref = f"conversation:{_conversation(event)}"
    said = Event.objects.filter(kind=Replied.kind, pk__lt=event.pk, subjects__ref=ref)
    answers = said.prefetch_related("subjects").order_by("-pk")
    number = event.facts["message"]
    return next((one for one in answers if one.facts["message"] == number), None)


def hour_of(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def _figure(event: Event) -> str:
    if event.kind == PromiseKept.kind and event.facts.get("late_by"):
        return "late"
    return FIGURES[event.kind]


def _conversation(event: Event) -> int:
    refs = [subject.ref for subject in event.subjects.all()]
    return next((ref_id(ref) for ref in refs if ref.startswith("conversation:")), 0)


def _homes(events: Sequence[Event]) -> Mapping[int, int]:
    numbers = {_conversation(event) for event in events}
    return dict(Conversation.objects.filter(pk__in=numbers).values_list("pk", "inbox_id"))


def _add_to_inboxes(counted: Mapping[Key, Counter[str]]) -> None:
    hours, inboxes = {key[0] for key in counted}, {key[1] for key in counted}
    rows = InboxHour.objects.filter(began_at__in=hours, inbox__in=inboxes)
    known = {(row.began_at, row.inbox_id): row for row in rows}
    new = [InboxHour(began_at=at, inbox_id=pk) for at, pk in counted if (at, pk) not in known]
    for row in [*known.values(), *new]:
        for name, number in counted.get((row.began_at, row.inbox_id), Counter()).items():
            setattr(row, name, max(0, getattr(row, name) + number))
    InboxHour.objects.bulk_update(list(known.values()), NAMES, 200)
    InboxHour.objects.bulk_create(new)


def _add_to_agents(counted: Mapping[Key, int]) -> None:
    hours, agents = {key[0] for key in counted}, {key[1] for key in counted}
    there = set(Agent.objects.filter(pk__in=agents).values_list("pk", flat=True))
    rows = AgentHour.objects.filter(began_at__in=hours, agent__in=there)
    known = {(row.began_at, row.agent_id): row for row in rows}
    fresh = [key for key in counted if key not in known and key[1] in there]
    new = [AgentHour(began_at=at, agent_id=pk) for at, pk in fresh]
    for row in [*known.values(), *new]:
        row.answers = max(0, row.answers + counted.get((row.began_at, row.agent_id), 0))
    AgentHour.objects.bulk_update(list(known.values()), ["answers"], 200)
    AgentHour.objects.bulk_create(new)
