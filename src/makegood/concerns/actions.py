from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.concerns.events import OrderAttached, OrderDetached
from makegood.concerns.models import Concern
from makegood.conversations.models import Conversation
from makegood.conversations.standing import joined_into, lock_standing
from makegood.kit.errors import Refused
from makegood.ledger.actions import record
from makegood.ledger.actors import Actor
from makegood.shop.models import Order

MOST = 20


@transaction.atomic
def attach_order(conversation: Conversation, order: Order, *, by: Actor) -> None:
    """Say that a conversation is about an order. Said twice, it is so once."""
    conversation = lock_standing(conversation.pk)
    attached = Concern.objects.filter(conversation__in=_family(conversation))
    if attached.filter(order=order).exists():
        return
    if attached.count() >= MOST:
        raise Refused(_("At most %(n)s orders are attached to one conversation.") % {"n": MOST})
    Concern.objects.create(conversation=conversation, order=order, at=timezone.now())
    record(OrderAttached(number=order.number), about=[conversation, order], by=by)


@transaction.atomic
def detach_order(conversation: Conversation, order: Order, *, by: Actor) -> None:
    """A conversation is not about an order after all."""
    conversation = lock_standing(conversation.pk)
    attached = Concern.objects.filter(conversation__in=_family(conversation), order=order)
    if not attached.delete()[0]:
        return
    record(OrderDetached(number=order.number), about=[conversation, order], by=by)


def _family(conversation: Conversation) -> list[int]:
    return [conversation.pk, *joined_into(conversation.pk)]
