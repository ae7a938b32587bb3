"""What Stripe says, in our words. Money is in minor units already."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from makegood.customers.actions import canonical_address
from makegood.disputes.models import Dispute, ProviderRefund, Reason
from makegood.disputes.providers.reading import (
    Unreadable,
    named,
    read_object,
    second,
    whole,
    within,
    word,
)
from makegood.disputes.seen import DisputeSeen, RefundTold, Told

State = Dispute.State
REASONS: dict[str, Reason] = {
    "product_not_received": Reason.NOT_RECEIVED,
    "product_unacceptable": Reason.NOT_AS_DESCRIBED,
    "fraudulent": Reason.UNAUTHORISED,
    "debit_not_authorized": Reason.UNAUTHORISED,
    "unrecognized": Reason.UNRECOGNISED,
    "credit_not_processed": Reason.NO_CREDIT,
    "duplicate": Reason.DUPLICATE,
    "subscription_canceled": Reason.CANCELLED,
}
STATES: dict[str, Dispute.State] = {
    "needs_response": State.NEEDS_ANSWER,
    "warning_needs_response": State.NEEDS_ANSWER,
    "under_review": State.ANSWERED,
    "warning_under_review": State.ANSWERED,
    "won": State.WON,
    "lost": State.LOST,
    "warning_closed": State.WITHDRAWN,
    "prevented": State.ACCEPTED,
}
REFUNDS: dict[str, ProviderRefund.State] = {
    "pending": ProviderRefund.State.PENDING,
    "requires_action": ProviderRefund.State.PENDING,
    "succeeded": ProviderRefund.State.DONE,
    "failed": ProviderRefund.State.FAILED,
    "canceled": ProviderRefund.State.FAILED,
}
NUMBERS = ("order_number", "order_id", "order", "order_name")
"""Under which names shops write an order's number into Stripe's metadata."""


def head_of(raw: bytes) -> tuple[str, str, datetime | None]:
    """The event's id, its kind, and when it happened."""
    event = read_object(raw)
    return word(event.get("id")), word(event.get("type"), 80), second(event.get("created"))


def read_event(raw: bytes) -> Sequence[Told]:
    """What one event tells of disputes and refunds; nothing where it is about neither."""
    event = read_object(raw)
    topic, found = word(event.get("type"), 80), within(event, "data", "object")
    at = second(event.get("created"))
    if at is None or not isinstance(found, dict):
        raise Unreadable("created, data.object")
    if topic.startswith("charge.dispute."):
        return [read_dispute(found, at)]
    if topic == "charge.refunded":
        told = within(found, "refunds", "data")
        each = told if isinstance(told, list) else []
        return [read_refund(one, at) for one in each if isinstance(one, dict)]
    if topic in ("refund.created", "refund.updated", "refund.failed", "charge.refund.updated"):
        return [read_refund(found, at)]
    return []


def read_dispute(found: dict[str, Any], at: datetime) -> DisputeSeen:
    status, reason = word(found.get("status"), 60), word(found.get("reason"), 80)
    moves = found.get("balance_transactions")
    moves = [one for one in moves if isinstance(one, dict)] if isinstance(moves, list) else []
    state = STATES.get(status, State.NEEDS_ANSWER)
    fees = [one["fee"] for one in moves if isinstance(one.get("fee"), int)]
    email = word(within(found, "evidence", "customer_email_address"), 320)
    return DisputeSeen(
        provider="stripe",
        external_id=_needed(found),
        told_at=at,
        opened_at=second(found.get("created")) or at,
        amount_minor=whole(found.get("amount")),
        currency=word(found.get("currency"), 3).upper(),
        reason=REASONS.get(reason, Reason.OTHER),
        reason_word=reason,
        stage=_stage(found, status),
        state=state,
        status_word=status,
        due_at=second(within(found, "evidence_details", "due_by")),
        charge=named(found.get("charge")),
        intent=named(found.get("payment_intent")),
        order_number=number_in(found.get("metadata")),
        email=canonical_address("email", email) if email else "",
        name=word(within(found, "evidence", "customer_name")),
        fee_minor=sum(fees),
        fee_currency=word(moves[0].get("currency"), 3).upper() if moves else "",
        network_code=word(
            within(found, "payment_method_details", "card", "network_reason_code")
            or found.get("network_reason_code"), 20,
        ),
        is_test=found.get("livemode") is False,
        movements=len(moves),
    )  # fmt: skip


def _stage(found: dict[str, Any], status: str) -> str:
    kind = word(within(found, "payment_method_details", "card", "case_type"), 20)
    if status.startswith("warning_") or kind in ("inquiry", "block"):
        return Dispute.Stage.INQUIRY
    return Dispute.Stage.CLAIM


def number_in(metadata: Any) -> str:
    """The order's number, as the shop wrote it beside the payment."""
    return next((said for name in NUMBERS if (said := word(within(metadata, name)))), "")


def read_refund(found: dict[str, Any], at: datetime) -> RefundTold:
    status = word(found.get("status"), 20)
    how = word(within(found, "destination_details", "type"), 40)
    reference = word(within(found, "destination_details", how, "reference")) if how else ""
    return RefundTold(
        provider="stripe",
        external_id=_needed(found),
        told_at=at,
        at=second(found.get("created")) or at,
        amount_minor=whole(found.get("amount")),
        currency=word(found.get("currency"), 3).upper(),
        state=REFUNDS.get(status, ProviderRefund.State.PENDING),
        charge=named(found.get("charge")),
        intent=named(found.get("payment_intent")),
        reference=reference or word(found.get("acquirer_reference_number")),
    )


def _needed(found: dict[str, Any]) -> str:
    name = word(found.get("id"))
    if not name:
        raise Unreadable("id")
    return name
