"""Make-goods as tests make them."""

from datetime import datetime
from typing import Any

from makegood.conversations.models import Conversation
from makegood.kit.ids import new_token
from makegood.kit.money import Money
from makegood.makegoods.actions import Matter, Wish
from makegood.makegoods.queries import matter_in
from makegood.shop.models import Order


def euros(minor: int) -> Money:
    return Money(minor, "EUR")


def wish(
    minor: int = 2_50,
    *,
    failure: str = "late",
    remedy: str = "coupon",
    valid_until: datetime | None = None,
    **more: Any,
) -> Wish:
    more.setdefault("client_key", new_token())
    more.setdefault("why", "She waited twice.")
    return Wish(failure=failure, remedy=remedy, face=euros(minor), valid_until=valid_until, **more)


def matter(conversation: Conversation | None, order: Order | None = None) -> Matter:
    if conversation is None:
        return Matter(conversation=None, order=order)
    return matter_in(conversation, order)
