"""Files of orders, as tests bring them."""

from datetime import UTC, datetime

from makegood.ledger.actors import System
from makegood.shop.actions import apply_order
from makegood.shop.models import ImportRun, Order, Shop
from makegood.shop.runs import FileWish, read_orders
from makegood.shop.seen import Buyer, LineSeen, OrderSeen
from makegood.team.models import Agent

HEADER = "Order number,Ordered at,SKU,Article,Quantity,Price,E-mail"
LAMP = f"{HEADER}\n#1001,2026-03-01 10:00,L-1,Lamp,2,12.50,ann@example.com\n"


def a_file_of_orders(agent: Agent, content: str = LAMP, *, shop: str = "Lamps") -> ImportRun:
    """A file that was read: its columns are guessed, and nothing is brought in."""
    wish = FileWish(name="orders.csv", shop=shop, currency="EUR", time_zone="Europe/Berlin")
    return read_orders(wish, content.encode(), by=agent)


def an_order(number: str = "#1001", email: str = "ann@example.com") -> Order:
    """Two lamps, ordered and not sent yet."""
    day = datetime(2026, 3, 1, 12, tzinfo=UTC)
    shop, _made = Shop.objects.get_or_create(
        name="Lamps",
        defaults={"currency": "EUR", "time_zone": "Europe/Berlin", "made_at": day},
    )
    lamp = LineSeen(external_id="1", sku="L-1", title="Lamp", quantity=2, unit_minor=1250)
    seen = OrderSeen(
        external_id=number, number=number, placed_at=day, told_at=day, currency="EUR",
        total_minor=2500, buyer=Buyer(email=email, name="Ann"), lines=(lamp,),
    )  # fmt: skip
    return apply_order(shop, seen, by=System("shop"))
