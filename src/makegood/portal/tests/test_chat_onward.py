"""From a chat onward: by mail, on another device, by telephone, with what was said in hand."""

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from makegood.calendars.actions import Wish, save_calendar
from makegood.calendars.hours import Shift
from makegood.channels.models import Delivery, Inbox
from makegood.chat.models import Pass, Visitor
from makegood.conversations.confirming import confirm_address
from makegood.conversations.models import Conversation, Message, Token
from makegood.conversations.replying import Reply, reply_to
from makegood.conversations.tokens import make_token, token_row
from makegood.customers.models import Handle
from makegood.portal.budgets import BUDGETS, Budget
from makegood.portal.tests.test_chat import KARIM, SHOP, Browser
from makegood.promises.actions import keep_promise
from makegood.promises.models import Promise
from makegood.promises.told import honest_line
from makegood.team.models import Agent

PHONE = "p" * 43
MONDAY = datetime(2026, 3, 2, 8, 50, tzinfo=UTC)
NUMBER = "+49 30 1234567"


@pytest.fixture
def ida(chat: Inbox) -> Browser:
    browser = Browser(chat)
    browser.say("Does it come with a bulb?")
    return browser


@pytest.fixture
def phone(chat: Inbox) -> Browser:
    """Another device, on a page of our own."""
    return Browser(chat, PHONE, origin="http://testserver")


def word_in(made: Any) -> str:
    return str(made.json()["url"]).partition("#")[2]


def claim(browser: Browser, word: str) -> int:
    browser.origin = SHOP
    return int(browser.post("claim/", {"pass": word}).status_code)


def limit(monkeypatch: pytest.MonkeyPatch, name: str, most: int, free: int | None = None) -> None:
    monkeypatch.setitem(BUDGETS, name, Budget(most, BUDGETS[name].period, free=free))


# ── By mail ──


def test_an_address_is_left_for_answers_that_are_not_read(ida: Browser) -> None:
    answer = ida.post("email/", {"email": " Ida@Example.com "})
    assert answer.json() == {"email": "ida@example.com"}
    mail = Visitor.objects.get().mail
    assert mail
    assert mail.verified_at is None


@pytest.mark.parametrize("address", ["", "ida", "noreply@example.com", "hello@lantern.example"])
def test_what_is_no_address_or_ours_is_refused(ida: Browser, address: str) -> None:
    answer = ida.post("email/", {"email": address})
    assert (answer.status_code, answer.json()["error"]) == (422, "refused")
    assert Visitor.objects.get().mail is None


# ── On another device ──


def test_many_newcomers_of_a_network_keep_nobody_from_going_on(
    ida: Browser, phone: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit(monkeypatch, "chat-visitors-of-a-network", 1, free=0)
    limit(monkeypatch, "chat-words-of-a-network", 100, free=100)
    assert claim(phone, word_in(ida.post("pass/", {}))) == 204


def test_words_are_not_guessed(
    ida: Browser, phone: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit(monkeypatch, "chat-claims-of-a-network", 2)
    assert [claim(phone, "a" * 26) for _guess in range(3)] == [422, 422, 429]
    assert claim(phone, word_in(ida.post("pass/", {}))) == 429
    assert not Pass.objects.exclude(used_at=None).exists()


def test_another_device_goes_on_with_the_same_chat(
    ida: Browser, phone: Browser, nora: Agent
) -> None:
    made = ida.post("pass/", {})
    assert made.status_code == 201
    assert made.json()["qr"]["path"].startswith("M")
    assert claim(phone, word_in(made)) == 204
    reply_to(Conversation.objects.get(), Reply(text="Yes, two."), by=nora)
    phone.say("Good", "word-from-the-phone")
    assert [one["text"] for one in phone.read()["messages"]] == [
        "Does it come with a bulb?", "Yes, two.", "Good",
    ]  # fmt: skip
    assert ida.read()["messages"] == phone.read()["messages"]


def test_a_pass_opens_once(ida: Browser, phone: Browser, chat: Inbox) -> None:
    word = word_in(ida.post("pass/", {}))
    assert claim(phone, word) == 204
    assert claim(Browser(chat, KARIM), word) == 422
    assert Visitor.objects.count() == 2


def test_a_pass_opens_for_ten_minutes_and_only_its_hash_is_kept(
    ida: Browser, phone: Browser
) -> None:
    word = word_in(ida.post("pass/", {}))
    assert word not in str(Pass.objects.values().get())
    Pass.objects.update(expires_at=timezone.now())
    assert claim(phone, word) == 422
    assert claim(phone, "a" * 26) == 422
    assert claim(phone, "") == 422


def test_who_said_nothing_has_nothing_to_go_on_with(chat: Inbox) -> None:
    assert Browser(chat, KARIM).post("pass/", {}).status_code == 422
    assert not Pass.objects.exists()


def test_the_page_for_the_other_device_knows_nothing(chat: Inbox, ida: Browser) -> None:
    page = Client().get(f"/chat/{chat.public_id}/here/").content.decode()
    assert chat.public_id in page
    assert "bulb" not in page


# ── From a private link ──


@pytest.fixture
def link(lamp: Conversation) -> str:
    """Ida's private link, whose address she has confirmed."""
    token = make_token(lamp, Handle.objects.get(address="ida@example.com"), Token.Purpose.LINK)
    row = token_row(token, Token.Purpose.LINK)
    assert row
    confirm_address(row)
    return token


def test_what_was_begun_by_form_goes_on_in_the_chat(
    lamp: Conversation, link: str, phone: Browser, nora: Agent
) -> None:
    assert "Chat about this" in Client().get(f"/c/{link}/").content.decode()
    there = Client().post(f"/c/{link}/chat/").headers["Location"]
    assert claim(phone, there.partition("#")[2]) == 204
    phone.say("I sit here now.", "word-from-the-phone")
    lamp.refresh_from_db()
    said = lamp.messages.order_by("pk").last()
    assert said
    assert said.text == "I sit here now."
    assert "private link" in said.trust_reason
    answer = reply_to(lamp, Reply(text="Then quickly."), by=nora)
    assert not Delivery.objects.exists()
    assert [one["seq"] for one in phone.read()["messages"]][-1] == answer.pk
    assert "Where is my lamp?" in phone.read()["messages"][0]["text"]


def test_a_proven_browser_sees_what_goes_by_mail_and_no_other_does(
    lamp: Conversation, link: str, ida: Browser, phone: Browser, nora: Agent
) -> None:
    there = Client().post(f"/c/{link}/chat/").headers["Location"]
    claim(phone, there.partition("#")[2])
    reply_to(lamp, Reply(text="By mail to you."), by=nora)
    Message.objects.filter(text="By mail to you.").update(delivery_state="sent")
    told = {one["text"]: one["by_mail"] for one in phone.read()["messages"]}
    assert told["By mail to you."]
    assert "By mail to you." not in [one["text"] for one in ida.read()["messages"]]


def test_without_a_chat_nothing_is_offered(lamp: Conversation, link: str) -> None:
    assert "Chat about this" not in Client().get(f"/c/{link}/").content.decode()
    assert Client().post(f"/c/{link}/chat/").status_code == 404


# ── By telephone ──


@pytest.fixture
def hours(chat: Inbox, olga: Agent) -> None:
    """Open on workdays from nine to five, by the clock of Greenwich."""
    workday, free = (Shift(9 * 60, 17 * 60),), ()
    week = (*[workday] * 5, free, free)
    save_calendar(None, Wish(name="Shop", zone="UTC", week=week, whose=[chat.ref]), by=olga)


def slots(browser: Browser) -> list[dict[str, str]]:
    found: list[dict[str, str]] = browser.get("callback/").json()["slots"]
    return found


@time_machine.travel(MONDAY, tick=False)
def test_half_hours_of_the_opening_hours_are_offered(ida: Browser, hours: None) -> None:
    offered = slots(ida)
    first = {"key": "20260302T0930Z", "day": "Monday, 2 March", "from": "09:30", "until": "10:00"}
    assert offered[0] == first
    assert {one["until"] for one in offered} >= {"17:00"}
    assert not [one for one in offered if one["from"] < "09:00" or one["from"] > "16:30"]
    assert len({one["day"] for one in offered}) == 3


def test_without_hours_no_call_is_promised(ida: Browser) -> None:
    assert slots(ida) == []


def call(browser: Browser, when: str, **more: str) -> Any:
    wish = {"phone": NUMBER, "when": when, "client_id": "call-me-please-ida", **more}
    return browser.post("callback/", wish)


@time_machine.travel(MONDAY, tick=False)
def test_a_call_is_asked_for_and_promised_once(ida: Browser, hours: None) -> None:
    answers = [call(ida, "20260302T1000Z", words="About the lamp.") for _try in range(2)]
    assert [one.status_code for one in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert answers[0].json()["promise"] == "We call you on Monday, 2 March between 10:00 and 10:30"
    promise = Promise.objects.get(kind="call_back")
    assert promise.due_at == datetime(2026, 3, 2, 10, 30, tzinfo=UTC)
    said = Conversation.objects.get().messages.order_by("pk").last()
    assert said
    assert said.text.startswith(f"Please call me at {NUMBER} on Monday")
    assert not Handle.objects.filter(kind="phone").exists()


@time_machine.travel(MONDAY, tick=False)
def test_answering_keeps_no_call_and_saying_so_does(ida: Browser, hours: None, nora: Agent) -> None:
    call(ida, "20260302T1000Z")
    reply_to(Conversation.objects.get(), Reply(text="I call you."), by=nora)
    promise = Promise.objects.get(kind="call_back")
    assert promise.settled_at is None
    assert "We call you" in honest_line(Conversation.objects.get(), timezone.now())
    assert keep_promise(promise, by=nora).state == Promise.State.KEPT


@time_machine.travel(MONDAY, tick=False)
def test_a_half_hour_that_is_full_is_not_promised_again(
    chat: Inbox, ida: Browser, hours: None
) -> None:
    for number, letter in enumerate("kl"):
        assert call(Browser(chat, letter * 43), "20260302T1000Z").status_code == 201, number
    assert "20260302T1000Z" not in [one["key"] for one in slots(ida)]
    assert call(ida, "20260302T1000Z").status_code == 422
    assert Promise.objects.filter(kind="call_back").count() == 2


@pytest.mark.parametrize("when", ["20260302T0830Z", "20260301T1000Z", "20260302T1007Z", "", "x"])
@time_machine.travel(MONDAY, tick=False)
def test_no_other_time_is_promised(ida: Browser, hours: None, when: str) -> None:
    assert call(ida, when).status_code == 422
    assert Conversation.objects.get().messages.count() == 1


@pytest.mark.parametrize("number", ["", "12345", "1" * 16, "call me", "+4930+123456", "٣٣٣٣٣٣٣"])
@time_machine.travel(MONDAY, tick=False)
def test_what_is_no_number_is_refused(ida: Browser, hours: None, number: str) -> None:
    assert call(ida, "20260302T1000Z", phone=number).status_code == 422
    assert not Promise.objects.filter(kind="call_back").exists()


# ── With what was said in hand ──


def test_a_typed_address_gets_no_transcript(ida: Browser) -> None:
    ida.post("email/", {"email": "ida@example.com"})
    answer = ida.post("transcript/", {})
    assert answer.status_code == 422
    assert "proven" in answer.json()["words"]
    assert not Delivery.objects.exists()


def test_a_proven_address_gets_what_was_said(
    lamp: Conversation, link: str, phone: Browser, nora: Agent
) -> None:
    there = Client().post(f"/c/{link}/chat/").headers["Location"]
    claim(phone, there.partition("#")[2])
    phone.say("I sit here now.", "word-from-the-phone")
    reply_to(lamp, Reply(text="Then *quickly*."), by=nora)
    answer = phone.post("transcript/", {})
    assert (answer.status_code, answer.json()) == (202, {"email": "ida@example.com"})
    mail = Delivery.objects.get().outgoing
    assert [one["address"] for one in mail["to"]] == ["ida@example.com"]
    assert mail["text"].index("I sit here now.") < mail["text"].index("Then quickly.")
    assert phone.post("transcript/", {}).status_code == 202
    assert Delivery.objects.count() == 1
