"""A chat is connected and changed in the office, and the shop's pages show it so."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from makegood.calendars.actions import Wish, save_calendar
from makegood.calendars.hours import Shift
from makegood.channels.models import Inbox
from makegood.chat.actions import Said, admit, refuse_network, say
from makegood.chat.barring import block_networks
from makegood.kit.errors import Refused
from makegood.portal.chat import greeting
from makegood.presence.actions import Spot, beat
from makegood.team.models import Agent, Team


@pytest.fixture
def office(client: Client, olga: Agent) -> Client:
    client.force_login(olga)
    greeting._KEPT.clear()
    return client


@pytest.fixture
def filled(mailbox: Inbox, front: Team) -> dict[str, Any]:
    """What an owner types."""
    return {
        "name": "Shop chat",
        "mail_inbox": mailbox.pk,
        "embedded_in": "https://shop.example",
        "sender_name": "Lantern & Loom",
        "language": "en",
        "teams": [front.pk],
        "colour": "#A1B2C3",
        "position": "start",
        "corner": "square",
        "mail_after_minutes": "5",
        "calls_at_once": "1",
        "shows_team": "on",
        "greeting_en": "Good day!",
        "greeting_de": "Guten Tag!",
        "question_0_label_en": "What is it about?",
        "question_0_label_de": "Worum geht es?",
        "question_0_kind": "choice",
        "question_0_choices": "An order, Something else",
        "question_0_required": "on",
        "invitation_0_words_en": "Can we help you choose?",
        "invitation_0_page": "/lamps/",
        "invitation_0_seconds": "30",
        "invitation_0_cart": "50",
        "invitation_0_returning": "on",
        "invitation_0_days": "14",
    }


def hello(chat: Inbox, language: str = "en") -> dict[str, Any]:
    greeting._KEPT.clear()
    found: dict[str, Any] = Client().get(f"/chat/{chat.public_id}/hello/?lang={language}").json()
    return found


def made(office: Client, filled: dict[str, Any]) -> Inbox:
    assert office.post("/office/inboxes/new/chat/", filled).status_code == 302
    return Inbox.objects.get(kind="chat")


def test_a_chat_is_connected_as_it_was_typed(
    office: Client, filled: dict[str, Any], nora: Agent
) -> None:
    chat = made(office, filled)
    assert (chat.name, chat.mail_inbox_id) == ("Shop chat", filled["mail_inbox"])
    told = hello(chat)
    assert told["theme"] == {"colour": "#a1b2c3", "position": "start", "corner": "square"}
    assert told["words"] == {"greeting": "Good day!"}
    assert [one["name"] for one in told["team"]] == ["Nora"]
    assert hello(chat, "de")["words"] == {"greeting": "Guten Tag!"}


def test_questions_are_asked_in_the_page_s_language(office: Client, filled: dict[str, Any]) -> None:
    chat = made(office, filled)
    assert hello(chat, "de")["questions"] == [
        {
            "key": "question-1",
            "kind": "choice",
            "choices": ["An order", "Something else"],
            "is_required": True,
            "label": "Worum geht es?",
        }
    ]


def test_invitations_are_told_with_all_that_the_page_must_judge(
    office: Client, filled: dict[str, Any], nora: Agent
) -> None:
    chat = made(office, filled)
    beat("page-of-nora", Spot(), by=nora)
    assert hello(chat, "de")["invitations"] == [
        {
            "key": "invitation-1",
            "words": "Can we help you choose?",
            "page": "/lamps/",
            "seconds": 30,
            "cart": 50,
            "returning": True,
            "days": 14,
        }
    ]


def test_nobody_is_invited_while_nobody_is_there(
    office: Client, filled: dict[str, Any], olga: Agent, nora: Agent
) -> None:
    chat = made(office, filled)
    far = ((Shift(0, 1),), *[()] * 6)
    wish = Wish(name="Rarely", zone="UTC", week=far, whose=[chat.ref])
    save_calendar(None, wish, by=olga)
    with time_machine.travel("2026-11-20 12:00+00:00", tick=False):
        beat("page-of-nora", Spot(), by=nora)
        assert hello(chat)["invitations"] == []


@pytest.mark.parametrize(
    ("begins", "ends", "is_invited"),
    [
        ("09:00", "20:00", True),
        ("12:30", "20:00", False),
        ("09:00", "12:00", False),
        ("12:00", "12:01", True),
        ("22:00", "06:00", False),
        ("11:00", "06:00", True),
        ("22:00", "12:30", True),
        ("", "", True),
    ],
)
def test_invitations_have_times_of_their_own_by_the_clock_of_the_hours(
    office: Client, filled: dict[str, Any], olga: Agent, nora: Agent,
    begins: str, ends: str, is_invited: bool,
) -> None:  # fmt: skip
    chat = made(office, filled | {"invites_from": begins, "invites_until": ends})
    week = [(Shift(0, 1440),)] * 7
    wish = Wish(name="Always", zone="Asia/Tokyo", week=week, whose=[chat.ref])
    save_calendar(None, wish, by=olga)
    with time_machine.travel("2026-11-20 12:00+09:00", tick=False):
        beat("page-of-nora", Spot(), by=nora)
        assert bool(hello(chat)["invitations"]) is is_invited


def test_how_often_one_visitor_is_invited_is_told(office: Client, filled: dict[str, Any]) -> None:
    chat = made(office, filled)
    assert hello(chat)["invites_most"] == 2
    office.post(f"/office/inboxes/{chat.pk}/", filled | {"invites_most": "0"})
    chat.refresh_from_db()
    assert hello(chat)["invites_most"] == 0


def test_times_of_invitations_stand_in_the_form_again(
    office: Client, filled: dict[str, Any]
) -> None:
    chat = made(office, filled | {"invites_from": "09:15", "invites_until": "21:45"})
    page = office.get(f"/office/inboxes/{chat.pk}/").content.decode()
    assert 'value="09:15"' in page
    assert 'value="21:45"' in page


def test_what_was_saved_stands_in_the_form_again(office: Client, filled: dict[str, Any]) -> None:
    chat = made(office, filled)
    page = office.get(f"/office/inboxes/{chat.pk}/").content.decode()
    for words in ("Good day!", "Guten Tag!", "An order, Something else", "/lamps/", "#a1b2c3"):
        assert words in page
    before = hello(chat)
    assert office.post(f"/office/inboxes/{chat.pk}/", filled).status_code == 302
    assert hello(chat) == before


def test_one_line_is_put_into_the_shop_s_pages(office: Client, filled: dict[str, Any]) -> None:
    chat = made(office, filled)
    page = office.get(f"/office/inboxes/{chat.pk}/").content.decode()
    assert f"/chat/widget.js&#34; data-shop=&#34;{chat.public_id}&#34;" in page
    trial = office.get(f"/office/inboxes/{chat.pk}/trial/").content.decode()
    assert f'data-shop="{chat.public_id}"' in trial


def test_only_a_chat_can_be_tried(office: Client, mailbox: Inbox) -> None:
    assert office.get(f"/office/inboxes/{mailbox.pk}/trial/").status_code == 404


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("colour", "red"),
        ("colour", "#12345g"),
        ("position", "above"),
        ("embedded_in", "shop"),
        ("question_0_choices", "One"),
        ("invitation_0_seconds", "-1"),
        ("mail_after_minutes", "x"),
        ("invites_from", "25:00"),
        ("invites_from", "09:00"),
        ("invites_until", "09:00"),
        ("invites_most", "-1"),
    ],
)
def test_what_cannot_be_is_refused_where_it_stands(
    office: Client, filled: dict[str, Any], field: str, typed: str
) -> None:
    answer = office.post("/office/inboxes/new/chat/", filled | {field: typed})
    assert answer.status_code == 422
    assert not Inbox.objects.filter(kind="chat").exists()


def test_what_other_parts_keep_of_the_chat_stays(office: Client, filled: dict[str, Any]) -> None:
    chat = made(office, filled)
    chat.settings["chat"]["more"] = "kept"
    chat.save()
    office.post(f"/office/inboxes/{chat.pk}/", filled | {"greeting_en": "Hello!"})
    chat.refresh_from_db()
    assert chat.settings["chat"]["more"] == "kept"
    assert chat.settings["chat"]["words"]["en"] == {"greeting": "Hello!"}


def test_networks_that_are_not_heard_stand_with_the_blocked(
    office: Client, chat: Inbox, olga: Agent
) -> None:
    said = Said(client_id="first-word-of-karim", text="Buy now!", network="n" * 64)
    karim = admit(chat, "k" * 43)
    say(karim, said)
    assert "Networks in the chat" not in office.get("/office/blocked/").content.decode()
    until = timezone.now() + timedelta(days=1)
    [block] = block_networks(karim.handle.customer, reason="Floods us", until=until, by=olga)
    with pytest.raises(Refused):
        refuse_network("n" * 64)
    page = office.get("/office/blocked/").content.decode()
    assert "Networks in the chat" in page
    assert "Floods us" in page
    assert "Turned away from the chat once since." in page
    lifted = office.post(f"/network-blocks/{block.pk}/lifting/")
    assert lifted.status_code == 302
    assert "Floods us" not in office.get("/office/blocked/").content.decode()
