"""A chat with somebody in it who sent a file, and the address by which it opens."""

from dataclasses import dataclass
from typing import Any

from makegood.channels.connecting import InboxSettings, connect_inbox
from makegood.channels.models import Inbox
from makegood.chat.actions import Said, admit, say
from makegood.chat.uploads import keep_upload
from makegood.ledger.actors import System
from makegood.portal.chat.showing import pass_for


@dataclass(frozen=True, kw_only=True)
class Sitting:
    pk: int
    public_id: str
    file: int
    opens: str


def make_sitting(mailbox: Inbox) -> Sitting:
    wanted = InboxSettings(name="Chat", kind="chat", mail_inbox=mailbox)
    chat = connect_inbox(wanted, teams=mailbox.teams.all(), by=System("setup"))
    visitor = admit(chat, "v" * 43)
    token = keep_upload(visitor, name="a.txt", content_type="text/plain", content=b"a")
    message = say(visitor, Said(client_id="word-of-a-visitor", text="Look", files=[token]))
    file = message.attachments.get()
    return Sitting(
        pk=chat.pk, public_id=chat.public_id, file=file.pk, opens=pass_for(file.pk, visitor.pk)
    )


def in_the_chat(name: str, sitting: Sitting, pk: int | None) -> dict[str, Any]:
    found: dict[str, Any] = {"public_id": sitting.public_id if pk is None else "a" * 26}
    if name == "portal:chat-file":
        found |= {"pk": sitting.file, "opens": sitting.opens}
    return found
