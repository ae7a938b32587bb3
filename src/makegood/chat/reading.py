"""What a visitor's browser tells while they sit there: how far they read, where they are."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from makegood.channels.registry import LIVE
from makegood.chat.events import AnswerRead, WordsRead
from makegood.chat.models import Visitor
from makegood.chat.queries import conversation_of
from makegood.conversations.models import Conversation, Message
from makegood.customers.actions import CustomerActor
from makegood.kit.text import one_line
from makegood.ledger.actions import record
from makegood.ledger.wakeup import nudge
from makegood.team.models import Agent

CART_KEYS, CART_LENGTH = 30, 500
TOLD = ("page_url", "page_title", "cart", "typing_at", "read")
SAME_FOR = timedelta(seconds=3)


@dataclass(frozen=True, kw_only=True)
class Seen:
    """One word of a browser. None: it says nothing of that."""

    read: int = 0
    is_typing: bool | None = None
    page_url: str | None = None
    page_title: str | None = None
    cart: Mapping[str, Any] | None = None


@transaction.atomic
def see(visitor: Visitor, seen: Seen) -> None:
    """Take down where somebody is and what they have read; an answer read is a fact."""
    row = Visitor.objects.select_for_update(of=("self",)).get(pk=visitor.pk)
    now = timezone.now()
    before, seen_lately = _told(row), now - row.seen_at < SAME_FOR
    row.seen_at = now
    if seen.page_url is not None:
        row.page_url, row.page_title = seen.page_url[:2000], one_line(seen.page_title or "", 250)
    if seen.cart is not None:
        row.cart = tidy_cart(seen.cart)
    if seen.is_typing is not None:
        row.typing_at = now if seen.is_typing else None
    if seen.read > row.read:
        _read(visitor, row, seen.read)
    if seen_lately and _told(row) == before:
        return  # said once more, and nothing is new: no page and no disk need hear of it
    row.save(update_fields=["seen_at", *TOLD])
    nudge()


def _told(row: Visitor) -> list[Any]:
    return [getattr(row, name) for name in TOLD if name != "typing_at"] + [bool(row.typing_at)]


def _read(visitor: Visitor, row: Visitor, upto: int) -> None:
    place = conversation_of(visitor)
    if place is None:
        return
    ours = Message.objects.filter(
        conversation=place,
        direction=Message.Direction.OUTGOING,
        to=[visitor.handle.address],
        pk__gt=row.read,
        pk__lte=upto,
    )
    newest = ours.order_by("-pk").first()
    if newest is not None:
        row.read = newest.pk
        about = [newest, place, place.inbox]
        record(AnswerRead(message=newest.pk), about=about, by=CustomerActor(visitor.handle))


@transaction.atomic
def read_theirs(conversation: Conversation, upto: int, *, by: Agent) -> None:
    """One of us had a chat in view up to this message, or answered it: a fact, and only once."""
    theirs = conversation.messages.filter(
        direction=Message.Direction.INCOMING, handle__kind__in=LIVE, automatic="", pk__lte=upto
    )
    newest = theirs.order_by("-pk").first()
    if newest is None:
        return
    behind = Visitor.objects.filter(handle=newest.handle_id, read_by_us__lt=newest.pk)
    if behind.update(read_by_us=newest.pk):
        about = [newest, conversation, conversation.inbox]
        record(WordsRead(message=newest.pk), about=about, by=by)


def tidy_cart(cart: Mapping[str, Any]) -> dict[str, str]:
    """What a page says of its cart, as short lines of text: it is shown, never believed."""
    plain: list[tuple[str, str | int | float]] = []
    for key, value in cart.items():
        if isinstance(value, str | int | float):
            plain.append((key, value))
        elif isinstance(value, list):
            plain += [_cart_line(one) for one in value[:CART_KEYS] if isinstance(one, Mapping)]
    kept = [one for one in plain if str(one[0]).strip()][:CART_KEYS]
    return {one_line(str(key), 40): one_line(str(value), CART_LENGTH) for key, value in kept}


def _cart_line(line: Mapping[str, Any]) -> tuple[str, str]:
    """One article of a cart, as shops' pages have them: what it is, how many, and what it costs."""

    def said(*names: str) -> str:
        found = (line.get(name) for name in names)
        return next((str(one) for one in found if isinstance(one, str | int | float)), "")

    many, price = said("quantity", "qty", "count"), said("price", "total", "amount")
    words = [f"{many} ×" if many else "", price]
    return said("name", "title", "sku", "id"), " ".join(filter(None, words))
