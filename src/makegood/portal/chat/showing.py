"""Messages and files as a visitor's browser gets them."""

import time
from typing import Any

from django.urls import reverse
from django.utils import timezone

from makegood.chat.ending import question_about
from makegood.chat.models import Visitor
from makegood.chat.queries import conversation_of
from makegood.conversations.models import Attachment, Message
from makegood.conversations.writing import is_written_here
from makegood.files.serving import SHOWN_INLINE
from makegood.kit.jinja import initials
from makegood.kit.secrets import is_signed, sign
from makegood.portal.chat.tree import tree_of
from makegood.promises.told import honest_line
from makegood.waits.telling import line_for_page

LINK_LASTS = 3600
NOBODY = {"conversation": {"status": "none", "subject": "", "asks": 0}, "messages": [], "read": 0,
          "their_read": 0, "is_more": False, "wait": ""}  # fmt: skip


def shown(message: Message, visitor: Visitor) -> dict[str, Any]:
    """One message: whose it is, what it says, and its files."""
    is_mine = message.is_incoming()
    return {
        "seq": message.pk,
        "client_id": _client_id(message) if is_mine else "",
        "from": "me" if is_mine else "agent" if message.agent_id else "shop",
        "name": message.author_name,
        "initials": initials(message.author_name),
        "at": message.at.isoformat(),
        "text": message.text,
        "tree": tree_of(message.html) if is_written_here(message) else None,
        "by_mail": is_by_mail(message, visitor),
        "files": [_file(one, visitor) for one in message.attachments.all()],
    }


def standing(visitor: Visitor) -> dict[str, Any]:
    """How a visitor's conversation stands, how far each side has read, and what is asked of it."""
    place = conversation_of(visitor)
    if place is None:
        return dict(NOBODY)
    status = "resolved" if place.status == place.Status.RESOLVED else "open"
    asks = question_about(visitor, place)
    return {
        "conversation": {"status": status, "subject": place.subject, "asks": asks},
        "read": visitor.read,
        "their_read": visitor.read_by_us,
        "wait": honest_line(place, timezone.now()) or line_for_page(place),
    }


def is_by_mail(message: Message, visitor: Visitor) -> bool:
    """Whether it came or went by mail, and not here."""
    if message.is_incoming():
        return (
            message.handle_id != visitor.handle_id
            and "@" in (message.handle or visitor.handle).address
        )
    return any("@" in address for address in message.to)


def _client_id(message: Message) -> str:
    """What the browser itself called it."""
    key = message.arrival.external_id if message.arrival else ""
    return key.rpartition(":")[2] if key.startswith("chat:") else ""


def _file(file: Attachment, visitor: Visitor) -> dict[str, Any]:
    opens = pass_for(file.pk, visitor.pk)
    return {
        "pk": file.pk,
        "name": file.name,
        "size": file.file.size,
        "type": file.content_type,
        "is_image": file.content_type in SHOWN_INLINE,
        "url": reverse("portal:chat-file", args=[visitor.inbox.public_id, file.pk, opens]),
    }


def pass_for(file: int, visitor: int) -> str:
    """A picture is asked for without a header: its address itself opens, for an hour or two."""
    until = (int(time.time()) // LINK_LASTS + 2) * LINK_LASTS
    signature = sign("chat file", f"{visitor} {file} {until}")
    return f"{visitor}.{until}.{signature}"


def visitor_of_pass(file: int, given: str) -> int:
    """Whose pass for a file this is, while it opens; 0 where it does not."""
    parts = given.split(".")
    if len(parts) != 3 or not all(one.isascii() and one.isdigit() for one in parts[:2]):
        return 0
    visitor, until, signature = parts
    is_ours = is_signed("chat file", f"{visitor} {file} {until}", signature)
    return int(visitor) if is_ours and int(until) > time.time() else 0
