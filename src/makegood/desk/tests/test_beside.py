"""Asked beside, as an agent clicks it: shown before it leaves, kept where it is stopped."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from makegood.beside.models import SideDraft, SideFile, SideMessage, SideThread
from makegood.beside.tests.shop import CARRIER, answer_to, ask_the_carrier, letter_about
from makegood.channels.models import Delivery, Inbox
from makegood.conversations.actions import add_note
from makegood.conversations.confirming import confirm_address
from makegood.conversations.models import Conversation, Message, Token
from makegood.conversations.queries import conversation_by_link
from makegood.conversations.replying import Reply, reply_to
from makegood.conversations.tokens import make_token
from makegood.desk.tests.asking import signed_in
from makegood.sending.rules import set_whose_answers_wait
from tests.world import arrive, conversation_of, mail_bytes


@pytest.fixture
def as_nora(nora: Any) -> Client:
    return signed_in(nora)


@pytest.fixture
def parcel(mailbox: Inbox) -> Conversation:
    return conversation_of(arrive(mailbox, mail_bytes("Where is it?", subject="My lamp")))


def form_url(parcel: Conversation, more: str = "") -> str:
    return f"/conversations/{parcel.pk}/beside/{more}"


def usual(**more: Any) -> dict[str, Any]:
    return {"to": CARRIER, "subject": "Parcel", "text": "Where is it?", **more}


def test_a_question_opens_a_thread_and_stands_in_the_story(
    parcel: Conversation, as_nora: Client
) -> None:
    answer = as_nora.post(form_url(parcel), usual())
    thread = SideThread.objects.get()
    assert answer.headers["Location"] == f"/beside/{thread.pk}/"
    page = as_nora.get(f"/beside/{thread.pk}/").content.decode()
    assert "The customer sees none of this." in page
    assert "awaited" in page
    story = as_nora.get(f"/conversations/{parcel.pk}/").content.decode()
    assert f'href="/beside/{thread.pk}/"' in story
    assert f"Nora asked {CARRIER}" in story


def test_what_is_forwarded_is_shown_before_it_leaves_and_leaves_as_shown(
    parcel: Conversation, as_nora: Client, nora: Any
) -> None:
    message = parcel.messages.get()
    page = as_nora.get(form_url(parcel, f"?message={message.pk}")).content.decode()
    assert "Ida Berg wrote on" in page
    assert "&gt; Where is it?" in page
    assert "ida@example.com" not in page.partition("beside-quoted")[2]
    data = usual(quoted="Ida wrote:\n> Where is it?", is_forward="yes", message=message.pk)
    as_nora.post(form_url(parcel), data)
    sent = Delivery.objects.get().outgoing["text"]
    assert sent.endswith("Ida wrote:\n> Where is it?")
    story = as_nora.get(f"/conversations/{parcel.pk}/").content.decode()
    assert "Nora forwarded this to" in story


def test_the_whole_is_forwarded_without_notes_and_without_what_opens_it(
    parcel: Conversation, as_nora: Client, nora: Any, mailbox: Inbox
) -> None:
    reply = reply_to(parcel, Reply(text="We look for it."), by=nora)
    to = Delivery.objects.get(about=reply.ref).outgoing["reply_to"]
    arrive(mailbox, mail_bytes(f"I wrote to {to} and it is still late.", to=to))
    add_note(parcel, "A difficult customer", by=nora)
    page = as_nora.get(form_url(parcel, "?forward=all")).content.decode()
    assert "We look for it." in page
    assert "still late" in page
    assert "A difficult customer" not in page
    assert to not in page
    assert "(an address of ours)" in page


def test_what_is_stopped_keeps_words_and_files(parcel: Conversation, as_nora: Client) -> None:
    file = SimpleUploadedFile("label.txt", b"label")
    answer = as_nora.post(form_url(parcel), usual(text="Dear {name}", files=file))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "This cannot leave as it is." in page
    assert "label.txt" in page
    assert "Dear {name}" in page
    assert not SideMessage.objects.exists()
    draft = SideDraft.objects.get()
    assert (draft.text, draft.files.get().name) == ("Dear {name}", "label.txt")
    as_nora.post(form_url(parcel), usual())
    assert SideFile.objects.get(message__isnull=False).name == "label.txt"
    assert not SideDraft.objects.exists()


def test_a_file_is_taken_off_again(parcel: Conversation, as_nora: Client) -> None:
    file = SimpleUploadedFile("label.txt", b"label")
    as_nora.post(form_url(parcel), usual(to="nobody", files=file))
    pk = SideFile.objects.get().pk
    as_nora.post(f"/beside/files/{pk}/removal/", usual(text="Kept words"))
    assert not SideFile.objects.exists()
    assert "Kept words" in as_nora.get(form_url(parcel)).content.decode()


def test_what_is_typed_is_kept(parcel: Conversation, as_nora: Client) -> None:
    answer = as_nora.post(form_url(parcel, "draft/"), usual(text="Half a"))
    assert answer.status_code == 204
    page = as_nora.get(form_url(parcel)).content.decode()
    assert "Half a" in page
    assert CARRIER in page


def test_an_answer_is_new_in_the_pane_until_somebody_reads_it(
    parcel: Conversation, as_nora: Client, nora: Any, mailbox: Inbox
) -> None:
    asked = ask_the_carrier(parcel, nora)
    answer_to(letter_about(asked), mailbox, "In our depot.")
    pane = f"/conversations/{parcel.pk}/customer/"
    assert "<strong>new</strong>" in as_nora.get(pane).content.decode()
    page = as_nora.get(f"/beside/{asked.thread_id}/").content.decode()
    assert "In our depot." in page
    as_nora.post(f"/beside/{asked.thread_id}/seen/")
    assert "<strong>new</strong>" not in as_nora.get(pane).content.decode()
    as_nora.post(f"/beside/{asked.thread_id}/", {"to": CARRIER, "text": "Thank you."})
    assert SideMessage.objects.count() == 3
    as_nora.post(f"/beside/{asked.thread_id}/state/", {"is": "done"})
    assert "Open again" in as_nora.get(f"/beside/{asked.thread_id}/").content.decode()


def test_the_customer_sees_none_of_it_behind_their_link(
    lamp: Conversation, client: Client, nora: Any, mailbox: Inbox
) -> None:
    asked = ask_the_carrier(lamp, nora, text="A secret question")
    answer_to(letter_about(asked), mailbox, "A secret answer")
    link = make_token(lamp, lamp.participants.get().handle, Token.Purpose.LINK)
    confirm_address(conversation_by_link(link))
    reply = reply_to(lamp, Reply(text="We have asked."), by=nora)
    Message.objects.filter(pk=reply.pk).update(delivery_state="sent")
    page = client.get(f"/c/{link}/").content.decode()
    assert "We have asked." in page
    assert "secret" not in page
    assert CARRIER not in page


def test_a_message_of_another_conversation_is_not_passed_on(
    parcel: Conversation, as_nora: Client, mailbox: Inbox
) -> None:
    other = conversation_of(arrive(mailbox, mail_bytes("Hi", sender="karim@example.com")))
    number = other.messages.get().pk
    assert as_nora.get(form_url(parcel, f"?message={number}")).status_code == 404
    assert as_nora.get(form_url(parcel, "?message=x")).status_code == 404


def test_a_thread_of_another_conversation_takes_no_draft(
    parcel: Conversation, as_nora: Client, nora: Any, mailbox: Inbox
) -> None:
    other = conversation_of(arrive(mailbox, mail_bytes("Hi", sender="karim@example.com")))
    thread = ask_the_carrier(other, nora).thread_id
    answer = as_nora.post(form_url(parcel, "draft/"), usual(thread=thread))
    assert answer.status_code == 404
    assert not SideDraft.objects.exists()


def test_whose_answers_wait_for_a_yes_writes_to_nobody_past_it(
    parcel: Conversation, as_nora: Client, nora: Any, olga: Any
) -> None:
    thread = ask_the_carrier(parcel, nora).thread
    before = Delivery.objects.count()
    set_whose_answers_wait([nora], [], by=olga)
    refused = as_nora.post(form_url(parcel), usual())
    assert refused.status_code == 422
    assert ">Where is it?</textarea>" in refused.content.decode()
    assert as_nora.post(f"/beside/{thread.pk}/", usual()).status_code == 422
    assert Delivery.objects.count() == before


def test_an_endless_number_is_no_thread(parcel: Conversation, as_nora: Client) -> None:
    where = form_url(parcel, "draft/")
    assert as_nora.post(where, usual(thread="9" * 5000)).status_code == 404


@pytest.mark.parametrize("odd", ["9" * 5000, "a\0b"])
def test_odd_words_in_a_form_are_no_fault_of_the_house(
    parcel: Conversation, as_nora: Client, nora: Any, odd: str
) -> None:
    thread = ask_the_carrier(parcel, nora).thread
    data = usual(attach=odd, client_key=odd, to=odd)
    for where in (form_url(parcel), f"/beside/{thread.pk}/"):
        assert as_nora.post(where, data).status_code == 422
    undo = {"message": odd, "text": "And?", "client_key": odd}
    assert as_nora.post(f"/conversations/{parcel.pk}/undo/", undo).status_code == 302
