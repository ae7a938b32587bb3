"""Files of orders, as tests bring them."""

from datetime import UTC, datetime, timedelta

from makegood.conversations.models import Conversation
from makegood.disputes.models import Dispute
from makegood.errands.actions import ask
from makegood.errands.models import Errand
from makegood.ledger.actors import System
from makegood.shop.actions import apply_order
from makegood.shop.connectors.interface import Ability, Wanted
from makegood.shop.models import Connection, ImportRun, Order, Product, Shop, Signal
from makegood.shop.runs import FileWish, read_orders
from makegood.shop.seen import Buyer, LineSeen, OrderSeen
from makegood.shop.seen_goods import ProductSeen, VariantSeen
from makegood.shop.stocking import put_products
from makegood.team.models import Agent

HEADER = "Order number,Ordered at,SKU,Article,Quantity,Price,E-mail"
DAY = datetime(2026, 3, 1, 12, tzinfo=UTC)
SIGNING = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
LAMP = f"{HEADER}\n#1001,2026-03-01 10:00,L-1,Lamp,2,12.50,ann@example.com\n"


def a_file_of_orders(agent: Agent, content: str = LAMP, *, shop: str = "Lamps") -> ImportRun:
    """A file that was read: its columns are guessed, and nothing is brought in."""
    wish = FileWish(name="orders.csv", shop=shop, currency="EUR", time_zone="Europe/Berlin")
    return read_orders(wish, content.encode(), by=agent)


def a_shop() -> Shop:
    wanted = {"currency": "EUR", "time_zone": "Europe/Berlin", "made_at": DAY}
    return Shop.objects.get_or_create(name="Lamps", defaults=wanted)[0]


def a_way_to_a_shop(kind: str = "generic", base_url: str = "", **secrets: str) -> Connection:
    """A connection of the lamp shop, whose signals are signed with `SIGNING`."""
    made = Connection(
        kind=kind, name="Lamps", shop=a_shop(), brings_orders=True, base_url=base_url, made_at=DAY
    )
    made.keep_secrets({"signing": SIGNING, **secrets})
    made.save()
    return made


def a_signal(way: Connection) -> Signal:
    """One that could not be read."""
    return Signal.objects.create(
        connection=way, event_id="e", topic="order", raw=b"{", came_at=DAY, next_at=DAY,
        state="trouble", trouble="It is no JSON.",
    )  # fmt: skip


def an_errand(agent: Agent) -> Errand:
    """A refund of an order of a shop that cannot be asked: it waits for a person."""
    order = an_order("#1009")
    Order.objects.filter(pk=order.pk).update(paid=Order.Paid.PAID)
    order.refresh_from_db()
    wanted = Wanted(
        what=Ability.REFUND, order_id="#1009", amount_minor=500, currency=order.currency
    )
    return ask(order, wanted, key="an-errand", by=agent)


def an_order(number: str = "#1001", email: str = "ann@example.com") -> Order:
    """Two lamps, ordered and not sent yet."""
    day, shop = DAY, a_shop()
    lamp = LineSeen(external_id="1", sku="L-1", title="Lamp", quantity=2, unit_minor=1250)
    seen = OrderSeen(
        external_id=number, number=number, placed_at=day, told_at=day, currency="EUR",
        total_minor=2500, buyer=Buyer(email=email, name="Ann"), lines=(lamp,),
    )  # fmt: skip
    return apply_order(shop, seen, by=System("shop"))


def a_product(stock: int = 0) -> Product:
    """The lamp of the order above, white and red; so many are left of the white one."""
    kinds = [("v1", "White", "L-1", stock, True), ("v2", "Red", "L-2", None, False)]
    variants = tuple(
        VariantSeen(external_id=each, title=title, sku=sku, price_minor=1250, currency="EUR",
                    is_counted=counted, stock=left)
        for each, title, sku, left, counted in kinds
    )  # fmt: skip
    seen = ProductSeen(
        external_id="p1", told_at=DAY, title="Paper lamp", variants=variants,
        url="https://lamps.example.com/paper-lamp",
    )  # fmt: skip
    put_products(a_shop(), [seen], System("shop"))
    return Product.objects.get(external_id="p1")


def a_dispute(conversation: Conversation) -> Dispute:
    """Twenty-five euros asked back by the bank, in a conversation that is there."""
    day = datetime(2026, 3, 1, 12, tzinfo=UTC)
    return Dispute.objects.create(
        provider="stripe", external_id="du_1", amount_minor=2500, currency="EUR",
        reason="not_received", reason_word="product_not_received", stage="claim",
        state="needs_answer", status_word="needs_response", opened_at=day, told_at=day,
        due_at=day + timedelta(days=9), told="", conversation=conversation,
    )  # fmt: skip
