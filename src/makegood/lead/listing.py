"""The promises that are to be kept, next due first: pages by key, and counts within a bound.

An index holds them in the order of their due times. A filter looks through so many of them at
most; a page that found less says where to look on, and a count says `37+`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.urls import reverse

from makegood.kit.paging import Page, is_number, mark, moment_in, unmark
from makegood.promises.models import Promise
from makegood.promises.queries import seen
from makegood.team.models import Agent

PAGE = 50
MOST_LOOKED_AT = 5_000
"""How many are looked through for one page or one count."""
MOST_COUNTED = 1000
State = Promise.State
AT_RISK, BROKEN = Q(state=State.OPEN, warned_at__isnull=False), Q(state=State.BROKEN)
STATES: Mapping[str, Q] = {"at-risk": AT_RISK, "broken": BROKEN}
RESTING, UNSAID = "resting", "unsaid"
"""What rests; and what broke and nobody said yet why."""


@dataclass(frozen=True, kw_only=True)
class Wish:
    """Which of them somebody wants to see."""

    state: str = ""
    mine: bool = False
    kind: str = ""
    team: int | None = None
    inbox: int | None = None
    cause: int | None = None
    """Why it broke."""
    days: int | None = None
    """Broken within so many days."""

    @property
    def looks_back(self) -> bool:
        """Whether what is over counts, too: the latest first."""
        return self.state == UNSAID or self.cause is not None

    @property
    def url(self) -> str:
        said = {
            "state": self.state, "mine": "yes" if self.mine else "", "kind": self.kind,
            "team": self.team or "", "inbox": self.inbox or "", "cause": self.cause or "",
            "days": self.days or "",
        }  # fmt: skip
        asked = urlencode({name: value for name, value in said.items() if value})
        return f"{reverse('lead:promises')}?{asked}" if asked else reverse("lead:promises")

    def further(self, after: str) -> str:
        return f"{self.url}{'&' if '?' in self.url else '?'}{urlencode({'after': after})}"

    def but(self, **other: Any) -> "Wish":
        """The same wish with one thing of it another."""
        return replace(self, **other)

    @property
    def is_filtered(self) -> bool:
        return self != Wish()

    def condition(self, agent: Agent) -> Q:
        asked = STATES.get(self.state, Q())
        if self.mine:
            asked &= Q(owner=agent) | Q(owner=None, conversation__assignee=agent)
        if self.kind:
            asked &= Q(kind=self.kind)
        if self.team:
            asked &= Q(conversation__team=self.team)
        return asked & Q(conversation__inbox=self.inbox) if self.inbox else asked


@dataclass(frozen=True, kw_only=True)
class Found(Page[Promise]):
    """A page of promises; whether there may be more between the last one and where to look on."""

    is_partial: bool = False


def promises_page(agent: Agent, wish: Wish, after: str, now: datetime) -> Found:
    """One page, the next due first. A damaged mark begins at the front."""
    window = _running(wish, now).filter(_beyond(after, wish))
    if wish.state == "broken":
        window = window.filter(due_at__lte=now)
    ordered = window.order_by(*_order(wish))
    end = ordered.values_list("due_at", "pk")[MOST_LOOKED_AT - 1 : MOST_LOOKED_AT].first()
    rows = list(_shown(agent, wish, ordered, end)[: PAGE + 1])
    if len(rows) > PAGE:
        last = rows[PAGE - 1]
        return Found(rows=rows[:PAGE], next=mark(last.due_at.isoformat(), last.pk))
    if end is None:
        return Found(rows=rows)
    return Found(rows=rows, next=mark(end[0].isoformat(), end[1]), is_partial=True)


def _shown(
    agent: Agent, wish: Wish, ordered: QuerySet[Promise], end: tuple[datetime, int] | None
) -> QuerySet[Promise]:
    """Walked along the index as far as that, and no further than a page needs."""
    related = ("conversation__customer", "conversation__assignee", "conversation__inbox")
    rows = ordered.filter(_up_to(end, wish)).filter(wish.condition(agent), seen(agent))
    return rows.select_related("owner", "version", "cause", "conversation__team", "order", *related)


def _up_to(end: tuple[datetime, int] | None, wish: Wish) -> Q:
    if end is None:
        return Q()
    at, pk = end
    if wish.looks_back:
        return Q(due_at__gte=at) & (Q(due_at__gt=at) | Q(pk__gte=pk))
    return Q(due_at__lte=at) & (Q(due_at__lt=at) | Q(pk__lte=pk))


def _order(wish: Wish) -> Sequence[str]:
    return ("-due_at", "-pk") if wish.looks_back else ("due_at", "pk")


def _running(wish: Wish, now: datetime) -> QuerySet[Promise]:
    """What rests has no due time that counts: it stands in a list of its own."""
    if wish.looks_back:
        return _broken(wish, now)
    return Promise.objects.filter(settled_at=None, rests_since__isnull=wish.state != RESTING)


def _broken(wish: Wish, now: datetime) -> QuerySet[Promise]:
    """What broke, over or not: because of a cause, or nobody knows yet why."""
    rows = Promise.objects.filter(broken_at__isnull=False)
    if wish.state == UNSAID:
        rows = rows.filter(asks_since__isnull=False)
    if wish.cause is not None:
        rows = rows.filter(cause=wish.cause)
    return rows.filter(broken_at__gte=now - timedelta(days=wish.days)) if wish.days else rows


def _beyond(after: str, wish: Wish) -> Q:
    key = unmark(after, 2)
    at = moment_in(key[0]) if key else None
    if key is None or at is None or not is_number(key[1]):
        return Q()
    if wish.looks_back:
        return Q(due_at__lte=at) & (Q(due_at__lt=at) | Q(pk__lt=key[1]))
    return Q(due_at__gte=at) & (Q(due_at__gt=at) | Q(pk__gt=key[1]))


@dataclass(frozen=True)
class Counts:
    """How many are at risk and how many broken, counted within a bound."""

    at_risk: int = 0
    broken: int = 0
    is_exact: bool = True


def count_promises(agent: Agent, now: datetime) -> Counts:
    """What is broken stands in front, what is at risk behind it: each is looked for there."""
    running = Promise.objects.filter(settled_at=None, rests_since=None).order_by("due_at", "pk")
    sight = seen(agent)
    counted = [
        Promise.objects.filter(pk__in=run.values("pk")[:MOST_LOOKED_AT])
        .filter(state, sight)[:MOST_COUNTED]
        .count()
        for state, run in (
            (AT_RISK, running.filter(due_at__gt=now)),
            (BROKEN, running.filter(due_at__lte=now)),
        )
    ]
    return Counts(at_risk=counted[0], broken=counted[1])


def count_unsaid(agent: Agent) -> int:
    """How many broke of which nobody said yet why."""
    unsaid = Promise.objects.filter(asks_since__isnull=False).order_by("-due_at", "-pk")
    first = Promise.objects.filter(pk__in=unsaid.values("pk")[:MOST_LOOKED_AT])
    return first.filter(seen(agent))[:MOST_COUNTED].count()


def count_in_words(count: int) -> str:
    return f"{MOST_COUNTED - 1}+" if count >= MOST_COUNTED else str(count)


def promises_here(agent: Agent, wish: Wish, now: datetime, most: int) -> Sequence[Promise]:
    """The first few of them."""
    return promises_page(agent, wish, "", now).rows[:most]
