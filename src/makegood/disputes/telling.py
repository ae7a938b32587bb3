"""The facts of disputes, recorded in the transaction of their change."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from makegood.disputes.events import (
    DisputeChanged,
    DisputeEnded,
    DisputeMatched,
    DisputeOpened,
    DisputeReopened,
    ProviderRefundTold,
)
from makegood.disputes.models import Dispute, ProviderRefund
from makegood.kit.money import Money
from makegood.ledger.actions import record
from makegood.ledger.actors import Actor, System
from makegood.shop.actions import said_plainly

HOUSE = System("disputes")


def about(dispute: Dispute) -> list[str]:
    refs = [dispute.ref]
    if dispute.order_id is not None:
        refs.append(f"order:{dispute.order_id}")
    if dispute.conversation_id is not None:
        refs.append(f"conversation:{dispute.conversation_id}")
    return refs


def opened(dispute: Dispute, by: Actor) -> None:
    fact = DisputeOpened(
        provider=dispute.provider,
        external_id=dispute.external_id,
        amount=said_plainly(dispute.amount),
        reason=dispute.reason,
        due=dispute.due_at.isoformat() if dispute.due_at else "",
    )
    record(fact, about=about(dispute), by=by)


def changed(dispute: Dispute, was: Mapping[str, Any], by: Actor) -> None:
    """What is otherwise than it was; that it ended, or goes on, is a fact of its own."""
    what = [name for name in was if was[name] != getattr(dispute, name)]
    named = [name.removesuffix("_minor").removesuffix("_at") for name in what] or ["details"]
    fact = DisputeChanged(external_id=dispute.external_id, what=named)
    record(fact, about=about(dispute), by=by)


def ended(dispute: Dispute, by: Actor) -> None:
    fee: Money | None = dispute.fee
    fact = DisputeEnded(
        external_id=dispute.external_id,
        amount=said_plainly(dispute.amount),
        outcome=dispute.state,
        fee=said_plainly(fee) if fee else "",
    )
    record(fact, about=about(dispute), by=by)


def reopened(dispute: Dispute, by: Actor) -> None:
    amount = said_plainly(dispute.amount)
    fact = DisputeReopened(external_id=dispute.external_id, amount=amount)
    record(fact, about=about(dispute), by=by)


def matched(dispute: Dispute, by: Actor) -> None:
    number = dispute.order.number if dispute.order else ""
    fact = DisputeMatched(external_id=dispute.external_id, number=number)
    record(fact, about=about(dispute), by=by)


def refund(row: ProviderRefund, at: datetime, by: Actor) -> None:
    fact = ProviderRefundTold(
        provider=row.provider,
        external_id=row.external_id,
        amount=said_plainly(row.amount),
        state=row.state,
    )
    refs = [row.ref, f"order:{row.order_id}"] if row.order_id else [row.ref]
    record(fact, about=refs, by=by, at=at)
