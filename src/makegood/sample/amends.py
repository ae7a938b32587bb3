"""What the sample shop made good, and the money that somebody asks back over the bank."""

from datetime import UTC, datetime, timedelta

from django.db import transaction

from makegood.authority.queries import who_may
from makegood.disputes.actions import apply_dispute
from makegood.disputes.models import Dispute, Provider, Reason
from makegood.disputes.seen import DisputeSeen
from makegood.kit.money import Money
from makegood.ledger.actors import System
from makegood.makegoods.actions import Matter, Wish, give, offer
from makegood.makegoods.approving import ask
from makegood.makegoods.models import Makegood, PolicyLine, Remedy
from makegood.makegoods.policies import publish, save_draft
from makegood.makegoods.policy import Row, table_of
from makegood.sample.orders import CURRENCY
from makegood.shop.models import Order
from makegood.shop.models import Shop as Store
from makegood.team.models import Agent

CODE = "SORRY-LUCIA"
VALID = timedelta(days=180)
ANSWER_WITHIN = timedelta(days=5, hours=9)
OURS = (
    Row(failure="damaged", remedy=Remedy.GESTURE, unit=PolicyLine.Unit.FIXED, least=0, most=15_00),
    Row(failure="late", remedy=Remedy.GESTURE, unit=PolicyLine.Unit.FIXED, least=0, most=8_00),
)
"""Besides the house's own table: a card by hand, and something in the box."""


@transaction.atomic
def make_amends(store: Store, owner: Agent) -> None:
    """A table of remedies; one redeemed, one given, one to be given, one that waits for a yes."""
    save_draft(CURRENCY, [*table_of(CURRENCY).rows, *OURS], by=owner)
    publish(CURRENCY, by=owner)
    nora, bruno = (Agent.objects.get(name=name) for name in ("Nora", "Bruno"))
    sorry = "Your lamp came a week late. This is off your next one."
    coupon = _offer(store, "LL-0945", _wish("late", Remedy.COUPON, 12_00, sorry), by=nora)
    give(coupon, code=CODE, by=nora)
    card = "A card by hand, and two bulbs in the box"
    gesture = _offer(store, "LL-0961", _wish("late", Remedy.GESTURE, 5_00, card), by=bruno)
    give(gesture, by=bruno)
    _offer(store, "LL-0979", _wish("late", Remedy.COUPON, 10_00, sorry), by=nora)
    _ask_for_more(store, nora)


def _wish(failure: str, remedy: str, minor: int, words: str, why: str = "") -> Wish:
    return Wish(
        failure=failure, remedy=remedy, face=Money(minor, CURRENCY), words=words, why=why,
        client_key=f"sample-{failure}-{remedy}-{minor}",
        valid_until=datetime.now(UTC) + VALID if remedy == Remedy.COUPON else None,
    )  # fmt: skip


def _offer(store: Store, number: str, wish: Wish, *, by: Agent) -> Makegood:
    return offer(_matter(store, number), wish, by=by)


def _matter(store: Store, number: str) -> Matter:
    order = store.orders.get(number=number)
    return Matter(conversation=None, order=order, emails=[order.email])


def _ask_for_more(store: Store, agent: Agent) -> None:
    """More than an agent may give: whoever leads is asked."""
    why = "Five weeks without his lamp, and the carrier does not answer us."
    words = "The same pendant again, by express"
    wish = _wish("lost", Remedy.REPLACEMENT, 119_00, words, why)
    if who_may(wish.face, "order:0"):
        ask(_matter(store, "LL-0941"), wish, by=agent)


def is_disputed(store: Store) -> None:
    """A bank asks for the money of a parcel that was delivered: answered by a day, or lost."""
    order: Order = store.orders.get(number="LL-0957")
    charge, now = order.payments.get().external_id, datetime.now(UTC)
    told = DisputeSeen(
        provider=Provider.STRIPE, external_id="du_sample957", told_at=now - timedelta(hours=7),
        opened_at=now - timedelta(hours=7), amount_minor=order.total_minor, currency=CURRENCY,
        reason=Reason.NOT_RECEIVED, reason_word="product_not_received",
        stage=Dispute.Stage.CLAIM, state=Dispute.State.NEEDS_ANSWER,
        status_word="needs_response", due_at=now + ANSWER_WITHIN, charge=charge,
        fee_minor=20_00, fee_currency=CURRENCY,
    )  # fmt: skip
    apply_dispute(told, by=System("stripe"))
