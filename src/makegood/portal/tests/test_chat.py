"""A visitor of the shop's page writes, is answered, and nobody else hears of it."""

import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from makegood.channels.models import Arrival, Inbox
from makegood.chat.models import Upload, Visitor
from makegood.conversations.actions import add_note, resolve_conversation
from makegood.conversations.models import Conversation, Message
from makegood.conversations.replying import Reply, reply_to
from makegood.customers.blocking import block_handle
from makegood.ledger.models import Event
from makegood.team.models import Agent

SHOP = "https://shop.example"
IDA, KARIM = "i" * 43, "k" * 43
PIXEL = b"\x89PNG\r\n\x1a\n" + b"0" * 40


class Browser:
    """A visitor's browser on one of the shop's pages."""

    def __init__(self, chat: Inbox, secret: str = IDA, origin: str = SHOP) -> None:
        self.base, self.secret, self.origin = f"/chat/{chat.public_id}/", secret, origin
        self.client = Client(enforce_csrf_checks=True)

    def get(self, path: str) -> Any:
        return self.client.get(self.base + path, headers=self._headers())

    def post(self, path: str, body: Any) -> Any:
        return self.client.post(
            self.base + path, json.dumps(body), content_type="application/json",
            headers=self._headers(),
        )  # fmt: skip

    def say(self, text: str, client_id: str = "first-word-of-ida", **more: Any) -> Any:
        return self.post("messages/", {"client_id": client_id, "text": text, **more})

    def read(self, query: str = "") -> Any:
        return self.get(f"messages/{query}").json()

    def upload(self, content: bytes, name: str = "lamp.png") -> Any:
        return self.client.post(
            f"{self.base}files/?name={name}", content, content_type="image/png",
            headers=self._headers(),
        )  # fmt: skip

    def _headers(self) -> dict[str, str]:
        return {"Origin": self.origin, "Authorization": f"Bearer {self.secret}"}


@pytest.fixture
def ida(chat: Inbox) -> Browser:
    return Browser(chat)


def test_what_a_visitor_writes_is_a_conversation_that_waits_for_us(ida: Browser) -> None:
    answer = ida.say("Does the brass lamp come with a bulb?")
    assert answer.status_code == 201
    assert answer.json()["message"]["client_id"] == "first-word-of-ida"
    conversation = Conversation.objects.get()
    assert conversation.subject == "Does the brass lamp come with a bulb?"
    assert (conversation.status, conversation.turn) == ("open", "ours")
    assert conversation.customer.name.startswith("Visitor ")
    assert conversation.messages.get().trust == "unverified"


def test_the_same_word_again_is_said_once(ida: Browser) -> None:
    first, again = ida.say("Hello?"), ida.say("Hello?")
    assert first.json() == again.json()
    assert (Message.objects.count(), Arrival.objects.count(), Visitor.objects.count()) == (1, 1, 1)


def test_other_words_under_the_same_name_are_refused(ida: Browser) -> None:
    ida.say("Hello?")
    other = ida.say("Something else")
    assert (other.status_code, other.json()["error"]) == (422, "refused")
    assert Message.objects.count() == 1


def test_more_words_go_on_in_the_same_conversation(ida: Browser) -> None:
    ida.say("Hello?")
    ida.say("Is somebody there?", "second-word-of-ida")
    assert Conversation.objects.get().messages.count() == 2
    assert not Message.objects.exclude(new_matter="").exists()


def test_an_answer_is_fetched_by_its_visitor_alone(ida: Browser, chat: Inbox, nora: Agent) -> None:
    ida.say("Does it come with a bulb?")
    answer = reply_to(Conversation.objects.get(), Reply(text="Yes, *two* of them."), by=nora)
    assert answer.delivery_state == "sent"
    asked, answered = ida.read()["messages"]
    assert (asked["from"], answered["from"], answered["name"]) == ("me", "agent", "Nora")
    assert answered["tree"][0]["c"] == ["Yes, ", {"t": "em", "c": ["two"]}, " of them."]
    assert [one["seq"] for one in ida.read(f"?after={asked['seq']}")["messages"]] == [answer.pk]
    other = Browser(chat, KARIM)
    assert other.read()["messages"] == []
    other.say("Good morning", "first-word-of-karim")
    assert [one["text"] for one in other.read()["messages"]] == ["Good morning"]


def test_notes_of_agents_are_never_told(ida: Browser, nora: Agent) -> None:
    ida.say("Hello?")
    add_note(Conversation.objects.get(), "She has called before.", by=nora)
    assert [one["text"] for one in ida.read()["messages"]] == ["Hello?"]


def test_an_answer_that_was_read_is_a_fact(ida: Browser, nora: Agent) -> None:
    ida.say("Hello?")
    answer = reply_to(Conversation.objects.get(), Reply(text="Good morning!"), by=nora)
    assert ida.post("seen/", {"read": answer.pk}).status_code == 204
    ida.post("seen/", {"read": answer.pk})
    event = Event.objects.get(kind="chat.read")
    assert event.facts["message"] == answer.pk
    assert ida.read()["read"] == answer.pk


def test_where_somebody_is_and_what_lies_in_the_cart_is_kept_as_text(ida: Browser) -> None:
    ida.say("Hello?")
    page = {"url": "https://shop.example/lamp", "title": "Brass lamp"}
    ida.post("seen/", {"page": page, "cart": {"total": "49.00 EUR", "items": [1]}})
    visitor = Visitor.objects.get()
    assert (visitor.page_url, visitor.page_title) == (page["url"], "Brass lamp")
    assert visitor.cart == {"total": "49.00 EUR"}
    lines = [{"name": "Brass lamp", "quantity": 2, "price": "24.50"}, {"sku": "B-1"}, "odd"]
    ida.post("seen/", {"cart": {"lines": lines, "total": 49}})
    cart = {"Brass lamp": "2 × 24.50", "B-1": "", "total": "49"}
    assert Visitor.objects.get().cart == cart
    ida.post("seen/", {"page": {"url": "javascript:alert(1)", "title": ""}})
    assert Visitor.objects.get().page_url == ""


def test_words_that_the_page_gives_are_shown_as_the_pages(
    ida: Browser, client: Client, nora: Agent
) -> None:
    ida.say("Hello?", tags=["wholesale", " wholesale ", "<b>vip</b>", ""])
    assert Visitor.objects.get().tags == ["wholesale", "<b>vip</b>"]
    ida.say("Still there?", "second-word-of-ida")
    client.force_login(nora)
    page = client.get(f"/conversations/{Conversation.objects.get().pk}/").content.decode()
    assert "the page says: <bdi>wholesale, &lt;b&gt;vip&lt;/b&gt;</bdi>" in page
    assert ida.say("Hm", "third-word-of-ida", tags="wholesale").status_code == 400


def test_a_page_of_another_shop_is_not_answered(chat: Inbox) -> None:
    thief = Browser(chat, origin="https://elsewhere.example")
    answer = thief.say("Hello?")
    assert answer.status_code == 403
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert not Visitor.objects.exists()


def test_a_browser_asks_beforehand_whether_it_may(chat: Inbox, ida: Browser) -> None:
    answer = ida.client.options(ida.base + "messages/", headers={"Origin": SHOP})
    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Origin"] == SHOP
    assert "authorization" in answer.headers["Access-Control-Allow-Headers"]


def test_looking_makes_nobody_a_visitor(ida: Browser) -> None:
    assert ida.get("hello/").json()["name"] == "Lantern & Loom"
    assert ida.read()["conversation"]["status"] == "none"
    assert not Visitor.objects.exists()


def test_a_file_goes_ahead_of_its_message_and_comes_back(ida: Browser, chat: Inbox) -> None:
    token = ida.upload(PIXEL).json()["token"]
    said = ida.say("It looks like this.", files=[token]).json()["message"]
    (file,) = said["files"]
    assert (file["name"], file["is_image"], file["size"]) == ("lamp.png", True, len(PIXEL))
    assert ida.client.get(file["url"]).getvalue() == PIXEL
    assert ida.client.get(file["url"][:-2] + "x/").status_code == 404
    assert not Upload.objects.exists()
    assert ida.say("It looks like this.", files=[token]).json()["message"] == said


def test_a_file_of_somebody_else_is_not_sent(ida: Browser, chat: Inbox) -> None:
    token = Browser(chat, KARIM).upload(PIXEL).json()["token"]
    assert ida.say("Look", files=[token]).status_code == 422
    assert Upload.objects.count() == 1


def test_another_secret_opens_and_the_one_before_for_some_minutes(
    ida: Browser, chat: Inbox
) -> None:
    ida.say("Hello?")
    ida.post("secret/", {"next": KARIM})
    assert len(Browser(chat, KARIM).read()["messages"]) == 1
    assert len(ida.read()["messages"]) == 1
    Visitor.objects.update(former_until="2026-01-01T00:00:00Z")
    assert ida.read()["messages"] == []


def test_who_is_blocked_is_told_so_and_nothing_is_kept(ida: Browser, olga: Agent) -> None:
    ida.say("Hello?")
    block_handle(Visitor.objects.get().handle, reason="Abuse", by=olga)
    answer = ida.say("You fools", "second-word-of-ida")
    assert (answer.status_code, answer.json()["error"]) == (403, "blocked")
    assert Arrival.objects.count() == 1


@pytest.mark.parametrize("body", [
    {}, {"client_id": "short", "text": "x"}, {"client_id": "x" * 20, "text": 5}, [1],
    {"client_id": "x" * 20, "text": "a", "files": [1]}, {"client_id": "x" * 20, "text": "  "},
    {"client_id": "x" * 20, "text": "y" * 6000},
])  # fmt: skip
def test_what_no_program_of_ours_sends_is_refused(ida: Browser, body: Any) -> None:
    assert ida.post("messages/", body).status_code in (400, 422)
    assert not Message.objects.exists()


def test_a_name_that_is_told_replaces_the_made_up_one(ida: Browser) -> None:
    ida.say("Hello?", name="Ida Berg", email="ida@example.com", answers={"order": "4711"})
    visitor = Visitor.objects.get()
    assert visitor.handle.customer.name == "Ida Berg"
    assert visitor.mail is not None
    assert visitor.mail.address == "ida@example.com"
    assert visitor.mail.verified_at is None
    assert visitor.answers == {"order": "4711"}


def test_how_long_to_wait_can_be_read_from_the_shops_page(ida: Browser) -> None:
    assert "Retry-After" in ida.get("hello/").headers["Access-Control-Expose-Headers"]


def test_what_was_said_in_chats_that_are_over_can_be_read_by_whose_they_are(
    ida: Browser, chat: Inbox, nora: Agent
) -> None:
    ida.say("Where is my lamp?")
    first = Conversation.objects.get()
    reply_to(first, Reply(text="It comes tomorrow."), by=nora)
    add_note(first, "A canary in the notes.", by=nora)
    resolve_conversation(first, by=nora)
    other = Browser(chat, KARIM)
    with time_machine.travel(timezone.now() + timedelta(days=30), tick=False):
        ida.say("And now a rug.", "first-word-of-another-day")
        other.say("Good morning", "first-word-of-karim")
        assert Conversation.objects.count() == 3
        now = ida.read()
        assert [one["text"] for one in now["messages"]] == ["And now a rug."]
        assert now["is_more"] is True
        before = ida.read(f"?before={now['messages'][0]['seq']}")
        assert [one["text"] for one in before["messages"]] == [
            "Where is my lamp?", "It comes tomorrow.",
        ]  # fmt: skip
        assert before["is_more"] is False
        theirs = other.read()
        assert (len(theirs["messages"]), theirs["is_more"]) == (1, False)
        assert other.read(f"?before={theirs['messages'][0]['seq']}")["messages"] == []
