"""One order asked for anew, right after something was done to it."""

from makegood.kit.errors import Refused
from makegood.shop.applying import apply
from makegood.shop.connecting import asked, connection_of, link_of
from makegood.shop.connectors.interface import TryLater, Unsure
from makegood.shop.connectors.registry import connector
from makegood.shop.models import Order


def fetch_order(order: Order) -> bool:
    """Let an order be as its shop tells it now; False where that cannot be asked just then.

    Nothing is lost by a shop that does not answer: its signals and the nightly look bring it.
    """
    connection = connection_of(order.shop)
    if connection is None:
        return False
    speaks, link = connector(connection.kind), link_of(connection)
    try:
        seen = asked(connection, lambda: speaks.fetch(link, "order", order.external_id))
        return seen is not None and apply(order.shop, seen)
    except (Refused, TryLater, Unsure):
        return False
