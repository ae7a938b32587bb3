"""Orders are found by whatever somebody has at hand, and by nothing else."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from makegood.ledger.actors import System
from makegood.shop.actions import apply_order
from makegood.shop.finding import orders_like
from makegood.shop.folding import folded_name
from makegood.shop.forgetting import forget_buyers
from makegood.shop.models import Order
from makegood.shop.seen import Buyer, OrderSeen
from tests.ordered import a_shop

DAY = datetime(2026, 3, 1, 12, tzinfo=UTC)
ANNA = Buyer(email="ann@example.com", phone="+49 170 123 45 67", name="Anna-Maria Müller")


def _order(number: str, buyer: Buyer = ANNA, days: int = 0) -> Order:
    at = DAY + timedelta(days=days)
    seen = OrderSeen(
        external_id=number, number=number, placed_at=at, told_at=at, currency="EUR",
        total_minor=2500, buyer=buyer,
    )  # fmt: skip
    return apply_order(a_shop(), seen, by=System("shop"))


def _found(agent: Any, typed: str) -> list[str]:
    return [one.number for one in orders_like(agent, typed, most=5)]


@pytest.mark.parametrize(
    "typed",
    ["#1001-B", "1001 b", "1001", "100", "ann@example.com", "ANN@example.com", "0170 1234567",
     "+49 (170) 1234567", "Müller", "muller anna", "Anna-Maria Müller", "mül"],
)  # fmt: skip
def test_an_order_is_found_by_what_is_at_hand(nora: Any, typed: str) -> None:
    _order("#1001-B")
    _order("#2", Buyer(email="bo@example.com", phone="+49 30 999999", name="Bo Brandt"))
    assert _found(nora, typed) == ["#1001-B"]


@pytest.mark.parametrize(
    "typed",
    ["", "   ", "#", "1002", "ann@example.org", "0171 1234567", "Müller Bo", "%", "_00", "l"],
)
def test_nothing_is_found_by_what_is_not_of_it(nora: Any, typed: str) -> None:
    _order("#1001-B")
    assert _found(nora, typed) == []


def test_the_number_itself_stands_before_newer_ones_that_begin_so(nora: Any) -> None:
    for days, number in enumerate(["#100", "#1000", "#1001"]):
        _order(number, days=days)
    assert _found(nora, "100") == ["#100", "#1001", "#1000"]


def test_nobody_who_left_finds_an_order(nora: Any) -> None:
    _order("#1001")
    nora.is_active = False
    assert _found(nora, "#1001") == []


def test_whoever_is_forgotten_is_found_no_more(nora: Any) -> None:
    _order("#1001")
    forget_buyers(["ann@example.com"])
    assert [_found(nora, typed) for typed in ("Müller", "0170 1234567", "#1001")] == [
        [], [], ["#1001"],
    ]  # fmt: skip


def test_the_last_word_of_a_name_stands_first() -> None:
    assert folded_name("Anna-Maria  MÜLLER") == "muller anna maria"
    assert folded_name("") == ""


def test_every_walk_goes_along_an_index(nora: Any) -> None:
    _order("#1001-B")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        for typed in ("1001", "ann@example.com", "0170 1234567", "Müller"):
            orders_like(nora, typed, most=5)
    selects = [one["sql"] for one in asked.captured_queries if "shop_order" in one["sql"]]
    assert len(selects) >= 6
    if connection.vendor == "sqlite":
        assert [sql for sql in selects if _scans(sql)] == []


def _scans(sql: str) -> bool:
    with connection.cursor() as cursor:
        plan = cursor.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall()
    return any(str(step).startswith("SCAN") for *_numbers, step in plan)
