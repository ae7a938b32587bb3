"""What is too much to send with the page: customers by name, orders, a conversation's number."""

from collections.abc import Iterator, Sequence

from django.http import Http404
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from makegood.conversations.queries import conversation_for
from makegood.macros.queries import saved_replies_for
from makegood.office.finding import settings
from makegood.palette.commands import Command
from makegood.people.finding import named_first
from makegood.shop.finding import orders_like
from makegood.team.models import Agent

MOST = 6
SHORTEST = 2
LONGEST = 80
LONGEST_NUMBER = 12
MOST_REPLIES = 5
MOST_ORDERS = 5
FIRST, REPLIES, PEOPLE, SEARCHES = 1, 3, 4, 9
"""Among the places of `ranking.js`: a number is meant, people stand behind what begins so."""


def found_for(agent: Agent, typed: str) -> Sequence[Command]:
    """What the typed words lead to, among what this agent may see; the search itself last."""
    typed = " ".join(typed.split())[:LONGEST]
    if not typed:
        return []
    here = [*_by_number(agent, typed), *_orders(agent, typed), *_replies(agent, typed)]
    people = _customers(agent, typed)
    return [*here, *people, *_settings(agent, typed), *_searches(typed)]


def _by_number(agent: Agent, typed: str) -> Iterator[Command]:
    number = typed.removeprefix("#")
    if not number.isdecimal() or len(number) > LONGEST_NUMBER:
        return
    try:
        conversation = conversation_for(agent, int(number))
    except Http404:
        return
    yield Command(
        name=f"conversation:{conversation.pk}",
        title=f"#{number} {conversation.subject or _('(no subject)')}",
        group=_("Conversations"),
        icon="message-square",
        words=conversation.customer.name,
        last=FIRST,
        to=reverse("desk:conversation", args=[conversation.pk]),
    )


def _orders(agent: Agent, typed: str) -> Iterator[Command]:
    """Orders by number, e-mail address, telephone number or name."""
    if len(typed) < SHORTEST:
        return
    for order in orders_like(agent, typed, most=MOST_ORDERS):
        whose = order.name or order.email
        yield Command(
            name=f"order:{order.pk}",
            title=_("Order %(number)s") % {"number": order.number},
            group=_("Orders"),
            icon="package",
            words=f"{whose} {order.total} {typed}",
            last=FIRST,
            to=reverse("desk:order", args=[order.pk]),
        )


def _customers(agent: Agent, typed: str) -> Iterator[Command]:
    if len(typed) < SHORTEST:
        return
    for person in named_first(agent, typed, most=MOST):
        handle = next(iter(person.handles), "")
        yield Command(
            name=f"customer:{person.customer.pk}",
            title=person.customer.name or handle or _("Somebody"),
            group=_("Customers"),
            icon="user",
            words=" ".join(person.handles),
            last=PEOPLE,
            to=reverse("desk:person", args=[person.customer.pk]),
        )


def _replies(agent: Agent, typed: str) -> Iterator[Command]:
    """Saved replies, to be put where one writes."""
    if len(typed) < SHORTEST:
        return
    for reply in saved_replies_for(agent, typed)[:MOST_REPLIES]:
        yield Command(
            name=f"saved-reply:{reply.pk}",
            title=reply.name,
            group=_("Saved replies"),
            icon="message-square",
            words=f"{reply.shortcut} {typed}",
            last=REPLIES,
            insert=reply.pk,
        )


def _settings(agent: Agent, typed: str) -> Iterator[Command]:
    """What forms of the office ask for, and what is called so there; pages are places already."""
    if len(typed) < SHORTEST:
        return
    for one in settings(agent, typed):
        if one.where:
            yield Command(
                name=f"setting:{one.address}:{one.title}",
                title=one.title,
                group=_("Office"),
                icon=one.icon,
                words=f"{one.where} {typed}",
                last=PEOPLE,
                to=one.address,
            )


def _searches(typed: str) -> Iterator[Command]:
    asked = urlencode({"q": typed})
    for name, address, title in (
        ("conversations", reverse("desk:search"), _("Search conversations for “%(words)s”")),
        ("customers", reverse("desk:customers"), _("Search customers for “%(words)s”")),
    ):
        yield Command(
            name=f"search:{name}",
            title=title % {"words": typed},
            group=_("Search"),
            icon="search",
            last=SEARCHES,
            to=f"{address}?{asked}",
        )
