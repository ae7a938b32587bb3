"""What the pages of a side thread show: the form as it was left, and what may go along."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from makegood.beside.models import SideDraft, SideMessage, SideThread
from makegood.beside.queries import files_to_copy, parties_known_to, said_in
from makegood.beside.quoting import quote_conversation, quote_message
from makegood.channels.interface import Trust
from makegood.channels.models import Inbox
from makegood.conversations.addressing import mailbox_of
from makegood.conversations.models import Conversation, Message
from makegood.conversations.replying import new_client_key
from makegood.conversations.signing import signature_of
from makegood.desk.story import DELIVERY, TROUBLE, TRUST, Sign
from makegood.kit.errors import Refused
from makegood.kit.text import one_line
from makegood.redaction.queries import may_redact, redactions_of
from makegood.team.models import Agent

STATES = {
    SideThread.State.AWAITED: Sign("", "clock", _("awaited")),
    SideThread.State.ANSWERED: Sign("at-risk", "reply", _("answered")),
    SideThread.State.DONE: Sign("kept", "circle-check", _("done")),
}
KEPT = ("to", "subject", "text", "quoted")


def first_words(
    conversation: Conversation, message: Message | None, *, whole: bool
) -> dict[str, Any]:
    """What the form holds before anybody typed: an empty question, or what is passed on."""
    subject = conversation.subject
    words: dict[str, Any] = {"to": "", "text": "", "quoted": "", "attach": [], "is_forward": ""}
    if whole:
        words["quoted"] = quote_conversation(conversation)
    elif message is not None:
        words["quoted"] = quote_message(message)
        files = message.attachments.filter(is_inline=False)
        words["attach"] = list(files.values_list("pk", flat=True))
    if whole or message is not None:
        subject, words["is_forward"] = f"Fwd: {subject}", "yes"
    return words | {"subject": one_line(subject, 250), "client_key": new_client_key()}


def kept_words(draft: SideDraft) -> dict[str, Any]:
    """The form as it was left."""
    words = {name: getattr(draft, name) for name in KEPT}
    return words | {"attach": [], "is_forward": "", "client_key": new_client_key()}


def typed_words(data: Any) -> dict[str, Any]:
    """The form as it came, for showing it again."""
    words: dict[str, Any] = {name: data.get(name, "") for name in (*KEPT, "client_key")}
    attached = [pk for pk in data.getlist("attach") if pk.isdecimal() and len(pk) < 16]
    words["attach"] = [int(pk) for pk in attached]
    return words | {"is_forward": data.get("is_forward", "")}


def form_of(conversation: Conversation, agent: Agent, words: dict[str, Any]) -> dict[str, Any]:
    """Everything that stands in and around the form."""
    sender, hindrance = _sender(conversation)
    return {
        "conversation": conversation,
        "words": words,
        "offered": files_to_copy(conversation),
        "sender": sender,
        "hindrance": hindrance,
        "signature": signature_of(agent, sender) if sender else "",
        "known": parties_known_to(agent),
        "redacts": may_redact(agent),
        "stopped": None,
        "trouble": "",
    }


def _sender(conversation: Conversation) -> tuple[Inbox | None, str]:
    try:
        return mailbox_of(conversation), ""
    except Refused as refused:
        return None, str(refused)


def thread_of(thread: SideThread) -> dict[str, Any]:
    """What was said in a thread, each message with its signs."""
    messages = said_in(thread)
    removed = redactions_of(message.ref for message in messages)
    return {
        "thread": thread,
        "state": STATES[SideThread.State(thread.state)],
        "said": [_said(one) | {"removed": removed.get(one.ref, ())} for one in messages],
    }


def _said(message: SideMessage) -> dict[str, Any]:
    return {
        "message": message,
        "files": [one for one in message.files.all() if not one.is_inline],
        "trust": TRUST.get(Trust(message.trust)) if message.trust else None,
        "delivery": DELIVERY.get(message.delivery_state),
        "trouble": TROUBLE.get(message.delivery_state, ""),
    }


def to_everybody(thread: SideThread) -> str:
    """Whom an answer goes to, unless the writer says otherwise."""
    return ", ".join(one.address for one in thread.parties.all() if one.address)
