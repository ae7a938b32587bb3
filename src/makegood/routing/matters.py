"""What is to be placed: conversations with what counts for the choice, read many at once."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from makegood.conversations.models import Conversation, Message, Tag
from makegood.presence.models import Presence
from makegood.presence.queries import who_is_where
from makegood.routing.models import Experience
from makegood.routing.skill import Place, Tally

Writers = Mapping[int, Mapping[int, set[int]]]
MOST_READ = 4000
"""Pairs of who wrote where, of a page of customers; the newest count."""


@dataclass(frozen=True, kw_only=True)
class Matter:
    """One conversation, as it is looked at to place it."""

    pk: int
    inbox: int
    team: int | None
    assignee: int | None
    place: Place
    topics: frozenset[int]
    wrote: frozenset[int]
    """The agents who wrote in it."""
    answered: Mapping[int, int]
    """By agent, in how many other conversations of its customer they wrote."""


@dataclass(frozen=True, kw_only=True)
class Learned:
    """What all agents have learned, as far as it has to do with some matters."""

    tallies: Mapping[int, Mapping[Place, Tally]] = field(default_factory=dict)

    def of(self, agent: int) -> Mapping[Place, Tally]:
        return self.tallies.get(agent, {})


def matters(pks: Sequence[int]) -> Sequence[Matter]:
    """These conversations, in this order, in four queries."""
    rows = Conversation.objects.filter(pk__in=pks).select_related("inbox", "customer")
    found = {row.pk: row for row in rows}
    topics = _topics(found)
    wrote = _writers({row.customer_id for row in found.values()})
    return [_matter(found[pk], topics, wrote) for pk in pks if pk in found]


def _matter(row: Conversation, topics: Mapping[int, frozenset[int]], wrote: Writers) -> Matter:
    theirs = wrote.get(row.customer_id, {})
    others = Counter(agent for pk, agents in theirs.items() if pk != row.pk for agent in agents)
    return Matter(
        pk=row.pk,
        inbox=row.inbox_id,
        team=row.team_id,
        assignee=row.assignee_id,
        place=Place(0, row.customer.language, row.inbox.kind),
        topics=topics.get(row.pk, frozenset()),
        wrote=frozenset(theirs.get(row.pk, ())),
        answered=others,
    )


def _topics(pks: Iterable[int]) -> Mapping[int, frozenset[int]]:
    """The numbers of their tags, and of what these were called before."""
    worn = Conversation.tags.through.objects.filter(conversation__in=list(pks))
    pairs = list(worn.values_list("conversation", "tag"))
    old: dict[int, set[int]] = defaultdict(set)
    aliases = Tag.objects.filter(stands_for__in={tag for _pk, tag in pairs})
    for tag, means in aliases.values_list("pk", "stands_for"):
        old[means or 0].add(tag)
    found: dict[int, set[int]] = defaultdict(set)
    for pk, tag in pairs:
        found[pk] |= {tag, *old[tag]}
    return {pk: frozenset(tags) for pk, tags in found.items()}


def _writers(customers: Iterable[int]) -> Writers:
    """By customer and conversation, which agents wrote there."""
    said = Message.objects.filter(
        conversation__customer__in=list(customers),
        direction=Message.Direction.OUTGOING,
        agent__isnull=False,
    )
    rows = said.values_list("conversation__customer", "conversation", "agent").distinct()
    found: dict[int, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
    for customer, conversation, agent in rows.order_by("-conversation")[:MOST_READ]:
        found[customer][conversation].add(agent or 0)
    return found


def learned(some: Iterable[Matter], agents: Iterable[int]) -> Learned:
    """What these agents know of these matters' topics and languages, in one query."""
    topics = {0}.union(*(one.topics for one in some))
    rows = Experience.objects.filter(agent__in=list(agents), topic__in=topics)
    found: dict[int, dict[Place, Tally]] = defaultdict(dict)
    for row in rows:
        place = Place(row.topic, row.language, row.channel)
        found[row.agent_id][place] = Tally(as_of=row.as_of, good=row.good, tried=row.tried)
    return Learned(tallies=found)


def busy_places(now: datetime) -> frozenset[int]:
    """The conversations in which somebody is writing this very moment."""
    return frozenset(
        int(one.place.partition(":")[2])
        for one in who_is_where(now)
        if one.doing != Presence.Doing.LOOKING and one.place.startswith("conversation:")
    )
