"""A chat on the desk: who is at the other end, what they read, and how an answer goes there."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from makegood.channels.models import Inbox
from makegood.chat.actions import Said, admit, say
from makegood.chat.attending import who_types
from makegood.chat.models import Visitor
from makegood.chat.reading import Seen, see
from makegood.conversations.models import Conversation
from makegood.conversations.replying import Reply, reply_to
from makegood.desk.tests.asking import HTMX, at_most, signed_in
from makegood.live.beside import Beside
from makegood.team.models import Agent


@pytest.fixture
def ida(chat: Inbox) -> Visitor:
    """Somebody before the shop's chat, who asked for a lamp."""
    visitor = admit(chat, "i" * 43, language="de")
    say(visitor, Said(client_id="first-word-of-ida", text="Is the brass lamp in stock?"))
    return visitor


@pytest.fixture
def asked(ida: Visitor) -> Conversation:
    return Conversation.objects.get(customer=ida.handle.customer)


@pytest.fixture
def as_nora(nora: Agent) -> Client:
    return signed_in(nora)


def shown(client: Client, conversation: Conversation, part: str = "") -> str:
    path = f"/conversations/{conversation.pk}/{part}"
    return client.get(path, headers=HTMX if part else {}).content.decode()


def seen(visitor: Visitor, ago: timedelta) -> None:
    Visitor.objects.filter(pk=visitor.pk).update(seen_at=timezone.now() - ago)


def test_the_page_says_that_it_is_a_chat_and_no_address_is_to_be_read(
    ida: Visitor, asked: Conversation, as_nora: Client
) -> None:
    words = shown(as_nora, asked)
    assert "In the chat" in words
    assert "here now" in words
    assert f"<bdi>{ida.handle.name}</bdi>, in the chat" in words
    assert ida.handle.address not in words
    assert ida.handle.address not in shown(as_nora, asked, "customer/")


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(seconds=10), "here now"),
        (timedelta(minutes=2), "away"),
        (timedelta(hours=1), "gone, and left no address"),
    ],
)
def test_whether_the_visitor_is_here_is_told(
    ida: Visitor, asked: Conversation, as_nora: Client, ago: timedelta, words: str
) -> None:
    seen(ida, ago)
    assert words in shown(as_nora, asked, "visitor/")


def test_who_has_gone_is_reached_where_they_said(
    ida: Visitor, asked: Conversation, as_nora: Client
) -> None:
    say(ida, Said(client_id="second-word-of-ida", text="Write me", email="ida@example.com"))
    seen(ida, timedelta(hours=1))
    line = shown(as_nora, asked, "visitor/")
    assert "to be reached at" in line
    assert "ida@example.com" in line


def test_an_answer_that_was_read_says_when(
    ida: Visitor, asked: Conversation, as_nora: Client, nora: Agent
) -> None:
    answer = reply_to(asked, Reply(text="Yes, three of them."), by=nora)
    assert ">read " not in shown(as_nora, asked).replace("\n", "")
    see(ida, Seen(read=answer.pk))
    news = shown(as_nora, asked, f"news/?message={answer.pk}&note=0&event=9999999")
    assert f'id="delivery-{answer.pk}" hx-swap-oob="true"' in news
    assert "read <local-time" in news


def test_typing_is_told_live_to_who_may_see_it_and_never_the_words(
    ida: Visitor, asked: Conversation
) -> None:
    beside = Beside()
    assert beside.news() == []
    see(ida, Seen(is_typing=True))
    (told,) = beside.news()
    assert told.here is not None
    assert told.inboxes == frozenset({asked.inbox_id})
    assert (told.here.place, told.here.who, bool(told.here.typed)) == (asked.ref, (), True)
    see(ida, Seen(is_typing=False))
    (told,) = beside.news()
    assert told.here is not None
    assert told.here.typed == 0


def test_typing_passes_by_itself(ida: Visitor, asked: Conversation) -> None:
    see(ida, Seen(is_typing=True))
    now = timezone.now()
    assert [one.place for one in who_types(now)] == [asked.ref]
    assert who_types(now + timedelta(seconds=20)) == []


def test_in_a_chat_enter_sends_and_there_is_no_signature(
    asked: Conversation, lamp: Conversation, as_nora: Client, nora: Agent
) -> None:
    nora.signature = "Nora of the lamps"
    nora.save(update_fields=["signature"])
    in_chat, by_mail = shown(as_nora, asked), shown(as_nora, lamp)
    assert "<enter-sends>" in in_chat
    assert 'data-limit="5000"' in in_chat
    assert "Nora of the lamps" not in in_chat
    assert "<enter-sends>" not in by_mail
    assert "Nora of the lamps" in by_mail


def test_the_pane_says_where_they_are_and_what_lies_in_the_cart(
    ida: Visitor, asked: Conversation, as_nora: Client
) -> None:
    page = {"page_url": "https://shop.example/lamps/brass", "page_title": "Brass lamp"}
    see(ida, Seen(**page, cart={"Brass lamp": "2 × €84"}))  # type: ignore[arg-type]
    pane = shown(as_nora, asked, "customer/")
    assert 'href="https://shop.example/lamps/brass"' in pane
    assert 'rel="noopener noreferrer nofollow"' in pane
    assert "2 × €84" in pane
    assert "unverified" in pane
    assert "German" in pane or "Deutsch" in pane


def test_an_address_that_would_run_is_no_link(
    ida: Visitor, asked: Conversation, as_nora: Client
) -> None:
    Visitor.objects.filter(pk=ida.pk).update(page_url="javascript:alert(1)")
    assert "javascript:" not in shown(as_nora, asked, "customer/")


def test_a_chat_keeps_the_budget_of_its_page(
    asked: Conversation, as_nora: Client, nora: Agent
) -> None:
    reply_to(asked, Reply(text="Yes, three of them."), by=nora)
    with at_most(18):
        assert as_nora.get(f"/conversations/{asked.pk}/").status_code == 200


def test_whoever_may_not_see_the_inbox_learns_nothing(asked: Conversation, vera: Any) -> None:
    assert signed_in(vera).get(f"/conversations/{asked.pk}/visitor/").status_code == 404


def test_what_was_asked_before_the_chat_is_told_in_our_words(
    chat: Inbox, ida: Visitor, asked: Conversation, as_nora: Client
) -> None:
    questions = [
        {"key": "name", "kind": "name", "labels": {"en": "Your name"}, "choices": []},
        {"key": "question-2", "kind": "choice", "choices": ["Lamps", "Rugs"],
         "labels": {"en": "What is it about?", "de": "Worum geht es?"}},
        {"key": "question-3", "kind": "phone", "labels": {"de": "Telefon"}, "choices": []},
    ]  # fmt: skip
    chat.settings["chat"] = {"questions": questions}
    chat.save()
    ida.inbox.refresh_from_db()
    answers = {"name": "Ida", "question-2": "Lamps", "question-3": "none"}
    say(ida, Said(client_id="second-word-of-ida", text="Hello?", name="Ida", answers=answers))
    assert Visitor.objects.get().answers == {"name": "Ida", "question-2": "Lamps"}
    words = shown(as_nora, asked, "customer/")
    assert "What is it about?" in words
    assert "question-2" not in words
    answers = {"question-2": "Something else", "question-3": "030 123 456"}
    say(ida, Said(client_id="third-word-of-ida", text="And now?", answers=answers))
    assert Visitor.objects.get().answers["question-2"] == "Lamps"
    assert "Telefon" in shown(as_nora, asked, "customer/")


def test_a_column_tells_where_they_are_and_what_lies_in_the_cart(
    ida: Visitor, asked: Conversation, as_nora: Client
) -> None:
    lines = [{"name": "Brass lamp", "quantity": 2, "price": "24.50"}]
    see(ida, Seen(page_url="https://shop.example/lamp", page_title="Lamp", cart={"lines": lines}))
    words = as_nora.get(f"/conversations/{asked.pk}/visitor/", headers=HTMX).content.decode()
    assert 'href="https://shop.example/lamp"' in words
    assert "Brass lamp 2 × 24.50" in words
