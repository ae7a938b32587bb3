"""A letter that waits for the morning is taken back where its cause went away in the night."""

from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext as _

from makegood.ahead.events import SlipTakenBack
from makegood.ahead.models import Prepared, Slip, Telling
from makegood.channels.actions import cancel_delivery
from makegood.channels.models import Delivery
from makegood.conversations.models import Message
from makegood.ledger.actions import record
from makegood.ledger.actors import Actor
from makegood.makegoods.actions import take_back
from makegood.makegoods.models import Makegood
from makegood.promises.actions import withdraw_promise
from makegood.promises.models import Promise
from makegood.shop.models import Order

State = Slip.State


def take_back_what_ended(
    order: Order, told: Collection[str], holds: Collection[str], now: datetime, *, by: Actor
) -> None:
    """Take back what was told of an order by causes that hold no more, where it has not left.

    The caller holds the order's slips.
    """
    gone = set(told) - set(holds)
    if not gone:
        return
    rows = Telling.objects.standing().filter(order=order, cause__in=gone)
    for telling in rows.select_related("message", "conversation").order_by("pk"):
        _take_back(telling, order, now, by)


def _answers_somebody(message: Message) -> bool:
    """Whether the customer had written before it, and would wait on without it."""
    said = Message.objects.filter(conversation=message.conversation_id, pk__lt=message.pk)
    last = said.order_by("-pk").first()
    return last is not None and last.direction == Message.Direction.INCOMING


def _take_coupon_back(telling: Telling, by: Actor) -> None:
    """What the letter would have told of: nobody knows of it."""
    gave = Prepared.objects.filter(
        slip__order=telling.order_id, slip__cause=telling.cause, state=Prepared.State.TOLD,
        makegood__state=Makegood.State.GIVEN, ended_at__gte=telling.at,
    )  # fmt: skip
    for one in gave.select_related("makegood"):
        take_back(one.makegood, words=_("What was wrong went away by itself."), is_void=True, by=by)


def _take_back(telling: Telling, order: Order, now: datetime, by: Actor) -> None:
    if _answers_somebody(telling.message):
        return
    deliveries = Delivery.objects.select_for_update(of=("self",))
    delivery = deliveries.filter(about=telling.message.ref).order_by("-pk").first()
    if delivery is None or not cancel_delivery(delivery, by=by):
        return
    telling.taken_back_at = now
    telling.save(update_fields=["taken_back_at"])
    _take_coupon_back(telling, by)
    running = Promise.objects.filter(pk=telling.promise or 0, settled_at=None).first()
    if running is not None:
        withdraw_promise(running, reason=_("What was wrong went away by itself."), by=by)
    ended = Slip.objects.filter(order=order, cause=telling.cause, state=State.TOLD)
    ended.update(state=State.CLOSED, ended_at=now)
    fact = SlipTakenBack(number=order.number, cause=telling.cause, message=telling.message_id)
    record(fact, about=[telling, order, telling.conversation], by=by)
