"""Chats side by side: taken, answered, handed over and settled without leaving the others."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from makegood.channels.models import Inbox
from makegood.chat.actions import Said, admit, say
from makegood.conversations.actions import assign_conversation
from makegood.conversations.models import Conversation
from makegood.desk.columns import room_for_chats
from makegood.desk.tests.asking import HTMX, at_most, signed_in
from makegood.notices.models import Mention
from makegood.promises.models import Promise
from makegood.team.capacity import Room, set_capacity
from makegood.team.models import Agent, Team
from makegood.waits.models import Unanswered
from tests.world import HOUSE

Asks = Callable[..., Conversation]


@pytest.fixture
def asks(chat: Inbox) -> Asks:
    """`asks("a", "Hello?")`: a visitor with this letter for a secret writes."""

    def write(letter: str, words: str, turn: int = 1) -> Conversation:
        visitor = admit(chat, letter * 43)
        return say(visitor, Said(client_id=f"word-{turn}-of-{letter * 9}", text=words)).conversation

    return write


@pytest.fixture
def hers(asks: Asks, nora: Agent) -> Conversation:
    """A chat that is Nora's."""
    conversation = asks("i", "Is the brass lamp in stock?")
    assign_conversation(conversation, agent=nora, team=None, by=HOUSE)
    return conversation


@pytest.fixture
def as_nora(nora: Agent) -> Client:
    return signed_in(nora)


def post(client: Client, conversation: Conversation, what: str, **data: object) -> str:
    path = f"/chats/{conversation.pk}/{what}/"
    return client.post(path, data, headers=HTMX).content.decode()


def test_nobody_waits_and_nothing_is_open(chat: Inbox, as_nora: Client) -> None:
    shown = as_nora.get("/chats/").content.decode()
    assert "Nobody waits in the chat" in shown
    assert "No chat is open" in shown


def test_mine_stand_side_by_side_and_who_waits_at_the_side(
    asks: Asks, hers: Conversation, as_nora: Client
) -> None:
    other = asks("k", "Do you ship to Norway?")
    shown = as_nora.get("/chats/").content.decode()
    assert f'id="chat-{hers.pk}"' in shown
    assert f'id="chat-{other.pk}"' not in shown
    assert f"/chats/{other.pk}/taking/" in shown
    assert shown.count("<count-down") == 2


def test_a_mail_that_waits_is_no_chat(lamp: Conversation, chat: Inbox, as_nora: Client) -> None:
    assert f"/chats/{lamp.pk}/" not in as_nora.get("/chats/").content.decode()


def test_more_than_four_wait_their_turn_at_the_side(
    asks: Asks, nora: Agent, as_nora: Client
) -> None:
    for letter in "abcde":
        assign_conversation(asks(letter, "Hello?"), agent=nora, team=None, by=HOUSE)
    shown = as_nora.get("/chats/").content.decode()
    assert shown.count('class="chat-column"') == 4
    assert "Yours, too" in shown


def test_what_is_given_to_me_opens_by_itself_while_there_is_room(
    hers: Conversation, as_nora: Client
) -> None:
    beside = as_nora.get("/chats/queue/", headers=HTMX).content.decode()
    assert f'hx-get="/chats/{hers.pk}/"' in beside
    assert "click, load" in beside
    there = as_nora.get(f"/chats/queue/?shown={hers.pk}", headers=HTMX).content.decode()
    assert f'hx-get="/chats/{hers.pk}/"' not in there


def test_taking_makes_it_mine_and_opens_its_column(
    asks: Asks, nora: Agent, as_nora: Client
) -> None:
    waiting = asks("k", "Do you ship to Norway?")
    column = post(as_nora, waiting, "taking")
    assert f'id="chat-{waiting.pk}"' in column
    assert "autofocus" in column
    assert Conversation.objects.get(pk=waiting.pk).assignee == nora


def test_what_somebody_else_took_is_not_taken_twice(
    asks: Asks, tomas: Agent, as_nora: Client
) -> None:
    waiting = asks("k", "Do you ship to Norway?")
    assign_conversation(waiting, agent=tomas, team=None, by=HOUSE)
    answer = as_nora.post(f"/chats/{waiting.pk}/taking/", headers=HTMX)
    assert answer.status_code == 409
    assert "Tomas was quicker" in answer.content.decode()
    assert Conversation.objects.get(pk=waiting.pk).assignee == tomas


def test_an_answer_leaves_from_its_column(hers: Conversation, as_nora: Client) -> None:
    seen = hers.messages.get().pk
    field = post(as_nora, hers, "messages", text="Yes, three of them.", seen=seen, then="stay")
    assert f'id="say-{hers.pk}"' in field
    assert "Yes, three" not in field
    assert hers.messages.filter(text="Yes, three of them.").exists()


def test_a_file_goes_along_from_a_column(hers: Conversation, as_nora: Client) -> None:
    column = as_nora.get(f"/chats/{hers.pk}/", headers=HTMX).content.decode()
    assert f"/conversations/{hers.pk}/drafts/reply/files/" in column
    file = SimpleUploadedFile("lamp.txt", b"Brass, 40 cm", "text/plain")
    seen = hers.messages.get().pk
    post(as_nora, hers, "messages", text="Its measures.", seen=seen, then="stay", files=file)
    message = hers.messages.get(text="Its measures.")
    assert [one.name for one in message.attachments.all()] == ["lamp.txt"]


def test_a_note_is_written_in_a_column_and_goes_to_nobody(
    hers: Conversation, as_nora: Client, vera: Agent
) -> None:
    field = post(as_nora, hers, "notes", text="He was rude before.")
    assert f'id="say-{hers.pk}"' in field
    assert "He was rude" not in field
    assert hers.notes.get().text == "He was rude before."
    assert hers.messages.count() == 1
    stopped = post(as_nora, hers, "notes", text=f"For @{vera.name}")
    assert 'class="banner' in stopped
    assert f"For @{vera.name}" in stopped


def test_a_note_in_a_column_carries_files_and_tells_whom_it_names(
    hers: Conversation, as_nora: Client, tomas: Agent, vera: Agent
) -> None:
    column = as_nora.get(f"/chats/{hers.pk}/", headers=HTMX).content.decode()
    assert f"/conversations/{hers.pk}/drafts/note/files/" in column
    assert f'id="mentions-{hers.pk}"' in column

    def file() -> SimpleUploadedFile:
        return SimpleUploadedFile("invoice.txt", b"84 EUR", "text/plain")

    words = f"@{tomas.name} is this ours?"
    post(as_nora, hers, "notes", text=words, files=file(), client_key="k1n")
    note = hers.notes.get()
    assert [one.name for one in note.attachments.all()] == ["invoice.txt"]
    assert Mention.objects.filter(note=note, agent=tomas).exists()
    assert not hers.messages.filter(attachments__isnull=False).exists()
    stopped = post(as_nora, hers, "notes", text=f"For @{vera.name}", files=file(), client_key="k2n")
    assert "invoice.txt" in stopped
    assert f"For @{vera.name}" in stopped
    assert hers.notes.count() == 1


def test_what_is_promised_in_a_column_is_kept_track_of(hers: Conversation, as_nora: Client) -> None:
    due = (timezone.now() + timedelta(hours=2)).replace(microsecond=0)
    words, seen = "I will write again in two hours", hers.messages.get().pk
    post(
        as_nora, hers, "messages", text=f"{words}.", seen=seen, then="stay",
        promise=f"{due.isoformat()}|{words}",
    )  # fmt: skip
    assert Promise.objects.get(conversation=hers, kind=Promise.Kind.PERSONAL).due_at == due


def test_an_answer_that_overlooks_something_is_kept_and_not_sent(
    asks: Asks, hers: Conversation, as_nora: Client
) -> None:
    asks("i", "Or the copper one?", turn=2)
    field = post(as_nora, hers, "messages", text="Yes.", seen=hers.messages.first().pk)  # type: ignore[union-attr]
    assert 'role="alert"' in field
    assert ">Yes.</textarea>" in field
    assert not hers.messages.filter(text="Yes.").exists()


def test_a_last_word_settles_it_and_the_column_goes(hers: Conversation, as_nora: Client) -> None:
    seen = hers.messages.get().pk
    path = f"/chats/{hers.pk}/messages/"
    data = {"text": "Gladly.", "seen": seen, "then": "resolve"}
    answer = as_nora.post(path, data, headers=HTMX)
    assert answer.headers["HX-Retarget"] == f"#chat-{hers.pk}"
    assert "Resolved." in answer.content.decode()
    assert Conversation.objects.get(pk=hers.pk).status == "resolved"


def test_settling_waits_for_what_was_not_seen(hers: Conversation, as_nora: Client) -> None:
    assert 'role="alert"' in post(as_nora, hers, "resolution", seen=0)
    assert Conversation.objects.get(pk=hers.pk).status == "open"
    seen = hers.messages.get().pk
    assert "Resolved." in post(as_nora, hers, "resolution", seen=seen)
    assert Conversation.objects.get(pk=hers.pk).status == "resolved"


def test_the_news_of_a_column_are_what_was_said_since(
    asks: Asks, hers: Conversation, as_nora: Client
) -> None:
    said = asks("i", "Or the copper one?", turn=2).messages.last()
    marks = f"?message={hers.messages.first().pk}&note=0&event=9999999"  # type: ignore[union-attr]
    news = as_nora.get(f"/chats/{hers.pk}/news/{marks}", headers=HTMX).content.decode()
    assert "Or the copper one?" in news
    assert "Is the brass lamp" not in news
    assert said is not None
    assert f'name="message" value="{said.pk}"' in news


def test_the_column_goes_when_somebody_else_has_it(
    hers: Conversation, tomas: Agent, as_nora: Client
) -> None:
    assign_conversation(hers, agent=tomas, team=None, by=HOUSE)
    answer = as_nora.get(f"/chats/{hers.pk}/news/?message=0&note=0&event=0", headers=HTMX)
    assert answer.headers["HX-Retarget"] == f"#chat-{hers.pk}"
    assert "Tomas has it now." in answer.content.decode()


def test_a_chat_is_handed_to_a_colleague_with_a_word(
    hers: Conversation, tomas: Agent, as_nora: Client
) -> None:
    path = f"/conversations/{hers.pk}/handing/"
    data = {"to": tomas.ref, "words": "He asks for trade prices.", "what": "hand"}
    as_nora.post(path, data, headers=HTMX | {"HX-Target": f"chat-{hers.pk}"})
    assert Conversation.objects.get(pk=hers.pk).assignee == tomas
    assert hers.notes.get().text == "He asks for trade prices."


def test_a_chat_is_handed_to_a_team(hers: Conversation, front: Team, as_nora: Client) -> None:
    path = f"/conversations/{hers.pk}/handing/"
    as_nora.post(path, {"to": front.ref, "words": "", "what": "hand"})
    now = Conversation.objects.get(pk=hers.pk)
    assert (now.assignee, now.team) == (None, front)
    assert not hers.notes.exists()


def test_a_colleague_is_asked_in_and_it_stays_mine(
    hers: Conversation, nora: Agent, tomas: Agent, as_nora: Client
) -> None:
    path = f"/conversations/{hers.pk}/handing/"
    as_nora.post(path, {"to": tomas.ref, "words": "do we have copper?", "what": "invite"})
    assert Conversation.objects.get(pk=hers.pk).assignee == nora
    assert Mention.objects.get().agent == tomas


def test_whoever_could_not_see_it_is_not_offered(
    hers: Conversation, tomas: Agent, vera: Agent, as_nora: Client
) -> None:
    path = f"/conversations/{hers.pk}/handing/"
    sheet = as_nora.get(path, headers=HTMX | {"HX-Target": f"handing-{hers.pk}-sheet"})
    words = sheet.content.decode()
    assert tomas.ref in words
    assert vera.ref not in words
    as_nora.post(path, {"to": vera.ref, "words": "", "what": "hand"})
    assert Conversation.objects.get(pk=hers.pk).assignee != vera


def test_a_chat_that_was_taken_takes_room(asks: Asks, nora: Agent, as_nora: Client) -> None:
    set_capacity(nora, Room(most=6), by=nora)
    assert room_for_chats(nora) == 2
    post(as_nora, asks("k", "Hello?"), "taking")
    assert room_for_chats(nora) == 1
    assert "You can take 1 more." in as_nora.get("/chats/").content.decode()


def test_a_chat_takes_room_until_it_is_quiet_or_settled(
    hers: Conversation, nora: Agent, as_nora: Client
) -> None:
    set_capacity(nora, Room(most=6), by=nora)
    post(as_nora, hers, "messages", text="Yes.", seen=hers.messages.get().pk, then="stay")
    assert room_for_chats(nora) == 1
    long_ago = timezone.now() - timedelta(minutes=30)
    Conversation.objects.filter(pk=hers.pk).update(last_at=long_ago)
    assert room_for_chats(nora) == 2


def test_an_answer_is_promised_in_five_minutes_and_the_wait_is_counted(hers: Conversation) -> None:
    promise = Promise.objects.filter(conversation=hers).order_by("due_at")[0]
    assert promise.due_at - hers.messages.get().at == timedelta(minutes=5)
    assert Unanswered.objects.filter(conversation=hers).exists()


def test_the_page_keeps_its_budget(asks: Asks, hers: Conversation, as_nora: Client) -> None:
    asks("k", "Do you ship to Norway?")
    with at_most(45):
        assert as_nora.get("/chats/").status_code == 200
    with at_most(25):
        as_nora.get("/chats/queue/", headers=HTMX)
