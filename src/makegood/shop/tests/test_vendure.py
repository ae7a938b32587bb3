"""What is Vendure's alone: amounts before tax, and orders that are taken apart to be changed."""

import json
from dataclasses import replace
from typing import Any

import pytest

from makegood.shop import connecting
from makegood.shop.connectors.interface import Ability, Declined, Wanted
from makegood.shop.tests.counterpart_vendure import vendure
from makegood.shop.tests.counterparts import Asked, Counter, counterpart
from makegood.shop.tests.test_connectors import KINDS, meet, wanted_of
from tests.ordered import a_way_to_a_shop

pytestmark = pytest.mark.django_db


def test_an_amount_that_vendure_would_take_off_before_tax_is_declined(settings: Any) -> None:
    def before_tax(shop: Counter, one: Asked) -> Any:
        status, said, more = vendure(shop, one)
        said = json.loads(json.dumps(said).replace('"pricesIncludeTax": true', '"x": 1'))
        return status, said, more

    with counterpart(before_tax) as shop:
        settings.NEAR_HOSTS = (f"127.0.0.1:{shop.port}",)
        way = a_way_to_a_shop("vendure", shop.url, token="lookup:key")
        wanted = Wanted(what=Ability.COUPON, code="SORRY-1", amount_minor=700, currency="EUR")
        with pytest.raises(Declined):
            connecting.do(way.shop, wanted, "k")  # type: ignore[arg-type]
        percent = replace(wanted, amount_minor=0, percent=10)
        assert connecting.do(way.shop, percent, "k").facts == {"code": "SORRY-1"}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("what", "told"), [("dearer", 100), ("breaks", 1), ("order", {"state": "Modifying"})]
)
def test_an_order_at_vendure_stands_as_it_stood_where_it_cannot_be_moved(
    settings: Any, what: str, told: Any
) -> None:
    (kind,) = (one for one in KINDS if one.kind == "vendure")
    for met in meet(kind, settings):
        wanted = wanted_of(met, Ability.ADDRESS)
        met.shop.things[what] = told
        with pytest.raises(Declined):
            connecting.do(met.way.shop, wanted, "k")  # type: ignore[arg-type]
        acts = [one.said for one in met.shop.asked if one.said["query"].startswith("mutation")]
        assert all(one["variables"].get("input", {}).get("dryRun", True) for one in acts)
        if what == "breaks":
            assert acts[-1]["variables"] == {"order": met.kind.order, "state": "Shipped"}
        abroad = replace(wanted, address={**wanted.address, "country": "FR"})
        with pytest.raises(Declined):
            connecting.do(met.way.shop, abroad, "k")  # type: ignore[arg-type]
