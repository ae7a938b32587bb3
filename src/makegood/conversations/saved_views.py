"""Who has which saved views, and how much stands in each."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.http import Http404
from django.utils import timezone

from makegood.asking.reading import read
from makegood.asking.tree import Word, tests
from makegood.conversations.finding import Counted, Finder
from makegood.conversations.models import SavedView, ViewPlace
from makegood.conversations.naming import Names, understand
from makegood.ledger.reading import newest_position
from makegood.team.models import Agent, Team

MOST_SHOWN = 50
COUNTS_KEPT = 2000
MOST_UNREAD, MOST_UNREAD_SEEN, MOST_UNREAD_VIEWS = 100, 1000, 20
Audience = SavedView.Audience


def views_of(agent: Agent) -> Sequence[SavedView]:
    """The saved views in an agent's list, in the order that they gave them."""
    place = ViewPlace.objects.filter(agent=agent, view=OuterRef("pk")).values("place")
    views = SavedView.objects.filter(_has(agent)).annotate(stands=Subquery(place))
    ordered = views.order_by(F("stands").asc(nulls_last=True), "pk")
    return list(ordered.select_related("team")[:MOST_SHOWN])


def view_for(agent: Agent, pk: int) -> SavedView:
    """A saved view that an agent has, or that whoever shares with everybody looks after, or 404."""
    has = _has(agent)
    if agent.may("views.share"):
        has |= ~Q(audience=Audience.OWN)
    view = SavedView.objects.filter(has, pk=pk).select_related("team").first()
    if view is None:
        raise Http404
    return view


def _has(agent: Agent) -> Q:
    teams = Team.objects.filter(agents=agent)
    has = Q(audience=Audience.ALL) | Q(agent=agent) | Q(audience=Audience.TEAM, team__in=teams)
    return has | Q(audience=Audience.LEADS) if agent.sees_everything() else has


def may_change(view: SavedView, agent: Agent) -> bool:
    """Whoever made it; what is shared also by whoever may share with everybody."""
    is_shared = view.audience != Audience.OWN
    return view.agent_id == agent.pk or (is_shared and agent.may("views.share"))


def may_share(audience: str, team: Team | None, agent: Agent) -> bool:
    """With oneself always, with a team whoever is in it, with others whose role says so."""
    if audience == Audience.OWN or agent.may("views.share"):
        return audience != Audience.TEAM or team is not None
    return (
        audience == Audience.TEAM and team is not None and team.agents.filter(pk=agent.pk).exists()
    )


def teams_to_share_with(agent: Agent) -> QuerySet[Team]:
    teams = Team.objects.order_by("name")
    return teams if agent.may("views.share") else teams.filter(agents=agent)


def counts_of(views: Sequence[SavedView], agent: Agent) -> Mapping[int, Counted]:
    """How much stands in each, counted again when anything happened or a minute went by."""
    minute = int(timezone.now().timestamp()) // 60
    at = (agent.pk, agent.sees_everything(), newest_position(), minute)
    names = _Shared(agent)
    found = {
        view.pk: (_count.__wrapped__ if _is_unrecorded(view, names) else _count)(
            view.query, at, names
        )
        for view in views
    }
    return {pk: counted for pk, counted in found.items() if counted is not None}


def unread_of(views: Sequence[SavedView], agent: Agent) -> Mapping[int, Counted]:
    """How much of each the agent has not seen. Reading leaves no event: counted every time, and
    so no further than people count.
    """
    names, found = Names(agent), dict[int, Counted]()
    for view in views[:MOST_UNREAD_VIEWS]:
        understood = understand(f"({view.query}) is:unread", agent, names)
        if not understood.problems:
            found[view.pk] = Finder(understood).count(MOST_UNREAD, look_at=MOST_UNREAD_SEEN)
    return found


def _is_unrecorded(view: SavedView, names: Names) -> bool:
    """Reading and drafting leave no event: such a count is never kept."""
    tree = read(view.query, names.vocabulary_of(view.query)).tree
    words = {value for test in tests(tree) for value in test.values} if tree else set()
    return bool(words & {Word("unread"), Word("draft")})


class _Shared(Names):
    """The names of one look at the list; not part of what a count is remembered by."""

    def __eq__(self, _other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=COUNTS_KEPT)
def _count(query: str, _at: tuple[int, str, int, int], names: _Shared) -> Counted | None:
    """A view that makes no sense any more, for its tag is gone, has no count."""
    understood = understand(query, names.agent, names)
    return None if understood.problems else Finder(understood).count()
