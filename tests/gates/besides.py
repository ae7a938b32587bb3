"""What stands beside a conversation, for the addresses that name it."""

from dataclasses import dataclass
from typing import Any

from makegood.beside.actions import begin_thread
from makegood.beside.drafting import attach_to_side_draft, keep_side_draft
from makegood.beside.models import SideMessage, SideThread
from makegood.beside.saying import Wish
from makegood.channels.interface import Address
from makegood.conversations.models import Conversation
from makegood.team.models import Agent


@dataclass(frozen=True, kw_only=True)
class Beside:
    """A side thread with its message, a file in it, and a file on a draft."""

    thread: SideThread
    message: SideMessage
    file: Any
    draft_file: Any

    def named(self) -> dict[str, Any]:
        return {
            "desk:side": self.thread,
            "desk:side-seen": self.thread,
            "desk:side-state": self.thread,
            "desk:side-sent": self.message,
            "desk:side-delivery": self.message,
            "desk:side-file": self.file,
            "desk:side-file-removal": self.draft_file,
        }


def make_beside(lamp: Conversation, nora: Agent) -> Beside:
    """Nora asked the carrier, and is writing once more."""
    files = []
    for name in ("a.txt", "b.txt"):
        draft = keep_side_draft(lamp, None, {"text": "Dear"}, by=nora)
        assert draft is not None
        part: Any = {"name": name, "content_type": "text/plain", "content": name.encode()}
        files.append(attach_to_side_draft(draft, **part))
        if len(files) == 1:
            wish = Wish(
                to=[Address(address="help@parcels.example")],
                subject="Parcel",
                text="Where is it?",
                draft=draft,
            )
            message = begin_thread(lamp, wish, by=nora)
    SideMessage.objects.filter(pk=message.pk).update(html="<p>Where is it?</p>")
    return Beside(
        thread=message.thread, message=message, file=message.files.get(), draft_file=files[1]
    )
