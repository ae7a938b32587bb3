"""Who was told of an order, and has said nothing since."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from makegood.ahead.models import Telling
from makegood.conversations.models import Conversation, Message
from makegood.shop.models import Order


def silent_tellings(orders: Sequence[Order]) -> Mapping[int, Sequence[Telling]]:
    """Letters that stand and whose customers wrote nothing after them, by order, oldest first.

    Whatever they wrote counts, in any conversation: somebody is at work on it then. Three questions
    at most, and messages are looked at by their conversations alone.
    """
    rows = Telling.objects.standing().filter(order__in=orders).order_by("at", "pk")
    told = list(rows)
    if not told:
        return {}
    talks = Conversation.objects.filter(
        customer__in={one.customer for one in told}, last_at__gt=told[0].at
    )
    whose = dict(talks.values_list("pk", "customer"))
    here = {*whose, *(one.conversation_id for one in told)}
    said = Message.objects.filter(
        conversation__in=here, direction=Message.Direction.INCOMING, at__gt=told[0].at
    )
    heard = [
        (whose.get(conversation), conversation, at)
        for conversation, at in said.values_list("conversation", "at")
    ]
    found: dict[int, list[Telling]] = defaultdict(list)
    for one in told:
        is_answered = any(
            at > one.at and (customer == one.customer or conversation == one.conversation_id)
            for customer, conversation, at in heard
        )
        if not is_answered:
            found[one.order_id].append(one)
    return found
