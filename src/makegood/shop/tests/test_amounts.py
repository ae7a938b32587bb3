"""Amounts as shops write them become whole minor units, or are refused."""

from typing import Any

import pytest

from makegood.kit.errors import Refused
from makegood.shop.connectors.decimals import decimal_text, exact, rounded
from makegood.shop.connectors.vendure_reading import ours, theirs


@pytest.mark.parametrize(
    ("said", "currency", "minor"),
    [
        ("29.90", "EUR", 2990), ("29.9", "EUR", 2990), ("0", "EUR", 0), ("", "EUR", 0),
        (None, "EUR", 0), ("-12.50", "EUR", -1250), (12, "EUR", 1200), ("1000", "JPY", 1000),
        ("1000.00", "JPY", 1000), ("1.234", "KWD", 1234), ("9999999999999.99", "EUR", 10**15 - 1),
    ],
)  # fmt: skip
def test_amounts_are_read_exactly(said: Any, currency: str, minor: int) -> None:
    assert exact(said, currency) == minor


@pytest.mark.parametrize(
    ("said", "currency"),
    [
        ("29.905", "EUR"), ("1000.5", "JPY"), ("1e3", "EUR"), ("1,50", "EUR"), ("NaN", "EUR"),
        (29.9, "EUR"), (True, "EUR"), ("--1", "EUR"), ("1.2.3", "EUR"), ("٣", "EUR"), ("1", "XXY"),
        ([], "EUR"), ("9" * 30, "EUR"),
    ],
)  # fmt: skip
def test_what_is_no_exact_amount_is_refused(said: Any, currency: str) -> None:
    with pytest.raises(Refused):
        exact(said, currency)


def test_amounts_are_written_as_their_currency_has_digits() -> None:
    assert [decimal_text(1250, "EUR"), decimal_text(1250, "JPY"), decimal_text(1, "KWD")] == [
        "12.50", "1250", "0.001",
    ]  # fmt: skip
    assert rounded("1.5966", "EUR") == 160


def test_yen_of_vendure_are_counted_in_hundredths_and_cents_are_not_lost() -> None:
    assert [ours(1250, "EUR"), ours(50000, "JPY"), ours(-5, "EUR"), ours(None, "EUR")] == [
        1250, 500, -5, 0,
    ]  # fmt: skip
    assert [theirs(1250, "EUR"), theirs(500, "JPY")] == [1250, 50000]
    for said in (50001, "500", True):
        with pytest.raises(Refused):
            ours(said, "JPY")
