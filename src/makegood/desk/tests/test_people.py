"""A customer's pane, page and list: what is shown, changed in place, and to whom."""

from typing import Any

import pytest
from django.test import Client

from makegood.conversations.models import Conversation
from makegood.customers.merging import merges_of
from makegood.customers.models import Customer
from makegood.desk.tests.asking import at_most, part, signed_in
from makegood.fields.actions import Wish, save_field
from tests.world import arrive, conversation_of, mail_bytes, write_form

PANE = part("customer-pane")


@pytest.fixture
def ida(lamp: Conversation) -> Customer:
    return lamp.customer


@pytest.fixture
def as_nora(nora: Any) -> Client:
    return signed_in(nora)


def words_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode())


def test_the_pane_keeps_its_query_budget(lamp: Conversation, as_nora: Client) -> None:
    with at_most(29):
        answer = as_nora.get(f"/conversations/{lamp.pk}/customer/", headers=PANE)
    assert "not verified" in answer.content.decode()


def test_a_page_costs_the_same_however_much_was_said(
    ida: Customer, form: Any, as_nora: Client
) -> None:
    for number in range(60):
        write_form(form, f"Question {number}", subject=f"Matter {number}")
    with at_most(32):
        shown = words_of(as_nora, f"/customers/{ida.pk}/")
    assert "Question 59" in shown
    assert "My lamp" not in shown, "that is on a later page"


def test_the_story_is_told_to_its_beginning_without_a_gap(
    ida: Customer, form: Any, as_nora: Client
) -> None:
    for number in range(60):
        write_form(form, f"Question number {number}.", subject=f"Matter {number}")
    address, told = f"/customers/{ida.pk}/", ""
    for _page in range(9):
        shown = words_of(as_nora, address)
        told += shown
        if "?after=" not in shown:
            break
        address = f"/customers/{ida.pk}/?after=" + shown.split("?after=")[1].split('"')[0]
    assert all(told.count(f"Question number {number}.") == 1 for number in range(60))
    assert "came to us for the first time" in told


@pytest.mark.parametrize("mark", ["x", "WzEsMiwzXQ", "W251bGwsIm1lc3NhZ2UiLDFd", "a" * 500])
def test_a_damaged_mark_begins_at_the_front(ida: Customer, as_nora: Client, mark: str) -> None:
    assert "Where is my lamp?" in words_of(as_nora, f"/customers/{ida.pk}/?after={mark}")
    assert "Ida Berg" in words_of(as_nora, f"/customers/?after={mark}")


def test_what_is_changed_in_the_pane_stands_there_at_once(
    lamp: Conversation, ida: Customer, as_nora: Client
) -> None:
    here = {"conversation": lamp.pk}
    for place, data, shown in (
        ("details", {"name": "Ida B.", "language": "sv", "time_zone": "Asia/Tokyo"}, "Asia/Tokyo"),
        ("tags", {"tags": "vip, loud"}, "loud"),
        ("notes", {"text": "Likes tea."}, "Likes tea."),
        ("consent", {"purpose": "news", "answer": "given", "how": "by phone"}, "by phone"),
        ("block", {"reason": "Threats."}, "Threats."),
    ):
        answer = as_nora.post(f"/customers/{ida.pk}/{place}/", here | data, headers=PANE)
        assert answer.status_code == 200, place
        assert shown in answer.content.decode(), place


def test_without_script_a_change_leads_back_to_where_it_was_asked(
    lamp: Conversation, ida: Customer, as_nora: Client
) -> None:
    data = {"text": "Likes tea."}
    beside = as_nora.post(f"/customers/{ida.pk}/notes/", data | {"conversation": lamp.pk})
    assert beside.headers["Location"] == f"/conversations/{lamp.pk}/customer/"
    alone = as_nora.post(f"/customers/{ida.pk}/notes/", data)
    assert alone.headers["Location"] == f"/customers/{ida.pk}/"


def test_a_field_is_seen_and_filled_by_those_it_is_for(
    ida: Customer, nora: Any, tomas: Any, olga: Any
) -> None:
    save_field(None, Wish(name="Credit", kind="number", seen_by="lead", edited_by="lead"), by=olga)
    place = f"/customers/{ida.pk}/"
    signed_in(nora).post(place + "fields/", {"field.credit": "9"})
    signed_in(tomas).post(place + "fields/", {"field.credit": "1 200,50"})
    assert "1200.5" in words_of(signed_in(tomas), place)
    assert "Credit" not in words_of(signed_in(nora), place), "its events are not told, either"


def test_two_become_one_and_two_again(ida: Customer, mailbox: Any, as_nora: Client) -> None:
    sender = "Ida Berg <ida.berg@work.example>"
    twin = conversation_of(arrive(mailbox, mail_bytes("Any news?", sender=sender))).customer
    assert "The same name" in words_of(as_nora, f"/customers/{ida.pk}/")
    place = f"/customers/{ida.pk}/merging/{twin.pk}/"
    assert "ida.berg@work.example" in words_of(as_nora, place)
    as_nora.post(place, {"name": "kept"})
    assert as_nora.get(f"/customers/{twin.pk}/").headers["Location"] == f"/customers/{ida.pk}/"
    (merge,) = merges_of(ida)
    as_nora.post(f"/merges/{merge.pk}/undo/")
    assert "Any news?" in words_of(as_nora, f"/customers/{twin.pk}/")


def test_a_person_is_forgotten_only_after_the_word(ida: Customer, tomas: Any) -> None:
    client, place = signed_in(tomas), f"/customers/{ida.pk}/forgetting/"
    assert "Nobody can undo this." in words_of(client, place)
    assert client.post(place, {"word": "yes"}).status_code == 422
    assert client.post(place, {"word": "IDA@example.com"}).status_code == 302
    assert "was forgotten" in words_of(client, f"/customers/{ida.pk}/")
    assert "Ida" not in words_of(client, "/customers/")


def test_a_segment_finds_its_customers(ida: Customer, form: Any, as_nora: Client) -> None:
    write_form(form, "Hello", email="karim@example.com", name="Karim Adl")
    as_nora.post(f"/customers/{ida.pk}/tags/", {"tags": "vip"})
    asked = {"title": "Friends", "tag": "vip", "conversations": "1", "seen_within": "9999"}
    counted = as_nora.post("/segments/new/", asked | {"try": "1"})
    assert "That is one customer." in counted.content.decode()
    place = as_nora.post("/segments/new/", asked).headers["Location"]
    shown = words_of(as_nora, place)
    assert "Ida Berg" in shown
    assert "Karim" not in shown
    assert as_nora.post("/segments/new/", {"title": "All", "seen_within": "x"}).status_code == 422


def test_vera_finds_nobody_of_another_team(ida: Customer, vera: Any) -> None:
    assert "Ida" not in words_of(signed_in(vera), "/customers/?q=ida")
    assert signed_in(vera).get(f"/customers/{ida.pk}/").status_code == 404
