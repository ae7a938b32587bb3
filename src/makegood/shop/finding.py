"""Orders by what somebody has at hand: a number, an e-mail address, a telephone number, a name.

Each is a walk along an index of its own, of `WALKED` steps at most: while somebody types, a few
orders now are worth more than all of them later.
"""

from collections.abc import Sequence

from django.db import connection
from django.db.models import Q, QuerySet

from makegood.fields.reading import phone_digits
from makegood.shop.folding import folded, words_in
from makegood.shop.models import Order
from makegood.team.models import Agent

LAST = "\U0010ffff"
WALKED = 300
SHORTEST_NUMBER, SHORTEST_NAME = 3, 3
LONGEST = 320


def orders_like(agent: Agent, typed: str, *, most: int) -> Sequence[Order]:
    """The orders that were probably meant, the number itself first, then the newest."""
    typed = " ".join(typed.split())[:LONGEST]
    if not typed or not agent.is_active:
        return []
    itself = numbered(typed, most=most)
    found = {one.pk: one for one in itself}
    for rows in _walks(typed):
        found = {one.pk: one for one in rows[:WALKED]} | found
    known = {one.pk for one in itself}
    rest = [one for pk, one in found.items() if pk not in known]
    rest.sort(key=lambda one: (one.placed_at, one.pk), reverse=True)
    return [*itself, *rest][:most]


def numbered(typed: str, *, most: int) -> Sequence[Order]:
    """The orders of exactly this number, in whichever shop, the newest first."""
    number = folded(typed)
    if not any(letter.isdigit() for letter in number):
        return []  # a number has digits
    return list(Order.objects.filter(folded=number).order_by("-placed_at", "-pk")[:most])


def _walks(typed: str) -> "Sequence[QuerySet[Order]]":
    orders = Order.objects.select_related("shop")
    if "@" in typed:
        return [orders.filter(email=typed.casefold()).order_by("-placed_at")]
    walks = []
    number, digits, words = folded(typed), phone_digits(typed), words_in(typed)
    if any(letter.isdigit() for letter in number) and len(number) >= SHORTEST_NUMBER:
        walks.append(orders.filter(_begins("folded", number)).order_by("folded"))
    if digits:
        walks.append(orders.filter(phoned=digits).order_by("-placed_at"))
    if words and all(word.isalpha() for word in words):
        walks += [_named(orders, word, words) for word in words if len(word) >= SHORTEST_NAME]
    return walks


def _named(orders: "QuerySet[Order]", first: str, words: Sequence[str]) -> "QuerySet[Order]":
    """Those whose surname begins so, and who are called by the other words as well."""
    found = orders.filter(_begins("named", first)).order_by("named")
    for word in words:
        if word != first:
            found = found.filter(named__contains=f" {word}")
    return found


def _begins(column: str, word: str) -> Q:
    """A walk along the index, as each database knows it."""
    if connection.vendor == "postgresql":
        return Q(**{f"{column}__startswith": word})
    return Q(**{f"{column}__gte": word, f"{column}__lt": word + LAST})
