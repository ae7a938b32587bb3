import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from makegood.kit.errors import Refused
from makegood.kit.money import Money, digits_of, read_money


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("12.50", "EUR", 1250), ("12,5", "EUR", 1250), ("1.234,50", "EUR", 123450),
        ("1,234.50", "EUR", 123450), ("-0.01", "EUR", -1), ("500", "JPY", 500),
        ("1.234", "BHD", 1234), ("1 000,00", "EUR", 100000), ("12.500", "EUR", 1250),
    ],
)  # fmt: skip
def test_an_amount_is_read_exactly(text: str, currency: str, minor: int) -> None:
    assert read_money(text, currency) == Money(minor, currency)


@pytest.mark.parametrize(
    ("text", "currency"),
    [("0.001", "EUR"), ("1.5", "JPY"), ("1,234", "EUR"), ("€5", "EUR"), ("", "EUR"),
     ("1e3", "EUR"), ("NaN", "EUR"), ("--5", "EUR"), ("9" * 23, "EUR"), ("٣", "EUR")],
)  # fmt: skip
def test_what_is_no_amount_for_certain_is_refused(text: str, currency: str) -> None:
    with pytest.raises(Refused):
        read_money(text, currency)


@given(st.integers(-(10**15), 10**15), st.sampled_from(["EUR", "JPY", "BHD"]))
def test_what_is_written_plainly_is_read_back(minor: int, currency: str) -> None:
    money = Money(minor, currency)
    assert read_money(f"{money.decimal():f}", currency) == money


@given(
    st.integers(-(10**15), 10**15),
    st.sampled_from(["EUR", "JPY", "BHD"]),
    st.sampled_from(["en", "de", "ar"]),
)
def test_what_a_field_begins_with_is_read_back(minor: int, currency: str, language: str) -> None:
    money = Money(minor, currency)
    with translation.override(language):
        assert read_money(money.typed(), currency) == money


def test_a_field_begins_with_money_as_its_reader_types_it() -> None:
    with translation.override("de"):
        assert Money(123450, "EUR").typed() == "1234,50"
    with translation.override("en"):
        assert Money(500, "JPY").typed() == "500"


def test_money_is_said_in_the_readers_way_and_never_mixed() -> None:
    with translation.override("de"):
        assert str(Money(123450, "EUR")) == "1.234,50\N{NO-BREAK SPACE}€"
    with translation.override("en"):
        assert str(Money(500, "JPY")) == "¥500"
    with pytest.raises(ValueError, match="add up"):
        _ = Money(1, "EUR") + Money(1, "USD")
    assert digits_of("BHD") == 3
