"""The schema that is told is the one that is read."""

import json
from copy import deepcopy
from typing import Any

import pytest

from makegood.kit.errors import Refused
from makegood.shop.connectors.generic import KINDS, schema_of_signals
from makegood.shop.connectors.shapes import read
from makegood.shop.seen import OrderSeen
from makegood.shop.tests.counterparts import sample

ORDER: dict[str, Any] = sample("generic_order")["data"]
TOLD: dict[str, Any] = json.loads(schema_of_signals())["oneOf"][0]["properties"]["data"]


def test_the_sample_says_only_what_the_schema_knows_and_is_read() -> None:
    assert set(ORDER) <= set(TOLD["properties"])
    assert read(OrderSeen, ORDER, "order").total_minor == 2990
    assert [
        one["properties"]["type"]["const"] for one in json.loads(schema_of_signals())["oneOf"]
    ] == [*KINDS]


@pytest.mark.parametrize("name", TOLD["required"])
def test_what_the_schema_needs_is_needed(name: str) -> None:
    less = {key: value for key, value in ORDER.items() if key != name}
    with pytest.raises(Refused, match="it is missing"):
        read(OrderSeen, less, "order")


@pytest.mark.parametrize("name", sorted(TOLD["properties"]))
def test_what_is_of_another_kind_is_refused(name: str) -> None:
    """No field takes what its schema does not: each is given something of another kind."""
    wrong: Any = 1 if TOLD["properties"][name].get("type") in ("string", "array", "object") else "x"
    with pytest.raises(Refused, match=f"order.{name}"):
        read(OrderSeen, {**ORDER, name: wrong}, "order")


def test_parts_are_held_to_the_same() -> None:
    for part in ("lines", "refunds", "shipments"):
        more = deepcopy(ORDER)
        more[part][0]["surprise"] = 1
        assert TOLD["properties"][part]["items"]["additionalProperties"] is False
        with pytest.raises(Refused, match="surprise"):
            read(OrderSeen, more, "order")
