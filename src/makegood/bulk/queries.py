from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.http import Http404

from makegood.bulk.models import BulkAct, BulkItem
from makegood.channels.queries import inboxes_visible_to
from makegood.team.models import Agent

SAMPLE = 5
MOST_CAUSES = 20


@dataclass(frozen=True, kw_only=True)
class Cause:
    """Why some were refused, or not undone, and how many."""

    words: str
    count: int
    sample: Sequence[BulkItem]


def bulk_for(agent: Agent, pk: int) -> BulkAct:
    """A bulk act of this agent's own, or 404."""
    found = BulkAct.objects.select_related("agent").filter(agent=agent, pk=pk).first()
    if found is None:
        raise Http404
    return found


def did_just(agent: Agent, number: str) -> BulkAct | None:
    """The bulk act that an address speaks of, where it is this agent's own."""
    if not number.isascii() or not number.isdigit() or len(number) > 15:
        return None
    return BulkAct.objects.filter(agent=agent, pk=int(number)).first()


def bulk_acts_of(agent: Agent) -> Sequence[BulkAct]:
    return list(BulkAct.objects.filter(agent=agent).order_by("-pk")[:30])


def foreseen(bulk: BulkAct) -> dict[str, int]:
    """How many would be acted on, were so already, would be refused."""
    rows = bulk.items.values_list("foreseen").annotate(count=Count("pk"))
    return dict(rows.order_by())


def causes_of(bulk: BulkAct) -> Sequence[Cause]:
    """Why not, the commonest first: of the forecast until it begins, then of what was."""
    items = bulk.items.exclude(reason="")
    if bulk.state not in (BulkAct.State.LOOKING, BulkAct.State.TRIED):
        items = items.filter(state__in=[BulkItem.State.REFUSED, BulkItem.State.KEPT])
    counted = items.values_list("reason").annotate(count=Count("pk")).order_by("-count", "reason")
    return [
        Cause(words=words, count=count, sample=_sample(items.filter(reason=words), bulk.agent))
        for words, count in counted[:MOST_CAUSES]
    ]


def sample_of(bulk: BulkAct) -> Sequence[BulkItem]:
    """A few that would be, or were, acted on."""
    wanted = bulk.items.filter(foreseen=BulkItem.State.ACTED)
    return _sample(wanted, bulk.agent)


def _sample(items: QuerySet[BulkItem], agent: Agent) -> Sequence[BulkItem]:
    """A few, of those that the agent may see still."""
    if not agent.sees_everything():
        items = items.filter(conversation__inbox__in=inboxes_visible_to(agent))
    return list(items.select_related("conversation__customer").order_by("pk")[:SAMPLE])
