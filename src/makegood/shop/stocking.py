"""Products and how many there are of them, as shops tell: in any order, any number of times.

What a product is and how many there are have a clock each, since a shop counts without telling of
the product anew. The same twice changes nothing, and older news never overwrite newer.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import TypeVar

from django.db import transaction
from django.utils import timezone

from makegood.ledger.actions import record
from makegood.ledger.actors import Actor
from makegood.shop.events import StockCameBack, StockRanOut
from makegood.shop.models import Product, Shop, Variant
from makegood.shop.seen_goods import ProductSeen, StockSeen

AT_ONCE = 500
T = TypeVar("T")
WORDS = ("title", "url", "is_gone")
OF_A_VARIANT = ("title", "sku", "price_minor", "currency")
KEPT = (*OF_A_VARIANT, "product", "position", "stock_key", "is_gone")


@dataclass
class Shelf:
    """What is there already of what a shop tells of, and what of it has to be written."""

    products: dict[str, Product]
    variants: dict[str, Variant]
    new: dict[str, Variant] = field(default_factory=dict)
    changed: dict[int, Variant] = field(default_factory=dict)
    counted: dict[int, Variant] = field(default_factory=dict)
    otherwise: dict[str, bool] = field(default_factory=dict)
    """Products that were otherwise here, but for their counts: whether each is new."""


@transaction.atomic
def put_products(shop: Shop, seen: Sequence[ProductSeen], by: Actor) -> Mapping[str, bool]:
    """Let products be as they are told; record of which the last one went, or came back.

    Returns those that were otherwise here but for their counts, by the shop's number, and whether
    each was missing.
    """
    Shop.objects.select_for_update().get(pk=shop.pk)  # one at a time writes what a shop has
    told = _newest(seen)
    shelf, now = _shelf(shop, told), timezone.now()
    for one in told:
        _put(shop, shelf, one, now)
    _write(shelf)
    heard = [shelf.products[one.external_id].pk for one in told]
    Product.objects.filter(pk__in=heard).update(heard_at=now)
    for one in told:
        for each in one.variants:
            variant = shelf.variants.get(each.external_id)
            if variant is not None and each.external_id not in shelf.new:
                count = Count(each.is_counted, each.stock, one.stock_at or one.told_at)
                _count(shelf, variant, count, by)
    _write_counts(shelf)
    return shelf.otherwise


@transaction.atomic
def put_stock(shop: Shop, seen: StockSeen, by: Actor) -> None:
    """So many there are of what a shop counts under one number, whichever variants that are."""
    Shop.objects.select_for_update().get(pk=shop.pk)
    rows = shop.variants.filter(stock_key=seen.external_id).select_related("product")
    shelf = Shelf({}, {})
    for variant in rows:
        _count(shelf, variant, Count(True, seen.stock, seen.told_at), by)
    _write_counts(shelf)


def _newest(seen: Sequence[ProductSeen]) -> Sequence[ProductSeen]:
    """Each once, as it was told last."""
    found: dict[str, ProductSeen] = {}
    for one in seen:
        there = found.get(one.external_id)
        if there is None or (there.told_at, there.digest()) < (one.told_at, one.digest()):
            found[one.external_id] = one
    return list(found.values())


def _shelf(shop: Shop, seen: Sequence[ProductSeen]) -> Shelf:
    products: dict[str, Product] = {}
    for numbers in _some([one.external_id for one in seen]):
        rows = shop.products.filter(external_id__in=numbers)
        products |= {row.external_id: row for row in rows}
    variants: dict[str, Variant] = {}
    there = shop.variants.select_related("product")
    for numbers in _some([each.external_id for one in seen for each in one.variants]):
        variants |= {row.external_id: row for row in there.filter(external_id__in=numbers)}
    for keys in _some([row.pk for row in products.values()]):
        variants |= {row.external_id: row for row in there.filter(product__in=keys)}
    return Shelf(products, variants)


def _some(numbers: Sequence[T]) -> Iterator[list[T]]:
    rest = iter(numbers)
    while some := list(islice(rest, AT_ONCE)):
        yield some


def _put(shop: Shop, shelf: Shelf, seen: ProductSeen, now: datetime) -> None:
    told, row = seen.digest(), shelf.products.get(seen.external_id)
    is_new, written = row is None, len(shelf.new) + len(shelf.changed)
    was = [getattr(row, word, None) for word in WORDS]
    if row is None:
        row = Product(shop=shop, external_id=seen.external_id)
        shelf.products[seen.external_id] = row
    elif row.told == told:
        if seen.told_at > row.told_at:
            row.told_at = seen.told_at  # said again later: what is older stays older
            row.save(update_fields=["told_at"])
        return
    elif (seen.told_at, told) <= (row.told_at, row.told):
        return
    for word in WORDS:
        setattr(row, word, getattr(seen, word))
    row.url = safe_link(seen.url)
    row.told_at, row.told, row.heard_at = seen.told_at, told, now
    row.save()
    _put_variants(shop, shelf, row, seen)
    is_written = len(shelf.new) + len(shelf.changed) > written
    if is_new or is_written or was != [getattr(row, word) for word in WORDS]:
        shelf.otherwise[seen.external_id] = is_new


def safe_link(url: str) -> str:
    """A page of a shop may be linked to; anything else that calls itself an address may not."""
    return url if url.startswith(("https://", "http://")) else ""


def _put_variants(shop: Shop, shelf: Shelf, product: Product, seen: ProductSeen) -> None:
    named = {one.external_id for one in seen.variants}
    for row in shelf.variants.values():
        if row.product_id == product.pk and row.external_id not in named and not row.is_gone:
            row.is_gone = True
            shelf.changed[row.pk] = row
    at = seen.stock_at or seen.told_at
    for position, one in enumerate(seen.variants):
        said = {word: getattr(one, word) for word in OF_A_VARIANT}
        said |= {"product": product, "position": position, "is_gone": False,
                 "stock_key": one.stock_key or one.external_id}  # fmt: skip
        there = shelf.variants.get(one.external_id)
        if there is None:
            there = Variant(shop=shop, external_id=one.external_id, stock_at=at, **said,
                            is_counted=one.is_counted, stock=one.stock)  # fmt: skip
            shelf.variants[one.external_id] = there
            shelf.new[one.external_id] = there
        elif any(getattr(there, word) != value for word, value in said.items()):
            for word, value in said.items():
                setattr(there, word, value)
            shelf.changed[there.pk] = there


def _write(shelf: Shelf) -> None:
    Variant.objects.bulk_create(shelf.new.values(), batch_size=AT_ONCE)
    Variant.objects.bulk_update(shelf.changed.values(), KEPT, batch_size=AT_ONCE)


@dataclass(frozen=True)
class Count:
    """How many there are, as of a moment."""

    is_counted: bool
    stock: int | None
    at: datetime


def _count(shelf: Shelf, variant: Variant, count: Count, by: Actor) -> None:
    was = (variant.stock_at, variant.is_counted, _or_less(variant.stock))
    if (count.at, count.is_counted, _or_less(count.stock)) <= was:
        return
    was_out = variant.is_out
    variant.is_counted, variant.stock = count.is_counted, count.stock
    variant.stock_at = count.at
    shelf.counted[variant.pk] = variant
    if variant.is_out != was_out:
        kind = StockRanOut if variant.is_out else StockCameBack
        fact = kind(product=str(variant), sku=variant.sku)
        record(fact, about=[variant, variant.product], by=by, at=count.at)


def _or_less(stock: int | None) -> float:
    return float("-inf") if stock is None else stock


def _write_counts(shelf: Shelf) -> None:
    rows = shelf.counted.values()
    Variant.objects.bulk_update(rows, ["is_counted", "stock", "stock_at"], batch_size=AT_ONCE)
