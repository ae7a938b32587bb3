"""What PayPal says, in our words. Its money comes as text with a point and becomes minor units."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from makegood.customers.actions import canonical_address
from makegood.disputes.models import Dispute, ProviderRefund, Reason
from makegood.disputes.providers.reading import Unreadable, moment, read_object, within, word
from makegood.disputes.seen import DisputeSeen, RefundTold, Told
from makegood.kit.money import known_currency, read_money

State, Stage = Dispute.State, Dispute.Stage
REASONS: dict[str, Reason] = {
    "MERCHANDISE_OR_SERVICE_NOT_RECEIVED": Reason.NOT_RECEIVED,
    "MERCHANDISE_OR_SERVICE_NOT_AS_DESCRIBED": Reason.NOT_AS_DESCRIBED,
    "UNAUTHORISED": Reason.UNAUTHORISED,
    "CREDIT_NOT_PROCESSED": Reason.NO_CREDIT,
    "DUPLICATE_TRANSACTION": Reason.DUPLICATE,
    "PAYMENT_BY_OTHER_MEANS": Reason.DUPLICATE,
    "CANCELED_RECURRING_BILLING": Reason.CANCELLED,
}
STATES: dict[str, Dispute.State] = {
    "OPEN": State.NEEDS_ANSWER,
    "WAITING_FOR_SELLER_RESPONSE": State.NEEDS_ANSWER,
    "WAITING_FOR_BUYER_RESPONSE": State.ANSWERED,
    "UNDER_REVIEW": State.ANSWERED,
}
OUTCOMES: dict[str, Dispute.State] = {
    "RESOLVED_SELLER_FAVOUR": State.WON,
    "RESOLVED_WITH_PAYOUT": State.WON,
    "DENIED": State.WON,
    "RESOLVED_BUYER_FAVOUR": State.LOST,
    "ACCEPTED": State.ACCEPTED,
    "CANCELED_BY_BUYER": State.WITHDRAWN,
}
STAGES: dict[str, Dispute.Stage] = {
    "INQUIRY": Stage.INQUIRY,
    "CHARGEBACK": Stage.CLAIM,
    "PRE_ARBITRATION": Stage.SECOND,
    "ARBITRATION": Stage.ARBITRATION,
}
REFUNDS: dict[str, ProviderRefund.State] = {
    "COMPLETED": ProviderRefund.State.DONE,
    "PENDING": ProviderRefund.State.PENDING,
    "FAILED": ProviderRefund.State.FAILED,
    "CANCELLED": ProviderRefund.State.FAILED,
}
TOPICS = ("CUSTOMER.DISPUTE.CREATED", "CUSTOMER.DISPUTE.UPDATED", "CUSTOMER.DISPUTE.RESOLVED")


def head_of(raw: bytes) -> tuple[str, str, datetime | None]:
    event = read_object(raw)
    kind = word(event.get("event_type"), 80)
    return word(event.get("id")), kind, moment(event.get("create_time"))


def read_event(raw: bytes) -> Sequence[Told]:
    event = read_object(raw)
    topic, found = word(event.get("event_type"), 80), event.get("resource")
    at = moment(event.get("create_time"))
    if at is None or not isinstance(found, dict):
        raise Unreadable("create_time, resource")
    if topic in TOPICS:
        return [read_dispute(found, at)]
    if topic == "PAYMENT.CAPTURE.REFUNDED":
        return [read_refund(found, at)]
    return []


def read_dispute(found: dict[str, Any], at: datetime) -> DisputeSeen:
    status, reason = word(found.get("status"), 60), word(found.get("reason"), 80)
    stage = word(found.get("dispute_life_cycle_stage"), 40)
    minor, currency = _money(found.get("dispute_amount"))
    bought = _first(found.get("disputed_transactions"))
    email = word(within(bought, "buyer", "email"), 320)
    outcome = word(within(found, "dispute_outcome", "outcome_code"), 40)
    return DisputeSeen(
        provider="paypal",
        external_id=_needed(found, "dispute_id"),
        told_at=moment(found.get("update_time")) or at,
        opened_at=moment(found.get("create_time")) or at,
        amount_minor=minor,
        currency=currency,
        reason=REASONS.get(reason, Reason.OTHER),
        reason_word=reason,
        stage=STAGES.get(stage, Stage.CLAIM),
        state=_state(status, outcome),
        status_word=" · ".join(filter(None, (status, outcome)))[:60],
        due_at=moment(found.get("seller_response_due_date")),
        charge=word(within(bought, "seller_transaction_id")),
        intent=word(within(bought, "reference_id")),
        order_number=word(within(bought, "invoice_number") or within(bought, "custom")),
        email=canonical_address("email", email) if email else "",
        name=word(within(bought, "buyer", "name")),
        network_code=word(found.get("external_reason_code"), 20),
    )


def _state(status: str, outcome: str) -> str:
    if status == "RESOLVED":
        return OUTCOMES.get(outcome, State.LOST)
    return STATES.get(status, State.NEEDS_ANSWER)


def read_refund(found: dict[str, Any], at: datetime) -> RefundTold:
    minor, currency = _money(found.get("amount"))
    status = word(found.get("status"), 20)
    return RefundTold(
        provider="paypal",
        external_id=_needed(found, "id"),
        told_at=moment(found.get("update_time")) or at,
        at=moment(found.get("create_time")) or at,
        amount_minor=minor,
        currency=currency,
        state=REFUNDS.get(status, ProviderRefund.State.DONE),
        charge=_capture_of(found),
        reference=word(found.get("acquirer_reference_number")),
    )


def _capture_of(found: dict[str, Any]) -> str:
    """The payment that a refund is of: its link upwards ends in its number."""
    links = found.get("links")
    for link in links if isinstance(links, list) else []:
        if within(link, "rel") == "up":
            return word(within(link, "href"), 400).rstrip("/").rpartition("/")[2][:120]
    return ""


def _money(found: Any) -> tuple[int, str]:
    currency = known_currency(word(within(found, "currency_code") or "", 12))
    return read_money(word(within(found, "value"), 24), currency).minor, currency


def _first(found: Any) -> Any:
    return found[0] if isinstance(found, list) and found else {}


def _needed(found: dict[str, Any], name: str) -> str:
    said = word(found.get(name))
    if not said:
        raise Unreadable(name)
    return said
