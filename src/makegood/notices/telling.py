"""From what happened to whom it concerns: one reader of the ledger, after the commit.

Writing stays as quick as it was, a bulk act floods nobody's request, and each agent is told
of each event once, whatever dies on the way.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from makegood.channels.queries import agents_who_see
from makegood.conversations.models import Conversation
from makegood.ledger.facts import Fact
from makegood.ledger.followers import follows
from makegood.ledger.models import Event
from makegood.ledger.wakeup import nudge
from makegood.notices.kinds import Kind, Way
from makegood.notices.models import Notice, Wishes
from makegood.notices.pushing import queue_push
from makegood.notices.wishes import wishes_of_all
from makegood.promises.events import PromiseBroken, PromiseWarned
from makegood.team.models import Agent

NEWS_LASTS = timedelta(days=7)
"""What is older is not told any more: nobody is woken by an import, or by reading all anew."""
MOST_AT_ONCE = 20
"""Of what one actor does to one agent in one breath: who is given a thousand sees the list."""
HOUR = timedelta(hours=1)
OF_ORDERS = (PromiseWarned.kind, PromiseBroken.kind)
"""What is told of orders alone, to whoever looks after them."""


@dataclass(frozen=True, kw_only=True)
class Concern:
    """An event concerns these agents, for one reason."""

    kind: str
    agents: Iterable[int | None]


Teller = Callable[[Event, Conversation], Concern]
_TELLERS: dict[str, list[Teller]] = defaultdict(list)


def tells(*facts: type[Fact]) -> Callable[[Teller], Teller]:
    """Register who is concerned by such an event in a conversation. Any app above may."""

    def register(teller: Teller) -> Teller:
        for fact in facts:
            if teller not in _TELLERS[fact.kind]:
                _TELLERS[fact.kind].append(teller)
        return teller

    return register


@follows("notices")
def tell_whom_it_concerns(events: Sequence[Event]) -> None:
    """Each agent is told of each event once, by the ways that they wish."""
    now = timezone.now()
    fresh = [e for e in events if e.kind in _TELLERS and now - e.recorded_at < NEWS_LASTS]
    piles: Counter[tuple[str, int, str]] = Counter()
    made = sum(_tell(event, piles, now) for event in fresh)
    if made:
        nudge()


def _tell(event: Event, piles: Counter[tuple[str, int, str]], now: datetime) -> int:
    conversation = _conversation_of(event)
    if conversation is None:
        return _tell_of_orders(event, now)
    concerned = _concerned(event, conversation)
    for number, kind in list(concerned.items()):
        piles[event.by, number, kind] += 1
        if piles[event.by, number, kind] > MOST_AT_ONCE:
            del concerned[number]
    if not concerned:
        return 0
    agents = [one for one in agents_who_see(conversation.inbox) if one.pk in concerned]
    wishes = wishes_of_all(agents)
    rows = [_notice(event, conversation, wishes[one.pk], concerned[one.pk]) for one in agents]
    return _keep([row for row in rows if row is not None], wishes, now)


def _tell_of_orders(event: Event, now: datetime) -> int:
    """Whoever looks after orders is told once an hour, however many orders are late."""
    if event.kind not in OF_ORDERS or not _is_of_an_order(event):
        return 0
    told = Notice.objects.filter(conversation=None, at__gt=now - HOUR).values("agent")
    some = Agent.objects.filter(is_active=True).exclude(pk__in=told).order_by("pk")
    agents = [one for one in some if one.may("orders.watch")]
    wishes = wishes_of_all(agents)
    rows = [_notice(event, None, wishes[one.pk], Kind.ORDERS, at=now) for one in agents]
    return _keep([row for row in rows if row is not None], wishes, now)


def _is_of_an_order(event: Event) -> bool:
    return any(one.ref.startswith("order:") for one in event.subjects.all())


def _concerned(event: Event, conversation: Conversation) -> dict[int, str]:
    """Whom it concerns and why; never who did it."""
    found: dict[int, str] = {}
    order = list(Kind)
    concerns = [teller(event, conversation) for teller in _TELLERS[event.kind]]
    for concern in sorted(concerns, key=lambda one: order.index(Kind(one.kind))):
        for number in concern.agents:
            if number and event.by != f"agent:{number}":
                found.setdefault(number, concern.kind)
    return found


def _conversation_of(event: Event) -> Conversation | None:
    numbers = [
        int(subject.ref.partition(":")[2])
        for subject in event.subjects.all()
        if subject.ref.startswith("conversation:")
    ]
    found = Conversation.objects.select_related("inbox").filter(pk__in=numbers[:1])
    return found.first()


def _notice(
    event: Event, conversation: Conversation | None, wishes: Wishes, kind: str,
    at: datetime | None = None,
) -> Notice | None:  # fmt: skip
    ways = wishes.ways_of(kind)
    if not ways:
        return None
    return Notice(
        agent_id=wishes.agent_id,
        conversation=conversation,
        event=event,
        kind=kind,
        at=at or event.at,
        is_shown=Way.PAGE in ways,
        is_for_mail=Way.MAIL in ways,
    )


def _keep(rows: Sequence[Notice], wishes: Mapping[int, Wishes], now: datetime) -> int:
    """Those that are new, and what of them goes to browsers."""
    if not rows:
        return 0
    known = set(Notice.objects.filter(event=rows[0].event_id).values_list("agent_id", flat=True))
    new = [row for row in rows if row.agent_id not in known]
    Notice.objects.bulk_create(new)
    for row in new:
        if Way.PUSH in wishes[row.agent_id].ways_of(row.kind):
            queue_push(row, now)
    return len(new)
