"""The sample shop's business: what it sold, what it made good, and what is disputed."""

from datetime import UTC, datetime

from django.db import transaction

from makegood.sample.amends import CODE, is_disputed, make_amends
from makegood.sample.orders import HOUSE, order_seen, read_book, sell_what_was_sold
from makegood.shop.applying import apply
from makegood.team.models import Agent

LAST = {
    "number": "LL-1018", "days": 0, "who": "lucia", "lines": {"shade": 1, "bulb": 2},
    "went": "unsent", "codes": [CODE],
}  # fmt: skip


@transaction.atomic
def begin_to_trade(owner: Agent) -> None:
    """Six weeks of orders; the last uses the coupon that one of the others was made good with."""
    store = sell_what_was_sold(owner)
    make_amends(store, owner)
    apply(store, order_seen(read_book(datetime.now(UTC)), LAST), by=HOUSE)
    is_disputed(store)
