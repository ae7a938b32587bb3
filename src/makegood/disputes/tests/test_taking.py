from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from makegood.channels.models import Inbox
from makegood.conversations.models import Conversation, Message
from makegood.disputes.actions import apply_dispute, choose_order, match_again, take_told
from makegood.disputes.models import Dispute, ProviderRefund
from makegood.disputes.providers import paypal_reads, stripe_reads
from makegood.disputes.tests.samples import (
    NOW,
    moved,
    paypal_dispute,
    paypal_event,
    paypal_refund,
    stripe_dispute,
    stripe_event,
)
from makegood.kit.errors import Refused
from makegood.ledger.actors import System
from makegood.ledger.models import Event
from makegood.linking.queries import linked_numbers
from makegood.shop.actions import apply_order
from makegood.shop.models import Order, Shop
from makegood.shop.seen import Buyer, LineSeen, OrderSeen, PaymentSeen
from makegood.team.models import Agent
from tests.world import conversation_of, write_form

BY = System("stripe")
State = Dispute.State


def an_order(number: str = "#1001", charge: str = "ch_1Lantern", **more: Any) -> Order:
    shop, _made = Shop.objects.get_or_create(
        name="Lamps", defaults={"currency": "EUR", "time_zone": "UTC", "made_at": NOW}
    )
    told: dict[str, Any] = {
        "external_id": number.strip("#"), "number": number, "placed_at": NOW, "told_at": NOW,
        "currency": "EUR", "total_minor": 8400,
        "buyer": Buyer(email="ida@example.com", name="Ida Berg"),
        "lines": (LineSeen(external_id="1", title="Lamp", quantity=1, unit_minor=8400),),
        "payments": (PaymentSeen(external_id=charge, amount_minor=8400, currency="EUR", at=NOW),),
    }  # fmt: skip
    return apply_order(shop, OrderSeen(**(told | more)), by=BY)


def take(raw: bytes) -> None:
    take_told(stripe_reads.read_event(raw), by=BY)


def created(**more: Any) -> bytes:
    return stripe_event("charge.dispute.created", stripe_dispute(**more))


def test_a_dispute_opens_a_conversation_that_nobody_is_written_to(form: Inbox) -> None:
    order = an_order()
    take(created())
    dispute = Dispute.objects.get()
    conversation = dispute.conversation
    assert dispute.order == order
    assert conversation is not None
    assert conversation.subject == "Dispute about order #1001"
    assert conversation.customer.name == "Ida Berg"
    assert conversation.status == Conversation.Status.OPEN
    assert not Message.objects.exists()
    event = Event.objects.get(kind="dispute.opened")
    assert {one.ref for one in event.subjects.all()} >= {
        dispute.ref, order.ref, conversation.ref
    }  # fmt: skip


def test_it_is_linked_with_what_they_wrote_and_stays_apart(lamp: Conversation) -> None:
    an_order()
    take(created())
    conversation = Dispute.objects.get().conversation
    assert conversation is not None
    assert conversation != lamp
    assert linked_numbers(conversation.pk) == [lamp.pk]


def test_what_names_the_order_is_linked_first(form: Inbox) -> None:
    an_order()
    about = conversation_of(write_form(form, "Still nothing", subject="My order 1001"))
    for n in range(4):
        write_form(form, f"Something else {n}", subject=f"Other {n}")
    take(created())
    conversation = Dispute.objects.get().conversation
    assert conversation is not None
    linked = linked_numbers(conversation.pk)
    assert about.pk in linked
    assert len(linked) == 3


HISTORY = (
    created(),
    stripe_event("charge.dispute.funds_withdrawn", stripe_dispute(
        balance_transactions=[moved(1500)])),
    stripe_event("charge.dispute.updated", stripe_dispute(
        status="under_review", balance_transactions=[moved(1500)]), hours=30),
    stripe_event("charge.dispute.closed", stripe_dispute(
        status="won", balance_transactions=[moved(1500), moved(-1500, 8400)]), hours=60),
    stripe_event("charge.dispute.funds_reinstated", stripe_dispute(
        status="won", balance_transactions=[moved(1500), moved(-1500, 8400)]), hours=60),
)  # fmt: skip


@pytest.mark.django_db
@settings(deadline=None, max_examples=25)
@given(news=st.lists(st.sampled_from(HISTORY), max_size=5).flatmap(
    lambda more: st.permutations([*HISTORY, *more])
))  # fmt: skip
def test_news_in_any_order_and_any_number_end_alike(news: list[bytes]) -> None:
    with transaction.atomic():
        for raw in news:
            take(raw)
        _is_won_once()
        transaction.set_rollback(True)


def _is_won_once() -> None:
    dispute = Dispute.objects.get()
    assert (dispute.state, dispute.fee_minor, dispute.due_at is not None) == (State.WON, 0, True)
    assert dispute.ended_at is not None
    assert Event.objects.filter(kind="dispute.opened").count() == 1
    ended = Event.objects.filter(kind="dispute.ended").count()
    assert ended == 1


def test_a_payment_in_the_same_second_counts_as_later(form: Inbox) -> None:
    an_order()
    withdrawn, first = HISTORY[1], HISTORY[0]
    take(withdrawn)
    take(first)
    assert Dispute.objects.get().fee_minor == 1500


def test_paypal_finds_the_order_by_the_number_beside_the_payment(form: Inbox) -> None:
    order = an_order(charge="elsewhere")
    raw = paypal_event("CUSTOMER.DISPUTE.CREATED", paypal_dispute())
    take_told(paypal_reads.read_event(raw), by=BY)
    dispute = Dispute.objects.get()
    assert (dispute.order, dispute.provider) == (order, "paypal")


def test_where_two_orders_could_be_meant_a_person_says_which(form: Inbox, tomas: Agent) -> None:
    order = an_order(charge="a")
    other = Shop.objects.create(name="Shades", currency="EUR", time_zone="UTC", made_at=NOW)
    apply_order(
        other,
        OrderSeen(external_id="9", number="1001", placed_at=NOW, told_at=NOW, currency="EUR",
                  total_minor=1),
        by=BY,
    )  # fmt: skip
    take(created(charge="ch_nobody", payment_intent=None, metadata={"order_number": "#1001"},
                 evidence={}))  # fmt: skip
    dispute = Dispute.objects.get()
    assert (dispute.order, dispute.conversation) == (None, None)
    choose_order(dispute, order, by=tomas)
    dispute.refresh_from_db()
    assert dispute.order == order
    assert dispute.conversation is not None
    with pytest.raises(Refused):
        choose_order(dispute, other.orders.get(), by=tomas)


def test_an_order_that_comes_after_its_dispute_is_found(form: Inbox) -> None:
    take(created(evidence={}))
    assert Dispute.objects.get().conversation is None
    assert match_again() == 0
    an_order()
    assert match_again() == 1
    assert Dispute.objects.get().conversation is not None
    assert match_again() == 0


def test_without_an_order_the_providers_own_word_says_whose_it_is(form: Inbox) -> None:
    take(created())
    dispute = Dispute.objects.get()
    assert dispute.order is None
    assert dispute.conversation is not None
    assert dispute.conversation.customer.name == "Ida Berg"


def test_what_is_over_when_we_hear_of_it_opens_nothing(form: Inbox) -> None:
    an_order()
    take(HISTORY[3])
    assert Dispute.objects.get().conversation is None
    take(HISTORY[0])
    assert Dispute.objects.get().state == State.WON
    assert not Conversation.objects.exists()


def test_what_was_over_may_go_on(form: Inbox) -> None:
    take(HISTORY[3])
    take(stripe_event("charge.dispute.updated", stripe_dispute(), hours=90))
    dispute = Dispute.objects.get()
    assert (dispute.state, dispute.ended_at) == (State.NEEDS_ANSWER, None)
    assert Event.objects.filter(kind="dispute.reopened").count() == 1


def test_refunds_of_a_provider_stand_once_and_with_their_order(db: None) -> None:
    order = an_order(charge="3BC38643YC807283D")
    for _n in range(2):
        raw = paypal_event("PAYMENT.CAPTURE.REFUNDED", paypal_refund(), "refund")
        take_told(paypal_reads.read_event(raw), by=BY)
    refund = ProviderRefund.objects.get()
    assert (refund.order, refund.amount_minor) == (order, 2000)
    assert Event.objects.filter(kind="refund.told").count() == 1


def test_a_refund_that_failed_later_failed(db: None) -> None:
    def told(status: str, hours: int) -> bytes:
        found = {"id": "re_1", "amount": 1, "currency": "eur", "status": status, "charge": "ch"}
        return stripe_event("refund.updated", found, hours=hours)

    for raw in (told("failed", 5), told("succeeded", 1), told("pending", 0), told("failed", 5)):
        take(raw)
    assert ProviderRefund.objects.get().state == ProviderRefund.State.FAILED


def test_who_is_named_first_stays_named(form: Inbox) -> None:
    take(stripe_event("charge.dispute.updated", stripe_dispute(evidence={}, charge=None), hours=1))
    take(created())
    (seen,) = stripe_reads.read_event(created())
    dispute = apply_dispute(seen, by=BY)  # type: ignore[arg-type]
    assert (dispute.email, dispute.charge) == ("ida@example.com", "ch_1Lantern")
