import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from makegood.channels.actions import RawArrival, take_in
from makegood.channels.interface import Trust
from makegood.channels.models import Inbox
from makegood.channels.queries import arrival_at
from makegood.conversations.intake import take_in_arrival
from makegood.conversations.models import Token
from makegood.conversations.tokens import make_token, revoke_token
from makegood.files.actions import keep_file
from makegood.files.room import refuse_without_room
from makegood.kit.errors import Refused
from makegood.kit.text import one_line
from makegood.portal.budgets import spend


class TooMuch(Refused):
    """A budget is used up; the words say when to try again, and what else to do."""

    status = 429


@dataclass(frozen=True, kw_only=True)
class Written:
    """What a stranger filled in. `key` is the form's own: sent twice, it is one message."""

    key: str
    text: str
    email: str = ""
    name: str = ""
    subject: str = ""
    files: "Sequence[UploadedFile[Any]]" = ()
    network: str = ""
    is_trapped: bool = False


def submit_form(inbox: Inbox, written: Written) -> str:
    """Take in what came by the form: durable when this returns, and its place given at once."""
    refuse_without_room()
    _pay(written, "writes-of-a-network", written.network)
    content = {
        "email": written.email,
        "name": written.name,
        "subject": written.subject,
        "text": written.text,
        "files": _kept(written.files),
    }
    envelope: dict[str, Any] = {"confirm": not written.is_trapped, "network": written.network}
    if written.is_trapped:
        why = _("A field that people do not see was filled in: this looks like a machine")
        envelope |= {"trust": Trust.SUSPICIOUS, "why": why}
    return _take_in(inbox, f"form:{written.key}", "form", content, envelope)


def answer_by_link(link: Token, written: Written) -> str:
    """Take in a customer's answer, written behind their private link."""
    refuse_without_room()
    _pay(written, "answers-by-a-link", link.token_hash)
    handle, inbox = link.handle, link.conversation.inbox
    # For the one arrival alone: the link itself is stored nowhere.
    once = make_token(link.conversation, handle, Token.Purpose.LINK)
    content = {
        "email": handle.address,
        "name": handle.customer.name,
        "subject": link.conversation.subject,
        "text": written.text,
        "files": _kept(written.files),
        "token": once,
    }
    why = _("Written behind the private link that was sent to the address")
    envelope = {"trust": Trust.VERIFIED, "why": why, "network": written.network}
    outcome = _take_in(inbox, f"link:{written.key}", "link", content, envelope)
    if outcome.startswith("message:"):
        revoke_token(once)
    return outcome


def _pay(written: Written, budget: str, spender: str) -> None:
    """Take everything that this costs from its budgets. Raises `TooMuch`."""
    size = sum(file.size or 0 for file in written.files) + len(written.text)
    if not (spend(budget, spender) and spend("writes")):
        raise TooMuch(
            _("That was a lot at once. Please try again in an hour, or write us an e-mail.")
        )
    if not (spend("bytes-of-a-network", written.network, size) and spend("bytes", amount=size)):
        raise TooMuch(_("These files are too much for today. Please send them by e-mail."))


def _kept(files: "Sequence[UploadedFile[Any]]") -> list[dict[str, str]]:
    return [
        {
            "sha256": keep_file(file.read()).sha256,
            "name": one_line((file.name or "").replace("\\", "/").rpartition("/")[2], 255),
            "content_type": one_line(file.content_type or "application/octet-stream", 120),
        }
        for file in files
    ]


def _take_in(
    inbox: Inbox, key: str, origin: str, content: Mapping[str, Any], envelope: Mapping[str, Any]
) -> str:
    raw = json.dumps(content, ensure_ascii=False).encode("utf-8", "replace")
    take_in(
        [
            RawArrival(
                inbox_id=inbox.pk, raw=raw, origin=origin, envelope=dict(envelope), external_id=key
            )
        ]
    )
    arrival = arrival_at(inbox, key)
    return take_in_arrival(arrival.pk) if arrival else ""
