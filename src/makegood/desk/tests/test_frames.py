"""A mail as it was sent: its own pictures shown, those from elsewhere only when asked for."""

import pytest

from makegood.channels.models import Inbox
from makegood.conversations.models import Attachment, Conversation, Message
from makegood.desk.frames import frame, has_outside_pictures
from makegood.files.actions import keep_file
from tests.world import arrive, conversation_of, mail_bytes

GIF = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,"
OUTSIDE = '<img data-src="http://cdn.test/a.png?x=1&amp;y=2" alt="a > b">'
OWN = '<img data-cid="lamp&amp;1" width="60">'


@pytest.fixture
def message(mailbox: Inbox) -> Message:
    conversation: Conversation = conversation_of(arrive(mailbox, mail_bytes("Look:")))
    message = conversation.messages.get()
    message.html = f"<p>Look: data-src=&quot;</p>{OUTSIDE}{OWN}"
    message.save()
    Attachment.objects.create(message=message, file=keep_file(GIF), cid="lamp&1", name="lamp.gif")
    return message


def shown(message: Message, *, fetch: bool) -> str:
    return frame(message, message.attachments.all(), fetch=fetch).content.decode()


def test_a_picture_that_came_along_is_part_of_the_page(message: Message) -> None:
    page = shown(message, fetch=False)
    assert '<img src="data:image/gif;base64,R0lGOD' in page
    assert "cdn.test" in page
    assert ' src="http' not in page


def test_a_picture_from_elsewhere_comes_when_asked_and_never_in_the_clear(message: Message) -> None:
    assert has_outside_pictures(message)
    page = shown(message, fetch=True)
    assert '<img src="https://cdn.test/a.png?x=1&amp;y=2" alt="a > b">' in page
    assert "Look: data-src=&quot;" in page


def test_a_mail_without_pictures_offers_none(message: Message) -> None:
    message.html = '<p>src="http://cdn.test/a.png"</p>'
    assert not has_outside_pictures(message)


def test_a_picture_that_is_not_there_stays_away(message: Message) -> None:
    message.html = '<img data-cid="another">'
    assert '<img data-cid="another">' in shown(message, fetch=True)
