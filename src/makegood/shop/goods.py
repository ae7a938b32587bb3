"""What was ordered, beside what the shop has of it: which product a line is of, what is left."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Q, Sum
from django.http import Http404

from makegood.shop.folding import folded_code
from makegood.shop.models import Cart, Coupon, Line, Order, Product, Variant
from makegood.team.models import Agent

MOST_CARTS = 2
UNSENT = (Order.Handed.NOTHING, Order.Handed.LABEL)
"""How far a parcel is that nobody has yet."""


def variants_of(order: Order) -> Mapping[str, Variant]:
    """By the number of a line: what was bought, where the shop told of it. One question."""
    lines = list(order.lines.all())
    numbers = [line.variant for line in lines if line.variant]
    skus = [line.sku for line in lines if line.sku]
    if not numbers and not skus:
        return {}
    rows = Variant.objects.select_related("product").filter(shop=order.shop_id)
    found = list(rows.filter(Q(external_id__in=numbers) | Q(sku__in=skus)))
    by_number = {one.external_id: one for one in found}
    matched = {line.external_id: by_number.get(line.variant) or _by_sku(found, line.sku)
               for line in lines}  # fmt: skip
    return {line: one for line, one in matched.items() if one is not None}


def _by_sku(found: Sequence[Variant], sku: str) -> Variant | None:
    """The one that is sold under an article number; none where more than one is."""
    same = [one for one in found if sku and one.sku == sku]
    sold = [one for one in same if not one.is_gone] or same
    return sold[0] if len(sold) == 1 else None


def product_of(order: Order, line: str) -> str:
    """What a line is of, as late orders and make-goods are counted by product.

    The article number where there is one, else the shop's own number; empty where neither is
    known. `line` is the line's number; empty stands for the only line of an order of one line.
    """
    lines = list(order.lines.all())
    asked = [one for one in lines if one.external_id == line] if line else lines
    if len(asked) != 1:
        return ""
    if asked[0].sku:
        return asked[0].sku
    variant = variants_of(order).get(asked[0].external_id)
    return (variant.sku or variant.product.external_id) if variant is not None else ""


@dataclass(frozen=True, kw_only=True)
class Short:
    """An order that is to be sent, and of what it needs none is left."""

    order: Order
    line: Line
    variant: Variant

    @property
    def is_oversold(self) -> bool:
        """Whether more was sold than there was; at nothing the last one may be put by for it."""
        return self.variant.stock is not None and self.variant.stock < 0


def short_orders(after: int = 0, most: int = 100) -> Sequence[Short]:
    """Orders that are to be sent, of whose lines something has run out; by their key.

    At most `most` orders with a key above `after`: ask again behind the last one's.
    """
    variant = Variant.objects.filter(is_counted=True, stock__lte=0)
    of_line = Q(external_id=OuterRef("variant")) & ~Q(external_id="")
    of_line |= Q(sku=OuterRef("sku")) & ~Q(sku="")
    lacking = Line.objects.filter(
        Exists(variant.filter(of_line, shop=OuterRef("order__shop"))), order=OuterRef("pk")
    )
    rows = Order.objects.filter(
        Exists(lacking), standing=Order.Standing.OPEN, handed__in=UNSENT, pk__gt=after
    )
    found = list(rows.select_related("shop").prefetch_related("lines").order_by("pk")[:most])
    return [short for order in found for short in _short(order)]


def goes_without(short: Short) -> bool:
    """Whether it is this order that lacks it: the newest ones do, as many as were oversold."""
    if not short.is_oversold:
        return False
    of_it = Q(variant=short.variant.external_id)
    if short.variant.sku:
        of_it |= Q(variant="", sku=short.variant.sku)
    newer = Line.objects.filter(
        of_it, order__shop=short.order.shop_id, order__standing=Order.Standing.OPEN,
        order__handed__in=UNSENT, order__placed_at__gt=short.order.placed_at,
    )  # fmt: skip
    owed = newer.aggregate(n=Sum(F("quantity") - F("refunded")))["n"] or 0
    return bool(owed < -(short.variant.stock or 0))


def shorts_of(order: Order) -> Sequence[Short]:
    """What has run out of one order's lines. One question."""
    return _short(order)


def _short(order: Order) -> Sequence[Short]:
    there = variants_of(order)
    return [
        Short(order=order, line=line, variant=there[line.external_id])
        for line in order.lines.all()
        if line.external_id in there
        and there[line.external_id].is_out
        and line.quantity > line.refunded
    ]


def coupons_of(order: Order) -> Mapping[str, Coupon]:
    """By the code that was used: what the shop says of it now."""
    if not order.codes:
        return {}
    folded = {folded_code(code): code for code in order.codes}
    rows = Coupon.objects.filter(shop=order.shop_id, folded__in=folded)
    return {folded[row.folded]: row for row in rows.order_by("pk")}


def carts_left_by(addresses: Sequence[str]) -> Sequence[Cart]:
    """What these addresses put together and left behind, the newest first."""
    theirs = [address.casefold() for address in addresses if address]
    if not theirs:
        return []
    rows = Cart.objects.filter(email__in=theirs, is_over=False, became="")
    return list(rows.select_related("shop").order_by("-changed_at")[:MOST_CARTS])


def variant_for(agent: Agent, pk: int) -> Variant:
    """A variant with its product, for every agent, or 404."""
    rows = Variant.objects.select_related("product", "shop")
    found = rows.filter(pk=pk).first()
    if found is None or not agent.is_active:
        raise Http404
    return found


def product_for(agent: Agent, pk: int) -> Product:
    """A product with its variants, for every agent, or 404."""
    rows = Product.objects.select_related("shop").prefetch_related("variants")
    found = rows.filter(pk=pk).first()
    if found is None or not agent.is_active:
        raise Http404
    return found
