import re
import time
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from makegood.calendars.actions import Wish, save_calendar
from makegood.calendars.hours import Shift
from makegood.channels.models import Arrival, Delivery, Inbox
from makegood.conversations.models import Attachment, Conversation, Message
from makegood.files.models import File
from makegood.portal import budgets
from makegood.portal.budgets import Budget
from makegood.portal.models import Spending
from makegood.portal.tests.asking import fill_in, nonce_in, opened
from makegood.presence.actions import Spot, beat
from makegood.team.models import Agent


@pytest.fixture
def address(form: Inbox) -> str:
    return f"/write/{form.public_id}/"


def test_what_is_sent_is_kept_becomes_a_conversation_and_is_shown_to_its_sender(
    address: str, client: Client
) -> None:
    answer = fill_in(client, address)
    assert answer.status_code == 302
    assert Arrival.objects.get().taken_at is not None
    assert Conversation.objects.get().subject == "My lamp"
    assert Message.objects.get().trust == "unverified"
    shown = client.get(answer.headers["Location"]).content.decode()
    assert "Where is my lamp?" in shown
    assert "ida@example.com" in shown
    assert not client.cookies


def test_the_mail_that_asks_is_automatic_and_leads_back(address: str, client: Client) -> None:
    fill_in(client, address)
    delivery = Delivery.objects.get()
    assert delivery.is_automatic
    assert delivery.outgoing["to"] == [{"address": "ida@example.com", "name": ""}]
    assert "/c/" in delivery.outgoing["text"]
    assert delivery.outgoing["reply_to"].startswith("hello+r.")


def test_pressed_twice_it_is_said_once(address: str, client: Client) -> None:
    nonce = nonce_in(opened(client, address))
    first = fill_in(client, address, nonce=nonce)
    again = fill_in(client, address, nonce=nonce)
    assert first.headers["Location"] == again.headers["Location"]
    assert Message.objects.count() == 1
    assert Delivery.objects.count() == 1


def test_files_come_along(address: str, client: Client) -> None:
    file = SimpleUploadedFile("../../lämp.png", b"\x89PNG", content_type="image/png")
    fill_in(client, address, attachments=[file])
    assert Attachment.objects.get().name == "lämp.png"


def test_too_many_files_are_refused_in_words(address: str, client: Client) -> None:
    files = [SimpleUploadedFile(f"{n}.png", b"x") for n in range(11)]
    answer = fill_in(client, address, attachments=files)
    assert answer.status_code == 422
    assert "At most 10 files" in answer.content.decode()
    assert not Arrival.objects.exists()


@pytest.mark.parametrize("field", ["email", "subject", "text"])
def test_what_is_missing_is_said_where_it_is_missing(
    address: str, client: Client, field: str
) -> None:
    answer = fill_in(client, address, **{field: ""})
    assert answer.status_code == 422
    assert f"id_{field}_error" in answer.content.decode()


def test_a_machines_haste_is_asked_to_press_again(address: str, client: Client) -> None:
    nonce = nonce_in(client.get(address).content.decode())
    fields = {"email": "ida@example.com", "subject": "Lamp", "text": "Hello", "nonce": nonce}
    quick = client.post(address, fields)
    assert quick.status_code == 422
    assert nonce_in(quick.content.decode()) == nonce
    with time_machine.travel(time.time() + 5):
        assert client.post(address, fields).status_code == 302


@pytest.mark.parametrize("nonce", ["", "1.2.3", "1700000000.aaaaaaaaaaaaaaaaaaaaaaaaaa.00"])
def test_a_word_that_we_never_gave_is_asked_to_send_again(
    address: str, client: Client, nonce: str
) -> None:
    assert fill_in(client, address, nonce=nonce).status_code == 422
    assert not Arrival.objects.exists()


def test_a_word_of_another_form_or_of_yesterday_does_not_count(
    address: str, form: Inbox, client: Client
) -> None:
    nonce = nonce_in(opened(client, address))
    with time_machine.travel(time.time() + 90_000):
        assert fill_in(client, address, nonce=nonce).status_code == 422
    other = Inbox.objects.create(name="Other", kind="web")
    assert fill_in(client, f"/write/{other.public_id}/", nonce=nonce).status_code == 422


def test_who_fills_in_what_nobody_sees_is_kept_and_gets_no_mail(
    address: str, client: Client
) -> None:
    assert fill_in(client, address, website="https://pills.example").status_code == 302
    assert Message.objects.get().trust == "suspicious"
    assert not Delivery.objects.exists()


def test_a_form_that_is_closed_or_never_was_is_not_found(form: Inbox, client: Client) -> None:
    assert client.get("/write/aaaaaaaaaaaaaaaaaaaaaaaaaa/").status_code == 404
    Inbox.objects.filter(pk=form.pk).update(state="paused")
    assert client.get(f"/write/{form.public_id}/").status_code == 404


def test_the_receipt_is_for_an_hour_and_for_this_form(
    address: str, form: Inbox, client: Client
) -> None:
    place = fill_in(client, address).headers["Location"]
    other = Inbox.objects.create(name="Other", kind="web")
    assert client.get(place.replace(form.public_id, other.public_id)).status_code == 404
    with time_machine.travel(time.time() + 7200):
        assert client.get(place).status_code == 404


def test_one_network_can_write_so_much_an_hour(
    address: str, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(budgets.BUDGETS, "writes-of-a-network", Budget(2, budgets.HOUR))
    statuses = [fill_in(client, address, email=f"p{n}@x.example").status_code for n in range(3)]
    assert statuses == [302, 302, 429]
    assert fill_in(client, address, network="198.51.100.1").status_code == 302
    assert fill_in(client, address, network="203.0.113.200").status_code == 429
    with time_machine.travel(time.time() + 3700):
        assert fill_in(client, address).status_code == 302


def test_files_of_one_network_are_so_many_bytes_a_day(
    address: str, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(budgets.BUDGETS, "bytes-of-a-network", Budget(1000, budgets.DAY))
    file = SimpleUploadedFile("a.bin", b"x" * 2000)
    assert fill_in(client, address, attachments=[file]).status_code == 429
    assert not Arrival.objects.exists()


def test_nobody_is_named_in_the_budgets(address: str, client: Client) -> None:
    fill_in(client, address)
    kept = list(Spending.objects.values_list("spender", flat=True))
    assert kept
    # A hash has no letter but these: no name, no address and no network can stand in one.
    assert all(re.fullmatch("[0-9a-f]{32}", spender) for spender in kept), kept


def test_only_the_shops_own_pages_may_frame_it(form: Inbox, client: Client) -> None:
    bad = ["javascript:alert(1)", "https://a.example; script-src *", "*", 7]
    form.settings = {"embedded_in": ["https://shop.example/kontakt?x=1", *bad]}
    form.save()
    framed = client.get(f"/write/{form.public_id}/embedded/")
    policy = framed.headers["Content-Security-Policy"]
    assert "frame-ancestors https://shop.example;" in policy
    assert policy.count("script-src") == 1
    assert "X-Frame-Options" not in framed.headers
    alone = client.get(f"/write/{form.public_id}/")
    assert "frame-ancestors 'none'" in alone.headers["Content-Security-Policy"]


def test_inside_a_frame_it_works_without_any_cookie(form: Inbox) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = fill_in(client, f"/write/{form.public_id}/embedded/")
    assert answer.status_code == 302
    assert not client.cookies
    policy = client.get(answer.headers["Location"]).headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy


def test_it_speaks_german(form: Inbox, mailbox: Inbox, client: Client) -> None:
    shown: Any = client.get(f"/write/{form.public_id}/", HTTP_ACCEPT_LANGUAGE="de")
    assert 'lang="de"' in shown.content.decode()


def test_without_room_nothing_is_kept_and_what_was_typed_stays_on_the_page(
    address: str, client: Client, settings: Any
) -> None:
    settings.DISK_RESERVE_BYTES = 1 << 60
    file = SimpleUploadedFile("lamp.txt", b"light")
    answer = fill_in(client, address, attachments=[file])
    assert answer.status_code == 507
    assert "Where is my lamp?" in answer.text
    assert "no room" in answer.text
    assert not Arrival.objects.exists()
    assert not File.objects.exists()


@pytest.mark.parametrize(
    ("now", "words"),
    [
        ("2026-11-20 12:00+01:00", "Somebody is here now, until 17:00 in Berlin."),
        ("2026-11-20 17:00+01:00", "somebody is from Monday 9:00 on, in Berlin"),
    ],
)
def test_the_form_says_honestly_whether_somebody_is_there(
    address: str, form: Inbox, olga: Agent, client: Client, now: str, words: str
) -> None:
    assert "omebody is" not in client.get(address).content.decode()
    week = [(Shift(540, 1020),)] * 5 + [()] * 2
    wish = Wish(name="Shop", zone="Europe/Berlin", week=week, whose=[form.ref])
    save_calendar(None, wish, by=olga)
    with time_machine.travel(now, tick=False):
        assert "omebody is here" not in client.get(address).content.decode()
        beat("page-of-olga", Spot(), by=olga)
        assert words in client.get(address).content.decode()
