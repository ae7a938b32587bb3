"""What stands in the way of an answer, where it may go, and what machines wrote: on the page."""

from typing import Any

import pytest
from django.test import Client

from makegood.channels.models import Delivery, Inbox
from makegood.conversations.models import Conversation, Draft, Message, Token
from makegood.conversations.tokens import make_token
from makegood.customers.delivering import RefusedMail, note_complaint, note_refusal
from makegood.desk.tests.asking import HTMX, part, signed_in
from makegood.ledger.models import Event
from tests.world import EARLIER, HOUSE, arrive, mail_bytes

ASKED = "I have attached the invoice."


@pytest.fixture
def as_nora(nora: Any) -> Client:
    return signed_in(nora)


@pytest.fixture
def refused(lamp: Conversation) -> Conversation:
    """Ida's mailbox is gone, as her provider says."""
    handle = lamp.participants.get().handle
    said = RefusedMail(
        about="delivery:1", is_final=True, cause="no such mailbox", reason="There is none."
    )
    note_refusal(handle, said, at=EARLIER, by=HOUSE)
    return lamp


def say(client: Client, lamp: Conversation, text: str, **data: Any) -> Any:
    headers = data.pop("headers", {})
    given = {"text": text, "client_key": "once", "seen": lamp.last_message}
    return client.post(f"/conversations/{lamp.pk}/messages/", given | data, headers=headers)


def accepted_by(page: str) -> str:
    return page.partition('name="accept" value="')[2].partition('"')[0]


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_question_is_asked_once_and_sent_anyway_by_one_button(
    lamp: Conversation, as_nora: Client, headers: dict[str, str]
) -> None:
    asked = say(as_nora, lamp, ASKED, headers=headers)
    page = asked.content.decode()
    assert asked.status_code == 422
    assert "<mark>I have attached</mark>" in page
    assert f"{ASKED}</textarea>" in page, "the words are kept"
    assert not Delivery.objects.exists()
    say(as_nora, lamp, ASKED, headers=headers, accept=accepted_by(page), client_key="again")
    assert Delivery.objects.count() == 1
    [event] = Event.objects.filter(kind="conversation.sent_anyway")
    assert event.by.startswith("agent:")
    assert "This speaks of a file, and none goes along:" in event.sentence()


def test_a_yes_counts_for_the_words_that_were_asked_about(
    lamp: Conversation, as_nora: Client
) -> None:
    page = say(as_nora, lamp, ASKED).content.decode()
    again = say(as_nora, lamp, "I enclose it, [SALE].", accept=accepted_by(page))
    assert again.status_code == 422
    assert not Delivery.objects.exists()


def test_what_is_wrong_is_refused_without_a_way_round(lamp: Conversation, as_nora: Client) -> None:
    asked = say(as_nora, lamp, "Dear {{ name }}, it left.")
    page = asked.content.decode()
    assert asked.status_code == 422
    assert "<mark>{{ name }}</mark>" in page
    assert "Send anyway" not in page
    assert Draft.objects.get().text == "Dear {{ name }}, it left."
    say(as_nora, lamp, "Dear {{ name }}, it left.", accept="placeholder-x link-y")
    assert not Message.objects.filter(direction="outgoing").exists()


def test_a_link_of_another_conversation_never_leaves(
    lamp: Conversation, mailbox: Inbox, as_nora: Client, settings: Any
) -> None:
    arrive(mailbox, mail_bytes("Hi", sender="bo@example.org"))
    other = Conversation.objects.exclude(pk=lamp.pk).get()
    handle = other.participants.get().handle
    link = f"{settings.URL}/c/{make_token(other, handle, Token.Purpose.LINK)}/"
    page = say(as_nora, lamp, f"Look here: {link}").content.decode()
    assert "This is the private link of another conversation:" in page
    own = f"{settings.URL}/c/{make_token(lamp, handle, Token.Purpose.LINK)}/"
    assert say(as_nora, lamp, f"Look here: {own}").status_code == 302


def test_another_customers_address_is_asked_about(
    lamp: Conversation, mailbox: Inbox, as_nora: Client
) -> None:
    arrive(mailbox, mail_bytes("Hi", sender="bo@customer.net"))
    page = say(as_nora, lamp, "Please write to bo@customer.net.").content.decode()
    assert "another customer&#39;s address" in page
    assert say(as_nora, lamp, "Please write to shop@elsewhere.net.").status_code == 302


def test_an_inbox_that_is_paused_is_asked_about(
    lamp: Conversation, mailbox: Inbox, as_nora: Client
) -> None:
    Inbox.objects.filter(pk=mailbox.pk).update(state="paused")
    page = say(as_nora, lamp, "It left on Friday.").content.decode()
    assert "Hello is paused: an answer to this would not be taken in." in page


def test_before_a_word_is_written_it_says_that_the_address_refuses(
    refused: Conversation, as_nora: Client
) -> None:
    page = as_nora.get(f"/conversations/{refused.pk}/").content.decode()
    assert "This address refused mail on" in page
    assert "There is none." in page


def test_a_click_lets_us_write_there_again(refused: Conversation, as_nora: Client) -> None:
    handle = refused.participants.get().handle
    where = f"/conversations/{refused.pk}/customer/"
    pane = as_nora.get(where, headers=part("customer-pane")).content.decode()
    assert "takes no mail" in pane
    answer = as_nora.post(f"/conversations/{refused.pk}/handles/{handle.pk}/")
    assert answer.headers["Location"] == f"/conversations/{refused.pk}/"
    handle.refresh_from_db()
    assert handle.bounced_at is None
    assert "takes no mail" not in as_nora.get(where).content.decode()


def test_a_complaint_is_shown_beside_the_address(lamp: Conversation, as_nora: Client) -> None:
    note_complaint(lamp.participants.get().handle, at=EARLIER, by=HOUSE)
    page = as_nora.get(f"/conversations/{lamp.pk}/customer/").content.decode()
    assert "Called our mail spam" in page


def test_what_did_not_get_there_is_marked_in_the_list_and_has_a_list(
    lamp: Conversation, as_nora: Client
) -> None:
    Conversation.objects.filter(pk=lamp.pk).update(is_undelivered=True)
    assert "did not get there" in as_nora.get("/inbox/waiting/").content.decode()
    assert "My lamp" in as_nora.get("/inbox/undelivered/").content.decode()
    Conversation.objects.filter(pk=lamp.pk).update(is_undelivered=False)
    assert "My lamp" not in as_nora.get("/inbox/undelivered/").content.decode()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("I am out of the office until 12 March.", "Automatic reply: away until 12 March"),
        ("I am out of the office. I am back on 12 March.", "Automatic reply: back on 12 March"),
        ("I am out of the office.", "Automatic reply: out of office"),
        ("We have your mail.", "Automatic reply ·"),
    ],
)
def test_a_machines_answer_is_folded_into_a_line(
    mailbox: Inbox, as_nora: Client, text: str, line: str
) -> None:
    arrive(mailbox, mail_bytes(text, subject="Re: My lamp", auto_submitted="auto-replied"))
    page = as_nora.get(f"/conversations/{Conversation.objects.get().pk}/").content.decode()
    assert line in page
    assert text in page, "unfolded, it is all there"
