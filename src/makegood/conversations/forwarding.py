"""A mail that an agent forwarded: the first sender's conversation, once an agent says so.

Only a forward from an agent's own, proven address counts, and it attaches nothing by itself:
what it says of the first sender is the forwarder's word, and is marked as such.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from makegood.channels.interface import (
    Address,
    Automatic,
    Forwarded,
    Incoming,
    Part,
    Trust,
    Unreadable,
)
from makegood.channels.models import Inbox
from makegood.channels.queries import may_see
from makegood.channels.registry import channel
from makegood.conversations.events import ForwardClosed, ForwardOpened
from makegood.conversations.likeness import likeness_of
from makegood.conversations.models import Attachment, Conversation, Message, Participant
from makegood.conversations.standing import lock_standing
from makegood.customers.actions import canonical_address, meet
from makegood.customers.models import Handle
from makegood.files import storage
from makegood.files.actions import keep_file
from makegood.kit.errors import Refused
from makegood.kit.text import fit_for_storage, one_line, plain_name
from makegood.ledger.actions import record
from makegood.ledger.actors import Actor
from makegood.team.models import Agent

SAYS_SO = ("#customer", "#kunde")
"""On the first line of a forward, in words of its own: open it at once."""
KEPT = ("author_name", "text", "quoted", "subject", "trust", "trust_reason")


def forwarder_of(incoming: Incoming, inbox: Inbox) -> Agent | None:
    """The agent who certainly forwarded this, and may see where it came."""
    if incoming.forwarded is None or incoming.verdict.trust != Trust.VERIFIED:
        return None
    if incoming.automatic not in (Automatic.NOT, Automatic.LIST):
        return None  # an absent agent's mailbox gives back what anybody wrote to it
    address = canonical_address("email", incoming.sender.address)
    first = canonical_address("email", incoming.forwarded.sender.address)
    agent = Agent.objects.filter(email=address, is_active=True).first()
    if agent is None or first in (address, canonical_address("email", inbox.address)):
        return None
    return agent if may_see(agent, inbox.pk) else None


def mark_forwarded(message: Message, forwarded: Forwarded, *, by: Agent) -> None:
    """Remember what was forwarded; where the agent or the inbox says so, open it at once."""
    at = forwarded.sent_at
    message.forwarded = {
        "agent": by.pk,
        "by": by.name,
        "address": canonical_address("email", forwarded.sender.address),
        "name": plain_name(forwarded.sender.name),
        "subject": one_line(forwarded.subject, 250),
        "text": fit_for_storage(forwarded.text),
        "quoted": fit_for_storage(forwarded.quoted),
        "at": at.isoformat() if at else "",
        "is_attached": forwarded.is_attached,
    }
    message.asks = True
    message.save(update_fields=["forwarded", "asks"])
    if not _was_sent_here(message):
        return
    first_line = message.text.strip().split("\n")[0].strip().lower()
    if first_line in SAYS_SO or message.inbox.settings.get("opens_forwards") is True:
        open_forwarded(message, by=by)


def _was_sent_here(message: Message) -> bool:
    """Whether it names our address: a forward to somebody else can be sent on to us by them."""
    inbox = message.inbox
    ours = {inbox.address, *map(str, inbox.settings.get("aliases", ()))}
    known = {canonical_address("email", one) for one in ours}
    return any(canonical_address("email", str(one)) in known for one in message.to + message.cc)


def open_forwarded(message: Message, *, by: Actor) -> None:
    """Make a forwarded mail its first sender's. Twice is once."""
    with transaction.atomic():
        conversation = lock_standing(message.conversation_id)
        message = Message.objects.select_related("handle", "inbox").get(pk=message.pk)
        told = message.forwarded
        if not told:
            raise Refused(_("Nothing was forwarded with this message."))
        if "before" in told:
            return
        first = meet("email", told["address"], name=told["name"], at=message.at, by=by)
        told["before"] = _as_it_was(message, conversation)
        told["files"] = [_attach(part, message) for part in _files_within(message)]
        _write_as(message, first)
        _belong_to(conversation, message, first)
        fact = ForwardOpened(message=message.pk, address=first.address, forwarder=told["by"])
        record(fact, about=[message, conversation, first.customer], by=by)


def _as_it_was(message: Message, conversation: Conversation) -> dict[str, Any]:
    said_at = message.said_at
    return {
        **{name: getattr(message, name) for name in KEPT},
        "handle": message.handle_id,
        "said_at": said_at.isoformat() if said_at else "",
        "customer": conversation.customer_id,
        "conversation_subject": conversation.subject,
    }


def _files_within(message: Message) -> Sequence[Part]:
    """The files of a mail that was attached whole."""
    whole = message.attachments.select_related("file").filter(content_type="message/rfc822").first()
    if whole is None or not (message.forwarded or {}).get("is_attached"):
        return ()
    try:
        read: Incoming = channel("email").read(storage.load(whole.file.sha256), {})
    except Unreadable:
        return ()
    return read.parts


def _attach(part: Part, message: Message) -> int:
    attachment = Attachment.objects.create(
        message=message,
        file=keep_file(part.content),
        name=one_line(part.name, 255) or "attachment",
        content_type=one_line(part.content_type, 120),
    )
    return attachment.pk


def _write_as(message: Message, first: Handle) -> None:
    """The first sender's words and date; the forwarder's own stay folded below them."""
    told: dict[str, Any] = message.forwarded or {}
    agent = Agent.objects.filter(pk=told["agent"]).values_list("email", flat=True).first() or ""
    reason = _("Forwarded by %(name)s <%(address)s>: nothing proves who wrote it first")
    below = [message.text] if told["text"] not in message.text else []
    message.handle, message.author_name = first, told["name"] or first.address[:120]
    message.quoted = "\n\n".join(filter(None, [told["quoted"], *below, message.quoted]))
    message.text = told["text"] or message.text
    message.subject = told["subject"] or message.subject
    message.trust = Trust.UNVERIFIED
    message.trust_reason = reason % {"name": told["by"], "address": agent}
    message.said_at = datetime.fromisoformat(told["at"]) if told["at"] else message.said_at
    message.asks = bool(message.new_matter)
    message.save()


def _belong_to(conversation: Conversation, message: Message, first: Handle) -> None:
    """The conversation is the first sender's, who takes part; the forwarder does not."""
    told: dict[str, Any] = message.forwarded or {}
    forwarder = told["before"]["handle"]
    others = conversation.messages.exclude(pk=message.pk).filter(handle=forwarder)
    if not others.exists():
        conversation.participants.filter(handle=forwarder).update(state=Participant.State.LEFT)
    Participant.objects.update_or_create(
        conversation=conversation,
        handle=first,
        defaults={"state": Participant.State.ACTIVE},
        create_defaults={"state": Participant.State.ACTIVE, "joined_at": message.at},
    )
    if Handle.objects.filter(pk=forwarder, customer=conversation.customer_id).exists():
        conversation.customer = first.customer
        conversation.subject = message.subject
    if conversation.looks_like_id is None:
        _look_around(conversation, message, first)
    if conversation.last_message == message.pk:
        conversation.preview = one_line(message.text or message.subject, 200)
    conversation.save()


def _look_around(conversation: Conversation, message: Message, first: Handle) -> None:
    """Where the first sender has written of the same before, it looks like that."""
    said = Incoming(
        external_id="", sender=Address(address=""), text=message.text, subject=message.subject
    )
    found = likeness_of(said, first.customer_id, besides=conversation.pk)
    if found is not None:
        conversation.looks_like = found.conversation
        conversation.looks_like_because = found.reason


@transaction.atomic
def close_forwarded(message: Message, *, by: Actor) -> None:
    """The mail is the forwarder's again. Twice is once."""
    conversation = lock_standing(message.conversation_id)
    message = Message.objects.get(pk=message.pk)
    told = message.forwarded or {}
    before = told.get("before")
    if before is None:
        return
    first = message.handle_id
    for name in KEPT:
        setattr(message, name, before[name])
    message.handle_id, message.asks = before["handle"], True
    message.said_at = datetime.fromisoformat(before["said_at"]) if before["said_at"] else None
    message.attachments.filter(pk__in=told.pop("files", [])).delete()
    del told["before"]
    message.forwarded = told
    message.save()
    if not conversation.messages.filter(handle=first).exists():
        conversation.participants.filter(handle=first).delete()
    conversation.participants.filter(handle=before["handle"]).update(state=Participant.State.ACTIVE)
    conversation.customer_id = before["customer"]
    conversation.subject = before["conversation_subject"]
    if conversation.last_message == message.pk:
        conversation.preview = one_line(message.text or message.subject, 200)
    conversation.save()
    fact = ForwardClosed(message=message.pk, address=told["address"])
    record(fact, about=[message, conversation], by=by)
