"""The one door for what providers say of disputes and refunds: any order, any number of times."""

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.disputes import telling
from makegood.disputes.matching import order_of
from makegood.disputes.models import Dispute, ProviderRefund
from makegood.disputes.opening import follow
from makegood.disputes.seen import DisputeSeen, RefundTold, Told
from makegood.kit.errors import Refused
from makegood.ledger.actors import Actor
from makegood.ledger.gathering import gathered
from makegood.shop.models import Connection, Order
from makegood.team.gates import refuse_unless
from makegood.team.models import Agent

State = Dispute.State
OPEN = (State.NEEDS_ANSWER, State.ANSWERED)
TOLD = (
    "amount_minor", "currency", "fee_minor", "fee_currency", "reason", "reason_word", "stage",
    "state", "status_word", "network_code", "due_at", "opened_at", "is_test",
)  # fmt: skip
KEPT = ("charge", "intent", "order_number", "email", "name")
"""What one signal tells and another leaves out: once known, it stays known."""
NAMED = ("amount_minor", "fee_minor", "reason", "stage", "state", "due_at")
"""What of a dispute is told by name when it changes."""


def take_told(told: Sequence[Told], *, by: Actor, connection: Connection | None = None) -> None:
    """Everything that one signal says."""
    for one in told:
        if isinstance(one, DisputeSeen):
            apply_dispute(one, by=by, connection=connection)
        else:
            apply_refund(one, by=by)


@transaction.atomic
def apply_dispute(seen: DisputeSeen, *, by: Actor, connection: Connection | None = None) -> Dispute:
    """Let a dispute be as its provider tells it. Older news never overwrites newer."""
    with gathered():
        dispute, is_new = _locked(seen)
        dispute.connection = dispute.connection or connection
        if not is_new and dispute.told == seen.digest():
            dispute.told_at = max(dispute.told_at, seen.told_at)
            dispute.save(update_fields=["told_at", "connection"])
            return dispute
        if not is_new and not _is_newer(seen, dispute):
            _fill_in(dispute, seen)
            return dispute
        was = {name: getattr(dispute, name) for name in NAMED}
        was_open = dispute.is_open
        _say(dispute, seen)
        dispute.save()
        match_order(dispute, by=by)
        follow(dispute, by=by)
        if is_new:
            telling.opened(dispute, by)
        else:
            telling.changed(dispute, was, by)
        _tell_of_the_end(dispute, by, was_open=was_open or is_new)
    return dispute


def _tell_of_the_end(dispute: Dispute, by: Actor, *, was_open: bool) -> None:
    if was_open and not dispute.is_open:
        telling.ended(dispute, by)
    elif dispute.is_open and not was_open:
        telling.reopened(dispute, by)


def _locked(seen: DisputeSeen) -> tuple[Dispute, bool]:
    named = {"provider": seen.provider, "external_id": seen.external_id}
    found = Dispute.objects.select_for_update().filter(**named).first()
    if found is not None:
        return found, False
    made = Dispute(**named)
    _say(made, seen)
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:  # somebody else heard of it in the same moment
        return Dispute.objects.select_for_update().get(**named), False
    return made, True


def _is_newer(seen: DisputeSeen, dispute: Dispute) -> bool:
    then = (dispute.told_at, dispute.told_rank, dispute.told)
    return (seen.told_at, seen.rank, seen.digest()) > then


def _say(dispute: Dispute, seen: DisputeSeen) -> None:
    for name in TOLD:
        setattr(dispute, name, getattr(seen, name))
    for name in KEPT:
        setattr(dispute, name, getattr(seen, name) or getattr(dispute, name))
    if dispute.state == State.LOST and _gave_in(dispute):
        dispute.state = State.ACCEPTED
    dispute.told_at, dispute.told_rank, dispute.told = seen.told_at, seen.rank, seen.digest()
    is_open = dispute.state in OPEN
    dispute.ended_at = None if is_open else dispute.ended_at or seen.told_at
    if dispute.state == State.NEEDS_ANSWER:
        dispute.answered_at = None
    elif dispute.state == State.ANSWERED:
        dispute.answered_at = dispute.answered_at or seen.told_at


def _gave_in(dispute: Dispute) -> bool:
    return dispute.accepted_by_id is not None


def _fill_in(dispute: Dispute, seen: DisputeSeen) -> None:
    """Older news may still name what newer ones leave out, and say when it really began."""
    missing = [one for one in KEPT if getattr(seen, one) and not getattr(dispute, one)]
    for name in missing:
        setattr(dispute, name, getattr(seen, name))
    if missing:
        dispute.save(update_fields=missing)


def match_order(dispute: Dispute, *, by: Actor) -> None:
    """Find the order that it is of, where that is certain. The caller holds the dispute."""
    if dispute.order_id is not None:
        return
    order = order_of(dispute.charge, dispute.intent, dispute.order_number)
    if order is not None:
        _set_order(dispute, order, by)


def _set_order(dispute: Dispute, order: Order, by: Actor) -> None:
    dispute.order = order
    dispute.save(update_fields=["order"])
    telling.matched(dispute, by)


@transaction.atomic
def choose_order(dispute: Dispute, order: Order, *, by: Agent) -> Dispute:
    """Somebody says of which order it is. Said once, it stays: its conversation hangs on it."""
    refuse_unless(by, "disputes.answer")
    dispute = Dispute.objects.select_for_update().get(pk=dispute.pk)
    if dispute.order_id == order.pk:
        return dispute
    if dispute.conversation_id is not None:
        raise Refused(_("It has its conversation already: the order stays as it is."))
    with gathered():
        _set_order(dispute, order, by)
        follow(dispute, by=by)
    return dispute


def match_again(limit: int = 50) -> int:
    """Disputes whose order was not known: it may have come since. How many found theirs."""
    found = 0
    waiting = Dispute.objects.filter(order=None, ended_at=None).exclude(charge="", order_number="")
    for pk in list(waiting.order_by("pk").values_list("pk", flat=True)[:limit]):
        with transaction.atomic(), gathered():
            dispute = Dispute.objects.select_for_update().get(pk=pk)
            match_order(dispute, by=telling.HOUSE)
            if dispute.order_id is not None:
                follow(dispute, by=telling.HOUSE)
                found += 1
    return found


@transaction.atomic
def apply_refund(told: RefundTold, *, by: Actor) -> ProviderRefund:
    """Money went back, as the provider tells it."""
    named = {"provider": told.provider, "external_id": told.external_id}
    row = ProviderRefund.objects.select_for_update().filter(**named).first()
    is_new = row is None
    row = row or ProviderRefund(**named, told_at=told.told_at)
    if not is_new and (told.told_at, told.rank) <= (row.told_at, row.told_rank):
        return row
    before = row.state
    row.charge, row.intent = told.charge or row.charge, told.intent or row.intent
    row.amount_minor, row.currency, row.state = told.amount_minor, told.currency, told.state
    row.reference, row.at = told.reference or row.reference, told.at
    row.told_at, row.told_rank = told.told_at, told.rank
    row.order = row.order or order_of(row.charge, row.intent, "")
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        return apply_refund(told, by=by)  # somebody else wrote it first: now it is there
    if is_new or before != row.state:
        telling.refund(row, timezone.now(), by)
    return row
