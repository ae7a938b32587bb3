from collections.abc import Iterator

import pytest

from tests.lamp_shop import LampShop
from tests.ordered import a_way_to_a_shop


@pytest.fixture
def lamps(settings: object, db: None) -> Iterator[LampShop]:
    """A connected shop that answers, and makes coupons."""
    shop = LampShop()
    settings.NEAR_HOSTS = (shop.host,)  # type: ignore[attr-defined]
    a_way_to_a_shop(base_url=shop.url, token="t")
    yield shop
    shop.close()
