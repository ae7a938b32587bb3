"""The day as a lead looks at it: what is at risk, what broke, who is here, how it goes on."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.formats import number_format

from makegood.channels.queries import agents_who_see, inboxes_visible_to
from makegood.conversations.models import Conversation
from makegood.lead.counting import hour_of
from makegood.lead.forecast import Forecast, Way, expectations, forecast
from makegood.lead.listing import (
    AT_RISK,
    BROKEN,
    MOST_LOOKED_AT,
    Wish,
    count_unsaid,
    promises_page,
)
from makegood.lead.models import AgentHour, InboxHour
from makegood.lead.soon import Outlook, outlook
from makegood.lead.weeks import Usual, Week, usual_by_inbox, week_of
from makegood.presence.queries import State, states_of
from makegood.promises.causes import Share, counted_by_cause
from makegood.promises.models import Promise
from makegood.promises.shown import Shown, all_shown
from makegood.team.absences import absences_of
from makegood.team.models import Agent
from makegood.team.queries import active_agents, teams
from makegood.team.shifts import is_on_shift, rotas_of
from makegood.waits.models import Wait

FEW = 8
MOST_SHARES = 12
BACK = timedelta(days=28)
"""How far back is counted why promises broke."""
PACE = timedelta(hours=3)
"""How far back is looked for how fast we answer just now."""
MOST_SETTLED = 20_000
FIGURES = ("waiting", "at_risk", "broken", "kept", "broke")


@dataclass(frozen=True, kw_only=True)
class Part:
    """The figures of one team, or of one channel."""

    name: str
    query: str
    """What finds its conversations."""
    figures: Mapping[str, int]
    team: int | None = None

    def asks(self, more: str) -> str:
        return f"{self.query} {more}"


@dataclass(frozen=True, kw_only=True)
class Person:
    """One agent now: whether they are here, what waits for them, how much they answered."""

    agent: Agent
    state: State
    waiting: int
    answered: int
    is_away: bool = False
    is_on_shift: bool | None = None
    """None where nothing is said of their shifts."""

    @property
    def is_there(self) -> bool:
        """At the desk, not set to away, and in their shift where there are any."""
        return self.state == State.ONLINE and not self.is_away and self.is_on_shift is not False


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How much came in and went out today, and how fast it goes just now."""

    arrivals: int
    answers: int
    answers_an_hour: float
    usual_rest: int
    """So many usually write from now until midnight."""
    rest_by_inbox: Sequence[Usual] = ()
    """The same inbox by inbox, where there are several."""

    @property
    def an_hour(self) -> str:
        """How many answers, as whoever reads the page writes numbers."""
        return number_format(self.answers_an_hour, 1)


@dataclass(frozen=True, kw_only=True)
class Board:
    """Everything on the lead's page."""

    figures: Mapping[str, int]
    at_risk: Sequence[Shown]
    broken: Sequence[Shown]
    teams: Sequence[Part]
    channels: Sequence[Part]
    people: Sequence[Person]
    pace: Pace
    week: Week
    oldest_wait: Conversation | None
    forecast: Forecast | None
    soon: Outlook | None
    ways: Sequence[Way]
    causes: Sequence[Share]
    unsaid: int
    """So many broke of which nobody said yet why."""
    back: int = BACK.days

    @property
    def here(self) -> int:
        return sum(one.state == State.ONLINE for one in self.people)

    @property
    def share_kept(self) -> int | None:
        """How many of a hundred that came to their time today were kept."""
        kept, broke = self.figures["kept"], self.figures["broke"]
        return round(100 * kept / (kept + broke)) if kept + broke else None

    @property
    def hours_to_clear(self) -> int | None:
        """So many hours until nobody waits, as fast as it goes just now."""
        pace = self.pace.answers_an_hour
        return max(1, round(self.figures["waiting"] / pace)) if pace else None


@dataclass(frozen=True)
class Tally:
    """How often something is so, by team, inbox and agent."""

    figure: str
    team: int | None
    inbox: int
    agent: int | None
    number: int


class Day:
    """Reads what the board shows, of the inboxes that one agent sees."""

    def __init__(self, agent: Agent, now: datetime, zone: ZoneInfo) -> None:
        self.agent, self.now, self.zone = agent, now, zone
        self.inboxes = list(inboxes_visible_to(agent))
        self.numbers = [one.pk for one in self.inboxes]
        local = now.astimezone(zone)
        self.agents, self.teams = self._colleagues(), teams()
        self.rotas = rotas_of(one.pk for one in self.agents)
        self.midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        self.night = self.midnight + timedelta(days=1)

    def _colleagues(self) -> Sequence[Agent]:
        """Everybody who answers where this agent looks."""
        if self.agent.sees_everything():
            return active_agents()
        near = {one.pk for inbox in self.inboxes for one in agents_who_see(inbox)}
        return [one for one in active_agents() if one.pk in near]

    def board(self) -> Board:
        tallies = [*self._waiting(), *self._open_ones(), *self._ended_today()]
        week, figures = week_of(self.inboxes, self.now, self.zone), _summed(tallies)
        pace, people = self._pace(week), self._people(tallies)
        here = [one.agent.pk for one in people if one.is_there]
        return Board(
            figures=figures,
            at_risk=self._first("at-risk"),
            broken=self._first("broken"),
            teams=self._by_team(tallies),
            channels=self._by_channel(tallies),
            people=people,
            pace=pace,
            week=week,
            oldest_wait=self._queue().order_by("turn_since", "pk").first(),
            forecast=forecast(
                self.rotas, pace.usual_rest, figures["waiting"], self.now, self.night
            ),
            soon=outlook(self.inboxes, self.teams, here, self.now),
            ways=expectations(self.inboxes, self.now),
            causes=counted_by_cause(self._broke_of_late(), self.now - BACK),
            unsaid=count_unsaid(self.agent),
        )

    def _broke_of_late(self) -> QuerySet[Promise]:
        """The latest that broke, so many at most."""
        broke = Promise.objects.filter(broken_at__gte=self.now - BACK).order_by("-broken_at")
        first = Promise.objects.filter(pk__in=broke.values("pk")[:MOST_SETTLED])
        return first.filter(self._here())

    def _here(self) -> Q:
        """Of the inboxes that the agent sees; and of orders, which everybody sees."""
        return Q(conversation__inbox__in=self.numbers) | Q(conversation=None)

    def _first(self, state: str) -> Sequence[Shown]:
        found = promises_page(self.agent, Wish(state=state), "", self.now)
        return all_shown(found.rows[:FEW], self.now)

    def _queue(self) -> QuerySet[Conversation]:
        status, turn = Conversation.Status.OPEN, Conversation.Turn.OURS
        rows = Conversation.objects.filter(status=status, turn=turn, inbox__in=self.numbers)
        return rows.select_related("customer")

    def _waiting(self) -> Iterable[Tally]:
        first = self._queue().order_by("turn_since", "pk").values("pk")[:MOST_LOOKED_AT]
        rows = Conversation.objects.filter(pk__in=first).order_by()
        return _tallies("waiting", rows, "team", "inbox", "assignee")

    def _open_ones(self) -> Iterable[Tally]:
        running = Promise.objects.filter(settled_at=None, rests_since=None)
        first = running.order_by("due_at", "pk").values("pk")[:MOST_LOOKED_AT]
        rows = Promise.objects.filter(pk__in=first)
        return [
            *self._of("at_risk", rows.filter(AT_RISK)),
            *self._of("broken", rows.filter(BROKEN)),
        ]

    def _ended_today(self) -> Iterable[Tally]:
        kept = Promise.objects.filter(settled_at__gte=self.midnight).order_by("-settled_at")
        broke = Promise.objects.filter(broken_at__gte=self.midnight).order_by("-broken_at")
        first = [rows.values("pk")[:MOST_SETTLED] for rows in (kept, broke)]
        were_kept = Promise.objects.filter(pk__in=first[0], state=Promise.State.KEPT)
        yield from self._of("kept", were_kept)
        yield from self._of("broke", Promise.objects.filter(pk__in=first[1]))

    def _of(self, figure: str, rows: QuerySet[Promise]) -> Iterable[Tally]:
        rows = rows.filter(self._here()).order_by()
        about = ("conversation__team", "conversation__inbox", "conversation__assignee")
        return _tallies(figure, rows, *about)

    def _by_team(self, tallies: Sequence[Tally]) -> Sequence[Part]:
        parts = [
            Part(
                name=team.name,
                query=f'team:"{team.name}"',
                figures=_summed(one for one in tallies if one.team == team.pk),
                team=team.pk,
            )
            for team in self.teams
        ]
        nobodys = _summed(one for one in tallies if one.team is None)
        return [*parts, Part(name="", query="team:none", figures=nobodys)]

    def _by_channel(self, tallies: Sequence[Tally]) -> Sequence[Part]:
        kinds = {one.pk: str(one.kind) for one in self.inboxes}
        return [
            Part(
                name=kind,
                query=f"channel:{kind}",
                figures=_summed(one for one in tallies if kinds.get(one.inbox) == kind),
            )
            for kind in sorted(set(kinds.values()))
        ]

    def _people(self, tallies: Sequence[Tally]) -> Sequence[Person]:
        near = states_of(self.agents, self.now)
        away = absences_of(near, self.now)
        waiting: Counter[int | None] = Counter()
        for one in tallies:
            waiting[one.agent] += one.number if one.figure == "waiting" else 0
        answered = self._answered()
        people = [
            Person(
                agent=agent,
                state=near[agent.pk],
                waiting=waiting[agent.pk],
                answered=answered.get(agent.pk, 0),
                is_away=agent.pk in away,
                is_on_shift=self._is_on_shift(agent.pk),
            )
            for agent in self.agents
        ]
        order = [State.ONLINE, State.AWAY, State.OFFLINE]
        return sorted(people, key=lambda one: (order.index(one.state), -one.answered))

    def _answered(self) -> Mapping[int, int]:
        """How often each of them answered today; for who sees a part, whom they answered there."""
        if self.agent.sees_everything():
            since = hour_of(self.midnight)
            rows = AgentHour.objects.filter(began_at__gte=since).values_list("agent")
            return dict(rows.annotate(Sum("answers")).order_by())
        theirs = Wait.objects.filter(inbox__in=self.numbers, ended_at__gte=self.midnight)
        theirs = theirs.filter(taken_back_at=None)
        ended = theirs.filter(end=Wait.End.ANSWERED, agent__isnull=False).values_list("agent")
        return dict(ended.annotate(Count("pk")).order_by())

    def _is_on_shift(self, agent: int) -> bool | None:
        rota = self.rotas.get(agent)
        return is_on_shift(rota, self.now) if rota is not None else None

    def _pace(self, week: Week) -> Pace:
        since = min(hour_of(self.midnight), hour_of(self.now - PACE))
        rows = InboxHour.objects.filter(began_at__gte=since, inbox__in=self.numbers)
        counted = list(rows.values_list("began_at", "arrivals", "answers"))
        today = [row for row in counted if row[0] >= hour_of(self.midnight)]
        lately = [row for row in counted if row[0] >= hour_of(self.now - PACE)]
        hours = (self.now - hour_of(self.now - PACE)) / timedelta(hours=1)
        usual_rest = week.usual_between(self.now, self.night, self.zone)
        is_shared = usual_rest and len(self.inboxes) > 1
        shares = usual_by_inbox(self.inboxes, self.now, self.night, self.zone) if is_shared else ()
        return Pace(
            arrivals=sum(row[1] for row in today),
            answers=sum(row[2] for row in today),
            answers_an_hour=round(sum(row[2] for row in lately) / hours, 1),
            usual_rest=usual_rest,
            rest_by_inbox=shares[:MOST_SHARES],
        )


def _tallies(figure: str, rows: QuerySet[Any], *about: str) -> Iterable[Tally]:
    counted = rows.values_list(*about).annotate(number=Count("pk"))
    return [Tally(figure, team, inbox, agent, n) for team, inbox, agent, n in counted]


def _summed(tallies: Iterable[Tally]) -> Mapping[str, int]:
    found = Counter(dict.fromkeys(FIGURES, 0))
    for one in tallies:
        found[one.figure] += one.number
    return found
