"""The list of customers: by name, handle or tag, or of one sort, newest heard of first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Q, QuerySet

from makegood.customers.finding import first_named_like, named_like
from makegood.customers.models import Customer
from makegood.fields.models import Value
from makegood.fields.queries import fields_seen
from makegood.fields.reading import folded
from makegood.kit.paging import Page, is_number, mark, moment_in, unmark
from makegood.people.queries import visible_customers
from makegood.people.segments import narrowed
from makegood.team.models import Agent

PAGE = 50
MOST_COUNTED = 1000
SHORTEST_VALUE, MOST_TOLD = 2, 50


@dataclass(frozen=True, kw_only=True)
class Person:
    """One line of the list."""

    customer: Customer
    handles: Sequence[str]
    tags: Sequence[str]
    told: Sequence[tuple[str, str]] = ()
    """Fields of the shop's own that were looked for, and what they say."""


def customers_page(
    agent: Agent, typed: str = "", *, conditions: Mapping[str, str] | None = None, after: str = ""
) -> Page[Person]:
    """One page of those whom the agent may know of. A damaged mark begins at the front."""
    customers = _wanted(agent, typed, conditions)
    key = _key(after)
    if key is not None:
        at, pk = key
        customers = customers.filter(Q(last_seen_at__lt=at) | Q(last_seen_at=at, pk__lt=pk))
    rows = list(
        customers.order_by("-last_seen_at", "-pk").prefetch_related("handles", "tags")[: PAGE + 1]
    )
    people = [_person(customer) for customer in rows[:PAGE]]
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    return Page(rows=people, next=mark(last.last_seen_at.isoformat(), last.pk) if last else "")


def how_many(agent: Agent, conditions: Mapping[str, str]) -> int:
    """How many there are, counted no further than `MOST_COUNTED`."""
    return len(_wanted(agent, "", conditions).values_list("pk", flat=True)[:MOST_COUNTED])


def named_first(agent: Agent, typed: str, *, most: int) -> Sequence[Person]:
    """The few to offer while a name is being typed; see `first_named_like`."""
    numbers = first_named_like(lambda: _known_to(agent), typed, most=most)
    if not numbers:
        return []
    people = Customer.objects.filter(pk__in=numbers).prefetch_related("handles", "tags")
    by_number = {customer.pk: customer for customer in people}
    return [_person(by_number[pk]) for pk in numbers if pk in by_number]


def met_in_search(agent: Agent, typed: str, *, most: int) -> Sequence[Person]:
    """Those whom words in the search field may mean: by name, handle or tag, or by a field."""
    named = list(named_first(agent, typed, most=most))
    known = {one.customer.pk for one in named}
    told = {pk: said for pk, said in _told(agent, typed).items() if pk not in known}
    if not told:
        return named[:most]
    people = _known_to(agent).filter(pk__in=told).prefetch_related("handles", "tags")
    found = [replace(_person(one), told=told[one.pk]) for one in people[:most]]
    return [*named, *found][:most]


def _told(agent: Agent, typed: str) -> Mapping[int, Sequence[tuple[str, str]]]:
    """Customers of whom a field says what begins so, and what it says; a few."""
    text = folded(typed)
    fields = {one.pk: one.name for one in fields_seen("customer", agent.role)}
    if len(text) < SHORTEST_VALUE or not fields:
        return {}
    values = Value.objects.filter(field__in=list(fields), folded__startswith=text)
    found: dict[int, list[tuple[str, str]]] = {}
    for thing, field, said in values.values_list("thing", "field_id", "text")[:MOST_TOLD]:
        found.setdefault(thing, []).append((fields[field], said))
    return found


def _known_to(agent: Agent) -> "QuerySet[Customer]":
    return Customer.objects.filter(visible_customers(agent), merged_into=None, forgotten_at=None)


def _wanted(agent: Agent, typed: str, conditions: Mapping[str, str] | None) -> "QuerySet[Customer]":
    customers = narrowed(_known_to(agent), conditions or {}, agent)
    return named_like(customers, typed) if typed.strip() else customers


def _key(after: str) -> tuple[datetime, int] | None:
    key = unmark(after, 2)
    if key is None or not is_number(key[1]):
        return None
    at = moment_in(key[0])
    return (at, key[1]) if at is not None else None


def _person(customer: Customer) -> Person:
    return Person(
        customer=customer,
        handles=[handle.address for handle in customer.handles.all()],
        tags=[tag.word for tag in customer.tags.all()],
    )
