"""Who was told of an order, and has said nothing since."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.db.models import Q

from makegood.ahead.models import Telling
from makegood.conversations.models import Message
from makegood.shop.models import Order


def silent_tellings(orders: Sequence[Order]) -> Mapping[int, Sequence[Telling]]:
    """Letters that stand and whose customers wrote nothing after them, by order, oldest first.

    Whatever they wrote counts, in any conversation: somebody is at work on it then. Two questions
    at most.
    """
    rows = Telling.objects.standing().filter(order__in=orders).order_by("at", "pk")
    told = list(rows)
    if not told:
        return {}
    ours = Q(conversation__customer__in={one.customer for one in told})
    ours |= Q(conversation__in={one.conversation_id for one in told})
    said = Message.objects.filter(ours, direction=Message.Direction.INCOMING, at__gt=told[0].at)
    heard = list(said.values_list("conversation__customer", "conversation", "at"))
    found: dict[int, list[Telling]] = defaultdict(list)
    for one in told:
        is_answered = any(
            at > one.at and (customer == one.customer or conversation == one.conversation_id)
            for customer, conversation, at in heard
        )
        if not is_answered:
            found[one.order_id].append(one)
    return found
