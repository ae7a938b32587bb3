from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from makegood.ledger.facts import Fact


@dataclass(frozen=True, kw_only=True)
class ShopConnected(Fact, kind="shop.connected"):
    """A shop whose orders are brought here has a name."""

    says = _("{by} added the shop {name}")
    plain = ("name", "currency")

    name: str
    currency: str


@dataclass(frozen=True, kw_only=True)
class OrderPlaced(Fact, kind="order.placed"):
    """Somebody ordered in the shop."""

    says = _("Order {number} was placed: {total}")
    plain = ("number", "total")

    number: str
    total: str


@dataclass(frozen=True, kw_only=True)
class OrderChanged(Fact, kind="order.changed"):
    """The shop tells something else of an order than before; of what, in our words."""

    says = _("Order {number} changed: {what}")
    plain = ("number", "what")

    number: str
    what: list[str]


@dataclass(frozen=True, kw_only=True)
class PaymentCame(Fact, kind="order.paid"):
    """Money came for an order."""

    says = _("{amount} came for order {number}")
    plain = ("number", "amount")

    number: str
    amount: str


@dataclass(frozen=True, kw_only=True)
class RefundSeen(Fact, kind="order.refunded"):
    """Money of an order went back."""

    says = _("{amount} of order {number} went back")
    plain = ("number", "amount")

    number: str
    amount: str


@dataclass(frozen=True, kw_only=True)
class ShipmentScanned(Fact, kind="order.scanned"):
    """A parcel of an order was scanned."""

    says = _("A parcel of order {number}: {scan}")
    plain = ("number", "scan")

    number: str
    scan: str


@dataclass(frozen=True, kw_only=True)
class StockRanOut(Fact, kind="stock.ran_out"):
    """The last one of something that is counted went; other counts are no facts."""

    says = _("None of {product} is left")
    plain = ("product", "sku")

    product: str
    sku: str


@dataclass(frozen=True, kw_only=True)
class StockCameBack(Fact, kind="stock.came_back"):
    """There are some again of what had run out."""

    says = _("{product} is there again")
    plain = ("product", "sku")

    product: str
    sku: str


@dataclass(frozen=True, kw_only=True)
class ImportBegun(Fact, kind="orders.begun"):
    """Somebody lets a file of orders be brought in."""

    says = _("{by} began to bring in the orders of {name}")
    plain = ("name",)

    name: str


@dataclass(frozen=True, kw_only=True)
class ImportStopped(Fact, kind="orders.stopped"):
    """Bringing in a file of orders was stopped; what came in stays."""

    says = _("{by} stopped bringing in the orders of {name}")
    plain = ("name",)

    name: str


@dataclass(frozen=True, kw_only=True)
class OrdersImported(Fact, kind="orders.imported"):
    """A file of orders is brought in, as far as it could be: one fact for all of them."""

    says = _("{name} is brought in: orders {made}, changed {altered}, credits {credited}")
    plain = ("name",)

    name: str
    made: int
    altered: int
    credited: int


@dataclass(frozen=True, kw_only=True)
class ImportTakenOut(Fact, kind="orders.taken_out"):
    """What a file of orders brought was taken out again, where nothing changed it since."""

    says = _("What {name} brought is taken out: orders {removed}, left {left}")
    plain = ("name",)

    name: str
    removed: int
    left: int


@dataclass(frozen=True, kw_only=True)
class ConnectionMade(Fact, kind="connection.made"):
    """A way to a shop, a tracker or a payment provider was opened."""

    says = _("{by} connected {name} ({channel})")
    plain = ("name", "channel")

    name: str
    channel: str


@dataclass(frozen=True, kw_only=True)
class ConnectionChanged(Fact, kind="connection.changed"):
    """A connection got another address, other keys or settings."""

    says = _("{by} changed the connection {name}")
    plain = ("name",)

    name: str


@dataclass(frozen=True, kw_only=True)
class ConnectionSwitched(Fact, kind="connection.switched"):
    """Somebody switched a connection on or off."""

    says = _("{by} switched the connection {name} on or off (now: {is_on})")
    plain = ("name",)

    name: str
    is_on: bool


@dataclass(frozen=True, kw_only=True)
class SecretRotated(Fact, kind="connection.rotated"):
    """The signals of a connection are signed with a new secret."""

    says = _("{by} made a new secret for the signals of {name}")
    plain = ("name",)

    name: str
