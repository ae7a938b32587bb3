"""What a real store has on its shelf is what stands here, as it tells it."""

from makegood.ledger.models import Event
from makegood.shop.models import Product, Variant
from tests.stores import goods as shopping
from tests.stores.conftest import Met


def left(met: Met, said: str, after: int) -> int | None:
    """How many there are here, once the store told of that."""
    variant = Variant.objects.filter(external_id=met.goods.lamp).first()
    product = variant.product.external_id if variant else "prod_"
    assert met.deliver(met.post.about(said, product, after=after)) == [200]
    return Variant.objects.get(external_id=met.goods.lamp).stock


def test_what_goes_and_comes_at_a_store_is_counted_here(met: Met) -> None:
    store, goods, seen = met.store, met.goods, len(met.post.letters)
    shopping.free(store, goods, 3)
    assert left(met, "inventory-level.updated", seen) == 3
    product, variant = Product.objects.get(), Variant.objects.get()
    assert (product.title, variant.title, variant.sku) == ("Lamp", "Red", "L-1")
    assert (variant.price_minor, variant.currency, variant.is_counted) == (1250, "EUR", True)
    seen = len(met.post.letters)
    order = shopping.an_order(store, goods, 2)
    assert left(met, "reservation-item.created", seen) == 1
    met.deliver(met.post.about("order.placed", order))
    seen = len(met.post.letters)
    shopping.free(store, goods, 0)
    assert left(met, "inventory-level.updated", seen) == 0
    seen = len(met.post.letters)
    shopping.free(store, goods, shopping.STOCK)
    assert left(met, "inventory-level.updated", seen) == shopping.STOCK
    facts = Event.objects.filter(kind__startswith="stock.").order_by("pk")
    assert [one.kind for one in facts] == ["stock.ran_out", "stock.came_back"]
