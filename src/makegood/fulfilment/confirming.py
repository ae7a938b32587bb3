"""Customers are told that their order or their money is here: once, whoever tells them first."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.automatic.actions import Occasion, write_by_machine
from makegood.automatic.models import AutomaticMail
from makegood.automatic.refusing import why_not_to
from makegood.channels.actions import post
from makegood.channels.models import Inbox
from makegood.channels.queries import first_mailbox
from makegood.fulfilment.events import OrderConfirmed
from makegood.fulfilment.letters import letter_of
from makegood.fulfilment.models import Confirmation
from makegood.fulfilment.reckoning import reckon_orders
from makegood.kit.errors import Refused
from makegood.ledger.actions import record
from makegood.ledger.actors import Actor
from makegood.promises.models import Promise
from makegood.shop.models import Order, Shop

How = Confirmation.How
RULE = "order-confirmation"


@transaction.atomic
def confirm_order(order: Order, kind: str, *, by: Actor) -> Confirmation:
    """Send what the shop did not send in time. Sent once, it stays at that."""
    order = _lock(order)
    known = _known(order, kind)
    if known is not None and known.how != How.REFUSED:
        return known
    _refuse_idle(order, kind)
    if reason := why_not(order):
        raise Refused(reason)
    inbox = _mailbox()
    found = _keep(order, kind, How.SENT, by)
    post(letter_of(order, kind, inbox), inbox=inbox, about=order.ref)
    return found


@transaction.atomic
def told_by_shop(order: Order, kind: str, *, by: Actor) -> Confirmation:
    """The shop told its customer itself, as somebody knows who looked."""
    order = _lock(order)
    known = _known(order, kind)
    if known is not None and known.how != How.REFUSED:
        return known
    _refuse_idle(order, kind)
    return _keep(order, kind, How.SHOP, by)


@transaction.atomic
def confirm_by_machine(order: Order, kind: str, *, by: Actor) -> Confirmation:
    """The same by itself, within the budgets of machines; where it may not, that stays to see."""
    order = _lock(order)
    known = _known(order, kind)
    if known is not None:
        return known
    inbox, reason = first_mailbox(), why_not(order)
    if inbox is None or reason:
        return _keep(order, kind, How.REFUSED, by, reason or _("No inbox can send mail yet."))
    occasion = Occasion(rule=RULE, about=order.ref, occurrence=kind)
    mail = write_by_machine(letter_of(order, kind, inbox), inbox=inbox, occasion=occasion)
    if mail.state != AutomaticMail.State.QUEUED:
        return _keep(order, kind, How.REFUSED, by, mail.reason)
    return _keep(order, kind, How.SENT, by)


def why_not(order: Order) -> str:
    """Why its customer cannot be written to; empty where they can."""
    if not order.email:
        return _("The shop told no e-mail address of this order.")
    if order.standing == Order.Standing.CANCELLED:
        return _("This order was cancelled.")
    return why_not_to(order.email)


def _lock(order: Order) -> Order:
    """As whoever writes orders: the shop first, so that one at a time reckons."""
    Shop.objects.select_for_update().get(pk=order.shop_id)
    return Order.objects.select_related("shop").prefetch_related("lines").get(pk=order.pk)


def _known(order: Order, kind: str) -> Confirmation | None:
    return Confirmation.objects.filter(order=order, kind=kind).first()


def _refuse_idle(order: Order, kind: str) -> None:
    waiting = Promise.objects.filter(order=order, conversation=None, kind=kind, settled_at=None)
    if kind not in Confirmation.Kind.values or not waiting.exists():
        raise Refused(_("No such confirmation is waiting for this order."))


def _mailbox() -> Inbox:
    inbox = first_mailbox()
    if inbox is None:
        raise Refused(_("No inbox can send mail yet."))
    return inbox


def _keep(order: Order, kind: str, how: str, by: Actor, reason: str = "") -> Confirmation:
    said = {
        "how": how,
        "at": timezone.now(),
        "by": by.ref,
        "reason": reason[:250],
        "email": order.email,
    }
    found, _made = Confirmation.objects.update_or_create(order=order, kind=kind, defaults=said)
    if how != How.REFUSED:
        fact = OrderConfirmed(
            number=order.number, what=str(Confirmation.Kind(kind).label), how=str(How(how).label)
        )
        record(fact, about=[order, found], by=by)
        reckon_orders([order.pk])
    return found


def refusals_of(orders: Sequence[int]) -> dict[tuple[int, str], str]:
    """Why nothing was sent of what, by order and kind."""
    rows = Confirmation.objects.filter(order__in=orders, how=How.REFUSED)
    return {(row.order_id, row.kind): row.reason for row in rows}
