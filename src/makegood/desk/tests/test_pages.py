from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from makegood.conversations.actions import add_note, tag_conversation
from makegood.conversations.drafting import attach_to_draft, save_draft
from makegood.conversations.models import Conversation, Message
from makegood.conversations.replying import Reply, reply_to
from makegood.conversations.resting import snooze_conversation
from makegood.desk.tests.asking import HTMX, at_most, part, signed_in
from tests.world import EARLIER, arrive, conversation_of, mail_bytes, write_form

VIEWS = ["waiting", "mine", "unassigned", "open", "snoozed", "resolved"]


@pytest.fixture
def as_nora(nora: Any) -> Client:
    return signed_in(nora)


@pytest.fixture
def busy(lamp: Conversation, nora: Any, tomas: Any) -> Conversation:
    """Ida's conversation with something of everything in it."""
    reply_to(lamp, Reply(text="It left on Tuesday."), by=tomas)
    add_note(lamp, "The carrier looks for it.", by=nora)
    tag_conversation(lamp, ["late parcel", "carrier"], by=nora)
    draft = save_draft(lamp, "Dear Ida", purpose="reply", by=nora)
    attach_to_draft(draft, name="trace.pdf", content_type="application/pdf", content=b"%PDF-")
    return lamp


def words_of(client: Client, address: str, **headers: Any) -> str:
    return client.get(address, headers=headers).content.decode()


def test_the_start_is_who_waits(as_nora: Client) -> None:
    assert as_nora.get("/").headers["Location"] == "/inbox/waiting/"


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_says_something_when_it_is_empty(as_nora: Client, view: str) -> None:
    assert "empty__title" in words_of(as_nora, f"/inbox/{view}/")


def test_a_view_that_is_not_there_is_not_found(as_nora: Client) -> None:
    assert as_nora.get("/inbox/everything/").status_code == 404


def test_the_list_shows_who_waits_and_what_they_said(lamp: Conversation, as_nora: Client) -> None:
    shown = words_of(as_nora, "/inbox/waiting/")
    assert "Ida Berg" in shown
    assert "Where is my lamp?" in shown
    assert f"/conversations/{lamp.pk}/?view=waiting" in shown


def test_who_never_gave_a_name_is_called_by_their_address(form: Any, as_nora: Client) -> None:
    write_form(form, "Hello", email="nobody@example.com", name="")
    assert "nobody@example.com" in words_of(as_nora, "/inbox/waiting/")


def test_the_rest_of_a_list_comes_alone(form: Any, as_nora: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr("makegood.conversations.finding.PAGE", 2)
    for number in range(3):
        write_form(form, "Hello", email=f"p{number}@example.com", name=f"Person {number}")
    first = words_of(as_nora, "/inbox/waiting/")
    assert "Person 2" not in first
    after = first.split("?after=")[1].split('"')[0]
    rest = words_of(as_nora, f"/inbox/waiting/?after={after}", **part("more"))
    assert "Person 2" in rest
    assert "<html" not in rest


def test_a_conversation_tells_its_story(busy: Conversation, as_nora: Client) -> None:
    shown = words_of(as_nora, f"/conversations/{busy.pk}/")
    for words in (
        "It was due on Friday.",
        "It left on Tuesday.",
        "to us only",
        "The carrier looks for it.",
        "Dear Ida",
        "trace.pdf",
        "ida@example.com",
    ):
        assert words in shown


def test_opening_from_the_list_brings_only_the_conversation(
    busy: Conversation, as_nora: Client
) -> None:
    shown = words_of(as_nora, f"/conversations/{busy.pk}/", **part("opened"))
    assert 'id="opened"' in shown
    assert "<html" not in shown


def test_going_back_brings_the_whole_page(busy: Conversation, as_nora: Client) -> None:
    headers = part("opened") | {"HX-History-Restore-Request": "true"}
    assert "<html" in words_of(as_nora, f"/conversations/{busy.pk}/", **headers)


def test_runs_of_events_are_folded(busy: Conversation, nora: Any, as_nora: Client) -> None:
    for number in range(4):
        tag_conversation(busy, [f"tag {number}"], by=nora)
    assert "things happened" in words_of(as_nora, f"/conversations/{busy.pk}/")


def test_news_brings_only_what_is_new(busy: Conversation, nora: Any, as_nora: Client) -> None:
    newest = Message.objects.order_by("-pk").values_list("pk", flat=True)[0]
    marks = f"message={newest}&note=0&event=999999"
    shown = words_of(as_nora, f"/conversations/{busy.pk}/news/?{marks}")
    assert "The carrier looks for it." in shown
    assert "It left on Tuesday." not in shown


def test_what_stands_on_the_page_keeps_its_delivery_fresh(
    busy: Conversation, as_nora: Client
) -> None:
    Message.objects.filter(conversation=busy, direction="outgoing").update(
        delivery_state="bounced", delivery_trouble="550 no such person"
    )
    marks = "message=999999&note=999999&event=999999"
    shown = words_of(as_nora, f"/conversations/{busy.pk}/news/?{marks}")
    assert "550 no such person" in shown


def test_the_part_before_comes_on_its_own(
    busy: Conversation, as_nora: Client, monkeypatch: Any
) -> None:
    monkeypatch.setattr("makegood.conversations.queries.NEWEST", 1)
    shown = words_of(as_nora, f"/conversations/{busy.pk}/")
    assert "It was due on Friday." not in shown
    newest = Message.objects.order_by("-pk").values_list("pk", flat=True)[0]
    before = words_of(as_nora, f"/conversations/{busy.pk}/before/{newest}/")
    assert "It was due on Friday." in before


def test_the_customer_stands_beside_it(busy: Conversation, form: Any, as_nora: Client) -> None:
    write_form(form, "And a bulb?", subject="A bulb", at=EARLIER + timedelta(days=1))
    shown = words_of(as_nora, f"/conversations/{busy.pk}/customer/")
    assert "A bulb" in shown
    assert "ida@example.com" in shown


def test_reading_takes_the_weight_off_a_row(lamp: Conversation, as_nora: Client) -> None:
    assert "row--unread" in words_of(as_nora, "/inbox/waiting/")
    as_nora.post(f"/conversations/{lamp.pk}/seen/")
    assert "row--unread" not in words_of(as_nora, "/inbox/waiting/")


def test_a_snoozed_conversation_says_until_when(
    lamp: Conversation, nora: Any, as_nora: Client
) -> None:
    from django.utils import timezone

    snooze_conversation(lamp, until=timezone.now() + timedelta(days=2), by=nora)
    assert "snoozed until" in words_of(as_nora, f"/conversations/{lamp.pk}/")


def test_words_from_a_stranger_are_never_markup(mailbox: Any, as_nora: Client) -> None:
    trick = "<img src=x onerror=alert(1)>"
    raw = mail_bytes(trick, subject=trick, sender=f'"{trick}" <x@example.com>')
    conversation = conversation_of(arrive(mailbox, raw))
    for address in ("/inbox/waiting/", f"/conversations/{conversation.pk}/"):
        assert "<img src=x" not in words_of(as_nora, address)


def test_the_agent_has_a_page(as_nora: Client) -> None:
    assert "nora@lantern.example" in words_of(as_nora, "/me/")


def test_search_finds_and_marks(lamp: Conversation, as_nora: Client) -> None:
    from makegood.conversations.searching import message_documents
    from makegood.search.actions import put

    put(message_documents(list(lamp.messages.values_list("pk", flat=True))))
    shown = words_of(as_nora, "/search/?q=friday")
    assert "<mark>Friday</mark>" in shown
    assert f"/conversations/{lamp.pk}/" in shown


def test_the_inbox_keeps_its_query_budget(form: Any, as_nora: Client) -> None:
    for number in range(12):
        write_form(form, "Hello", email=f"person{number}@example.com", name="")
    with at_most(12):
        assert as_nora.get("/inbox/waiting/").status_code == 200


def test_what_an_owner_does_first_is_asked_in_one_question(olga: Any, mailbox: Any) -> None:
    client = signed_in(olga)
    client.get("/inbox/waiting/")
    with at_most(10):
        answer = client.get("/inbox/waiting/")
    assert "first-steps" in answer.content.decode()


def test_a_conversation_keeps_its_query_budget(busy: Conversation, as_nora: Client) -> None:
    with at_most(16):
        assert as_nora.get(f"/conversations/{busy.pk}/").status_code == 200


@pytest.mark.parametrize("name", ["news/", "assignment/", "tags/", "rest/"])
def test_every_part_keeps_the_budget_too(busy: Conversation, as_nora: Client, name: str) -> None:
    with at_most(15):
        assert as_nora.get(f"/conversations/{busy.pk}/{name}", headers=HTMX).status_code == 200
