"""Removing words for good, as an agent clicks it."""

import json
from email.message import EmailMessage
from typing import Any

import pytest
from django.test import Client

from makegood.channels.models import Arrival, Inbox
from makegood.channels.queries import raw_bytes
from makegood.conversations.actions import add_note
from makegood.conversations.models import Attachment, Conversation, Message
from makegood.desk.tests.asking import HTMX, signed_in
from makegood.files import storage
from makegood.files.leaving import sweep
from makegood.redaction.models import Redaction
from tests.world import arrive, conversation_of, mail_bytes

CARD = "4111 1111 1111 1111"


@pytest.fixture
def matter(mailbox: Inbox) -> Conversation:
    words = f"My card is {CARD}. My password is Hunter2-Zwei."
    return conversation_of(arrive(mailbox, mail_bytes(words)))


def shown(client: Client, matter: Conversation) -> str:
    return client.get(f"/conversations/{matter.pk}/").content.decode()


def test_a_card_number_is_pointed_out_and_gone_by_one_click(
    matter: Conversation, nora: Any
) -> None:
    client = signed_in(nora)
    page = shown(client, matter)
    assert "A card number, •••• 1111" in page
    data = {"message": matter.messages.get().pk, "hint": "•••• 1111"}
    client.post(f"/conversations/{matter.pk}/redaction/spotted/", data, headers=HTMX)
    page = shown(client, matter)
    assert CARD not in page
    assert "A card number, ••••" not in page
    assert "[removed by Nora on" in page
    assert "Nora removed a card number" in page
    assert "Hunter2-Zwei" in page
    assert CARD.encode() not in raw_bytes(Arrival.objects.get())
    again = client.post(f"/conversations/{matter.pk}/redaction/spotted/", data, headers=HTMX)
    assert again.status_code == 409


def test_words_are_looked_for_first_and_removed_then(matter: Conversation, tomas: Any) -> None:
    client, place = signed_in(tomas), f"/conversations/{matter.pk}/redaction/"
    ref = matter.messages.get().ref
    assert "Hunter2-Zwei" in client.get(f"{place}?of={ref}").content.decode()
    data = {"of": ref, "words": "hunter2 zwei", "reason": "A password"}
    page = client.post(place, data).content.decode()
    assert "They stand in:" in page
    assert not Redaction.objects.exists()
    client.post(place, data | {"sure": "yes"})
    assert "Hunter2" not in Message.objects.get().text
    assert "Tomas removed a passage: A password (proof " in shown(client, matter)


def test_open_pages_are_told_to_come_again(matter: Conversation, nora: Any) -> None:
    client = signed_in(nora)
    marks = {"message": matter.messages.get().pk, "note": 0, "event": 10_000}
    news = f"/conversations/{matter.pk}/news/"
    assert "HX-Location" not in client.get(news, marks, headers=HTMX).headers
    data = {"message": matter.messages.get().pk, "hint": "•••• 1111"}
    client.post(f"/conversations/{matter.pk}/redaction/spotted/", data, headers=HTMX)
    led = client.get(news, marks | {"event": 0}, headers=HTMX).headers["HX-Location"]
    assert json.loads(led)["path"] == f"/conversations/{matter.pk}/"


def test_agents_do_not_choose_what_goes(matter: Conversation, nora: Any, tomas: Any) -> None:
    place = f"/conversations/{matter.pk}/redaction/"
    assert "Remove words" not in shown(signed_in(nora), matter)
    assert "Remove words" in shown(signed_in(tomas), matter)
    assert signed_in(nora).get(place).status_code == 404


def test_a_file_goes_wherever_its_content_hangs(
    mailbox: Inbox, tomas: Any, nora: Any, django_capture_on_commit_callbacks: Any
) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "ida@example.com", "hello@lantern.example", "Card"
    mail.set_content("See my card.")
    mail.add_attachment(b"\x89PNG card", maintype="image", subtype="png", filename="card.png")
    matter = conversation_of(arrive(mailbox, mail.as_bytes()))
    one = Attachment.objects.select_related("file").get()
    place = f"/conversations/{matter.pk}/redaction/file/"
    with django_capture_on_commit_callbacks(execute=True):
        signed_in(tomas).post(place, {"file": one.pk, "reason": "A picture of a card"})
    sweep()
    assert not Attachment.objects.exists()
    assert not storage.has(one.file.sha256)
    assert b"iVBOR" not in raw_bytes(Arrival.objects.get())
    page = shown(signed_in(tomas), matter)
    assert "Tomas removed a file: A picture of a card" in page
    assert "See my card." in page


def test_a_note_is_no_place_to_hide(matter: Conversation, nora: Any, tomas: Any) -> None:
    note = add_note(matter, "Her password: Hunter2-Zwei", by=nora)
    client, place = signed_in(tomas), f"/conversations/{matter.pk}/redaction/"
    assert "Her password" in client.get(f"{place}?of={note.ref}").content.decode()
    data = {"words": "Hunter2-Zwei", "reason": "A password", "sure": "yes", "of": note.ref}
    client.post(place, data)
    note.refresh_from_db()
    assert note.text.startswith("Her password: [removed by Tomas")


@pytest.mark.parametrize("ref", ["message:987654321", "message:x", "agent:1", "note:1"])
def test_what_is_not_there_is_nothing(matter: Conversation, tomas: Any, ref: str) -> None:
    place = f"/conversations/{matter.pk}/redaction/?of={ref}"
    assert signed_in(tomas).get(place).status_code == 404
