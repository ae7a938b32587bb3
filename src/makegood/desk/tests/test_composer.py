"""What the composer offers beside its words: the preview, pictures in the text, the language."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from makegood.channels.models import Inbox
from makegood.conversations.actions import add_note
from makegood.conversations.drafting import attach_to_draft, save_draft
from makegood.conversations.models import Attachment, Conversation, Draft
from makegood.conversations.replying import Reply, reply_to
from makegood.desk.tests.asking import HTMX, signed_in
from makegood.team.models import Agent

PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


@pytest.fixture
def as_nora(nora: Agent) -> Client:
    return signed_in(nora)


def previewed(client: Client, lamp: Conversation, text: str, purpose: str = "reply") -> Any:
    address = f"/conversations/{lamp.pk}/drafts/{purpose}/preview/"
    return client.post(address, {"text": text}, headers=HTMX)


def test_the_preview_shows_what_leaves_with_its_signature(
    lamp: Conversation, mailbox: Inbox, as_nora: Client
) -> None:
    Inbox.objects.filter(pk=mailbox.pk).update(signature="**{shop.name}**")
    shown = previewed(as_nora, lamp, "It is **late**: [trace](https://lantern.shop/1)").content
    page = shown.decode()
    assert "It is <strong>late</strong>" in page
    assert "<strong>Lantern &amp; Loom</strong>" in page
    assert "It is late: trace (https://lantern.shop/1)" in page
    assert not Draft.objects.exists()


def test_the_preview_of_a_note_is_not_signed(
    lamp: Conversation, mailbox: Inbox, as_nora: Client
) -> None:
    Inbox.objects.filter(pk=mailbox.pk).update(signature="Lantern")
    page = previewed(as_nora, lamp, "She is *upset*", "note").content.decode()
    assert "<em>upset</em>" in page
    assert "Lantern" not in page


def test_without_script_the_preview_is_a_page_and_the_words_are_kept(
    lamp: Conversation, as_nora: Client
) -> None:
    address = f"/conversations/{lamp.pk}/drafts/reply/preview/"
    page = as_nora.post(address, {"text": "It is **late**"}).content.decode()
    assert "<strong>late</strong>" in page
    assert Draft.objects.get().text == "It is **late**"


def test_there_is_no_preview_for_another_purpose_or_another_team(
    lamp: Conversation, as_nora: Client, vera: Agent
) -> None:
    assert previewed(as_nora, lamp, "x", "tweet").status_code == 404
    assert previewed(signed_in(vera), lamp, "x").status_code == 404


def test_a_picture_that_goes_up_for_the_text_is_told_its_name(
    lamp: Conversation, as_nora: Client
) -> None:
    address = f"/conversations/{lamp.pk}/drafts/reply/files/"
    given = {"files": SimpleUploadedFile("lamp.png", PNG, "image/png"), "placed": "yes"}
    answer = as_nora.post(address, given, headers=HTMX)
    picture = Attachment.objects.get()
    assert answer.headers["Picture-Name"] == picture.cid
    assert len(picture.cid) == 12


def test_what_only_calls_itself_a_picture_is_a_file(lamp: Conversation, as_nora: Client) -> None:
    address = f"/conversations/{lamp.pk}/drafts/reply/files/"
    given = {"files": SimpleUploadedFile("lamp.png", b"<svg onload=x>", "image/png"), "placed": "1"}
    assert not as_nora.post(address, given, headers=HTMX).headers["Picture-Name"]
    assert not Attachment.objects.get().cid


def test_our_words_and_pictures_stand_formatted_in_the_story(
    lamp: Conversation, nora: Agent, as_nora: Client
) -> None:
    draft = save_draft(lamp, "", purpose="reply", by=nora)
    kept = attach_to_draft(draft, name="a.png", content_type="image/png", content=PNG, placed=True)
    text = f"It is **late**\n\n![The lamp](cid:{kept.cid})"
    reply_to(lamp, Reply(text=text, attachments=[kept]), by=nora)
    add_note(lamp, "She is *upset* <b>now</b>", by=nora)
    page = as_nora.get(f"/conversations/{lamp.pk}/").content.decode()
    assert "It is <strong>late</strong>" in page
    assert f'src="/attachments/{kept.pk}/"' in page
    assert "She is <em>upset</em> &lt;b&gt;now&lt;/b&gt;" in page
    assert "a.png" not in page, "it stands in the words, and not below them again"
    assert as_nora.get(f"/attachments/{kept.pk}/").headers["Content-Type"] == "image/png"


def test_what_customers_write_is_never_formatted(
    lamp: Conversation, as_nora: Client, form: Inbox
) -> None:
    lamp.messages.update(text="Where is **my** lamp? <b>now</b>")
    page = as_nora.get(f"/conversations/{lamp.pk}/").content.decode()
    assert "Where is **my** lamp? &lt;b&gt;now&lt;/b&gt;" in page


@pytest.mark.parametrize(
    ("language", "said"), [("de", 'lang="de" dir="auto"'), ("ar", 'lang="ar" dir="rtl"')]
)
def test_the_words_are_checked_in_the_customers_language(
    lamp: Conversation, as_nora: Client, language: str, said: str
) -> None:
    lamp.customer.language = language
    lamp.customer.save()
    page = as_nora.get(f"/conversations/{lamp.pk}/").content.decode()
    assert said in page
    assert "your browser checks spelling in it" in page
