"""Customers among what a search found, with what was looked for marked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from makegood.conversations.naming import Understood
from makegood.people.finding import Person, met_in_search
from makegood.search.conditions import term_of
from makegood.search.language import Question
from makegood.search.snippets import Piece, marked
from makegood.team.models import Agent

MOST_PEOPLE = 5


@dataclass(frozen=True, kw_only=True)
class FoundPerson:
    """A customer among what a search found, with what was looked for marked."""

    pk: int
    name: str
    last_seen_at: datetime
    marked_name: Sequence[Piece]
    marked_more: Sequence[Sequence[Piece]]


def people_in_search(
    agent: Agent, understood: Understood, asked: Mapping[str, str]
) -> Sequence[FoundPerson]:
    """The customers whom the words of a search may mean: on its first page."""
    typed = understood.words
    if not typed or asked.get("after"):
        return []
    question = Question(terms=tuple(term_of(word) for word in typed.split()))
    found = met_in_search(agent, typed, most=MOST_PEOPLE)
    return [_found_person(one, question) for one in found]


def _found_person(one: Person, question: Question) -> FoundPerson:
    customer = one.customer
    name = customer.name or (one.handles[0] if one.handles else str(_("Somebody")))
    more = [*one.handles[:3], *one.tags[:3], *(f"{field}: {said}" for field, said in one.told)]
    return FoundPerson(
        pk=customer.pk,
        name=name,
        last_seen_at=customer.last_seen_at,
        marked_name=marked(name, question, "customer"),
        marked_more=[marked(text, question, "customer") for text in more],
    )
