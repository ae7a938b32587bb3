from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.conversations.filling import fill_conversation_fields
from makegood.conversations.models import Conversation
from makegood.customers.actions import fill_customer_fields
from makegood.customers.models import Customer
from makegood.fields.actions import Wish, archive_field, restore_field, save_field
from makegood.fields.filtering import condition, field_named, operators_of, things_where
from makegood.fields.models import Field, Value
from makegood.fields.queries import filled_fields
from makegood.fields.reading import phone_digits, read_value
from makegood.kit.errors import Refused
from makegood.ledger.models import Event


def field(kind: str, **more: Any) -> Field:
    return Field(name="It", kind=kind, choices=["Small", "Large"], **more)


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        ("text", "  two   words ", "two words"), ("number", "1 200,50", "1200.5"),
        ("number", "-3", "-3"), ("date", "2026-03-31", "2026-03-31"),
        ("choice", "small", "Small"), ("yes or no", "YES", "yes"),
        ("link", "https://shop.example/a?b=1", "https://shop.example/a?b=1"),
    ],
)  # fmt: skip
def test_what_was_typed_is_read_as_its_kind(kind: str, typed: str, kept: str) -> None:
    read = read_value(field(kind), typed)
    assert read is not None
    assert read.text == kept


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("number", "many"), ("number", "NaN"), ("number", "1e99"), ("date", "31.3.2026"),
        ("choice", "huge"), ("yes or no", "maybe"), ("link", "javascript:alert(1)"),
        ("link", "https://"), ("link", "https://[x"), ("link", "shop.example"),
    ],
)  # fmt: skip
def test_what_cannot_be_of_its_kind_is_refused_in_words(kind: str, typed: str) -> None:
    with pytest.raises(Refused):
        read_value(field(kind), typed)


@given(st.sampled_from(Field.Kind.values), st.text(max_size=300))
def test_whatever_is_typed_is_kept_or_refused(kind: str, typed: str) -> None:
    try:
        read = read_value(field(kind), typed)
    except Refused:
        return
    assert read is None or (read.text and len(read.folded) <= 200 and "\0" not in read.text)


@pytest.mark.parametrize(
    ("one", "other"), [("+49 170 1234567", "0170 123 45 67"), ("(030) 90-1820", "+49 30 901820")]
)
def test_a_number_is_the_same_however_it_is_written(one: str, other: str) -> None:
    assert phone_digits(one)[-8:] == phone_digits(other)[-8:] != ""


@pytest.mark.parametrize("text", ["12", "LL-1001", "2026-03-31 and more", "call 0170 1234567"])
def test_other_text_is_no_telephone_number(text: str) -> None:
    assert phone_digits(text) == ""


def test_a_change_is_told_with_before_and_after(lamp: Conversation, nora: Any, olga: Any) -> None:
    save_field(None, Wish(name="Size", kind="choice", choices=["S", "M"]), by=olga)
    fill_customer_fields(lamp.customer, {"size": "S"}, role="agent", by=nora)
    fill_customer_fields(lamp.customer, {"size": "M"}, role="agent", by=nora)
    fill_customer_fields(lamp.customer, {"size": "M"}, role="agent", by=nora)
    told = [event.told() for event in Event.objects.filter(kind="field.filled").in_order()]
    assert [(one["before"], one["after"]) for one in told] == [("", "S"), ("S", "M")]


def test_who_may_not_edit_changes_nothing(lamp: Conversation, nora: Any, olga: Any) -> None:
    save_field(None, Wish(name="Credit", edited_by="lead"), by=olga)
    assert fill_customer_fields(lamp.customer, {"credit": "9"}, role="agent", by=nora) == 0
    assert fill_customer_fields(lamp.customer, {"credit": "9"}, role="lead", by=olga) == 1


def test_a_conversation_has_fields_of_its_own(lamp: Conversation, nora: Any, olga: Any) -> None:
    save_field(None, Wish(name="Label", kind="link", noun="conversation"), by=olga)
    fill_conversation_fields(lamp, {"label": "https://dhl.example/1"}, by=nora)
    (filled,) = filled_fields("conversation", lamp.pk, role="agent")
    assert filled.value == "https://dhl.example/1"
    assert filled_fields("customer", lamp.customer_id, role="agent") == []


def test_an_archived_field_is_asked_no_more_and_keeps_what_it_said(
    lamp: Conversation, nora: Any, olga: Any
) -> None:
    size = save_field(None, Wish(name="Size"), by=olga)
    fill_customer_fields(lamp.customer, {"size": "S"}, role="agent", by=nora)
    archive_field(size, by=olga)
    assert filled_fields("customer", lamp.customer_id, role="owner") == []
    restore_field(size, by=olga)
    assert [one.value for one in filled_fields("customer", lamp.customer_id, role="agent")] == ["S"]


def test_two_fields_of_one_name_have_words_of_their_own(olga: Any) -> None:
    one, other = (save_field(None, Wish(name="Größe"), by=olga) for _ in range(2))
    assert one.key != other.key


def test_the_kind_stays_and_a_change_is_told(olga: Any) -> None:
    size = save_field(None, Wish(name="Size"), by=olga)
    save_field(size, Wish(name="Shoe size", kind="number"), by=olga)
    size.refresh_from_db()
    assert (size.name, size.kind) == ("Shoe size", "text")
    event = Event.objects.filter(kind="field.saved").latest("pk")
    assert (event.facts["before"]["name"], event.facts["after"]["name"]) == ("Size", "Shoe size")


@pytest.mark.parametrize(
    ("operator", "typed", "found"),
    [
        ("is", "12", {"12"}), ("is not", "12", {"3", "-1", ""}), ("<", "4", {"3", "-1"}),
        (">=", "3", {"12", "3"}), ("has", "", {"12", "3", "-1"}),
    ],
)  # fmt: skip
def test_a_query_asks_for_values(
    db: None, olga: Any, operator: str, typed: str, found: set[str]
) -> None:
    number = save_field(None, Wish(name="Lamps", kind="number"), by=olga)
    at, people = "2026-03-02T09:00:00Z", {}
    for value in ("12", "3", "-1", ""):
        one = Customer.objects.create(name=value, first_seen_at=at, last_seen_at=at)
        fill_customer_fields(one, {"lamps": value}, role="owner", by=olga)
        people[one.pk] = value
    assert field_named("customer", "lamps", role="agent") == number
    asked = Customer.objects.filter(condition(number, operator, typed), pk__in=people)
    assert {people[one.pk] for one in asked} == found


def test_what_cannot_be_asked_is_refused(olga: Any) -> None:
    text = save_field(None, Wish(name="Words"), by=olga)
    assert "<" not in operators_of(text)
    with pytest.raises(Refused):
        things_where(text, "<", "a")
    assert Value.objects.count() == 0
