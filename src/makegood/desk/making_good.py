"""What the pages of making good show: what is usual, what is fair, what is left, and to whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.authority.queries import Left, left
from makegood.conversations.models import Conversation
from makegood.desk.makegood_forms import DAYS, MakeGoodForm
from makegood.kit.ids import new_token
from makegood.kit.money import Money
from makegood.makegoods import failures
from makegood.makegoods.actions import Matter
from makegood.makegoods.claims import Signs, signs
from makegood.makegoods.fairness import Others, others
from makegood.makegoods.models import History, Makegood, Remedy
from makegood.makegoods.outcomes import outcomes
from makegood.makegoods.policy import Suggestion, history_of, worth
from makegood.makegoods.queries import (
    Asked,
    Guess,
    approvals_waiting,
    emails_of,
    guess,
    listed,
    makegoods_of,
    matter_in,
    orders_here,
    sums,
)
from makegood.makegoods.replacing import named
from makegood.promises.queries import promises_of_order
from makegood.shop.connecting import abilities_of
from makegood.shop.connectors.interface import Ability
from makegood.shop.models import Order
from makegood.shop.queries import all_shops
from makegood.team.models import Agent

SUMS = ("failure", "remedy", "product", "carrier", "agent")


@dataclass
class Panel:
    """Everything that the page beside a conversation says before something is given."""

    conversation: Conversation
    matter: Matter
    orders: Sequence[Order]
    failure: str
    currency: str
    guess: Guess
    suggestions: Sequence[Suggestion]
    history: str
    others: Others | None
    signs: Signs | None
    left: Left
    form: MakeGoodForm
    remedy: str = ""
    could: list[Agent] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    """What is asked once more before it is given."""

    @property
    def reason_ref(self) -> str:
        return self.guess.reason_ref if self.failure in ("answer", "late") else ""


def panel(conversation: Conversation, agent: Agent, asked: Mapping[str, str]) -> Panel:
    """The page for an order and a failure: those that were chosen, or the likeliest."""
    orders, found, now = orders_here(conversation), guess(conversation), timezone.now()
    order = _chosen(orders, asked.get("order", ""))
    matter = matter_in(conversation, order)
    known = dict(failures.choices())
    failure = asked.get("failure", "")
    failure = failure if failure in known else found.failure or _late(order) or "other"
    currency = order.currency if order else _currency()
    suggestions = matter.suggestions(failure, currency, now)
    case = order.ref if order else conversation.ref
    remedy = asked.get("remedy", "") if "client_key" in asked else _first_remedy(suggestions)
    remedy = remedy if remedy in Remedy.values else ""
    form = MakeGoodForm(
        asked if "client_key" in asked else None, currency=currency, failure=failure,
        order=order, initial=_begin(suggestions),
    )  # fmt: skip
    return Panel(
        conversation=conversation, matter=matter, orders=orders, failure=failure,
        currency=currency, guess=found, suggestions=suggestions,
        history=history_of(order, matter.emails, now),
        others=others(failure, currency, now, value=matter.value, remedy=remedy),
        remedy=remedy,
        signs=signs(matter.emails, now), left=left(agent, currency, case), form=form,
    )  # fmt: skip


def _chosen(orders: Sequence[Order], word: str) -> Order | None:
    """The order that was chosen; the newest where nobody chose; none where `none` was said."""
    if word == "none":
        return None
    by_number = {str(one.pk): one for one in orders}
    return by_number.get(word) or next(iter(orders), None)


def _late(order: Order | None) -> str:
    """What our own records say of an order, where the customer's words say nothing."""
    promises = promises_of_order(order) if order else ()
    return "late" if any(one.broken_at for one in promises) else ""


def _currency() -> str:
    newest = next(iter(reversed(all_shops())), None)
    return newest.currency if newest else "EUR"


def _first_remedy(suggestions: Sequence[Suggestion]) -> str:
    first = next(iter(suggestions), None)
    return first.remedy if first else ""


def once_more(made: Panel) -> list[str]:
    """What whoever gives it should see first: money that does not come again, and what differs."""
    wish, found = made.form.wish(made.reason_ref), list[str]()
    if made.left.most is not None and max(wish.face.minor, wish.costs.minor) > made.left.most.minor:
        return found  # they are told of that first
    if wish.remedy == Remedy.REFUND:
        words = _("%(amount)s goes back, and does not come again.")
        found.append(words % {"amount": wish.face})
    if wish.lines:
        words = _("The shop sends once more: %(articles)s, sold for %(amount)s.")
        articles = named(made.matter.order, wish.lines)
        found.append(words % {"articles": articles, "amount": wish.face})
    differs = made.others.differs(wish.face) if made.others else ""
    if differs == "less":
        found.append(_("This is less than most others got for it."))
    elif differs == "more":
        found.append(_("This is more than most others got for it."))
    return found


def is_seen(made: Panel, said: Mapping[str, str]) -> bool:
    """Whether this very sum was asked about once already."""
    return said.get("seen", "") == seen_as(made)


def seen_as(made: Panel) -> str:
    wish = made.form.wish(made.reason_ref)
    order = made.matter.order.pk if made.matter.order else 0
    lines = "".join(f":{line}x{count}" for line, count in wish.lines)
    return f"{wish.remedy}:{wish.face.minor}:{order}{lines}"


def _begin(suggestions: Sequence[Suggestion]) -> dict[str, Any]:
    """The form begins with the first remedy of the table."""
    first = next(iter(suggestions), None)
    begin: dict[str, Any] = {"client_key": new_token(), "days": DAYS}
    if first is not None:
        begin |= {"remedy": first.remedy, "amount": _first_sum(first).typed()}
    return begin


def _first_sum(first: Suggestion) -> Money:
    """The least that the table names; where that is nothing, the most."""
    return first.least if first.least.minor else first.most


def making_context(made: Panel) -> dict[str, Any]:
    amount = made.form.cleaned_data.get("amount") if made.form.is_bound else None
    shown = amount or (_first_sum(made.suggestions[0]) if made.suggestions else None)
    return {
        "panel": made,
        "conversation": made.conversation,
        "form": made.form,
        "failures": failures.choices(),
        "is_first": made.history == History.FIRST,
        "history": History(made.history).label,
        "worth": worth(made.matter.emails, made.currency),
        "differs": made.others.differs(shown) if made.others and shown else "",
        "made": makegoods_of(made.conversation),
        "seen": seen_as(made) if made.doubts else "",
        "sends_again": _sends_again(made.matter.order),
    }


def _sends_again(order: Order | None) -> bool:
    """Whether its shop can be asked for that; else somebody does it there by hand."""
    return order is not None and Ability.REPLACEMENT in abilities_of(order.shop)


def told_of(makegood: Makegood) -> dict[str, Any]:
    """What every page of one make-good says: its failure by name, and the table's bounds."""

    def money(minor: int | None) -> Money | None:
        return None if minor is None else Money(minor, makegood.currency)

    return {
        "makegood": makegood,
        "failure": failures.names().get(makegood.failure, makegood.failure),
        "least": money(makegood.least_minor),
        "most": money(makegood.most_minor),
        "approval": getattr(makegood, "approval", None),
    }


def asked_about(makegood: Makegood) -> dict[str, Any]:
    """What whoever says yes or no sees besides: what others got, claims, whether it is a first."""
    now, order = timezone.now(), makegood.order
    emails = emails_of(makegood.conversation) if makegood.conversation else ()
    emails = [*emails, *([order.email] if order and order.email else [])]
    given = others(
        makegood.failure, makegood.currency, now, value=order.total_minor if order else 0,
        remedy=makegood.remedy, but=makegood.pk,
    )  # fmt: skip
    return {
        "others": given,
        "differs": given.differs(makegood.face) if given else "",
        "signs": signs(emails, now),
    }


def asked_for(said: Mapping[str, str]) -> Asked:
    agent = said.get("agent", "")
    return Asked(
        state=said.get("state", ""),
        failure=said.get("failure", "")[:24],
        agent=int(agent) if agent.isascii() and agent.isdecimal() and len(agent) < 16 else 0,
        after=said.get("after", ""),
    )


def list_context(agent: Agent, said: Mapping[str, str]) -> dict[str, Any]:
    """The list, what waits for this agent's yes, what they may give, and for leads the sums."""
    asked, way = asked_for(said), said.get("by", "")
    currencies = sorted({one.currency for one in all_shops()}) or ["EUR"]
    sees_all = agent.sees_everything()
    return {
        "makegoods": listed(agent, asked),
        "asked": asked,
        "states": Makegood.State.choices,
        "failures": failures.choices(),
        "failure_names": failures.names(),
        "waiting": approvals_waiting(agent),
        "lefts": [left(agent, currency) for currency in currencies],
        "by": way if way in SUMS else "failure",
        "sums": sums(way if way in SUMS else "failure") if sees_all else None,
        "outcomes": outcomes(timezone.now()) if sees_all else None,
    }
