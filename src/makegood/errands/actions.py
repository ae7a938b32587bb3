from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.authority.actions import give_back, take
from makegood.conversations.models import Conversation
from makegood.errands.events import (
    ErrandAsked,
    ErrandCalledOff,
    ErrandDeclined,
    ErrandDone,
    ErrandInDoubt,
)
from makegood.errands.models import Errand
from makegood.errands.saying import amount_of, kept
from makegood.errands.stakes import at_stake, left_to_refund
from makegood.kit.errors import Refused
from makegood.kit.money import Money
from makegood.kit.records import Record
from makegood.kit.text import one_line
from makegood.ledger.actions import record
from makegood.ledger.actors import Actor
from makegood.shop.connecting import abilities_of
from makegood.shop.connectors.interface import Ability, Done, Wanted
from makegood.shop.models import Order, Shop
from makegood.team.gates import refuse_unless
from makegood.team.models import Agent

State = Errand.State
NEEDS = {
    Ability.REFUND: "orders.refund",
    Ability.COUPON: "orders.coupon",
}
"""What a role must allow; everything else needs `orders.change`."""
MOST_ARTICLES = 100


@transaction.atomic
def ask(
    order: Order | None,
    wanted: Wanted,
    *,
    key: str,
    conversation: Conversation | None = None,
    shop: Shop | None = None,
    taken_ref: str = "",
    by: Agent,
) -> Errand:
    """Ask a shop to do something, once for this key; the worker goes there.

    The money at stake is taken from what `by` may give, unless it was taken under `taken_ref`
    already. A shop that cannot be asked leaves it to a person. Raises `Refused` and
    `BeyondAuthority`.
    """
    where = shop or (order.shop if order is not None else None)
    if where is None:
        raise Refused(_("No shop was named."))
    Shop.objects.select_for_update().get(pk=where.pk)  # two at once count the same order's money
    known = Errand.objects.filter(key=key).first()
    if known is not None:
        return _the_same(known, wanted)
    _refuse_nonsense(order, wanted, key)
    money, now = at_stake(order, wanted), timezone.now()
    if not taken_ref:
        _refuse_without_right(by, wanted, money)
    is_able = wanted.what in abilities_of(where)
    errand = Errand.objects.create(
        shop=where, order=order, order_number=order.number if order else "",
        conversation=conversation, what=wanted.what.value, wanted=kept(wanted),
        minor=money.minor if money else 0, currency=money.currency if money else "", key=key,
        agent=by, state=State.WAITING if is_able else State.BY_HAND,
        asked_at=now, next_at=now if is_able else None, taken_ref=taken_ref,
    )  # fmt: skip
    if money is not None and not taken_ref:
        case = order.ref if order else (conversation.ref if conversation else errand.ref)
        take(by, money, ref=errand.ref, case=case, by=by)
        errand.taken_ref, errand.is_ours_to_give_back = errand.ref, True
        errand.save(update_fields=["taken_ref", "is_ours_to_give_back"])
    fact = ErrandAsked(
        what=errand.what, amount=amount_of(errand), minor=errand.minor, currency=errand.currency,
        number=errand.order_number,
    )  # fmt: skip
    record(fact, about=about(errand), by=by)
    return errand


def _refuse_without_right(by: Agent, wanted: Wanted, money: Money | None) -> None:
    refuse_unless(by, NEEDS.get(wanted.what, "orders.change"))
    if money is not None and wanted.what == Ability.CANCEL:  # it goes back by itself there
        refuse_unless(by, "orders.refund")


def _the_same(known: Errand, wanted: Wanted) -> Errand:
    if known.wanted != kept(wanted):
        raise Refused(_("Something else was asked under this name already. Open the form anew."))
    return known


def _refuse_nonsense(order: Order | None, wanted: Wanted, key: str) -> None:
    if order is None and wanted.what != Ability.COUPON:
        raise Refused(_("No order was named."))
    if wanted.what == Ability.REFUND and order is not None:
        _refuse_too_much(order, wanted, key)
    if wanted.what == Ability.COUPON and not (wanted.amount_minor > 0 or 0 < wanted.percent <= 100):
        raise Refused(_("A coupon is worth an amount, or 1 to 100 percent."))
    if wanted.what == Ability.REPLACEMENT and not wanted.lines:
        raise Refused(_("Say which articles are to be sent again."))
    if order is not None:
        _refuse_strange_lines(order, wanted)


def _refuse_too_much(order: Order, wanted: Wanted, key: str) -> None:
    if wanted.currency != order.currency or wanted.amount_minor <= 0:
        raise Refused(_("Say how much is to go back."))
    left = left_to_refund(order, key)
    if wanted.amount_minor > left.minor:
        raise Refused(_("Of this order %(left)s can still go back.") % {"left": left})


def _refuse_strange_lines(order: Order, wanted: Wanted) -> None:
    bought = {line.external_id: line.quantity for line in order.lines.all()}
    for line, count in wanted.lines[:MOST_ARTICLES]:
        if not 0 < count <= bought.get(line, 0):
            raise Refused(_("This order does not hold so many of that article."))


@transaction.atomic
def call_off(errand: Errand, *, by: Agent) -> None:
    """Take it back before the shop heard of it. Raises `Refused` once it may have."""
    errand = held(errand)
    if not errand.may_be_called_off:
        raise Refused(_("The shop was asked already: this cannot be called off any more."))
    _end(errand, State.CALLED_OFF, by=by)
    _free(errand, by)
    fact = ErrandCalledOff(what=errand.what, amount=amount_of(errand), number=errand.order_number)
    record(fact, about=about(errand), by=by)


@transaction.atomic
def settle_by_hand(errand: Errand, *, is_done: bool, words: str = "", by: Agent) -> None:
    """Somebody looked in the shop and says how it ended."""
    errand = held(errand)
    if not errand.needs_a_person:
        raise Refused(_("Nobody has to say how this ended."))
    refuse_unless(by, NEEDS.get(Ability(errand.what), "orders.change"))
    if is_done:
        done(errand, Done(external_id="", words=words), by=by, is_by_hand=True)
    else:
        declined(errand, words, by=by)


def done(errand: Errand, what: Done, *, by: Actor, is_by_hand: bool = False) -> None:
    """Write down that it happened, within the transaction that holds it."""
    errand.external_id = one_line(what.external_id, 120)
    errand.words = one_line(what.words, 500)
    errand.gave = {one_line(name, 40): one_line(told, 500) for name, told in what.facts.items()}
    _end(errand, State.DONE, by=by)
    fact = ErrandDone(
        what=errand.what, amount=amount_of(errand), minor=errand.minor, currency=errand.currency,
        number=errand.order_number, external_id=errand.external_id, is_by_hand=is_by_hand,
    )  # fmt: skip
    record(fact, about=about(errand), by=by)


def declined(errand: Errand, words: str, *, by: Actor) -> None:
    """Write down that it did not happen, within the transaction that holds it."""
    errand.words = one_line(words, 500)
    _end(errand, State.DECLINED, by=by)
    _free(errand, by)
    fact = ErrandDeclined(
        what=errand.what, amount=amount_of(errand), number=errand.order_number, words=errand.words
    )
    record(fact, about=about(errand), by=by)


def doubted(errand: Errand, *, look_at: datetime | None, by: Actor) -> None:
    """Write down that it may have happened; when it is looked for, or that a person must."""
    was_known = errand.state == State.IN_DOUBT
    errand.state, errand.next_at, errand.leased_until = State.IN_DOUBT, look_at, None
    errand.save(update_fields=["state", "next_at", "leased_until", "looks", "begun_at"])
    if not was_known:
        fact = ErrandInDoubt(what=errand.what, amount=amount_of(errand), number=errand.order_number)
        record(fact, about=about(errand), by=by)


def _end(errand: Errand, state: str, *, by: Actor) -> None:
    errand.state, errand.settled_at, errand.settled_by = state, timezone.now(), by.ref
    errand.next_at = errand.leased_until = None
    errand.save()


def _free(errand: Errand, by: Actor) -> None:
    if errand.is_ours_to_give_back:
        give_back(errand.taken_ref, by=by)


def held(errand: Errand) -> Errand:
    """The row as it is now, held until the transaction ends."""
    rows = Errand.objects.select_for_update(of=("self",)).select_related("order", "conversation")
    return rows.get(pk=errand.pk)


def about(errand: Errand) -> list[Record | str]:
    return [one for one in (errand, errand.order, errand.conversation) if one is not None]
