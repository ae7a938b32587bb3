"""The words of a conversation as its customer reads them: ours formatted, theirs as they came."""

from collections.abc import Sequence
from functools import partial

from django.urls import reverse
from markupsafe import Markup

from makegood.conversations.models import Attachment, Message
from makegood.conversations.writing import beside, is_written_here, on_page
from makegood.kit.html import paragraphs


def words_for(message: Message, *, token: str) -> Markup:
    if not is_written_here(message):
        return paragraphs(message.text)
    return on_page(message.html, message.attachments.all(), partial(_address, token))


def _address(token: str, file: Attachment) -> str:
    return reverse("portal:file", args=[token, file.pk])


def files_of(message: Message) -> Sequence[Attachment]:
    """The files that do not stand in the words already."""
    return beside(message.text if is_written_here(message) else "", message.attachments.all())
