"""What apps above know of conversations, and can be asked for: orders, links, who follows.

An order is also found where its number stands in words.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from makegood.conversations.sql import Sql, is_one_of
from makegood.team.models import Agent

KnowsOrders = Callable[[str], Sequence[int]]
KnowsLinks = Callable[[Agent, int | None, int | None], Sequence[int]]
_KNOWING: list[KnowsOrders] = []
_LINKS: list[KnowsLinks] = []
_PEOPLE: dict[str, str] = {}
NO_NUMBERS = Sql("SELECT c.id FROM conversations_conversation c WHERE 1=0")
PEOPLE = ("follows", "mentions")
"""Fields whose values are agents, and whose answers lie above."""
KNOWN_ABOVE = (*PEOPLE, "promise", "rating")
"""Fields whose conversations an app above knows by number."""
_CHOICES: dict[tuple[str, str], Callable[[datetime], Sql]] = {}
_COLUMNS: dict[str, str] = {}


def knows_orders(ask: KnowsOrders) -> KnowsOrders:
    """Register who is asked: a number as typed in, the numbers of conversations out, few."""
    if ask not in _KNOWING:
        _KNOWING.append(ask)
    return ask


def conversations_of_order(number: str) -> Sequence[int]:
    return [pk for ask in _KNOWING for pk in ask(number.lstrip("#"))]


def knows_people(field: str, select: str) -> None:
    """Register the numbers of the conversations of agents `a.agent_id`: a SELECT of one column."""
    _PEOPLE[field] = select


def of_people(field: str, agents: Sequence[Any]) -> Sql:
    """The numbers of the conversations that these agents follow, or are named in."""
    theirs = is_one_of("a.agent_id", agents)
    select = _PEOPLE.get(field, "")
    return Sql(f"{select} AND {theirs.text}", theirs.values) if select else NO_NUMBERS


def knows_links(ask: KnowsLinks) -> None:
    """Register who is asked: an agent and two ends of a range in, numbers of conversations out."""
    _LINKS[:] = [ask]


def linked_with(agent: Agent, low: int | None, high: int | None) -> Sequence[int]:
    """What is linked with the conversations of these numbers."""
    return [pk for ask in _LINKS for pk in ask(agent, low, high)]


def knows_choice(field: str, choice: str, select: Callable[[datetime], Sql]) -> None:
    """Register the numbers of the conversations of which a choice holds at a moment."""
    _CHOICES[field, choice] = select


def of_choice(field: str, choice: str, now: datetime) -> Sql:
    select = _CHOICES.get((field, choice))
    return select(now) if select else NO_NUMBERS


def knows_column(name: str, sql: str) -> None:
    """Register what else is known of a conversation `c`: an expression of one value."""
    _COLUMNS[name] = sql


def column(name: str) -> str:
    return _COLUMNS.get(name, "NULL")
