from collections.abc import Iterator

import pytest

from makegood.shop.models import Order
from tests.lamp_shop import LampShop
from tests.ordered import a_way_to_a_shop, an_order


@pytest.fixture
def lamps(settings: object) -> Iterator[LampShop]:
    """A connected shop that answers."""
    shop = LampShop()
    settings.NEAR_HOSTS = (shop.host,)  # type: ignore[attr-defined]
    yield shop
    shop.close()


@pytest.fixture
def bought(lamps: LampShop, db: None) -> Order:
    """Two lamps for 25 euros, paid, of the shop that answers."""
    a_way_to_a_shop(base_url=lamps.url, token="t")
    order = an_order()
    Order.objects.filter(pk=order.pk).update(paid=Order.Paid.PAID)
    order.refresh_from_db()
    return order
