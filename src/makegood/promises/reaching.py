"""Whom a step calls where those whom it names are not there: the next who are, and it is said.

Somebody is there who has not set themselves to away and whose shift it is; of whom no shift is
said works whenever they are here, and is reached by the ways that they chose.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from makegood.channels.queries import agents_who_see
from makegood.promises.escalating import whom
from makegood.promises.models import Promise
from makegood.team.absences import absences_of
from makegood.team.models import Agent
from makegood.team.shifts import is_on_shift, rotas_of

CALLING = ("notify", "call")
NEXT = {"owner": ("team", "leads", "owners"), "team": ("leads", "owners"), "leads": ("owners",)}
"""Whom to ask next, after a word of a step; after a person, whoever else could help."""


@dataclass(frozen=True, kw_only=True)
class Called:
    """Whom a step calls, and whom it named who are not there."""

    agents: Sequence[int] = ()
    missing: Sequence[int] = ()


class Reach:
    """Who is there at one moment, asked once for all steps that are taken then."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    @cached_property
    def names(self) -> dict[int, str]:
        return dict(Agent.objects.filter(is_active=True).values_list("pk", "name"))

    @cached_property
    def there(self) -> frozenset[int]:
        away, rotas = absences_of(self.names, self.now), rotas_of(self.names)
        return frozenset(
            pk for pk in self.names
            if pk not in away and is_on_shift(rotas.get(pk), self.now)
        )  # fmt: skip

    def called(self, promise: Promise, word: str) -> Called:
        """Those of whom it names who are there; else the next who are; else all whom it names."""
        named = [pk for pk in whom(promise, word) if pk in self.names]
        there = [pk for pk in named if pk in self.there]
        if there or not named:
            return Called(agents=there)
        for others in self._next(promise, word):
            found = [pk for pk in others if pk in self.there]
            if found:
                return Called(agents=found, missing=named)
        return Called(agents=named)

    def _next(self, promise: Promise, word: str) -> Iterator[Sequence[int]]:
        """Only those who may see what it is about: nobody else is told of it."""
        one = promise.conversation
        seeing = {agent.pk for agent in agents_who_see(one.inbox)} if one else set(self.names)
        for step in NEXT.get(word, NEXT["owner"]):
            yield [pk for pk in whom(promise, step) if pk in seeing]

    def said(self, agents: Sequence[int]) -> str:
        return ", ".join(self.names[pk] for pk in agents)
