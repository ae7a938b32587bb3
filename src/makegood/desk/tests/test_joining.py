"""Joining, splitting and letting in, as an agent clicks it."""

import json
from typing import Any

import pytest
from django.test import Client

from makegood.channels.models import Inbox
from makegood.conversations.models import Conversation, Message
from makegood.conversations.replying import Reply, reply_to
from makegood.desk.tests.asking import HTMX, part, signed_in
from makegood.ledger.followers import catch_up
from makegood.ledger.reading import newest_position
from tests.world import arrive, conversation_of, mail_bytes


@pytest.fixture
def as_nora(nora: Any) -> Client:
    return signed_in(nora)


@pytest.fixture
def as_olga(olga: Any) -> Client:
    return signed_in(olga)


@pytest.fixture
def first(mailbox: Inbox) -> Conversation:
    return conversation_of(arrive(mailbox, mail_bytes("Where is it?")))


@pytest.fixture
def again(first: Conversation, mailbox: Inbox) -> Conversation:
    return conversation_of(arrive(mailbox, mail_bytes("Hello??")))


def shown(client: Client, conversation: Conversation, what: str = "") -> str:
    return client.get(f"/conversations/{conversation.pk}/{what}").content.decode()


def post(client: Client, address: str, **data: Any) -> Any:
    return client.post(address, data, headers=HTMX)


def test_what_it_looks_like_is_joined_by_one_click(
    first: Conversation, again: Conversation, as_nora: Client
) -> None:
    page = shown(as_nora, again)
    assert "The same customer and the same subject" in page
    answer = post(as_nora, f"/conversations/{again.pk}/join/", into=first.pk)
    place = json.loads(answer.headers["HX-Location"])
    assert place["path"] == f"/conversations/{first.pk}/"
    assert f"joined #{again.pk} into #{first.pk}" in shown(as_nora, first)


def test_an_old_number_leads_to_where_it_stands(
    first: Conversation, again: Conversation, as_nora: Client
) -> None:
    post(as_nora, f"/conversations/{again.pk}/join/", into=f"#{first.pk}")
    old = as_nora.get(f"/conversations/{again.pk}/")
    assert old.headers["Location"] == f"/conversations/{first.pk}/"
    pane = shown(as_nora, first, "customer/")
    assert "Take out" in pane
    post(as_nora, f"/conversations/{again.pk}/parting/")
    assert as_nora.get(f"/conversations/{again.pk}/").status_code == 200


def test_not_the_same_asks_no_more_until_it_is_taken_back(
    first: Conversation, again: Conversation, as_nora: Client
) -> None:
    head = post(as_nora, f"/conversations/{again.pk}/likeness/", **{"is": "another"})
    assert "Not the same" not in head.content.decode()
    assert "not the same" in shown(as_nora, again, "customer/")
    post(as_nora, f"/conversations/{again.pk}/likeness/", **{"is": "perhaps"})
    assert "Not the same" in shown(as_nora, again)


@pytest.mark.parametrize("number", ["", "lamp", "٣", "1" * 18])
def test_what_is_no_number_is_asked_again(
    first: Conversation, as_nora: Client, number: str
) -> None:
    answer = post(as_nora, f"/conversations/{first.pk}/join/", into=number)
    assert answer.status_code == 422


def test_what_another_team_has_cannot_be_joined(
    first: Conversation, as_nora: Client, back: Any, mailbox: Inbox
) -> None:
    hidden = Inbox.objects.create(name="Press", kind="email", address="press@lantern.example")
    hidden.teams.add(back)
    other = conversation_of(arrive(hidden, mail_bytes("Hi", to="press@lantern.example")))
    answer = post(as_nora, f"/conversations/{first.pk}/join/", into=other.pk)
    assert answer.status_code == 404
    assert Conversation.objects.get(pk=first.pk).joined_into is None


def test_a_new_matter_is_split_off_by_one_click(
    first: Conversation, mailbox: Inbox, nora: Any, as_nora: Client
) -> None:
    answer = reply_to(first, Reply(text="Yes."), by=nora)
    raw = mail_bytes("Please.", subject="Invoice for chairs", in_reply_to=answer.external_id)
    arrive(mailbox, raw)
    assert "Looks like a new matter" in shown(as_nora, first)
    message = Message.objects.get(text="Please.")
    led = post(as_nora, f"/messages/{message.pk}/split/", subject="")
    split = Conversation.objects.get(subject="Invoice for chairs")
    assert json.loads(led.headers["HX-Location"])["path"] == f"/conversations/{split.pk}/"
    assert "Looks like a new matter" not in shown(as_nora, first)


def test_split_off_from_a_page_of_its_own_it_leads_to_the_new_conversation(
    first: Conversation, nora: Any, as_nora: Client
) -> None:
    message = reply_to(first, Reply(text="Yes."), by=nora)
    here = {"HX-Current-URL": f"http://testserver/messages/{message.pk}/split/"}
    place = f"/messages/{message.pk}/split/"
    led = as_nora.post(place, {"subject": "Apart"}, headers={"HX-Request": "true", **here})
    split = Conversation.objects.get(subject="Apart")
    assert led.headers["HX-Redirect"] == f"/conversations/{split.pk}/"


def test_a_part_is_split_off_under_its_own_words(
    first: Conversation, nora: Any, as_nora: Client
) -> None:
    message = reply_to(first, Reply(text="Yes."), by=nora)
    asked = as_nora.get(f"/messages/{message.pk}/split/").content.decode()
    assert "What the new conversation is about" in asked
    as_nora.post(f"/messages/{message.pk}/split/", {"subject": "Chairs", "only_this": "yes"})
    assert Conversation.objects.get(subject="Chairs").messages.get() == message


def test_who_was_copied_in_is_let_in_by_one_click(mailbox: Inbox, as_nora: Client) -> None:
    raw = mail_bytes("Hi", cc="Bo <bo@example.org>")
    conversation = conversation_of(arrive(mailbox, raw))
    bo = conversation.participants.get(handle__address="bo@example.org")
    address = f"/conversations/{conversation.pk}/participants/{bo.handle_id}/"
    assert "copied in" in shown(as_nora, conversation, "customer/")
    pane = as_nora.post(address, {"is": "declined"}, headers=part("customer-pane"))
    assert "takes no part" in pane.content.decode()
    as_nora.post(address, {"is": "admitted"}, headers=part("customer-pane"))
    bo.refresh_from_db()
    assert bo.state == "active"


def test_the_menu_offers_what_the_agent_may_see(
    first: Conversation, again: Conversation, as_nora: Client
) -> None:
    headers = part("join-sheet")
    menu = as_nora.get(f"/conversations/{again.pk}/join/", headers=headers).content.decode()
    assert f'value="{first.pk}"' in menu


def test_the_assignment_offers_only_who_may_see(
    first: Conversation, vera: Any, tomas: Any, as_nora: Client
) -> None:
    menu = shown(as_nora, first, "assignment/")
    assert tomas.ref in menu
    assert vera.ref not in menu


def test_several_are_found_ticked_and_joined(
    first: Conversation, again: Conversation, mailbox: Inbox, as_nora: Client
) -> None:
    raw = mail_bytes("Mine, too.", sender="Karim Adl <karim@example.com>", subject="The third")
    third = conversation_of(arrive(mailbox, raw))
    catch_up("search")
    address = f"/conversations/{again.pk}/join/"
    for words in ("from:karim", str(third.pk), f"#{third.pk}"):
        asked: Any = {"q": words, "pick": first.pk}
        found = as_nora.get(address, asked, headers=part("join-found")).content.decode()
        assert f'value="{first.pk}" checked' in found
        assert f'value="{third.pk}">' in found
        assert f'value="{again.pk}"' not in found
    trouble = as_nora.get(address, {"q": "tagg:late"}, headers=part("join-found"))
    assert "There is no field" in trouble.content.decode()
    led = post(as_nora, address, pick=[first.pk, third.pk], do="join")
    assert json.loads(led.headers["HX-Location"])["path"] == f"/conversations/{first.pk}/"
    joined = Conversation.objects.filter(joined_into=first)
    assert {one.pk for one in joined} == {again.pk, third.pk}


def test_a_link_shows_with_how_it_stands_and_is_taken_off(
    first: Conversation, again: Conversation, as_nora: Client
) -> None:
    post(as_nora, f"/conversations/{again.pk}/join/", pick=first.pk, do="link")
    as_nora.post(f"/conversations/{first.pk}/resolution/", {"seen": first.last_message})
    page = shown(as_nora, again)
    assert f'value="-{first.pk}"' in page
    assert "resolved" in page
    data = {"do": "link", "with": f"-{first.pk}"}
    head = post(as_nora, f"/conversations/{again.pk}/acts/", **data).content.decode()
    assert f'value="-{first.pk}"' not in head


@pytest.mark.parametrize("picked", [[], ["x"], ["9" * 15]])
def test_nothing_is_joined_without_a_choice(
    first: Conversation, as_nora: Client, picked: list[str]
) -> None:
    for do in ("join", "link"):
        answer = post(as_nora, f"/conversations/{first.pk}/join/", pick=picked, do=do)
        assert answer.status_code in (404, 409)
    assert Conversation.objects.get(pk=first.pk).joined_into is None


def test_an_open_page_of_what_was_joined_or_taken_out_is_led_there(
    as_nora: Client, as_olga: Client, first: Conversation, again: Conversation
) -> None:
    marks = {"message": 10**6, "note": 0, "event": newest_position()}

    def place(client: Client, conversation: Conversation) -> Any:
        answer = client.get(f"/conversations/{conversation.pk}/news/", marks, headers=HTMX)
        return json.loads(answer.headers.get("HX-Location", "{}"))

    here = f"/conversations/{first.pk}/"
    assert not place(as_olga, first)
    post(as_nora, f"/conversations/{again.pk}/join/", into=first.pk)
    assert place(as_olga, again)["path"] == here, "its number leads elsewhere now"
    assert place(as_nora, again)["path"] == here, "for whoever did it, too"
    assert "push" not in place(as_olga, again)
    assert place(as_olga, first)["path"] == here, "what came lies before what it shows"
    assert place(as_olga, first)["push"] == "false", "that is no step of anybody's"
    assert not place(as_nora, first), "who did it is led there by that"
    marks["event"] = newest_position()
    assert not place(as_olga, first)
    post(as_nora, f"/conversations/{again.pk}/parting/")
    assert place(as_olga, first)["path"] == here, "what it shows stands elsewhere"
