from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from makegood.channels.models import Delivery, Inbox
from makegood.conversations.addressing import let_take_part
from makegood.conversations.merging import join_conversation
from makegood.conversations.models import Conversation, Draft, Message, Note, Token
from makegood.conversations.tokens import make_token
from makegood.customers.models import Customer, Handle
from makegood.desk.tests.asking import HTMX, signed_in
from makegood.team.models import Agent
from tests.world import arrive, conversation_of, mail_bytes, write_form


@pytest.fixture
def as_nora(nora: Any) -> Client:
    return signed_in(nora)


def say(client: Client, lamp: Conversation, where: str = "messages", **data: Any) -> Any:
    headers = data.pop("headers", {})
    given = {"text": "It left on Tuesday.", "client_key": "once", "seen": lamp.last_message}
    return client.post(f"/conversations/{lamp.pk}/{where}/", given | data, headers=headers)


def test_an_answer_goes_out_by_a_plain_form(lamp: Conversation, as_nora: Client) -> None:
    answer = say(as_nora, lamp)
    assert answer.headers["Location"] == f"/conversations/{lamp.pk}/"
    assert Message.objects.get(direction="outgoing").text == "It left on Tuesday."
    assert Delivery.objects.count() == 1


def test_an_answer_by_htmx_brings_an_empty_composer_and_news(
    lamp: Conversation, as_nora: Client
) -> None:
    answer = say(as_nora, lamp, headers=HTMX)
    assert answer.status_code == 200
    assert "news" in answer.headers["HX-Trigger-After-Swap"]
    assert "It left on Tuesday." not in answer.content.decode()


def test_pressed_twice_it_is_said_once(lamp: Conversation, as_nora: Client) -> None:
    say(as_nora, lamp)
    say(as_nora, lamp)
    assert Message.objects.filter(direction="outgoing").count() == 1


def test_an_answer_waits_for_what_was_not_seen(
    lamp: Conversation, form: Any, as_nora: Client
) -> None:
    answer = say(as_nora, lamp, seen=lamp.last_message - 1, headers=HTMX)
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "It was due on Friday." in shown, "what was not seen is shown"
    assert "It left on Tuesday." in shown, "what was typed is kept"
    assert not Delivery.objects.exists()


def test_an_empty_answer_is_refused_in_words(lamp: Conversation, as_nora: Client) -> None:
    answer = say(as_nora, lamp, text=" ")
    assert answer.status_code == 422
    assert "write something first" in answer.content.decode()


def test_a_note_stays_among_us(lamp: Conversation, as_nora: Client) -> None:
    say(as_nora, lamp, "notes", text="She is upset.")
    assert Note.objects.get().text == "She is upset."
    assert not Delivery.objects.exists()
    assert not Message.objects.filter(direction="outgoing").exists()


def test_an_empty_note_is_refused_in_words(lamp: Conversation, as_nora: Client) -> None:
    assert say(as_nora, lamp, "notes", text="").status_code == 422
    assert not Note.objects.exists()


def test_what_is_typed_is_kept_as_typed(lamp: Conversation, as_nora: Client) -> None:
    assert say(as_nora, lamp, "drafts/reply", text=" Dear Ida, ").status_code == 204
    assert Draft.objects.get().text == " Dear Ida, "
    assert "Dear Ida, " in as_nora.get(f"/conversations/{lamp.pk}/").content.decode()


def test_a_late_save_of_what_was_said_is_no_new_draft(lamp: Conversation, as_nora: Client) -> None:
    say(as_nora, lamp)
    told = say(as_nora, lamp, "drafts/reply")
    assert told.json()["said"] == Message.objects.get(direction="outgoing").text
    assert told.json()["key"]
    assert not Draft.objects.exclude(purpose="held").exists()


def test_drafts_of_an_answer_and_of_a_note_are_two(lamp: Conversation, as_nora: Client) -> None:
    say(as_nora, lamp, "drafts/reply", text="To her")
    say(as_nora, lamp, "drafts/note", text="To us")
    assert set(Draft.objects.values_list("purpose", "text")) == {
        ("reply", "To her"),
        ("note", "To us"),
    }


def test_a_draft_for_nothing_known_is_not_found(lamp: Conversation, as_nora: Client) -> None:
    assert say(as_nora, lamp, "drafts/tweet").status_code == 404


def test_a_file_goes_along_with_the_answer(lamp: Conversation, as_nora: Client) -> None:
    file = SimpleUploadedFile("trace.pdf", b"%PDF-1.4", "application/pdf")
    shown = say(as_nora, lamp, "drafts/reply/files", files=file, headers=HTMX)
    assert "trace.pdf" in shown.content.decode()
    say(as_nora, lamp)
    message = Message.objects.get(direction="outgoing")
    assert [one.name for one in message.attachments.all()] == ["trace.pdf"]


def test_without_script_the_file_comes_with_the_form(lamp: Conversation, as_nora: Client) -> None:
    file = SimpleUploadedFile("trace.pdf", b"%PDF-1.4", "application/pdf")
    say(as_nora, lamp, files=file)
    assert Message.objects.get(direction="outgoing").attachments.count() == 1


def test_a_file_can_be_taken_off_again(lamp: Conversation, as_nora: Client) -> None:
    file = SimpleUploadedFile("trace.pdf", b"%PDF-1.4", "application/pdf")
    say(as_nora, lamp, "drafts/reply/files", files=file, headers=HTMX)
    pk = Draft.objects.get().attachments.get().pk
    shown = say(as_nora, lamp, f"drafts/reply/files/{pk}/removal", headers=HTMX)
    assert "trace.pdf" not in shown.content.decode()
    assert not Draft.objects.get().attachments.exists()


def test_a_conversation_without_a_way_out_says_so(
    front: Any, as_nora: Client, mailbox: Any
) -> None:
    from makegood.channels.connecting import InboxSettings, connect_inbox
    from tests.world import HOUSE, conversation_of

    alone = connect_inbox(InboxSettings(name="Alone", kind="web"), teams=[front], by=HOUSE)
    lamp = conversation_of(write_form(alone, "Hello"))
    shown = as_nora.get(f"/conversations/{lamp.pk}/").content.decode()
    assert "This inbox cannot send." in shown


def test_pressed_twice_with_a_file_it_leaves_no_draft_behind(
    lamp: Conversation, as_nora: Client
) -> None:
    for _press in range(2):
        say(as_nora, lamp, files=SimpleUploadedFile("a.txt", b"lamp"))
    assert Message.objects.get(direction="outgoing").attachments.count() == 1
    assert not Draft.objects.exclude(purpose="held").exists()


@pytest.mark.parametrize(("where", "noun"), [("messages", Message), ("notes", Note)])
def test_other_words_under_the_same_key_are_never_taken_for_said(
    lamp: Conversation, as_nora: Client, where: str, noun: Any
) -> None:
    say(as_nora, lamp, where)
    answer = say(as_nora, lamp, where, text="It left on Tuesday. And here is its number: 17.")
    assert answer.status_code == 422
    assert "said already, in other words" in answer.content.decode()
    assert noun.objects.filter(client_key="once").count() == 1
    assert Draft.objects.exclude(purpose="held").get().text.endswith("17.")


def shown_to(client: Client, conversation: Conversation) -> str:
    """The recipient that a page names, as its form gives it back."""
    page = client.get(f"/conversations/{conversation.pk}/").content.decode()
    found = page.partition('name="to" value="')[2].partition('"')[0]
    assert found
    return found


def written_from(conversation: Conversation, customer: Customer, address: str) -> Handle:
    """Words that come in from another address, which takes part."""
    handle = Handle.objects.create(customer=customer, kind="email", address=address)
    let_take_part(conversation, handle, at=timezone.now())
    token = make_token(conversation, handle, Token.Purpose.LINK)
    write_form(conversation.inbox, "I found it!", token=token)
    newest = conversation.messages.latest("pk")
    conversation.messages.filter(pk=newest.pk).update(handle=handle)
    return handle


def test_a_page_that_is_open_hears_that_they_write_from_elsewhere(
    lamp: Conversation, as_nora: Client
) -> None:
    before = shown_to(as_nora, lamp)
    news = f"/conversations/{lamp.pk}/news/?message={lamp.last_message}&note=0&event=0"
    assert 'id="recipient"' not in as_nora.get(news).content.decode()
    phone = written_from(lamp, lamp.customer, "ida@phone.example")
    heard = as_nora.get(news).content.decode().partition('id="recipient"')[2]
    assert "ida@phone.example" in heard.partition("</p>")[0]
    assert f'name="to" value="{phone.pk}"' in heard
    newest = lamp.messages.latest("pk").pk
    assert say(as_nora, lamp, to=before, seen=newest).status_code == 422
    assert say(as_nora, lamp, to=str(phone.pk), seen=newest).status_code == 302
    assert Delivery.objects.get().outgoing["to"][0]["address"] == "ida@phone.example"


def test_somebody_else_never_takes_the_place_of_whom_one_writes_to_unseen(
    lamp: Conversation, as_nora: Client
) -> None:
    news = f"/conversations/{lamp.pk}/news/?message={lamp.last_message}&note=0&event=0"
    karim = Customer.objects.create(
        name="Karim", first_seen_at=timezone.now(), last_seen_at=timezone.now()
    )
    written_from(lamp, karim, "karim@example.net")
    heard = as_nora.get(news).content.decode()
    assert "I found it!" in heard
    assert 'id="recipient"' not in heard


def test_an_answer_never_goes_to_somebody_else_than_the_page_named(
    lamp: Conversation, mailbox: Inbox, as_nora: Client, tomas: Agent
) -> None:
    karim = arrive(mailbox, mail_bytes("Charged twice.", sender="Karim <karim@example.net>"))
    to = shown_to(as_nora, lamp)
    join_conversation(lamp, into=conversation_of(karim), by=tomas)
    answer = say(as_nora, lamp, to=to)
    assert answer.status_code == 422
    assert "karim@example.net" in answer.content.decode()
    assert not Delivery.objects.exists()
    assert Draft.objects.get().text == "It left on Tuesday."
    standing = conversation_of(karim)
    assert say(as_nora, standing, to=shown_to(as_nora, standing)).status_code == 302


def test_no_page_takes_the_word_of_what_waits(lamp: Conversation, as_nora: Client) -> None:
    say(as_nora, lamp, client_key="prepared-1")
    assert not Message.objects.filter(client_key="prepared-1").exists()
    assert Message.objects.filter(direction="outgoing").count() == 1
