"""Who is not let in: another page, another network, a secret that was given up."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client, override_settings
from django.utils import timezone

from makegood.channels.models import Arrival, Inbox
from makegood.chat import barring
from makegood.chat.barring import attempts_at, block_networks, unblock_network
from makegood.chat.models import NetworkBlock, TurnedAway, Upload, Visitor
from makegood.chat.queries import told_of, visitors_of
from makegood.customers.blocking import block_handle
from makegood.customers.models import Customer
from makegood.ledger.models import Event
from makegood.people.forgetting import forget_customer
from makegood.portal.chat import rush
from makegood.portal.tests.test_chat import KARIM, PIXEL, SHOP, Browser
from makegood.team.models import Agent

OTHER = "https://blog.shop.example"


@pytest.fixture(autouse=True)
def calm() -> None:
    rush.ANYTHING._counted.clear()
    rush.NAMING._counted.clear()
    barring._Tally.waiting.clear()
    barring._Tally.written.clear()


@pytest.fixture
def ida(chat: Inbox) -> Browser:
    return Browser(chat)


def blocked_network(olga: Agent, hours: int = 1) -> NetworkBlock:
    until = timezone.now() + timedelta(hours=hours)
    (block,) = block_networks(Customer.objects.get(), reason="A flood", until=until, by=olga)
    return block


def test_a_network_is_not_heard_and_every_attempt_is_counted(
    ida: Browser, chat: Inbox, olga: Agent
) -> None:
    ida.say("Hello?")
    block = blocked_network(olga)
    another = Browser(chat, KARIM)
    for browser in (ida, another):
        assert browser.say("Again", "second-word-of-ida").json()["error"] == "blocked"
        assert browser.upload(PIXEL).json()["error"] == "blocked"
    assert (Arrival.objects.count(), Visitor.objects.count()) == (1, 1)
    assert not Upload.objects.exists()
    barring._Tally.written.clear()
    ida.say("Again", "second-word-of-ida")
    assert attempts_at([block.ref]) == {block.ref: 5}
    unblock_network(block, by=olga)
    assert ida.say("Again", "second-word-of-ida").status_code == 201


DOORS = ("email/", "pass/", "claim/", "callback/", "transcript/", "end/", "rating/")


@pytest.mark.parametrize("door", DOORS)
def test_no_door_hears_a_blocked_network(ida: Browser, chat: Inbox, olga: Agent, door: str) -> None:
    """A fresh secret does not help, nor a door that is not for words."""
    ida.say("Hello?")
    block = blocked_network(olga)
    for browser in (ida, Browser(chat, KARIM)):
        refused = browser.post(door, {"client_id": "a-word-of-theirs", "words": "You fools"})
        assert (refused.status_code, refused.json()["error"]) == (403, "blocked")
    assert (Arrival.objects.count(), Visitor.objects.count()) == (1, 1)
    barring._Tally.written.clear()
    ida.say("Again", "second-word-of-ida")
    assert attempts_at([block.ref]) == {block.ref: 3}


def test_what_a_blocked_browser_tells_of_itself_reaches_nobody(ida: Browser, olga: Agent) -> None:
    ida.say("Hello?")
    block_handle(Visitor.objects.get().handle, reason="Abuse", by=olga)
    page = {"url": "https://shop.example/lamp", "title": "You fools"}
    assert ida.post("seen/", {"page": page, "cart": {"a": "b"}, "typing": True}).status_code == 204
    visitor = Visitor.objects.get()
    assert (visitor.page_title, visitor.cart, visitor.typing_at) == ("", {}, None)
    assert not TurnedAway.objects.exists()


def test_what_a_flood_left_is_counted_while_others_go_on(
    ida: Browser, chat: Inbox, olga: Agent
) -> None:
    ida.say("Hello?")
    other = Browser(chat, KARIM)
    other.say("Good morning", "first-word-of-karim")
    block_handle(Visitor.objects.order_by("pk")[0].handle, reason="Abuse", by=olga)
    for number in range(40):
        ida.say("You fools", f"word-number-{number:08d}")
    barring._Tally.written.clear()
    other.post("seen/", {"typing": True})
    assert TurnedAway.objects.get().attempts == 40


def test_a_flood_of_the_blocked_is_one_row_that_changes_seldom(ida: Browser, olga: Agent) -> None:
    ida.say("Hello?")
    block_handle(Visitor.objects.get().handle, reason="Abuse", by=olga)
    before = Event.objects.count()
    for number in range(40):
        ida.say("You fools", f"word-number-{number:08d}")
    assert TurnedAway.objects.get().attempts == 1
    barring._Tally.written.clear()
    ida.say("You fools", "last-word-of-them")
    assert TurnedAway.objects.get().attempts == 41
    assert Event.objects.count() == before


def test_a_block_that_is_over_blocks_nobody(ida: Browser, olga: Agent) -> None:
    ida.say("Hello?")
    block = blocked_network(olga)
    NetworkBlock.objects.filter(pk=block.pk).update(until=timezone.now())
    assert ida.say("Again", "second-word-of-ida").status_code == 201


def test_a_secret_opens_from_the_page_that_made_it(ida: Browser, chat: Inbox) -> None:
    Inbox.objects.filter(pk=chat.pk).update(settings={"embedded_in": [SHOP, OTHER]})
    ida.say("Hello?")
    thief = Browser(chat, ida.secret, origin=OTHER)
    for answer in (thief.get("messages/"), thief.say("Hi", "word-of-the-thief"),
                   thief.upload(PIXEL), thief.post("secret/", {"next": KARIM})):  # fmt: skip
        assert (answer.status_code, answer.json()["error"]) == (403, "origin")
    assert Browser(chat, KARIM, origin=OTHER).say("Hello", "first-word-of-karim").status_code == 201


def test_who_found_an_old_secret_cannot_take_the_chat_and_is_noticed(
    ida: Browser, chat: Inbox
) -> None:
    ida.say("Hello?")
    fresh, thief = Browser(chat, KARIM), Browser(chat, ida.secret)
    assert ida.post("secret/", {"next": KARIM}).status_code == 204
    assert ida.post("secret/", {"next": KARIM}).status_code == 204
    assert thief.post("secret/", {"next": "t" * 43}).status_code == 422
    assert not Event.objects.filter(kind="chat.old_secret_used").exists()
    Visitor.objects.update(former_until=timezone.now())
    assert thief.read()["messages"] == []
    for _again in range(2):
        assert thief.post("seen/", {"typing": True}).status_code == 204
    assert Event.objects.filter(kind="chat.old_secret_used").count() == 1
    assert len(fresh.read()["messages"]) == 1


def test_nobody_takes_the_secret_of_somebody_else(ida: Browser, chat: Inbox) -> None:
    ida.say("Hello?")
    Browser(chat, KARIM).say("Hello", "first-word-of-karim")
    assert ida.post("secret/", {"next": KARIM}).status_code == 422
    assert len(ida.read()["messages"]) == 1


@pytest.mark.parametrize("origin", [
    "null", "https://shop.example.evil.example", "https://evil.example", "http://shop.example",
    "https://shop.example:8443", "https://shop.example/", "HTTPS://SHOP.EXAMPLE", "*", "file://",
    "https://shop.example, https://evil.example",
])  # fmt: skip
def test_an_origin_is_the_shops_to_the_letter(chat: Inbox, origin: str) -> None:
    answer = Browser(chat, origin=origin).say("Hello")
    assert answer.status_code == 403
    assert not any(name.lower().startswith("access-control") for name in answer.headers)


@pytest.mark.parametrize("named", ["null", "*", "https://*.example", "", None, 5])
def test_no_setting_lets_everybody_in(chat: Inbox, named: Any) -> None:
    Inbox.objects.filter(pk=chat.pk).update(settings={"embedded_in": [named]})
    for origin in ("null", "https://evil.example", "https://*.example", "*"):
        assert Browser(chat, origin=origin).get("hello/").status_code == 403


def test_every_answer_says_that_it_depends_on_the_page(ida: Browser, chat: Inbox) -> None:
    ida.say("Hello?")
    for answer in (ida.get("hello/"), ida.get("messages/"), ida.post("seen/", {}), ida.say(""),
                   Browser(chat, origin="https://evil.example").get("hello/")):  # fmt: skip
        assert "Origin" in answer.headers["Vary"]
        assert "Access-Control-Allow-Credentials" not in answer.headers
        assert "Set-Cookie" not in answer.headers
    assert "public" in ida.get("hello/").headers["Cache-Control"]
    assert ida.get("messages/").headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("header", [
    "Bearer", "Basic " + "i" * 43, "Bearer " + "i" * 42, "Bearer " + "i" * 44, "i" * 43,
    "Bearer " + "i" * 43 + ", Bearer " + "k" * 43, "Bearer " + "é" * 43, "Bearer  " + "i" * 43,
])  # fmt: skip
def test_half_a_secret_is_none(chat: Inbox, ida: Browser, header: str) -> None:
    ida.say("Hello?")
    headers = {"Origin": SHOP, "Authorization": header}
    assert Client().get(ida.base + "messages/", headers=headers).status_code == 401


BOMBS = [
    b"[" * 200_000, b'{"a":' * 50_000, b"1" * 5_000, b'{"client_id": "' + b"x" * 300_000 + b'"}',
    b"\xff\xfe", b"", b"null", b'{"read": 1e400}', b'{"read": NaN}', b'{"read": -1}',
    b'{"read": ' + b"9" * 4_000 + b"}", b'{"read": true, "cart": []}', b'{"page": "x"}',
    b'{"page": {"url": 5}}', b'{"client_id": ["x"], "text": {}}',
]  # fmt: skip


@pytest.mark.parametrize("path", ["messages/", "seen/", "identity/", "secret/"])
def test_bombs_do_not_go_off(ida: Browser, path: str) -> None:
    ida.say("Hello?")
    for bomb in BOMBS:
        answer = ida.client.post(
            ida.base + path, bomb, content_type="application/json", headers=ida._headers()
        )
        assert answer.status_code < 500, (bomb[:40], answer.status_code)
    assert Arrival.objects.count() == 1


ODD_TEXT = "\x00\ud800\u202e" + "\U0001f600" * 3


def test_odd_letters_are_kept_out_of_every_corner(ida: Browser, chat: Inbox) -> None:
    answer = ida.say(
        f"Hello{ODD_TEXT}", name=ODD_TEXT + "Ida", email=f"ida{ODD_TEXT}@example.com",
        answers={ODD_TEXT: ODD_TEXT},
    )  # fmt: skip
    assert answer.status_code == 201
    page = {"url": "https://shop.example/" + ODD_TEXT, "title": ODD_TEXT}
    assert ida.post("seen/", {"page": page, "cart": {ODD_TEXT: ODD_TEXT}}).status_code == 204
    visitor = Visitor.objects.get()
    told = repr((visitor.page_url, visitor.page_title, visitor.cart, visitor.answers))
    assert "\\x00" not in told
    assert "\\ud800" not in told
    assert ida.upload(PIXEL, name="a%00%0d%0ab.png").status_code == 201


@pytest.mark.parametrize(("content", "claimed"), [
    (b"<html><script>alert(1)</script>", "text/html"),
    (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "image/svg+xml"),
    (b"%PDF-1.7 <script>", "application/pdf"), (b"<?xml version='1.0'?><x/>", "text/xml"),
    (b"GIF8<script>alert(1)</script>", "image/gif"), (b"alert(1)", "text/javascript"),
])  # fmt: skip
def test_no_file_of_a_visitor_runs_on_the_desks_own_address(
    ida: Browser, content: bytes, claimed: str
) -> None:
    token = ida.client.post(
        f"{ida.base}files/?name=a.html", content, content_type=claimed, headers=ida._headers()
    ).json()["token"]
    (file,) = ida.say("Look", files=[token]).json()["message"]["files"]
    answer = Client().get(file["url"])
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Type"] in ("application/octet-stream", "application/pdf")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_a_pass_opens_one_file_for_one_visitor_at_one_chat(ida: Browser, chat: Inbox) -> None:
    token = ida.upload(PIXEL).json()["token"]
    (file,) = ida.say("Look", files=[token]).json()["message"]["files"]
    other = Inbox.objects.create(name="Other", kind="chat")
    for bad in (
        file["url"].replace(chat.public_id, other.public_id),
        file["url"].replace(f"/files/{file['pk']}/", f"/files/{file['pk'] + 1}/"),
        file["url"].replace("/files/", "/files/0"),
    ):
        expected = 200 if "/files/0" in bad else 404  # a number may begin with a nought
        assert Client().get(bad).status_code == expected


def test_whoever_is_forgotten_leaves_nothing_in_the_chat(
    ida: Browser, chat: Inbox, olga: Agent
) -> None:
    ida.say("Hello?", email="ida@example.com", answers={"order": "4711"})
    ida.upload(PIXEL)
    ida.post("seen/", {"page": {"url": "https://shop.example/x", "title": "X"}, "cart": {"a": "b"}})
    customer = Visitor.objects.get().handle.customer
    (told,) = [told_of(one) for one in visitors_of([customer.pk])]
    assert (told["cart"], told["answers"], told["mail"]) == (
        {"a": "b"}, {"order": "4711"}, "ida@example.com")  # fmt: skip
    block_networks(customer, reason="Words", until=timezone.now() + timedelta(hours=1), by=olga)
    forget_customer(customer, by=olga)
    visitor = Visitor.objects.get()
    assert (visitor.cart, visitor.answers, visitor.mail, visitor.page_url) == ({}, {}, None, "")
    assert visitor.network == ""
    assert not Upload.objects.exists()
    assert NetworkBlock.objects.get().whom == ""
    assert ida.read()["messages"] == []


@override_settings(TRUSTS_PROXY=True)
def test_only_the_proxys_own_word_for_an_address_counts(ida: Browser, olga: Agent) -> None:
    def say(number: int, forwarded: str) -> int:
        answer = ida.client.post(
            ida.base + "messages/",
            {"client_id": f"word-number-{number:08d}", "text": "Hello"},
            content_type="application/json",
            headers=ida._headers() | {"X-Forwarded-For": forwarded},
        )
        return int(answer.status_code)

    assert say(1, "198.51.100.7") == 201
    blocked_network(olga)
    assert say(2, "203.0.113.9, 198.51.100.99") == 403
    assert say(3, "198.51.100.7, 203.0.113.9") == 201


def test_an_agent_blocks_somebody_with_their_network_and_sees_how_often_they_tried(
    ida: Browser, chat: Inbox, nora: Agent, client: Client
) -> None:
    ida.say("Hello?")
    customer = Customer.objects.get()
    client.force_login(nora)
    asked = {"reason": "A flood", "days": "hour", "network": "1"}
    assert client.post(f"/customers/{customer.pk}/block/", asked).status_code == 302
    block = NetworkBlock.objects.get()
    assert block.until < timezone.now() + timedelta(hours=1, minutes=1)
    Browser(chat, KARIM).say("Again", "first-word-of-karim")
    page = client.get(f"/customers/{customer.pk}/").content.decode()
    assert "Their network is blocked in the chat" in page
    assert "Turned away from the chat once since." in page
    assert client.post(f"/network-blocks/{block.pk}/lifting/").status_code == 302
    assert Browser(chat, KARIM).say("Again", "first-word-of-karim").status_code == 201
