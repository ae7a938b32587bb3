from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from makegood.disputes.models import Dispute, ProviderRefund, Reason
from makegood.disputes.providers import paypal_reads, stripe_reads
from makegood.disputes.seen import DisputeSeen, RefundTold, Told
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

State, Stage = Dispute.State, Dispute.Stage


def _one(told: Sequence[Told]) -> DisputeSeen:
    seen = told[0]
    assert len(told) == 1
    assert isinstance(seen, DisputeSeen)
    return seen


def test_stripe_tells_of_a_dispute() -> None:
    raw = stripe_event("charge.dispute.created", stripe_dispute())
    seen = _one(stripe_reads.read_event(raw))
    assert (seen.amount_minor, seen.currency) == (8400, "EUR")
    assert (seen.reason, seen.reason_word) == (Reason.NOT_RECEIVED, "product_not_received")
    assert (seen.state, seen.stage) == (State.NEEDS_ANSWER, Stage.CLAIM)
    assert seen.due_at == NOW + timedelta(days=9)
    assert (seen.charge, seen.intent) == ("ch_1Lantern", "pi_1Lantern")
    assert (seen.email, seen.name, seen.network_code) == (
        "Ida@example.com".lower(),
        "Ida Berg",
        "13.1",
    )
    assert not seen.is_test


def test_what_stripe_took_for_the_dispute_is_told_apart_from_the_sum() -> None:
    found = stripe_dispute(balance_transactions=[moved(1500), moved(-1500, 8400)])
    seen = _one(stripe_reads.read_event(stripe_event("charge.dispute.closed", found)))
    assert (seen.fee_minor, seen.fee_currency, seen.movements) == (0, "EUR", 2)
    found = stripe_dispute(balance_transactions=[moved(1500)])
    seen = _one(stripe_reads.read_event(stripe_event("charge.dispute.funds_withdrawn", found)))
    assert seen.fee_minor == 1500


@pytest.mark.parametrize(
    ("status", "state", "stage"),
    [
        ("warning_needs_response", State.NEEDS_ANSWER, Stage.INQUIRY),
        ("warning_under_review", State.ANSWERED, Stage.INQUIRY),
        ("warning_closed", State.WITHDRAWN, Stage.INQUIRY),
        ("under_review", State.ANSWERED, Stage.CLAIM),
        ("won", State.WON, Stage.CLAIM),
        ("lost", State.LOST, Stage.CLAIM),
        ("a word of next year", State.NEEDS_ANSWER, Stage.CLAIM),
    ],
)
def test_what_stripe_calls_it(status: str, state: str, stage: str) -> None:
    raw = stripe_event("charge.dispute.updated", stripe_dispute(status=status))
    seen = _one(stripe_reads.read_event(raw))
    assert (seen.state, seen.stage, seen.status_word) == (state, stage, status)


def test_stripe_writes_the_orders_number_where_the_shop_put_it() -> None:
    found = stripe_dispute(metadata={"order_id": 1001}, charge={"id": "ch_2"})
    seen = _one(stripe_reads.read_event(stripe_event("charge.dispute.created", found)))
    assert (seen.order_number, seen.charge) == ("1001", "ch_2")


def test_stripe_tells_of_refunds() -> None:
    refund = {
        "id": "re_1", "object": "refund", "amount": 2000, "currency": "eur", "charge": "ch_1",
        "created": int(NOW.timestamp()), "status": "succeeded",
        "destination_details": {"type": "card", "card": {"reference": "7488", "type": "refund"}},
    }  # fmt: skip
    (told,) = stripe_reads.read_event(stripe_event("refund.updated", refund))
    assert isinstance(told, RefundTold)
    assert (told.state, told.reference) == (ProviderRefund.State.DONE, "7488")
    charge = {"id": "ch_1", "refunds": {"data": [refund, "odd"]}}
    assert len(stripe_reads.read_event(stripe_event("charge.refunded", charge))) == 1
    assert stripe_reads.read_event(stripe_event("charge.refunded", {"id": "ch_1"})) == []


def test_paypal_tells_of_a_dispute() -> None:
    raw = paypal_event("CUSTOMER.DISPUTE.CREATED", paypal_dispute())
    seen = _one(paypal_reads.read_event(raw))
    assert (seen.amount_minor, seen.currency, seen.order_number) == (8400, "EUR", "1001")
    assert (seen.reason, seen.stage) == (Reason.NOT_RECEIVED, Stage.CLAIM)
    assert (seen.charge, seen.name) == ("3BC38643YC807283D", "Ida Berg")
    assert seen.due_at == datetime(2026, 3, 14, 6, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        ("RESOLVED_SELLER_FAVOUR", State.WON),
        ("RESOLVED_WITH_PAYOUT", State.WON),
        ("RESOLVED_BUYER_FAVOUR", State.LOST),
        ("ACCEPTED", State.ACCEPTED),
        ("CANCELED_BY_BUYER", State.WITHDRAWN),
        ("A_WORD_OF_NEXT_YEAR", State.LOST),
    ],
)
def test_how_paypal_says_that_it_is_over(outcome: str, state: str) -> None:
    found = paypal_dispute(status="RESOLVED", dispute_outcome={"outcome_code": outcome})
    seen = _one(paypal_reads.read_event(paypal_event("CUSTOMER.DISPUTE.RESOLVED", found)))
    assert seen.state == state
    assert outcome in seen.status_word


@pytest.mark.parametrize(
    ("value", "code", "minor"),
    [("84.00", "EUR", 8400), ("84", "EUR", 8400), ("1200", "JPY", 1200), ("1.234", "TND", 1234)],
)
def test_paypals_money_is_counted_whole(value: str, code: str, minor: int) -> None:
    found = paypal_dispute(dispute_amount={"currency_code": code, "value": value})
    raw = paypal_event("CUSTOMER.DISPUTE.CREATED", found)
    assert _one(paypal_reads.read_event(raw)).amount_minor == minor


def test_paypal_tells_of_a_refund_and_of_what_it_is() -> None:
    raw = paypal_event("PAYMENT.CAPTURE.REFUNDED", paypal_refund(), "refund")
    (told,) = paypal_reads.read_event(raw)
    assert isinstance(told, RefundTold)
    assert (told.charge, told.amount_minor) == ("3BC38643YC807283D", 2000)
    assert paypal_reads.read_event(paypal_event("CHECKOUT.ORDER.APPROVED", {})) == []


@pytest.mark.parametrize("raw", [b"", b"[]", b"{}", b"\xff", b'{"created": 1}', b"[" * 9000])
def test_nonsense_is_refused_in_words(raw: bytes) -> None:
    for read in (stripe_reads.read_event, paypal_reads.read_event):
        with pytest.raises(Refused):
            read(raw)


@pytest.mark.parametrize("amount", [None, "84", 84.0, True, 10**20])
def test_an_amount_that_is_no_whole_number_is_refused(amount: object) -> None:
    raw = stripe_event("charge.dispute.created", stripe_dispute(amount=amount))
    with pytest.raises(Refused):
        stripe_reads.read_event(raw)
