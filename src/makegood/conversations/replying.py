"""An agent answers: message, outbox row and event in one transaction, or a refusal in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.channels.actions import post
from makegood.channels.interface import Address, Outgoing
from makegood.channels.models import Inbox
from makegood.conversations.addressing import way_of
from makegood.conversations.drafting import SAID_OTHERWISE
from makegood.conversations.events import Assigned, Replied, SentAnyway
from makegood.conversations.guarding import look_over, sheet_of
from makegood.conversations.models import (
    Attachment,
    Conversation,
    Draft,
    Message,
    Token,
)
from makegood.conversations.overlooking import WHILE_WRITING, refuse_to_overlook
from makegood.conversations.signing import signed
from makegood.conversations.standing import lock_standing
from makegood.conversations.tokens import make_token
from makegood.conversations.writing import letter
from makegood.customers.models import Handle
from makegood.guard.sheet import Finding
from makegood.kit.errors import Refused
from makegood.kit.ids import new_token
from makegood.kit.markdown import plain, written
from makegood.kit.text import fit_for_storage, one_line
from makegood.ledger.actions import record
from makegood.team.gates import refuse_unless
from makegood.team.models import Agent

LONGEST_ANSWER = 200_000
"""So far the guard reads."""


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What an agent wants to say. `seen` is the newest message that was on their page."""

    text: str
    seen: int | None = None
    to: int | None = None
    """The handle that the page named as the one it goes to."""
    client_key: str = ""
    attachments: Sequence[Attachment] = ()
    send_after: datetime | None = None
    accepted: Sequence[str] = ()
    """What the guard asked and the writer said yes to, by the keys of its findings."""
    leaves_draft: bool = False
    """Whether the writer's draft says something else than this, and stays."""


@transaction.atomic
def reply_to(conversation: Conversation, reply: Reply, *, by: Agent) -> Message:
    """Answer the customer. Pressed twice with the same key, it is said once."""
    refuse_unless(by, "answer")
    conversation = lock_standing(conversation.pk, "inbox__mail_inbox", "customer")
    text = fit_for_storage(reply.text).strip()
    said = _said_already(conversation, reply.client_key, text)
    if said is not None:
        return said
    sender, to, asked = look_over_reply(conversation, reply, by=by)
    message = _write(conversation, reply, text, to, by)
    if not sender.limits.live:
        outgoing = _outgoing(conversation, message, sender, to, by)
        message.external_id, message.delivery_state = outgoing.key, "queued"
        message.save(update_fields=["external_id", "delivery_state"])
        post(outgoing, inbox=sender, about=message.ref, send_after=reply.send_after)
    _give_the_turn(conversation, message, by)
    record(Replied(message=message.pk), about=_about(message, conversation), by=by, at=message.at)
    if asked:
        questions = " · ".join(f"{one.reason} {one.excerpt}".strip() for one in asked)
        fact = SentAnyway(message=message.pk, questions=questions)
        record(fact, about=[message, conversation], by=by, at=message.at)
    return message


def look_over_reply(
    conversation: Conversation, reply: Reply, *, by: Agent
) -> tuple[Inbox, Handle, Sequence[Finding]]:
    """By what and to whom it would leave, and what was asked and affirmed. Raises `Refused`."""
    text = fit_for_storage(reply.text).strip()
    way = way_of(conversation)
    sender, to = way.inbox, way.to
    _refuse_somebody_else(reply, to)
    _refuse_what_cannot_be_sent(reply, text, sender)
    refuse_to_overlook(conversation, reply.seen, WHILE_WRITING, by=by)
    files = [one.name for one in reply.attachments]
    sheet = sheet_of(conversation, text, files=files, recipients=[to.address], sender=sender)
    return sender, to, look_over(sheet, reply.accepted)


def _said_already(conversation: Conversation, client_key: str, text: str) -> Message | None:
    """What went out under this word. Other words under it are never taken for the same."""
    said = Message.objects.filter(client_key=client_key).first() if client_key else None
    if said is not None and (said.conversation_id, said.text) != (conversation.pk, text):
        raise Refused(SAID_OTHERWISE)
    return said


def _refuse_somebody_else(reply: Reply, to: Handle) -> None:
    """A join, a split or an opened forward may have put somebody else in the writer's place."""
    if reply.to is not None and reply.to != to.pk:
        words = _("This would go to %(address)s now, and not to whom you wrote. Look once more.")
        raise Refused(words % {"address": to.shown})


def _refuse_what_cannot_be_sent(reply: Reply, text: str, sender: Inbox) -> None:
    if not text and not reply.attachments:
        raise Refused(_("There is nothing to send yet: write something first."))
    limits = sender.limits
    longest = min(limits.characters or LONGEST_ANSWER, LONGEST_ANSWER)
    if len(text) > longest:
        raise Refused(
            _("This is %(n)s characters longer than the channel allows.")
            % {"n": len(text) - longest}
        )
    total = sum(attachment.file.size for attachment in reply.attachments)
    if len(reply.attachments) > limits.attachments or total > limits.attachment_bytes:
        raise Refused(_("These attachments are more than this channel can carry."))


def _write(conversation: Conversation, reply: Reply, text: str, to: Handle, by: Agent) -> Message:
    message = Message.objects.create(
        conversation=conversation,
        inbox=conversation.inbox,
        direction=Message.Direction.OUTGOING,
        agent=by,
        author_name=by.name,
        subject=_answer_subject(conversation.subject),
        text=text,
        html=written(text).html,
        at=timezone.now(),
        to=[to.address],
        delivery_state="sent",
        client_key=reply.client_key or None,
    )
    # Only files of the writer's own draft here: an id of somebody else's changes nothing.
    own = Attachment.objects.filter(draft__agent=by, draft__conversation=conversation)
    own.filter(pk__in=[one.pk for one in reply.attachments]).update(message=message, draft=None)
    if not reply.leaves_draft:
        drafts = Draft.objects.filter(conversation=conversation, agent=by)
        drafts.filter(purpose=Draft.Purpose.REPLY).delete()
    return message


def _answer_subject(subject: str) -> str:
    return subject if subject.lower().startswith(("re:", "aw:")) else f"Re: {subject}"[:250]


def _outgoing(
    conversation: Conversation, message: Message, sender: Inbox, to: Handle, by: Agent
) -> Outgoing:
    domain = sender.address.partition("@")[2] or "localhost"
    name = one_line(f"{by.name} · {sender.sender_name or sender.name}", 100)
    said = signed(message.text, by, sender)
    leaves = letter(
        said.text,
        signature=said.signature,
        language=conversation.customer.language,
        files=message.attachments.select_related("file"),
        domain=domain,
    )
    references = _chain(conversation)
    return Outgoing(
        key=f"<m.{make_token(conversation, to, Token.Purpose.MESSAGE)}@{domain}>",
        to=[Address(address=to.address, name=conversation.customer.name)],
        text=leaves.text,
        html=leaves.html,
        subject=message.subject,
        sender=Address(address=sender.address, name=name),
        reply_to=reply_address(sender, make_token(conversation, to, Token.Purpose.REPLY)),
        in_reply_to=references[-1] if references else "",
        references=references,
        files=leaves.files,
    )


def reply_address(inbox: Inbox, token: str) -> str:
    """The opaque address that leads an answer back: on a domain of its own, or with a plus."""
    domain = str(inbox.settings.get("reply_domain") or "")
    if domain:
        return f"r.{token}@{domain}"
    local, _at, own_domain = inbox.address.partition("@")
    if inbox.settings.get("plus_addresses") is False:
        return inbox.address
    return f"{local}+r.{token}@{own_domain}"


def _chain(conversation: Conversation) -> list[str]:
    """Message-IDs of the conversation for References, oldest first (RFC 5322, 3.6.4)."""
    known = conversation.messages.exclude(external_id="").order_by("-pk")
    return list(reversed(known.values_list("external_id", flat=True)[:12]))


def _leaves_free(inbox: Inbox) -> bool:
    """Whether who answers here does not take it; a form does as its mailbox."""
    return bool((inbox.mail_inbox or inbox).settings.get("leaves_free"))


def _give_the_turn(conversation: Conversation, message: Message, by: Agent) -> None:
    conversation.last_message = message.pk
    conversation.last_at = message.at
    conversation.turn = Conversation.Turn.THEIRS
    conversation.turn_since = message.at
    conversation.preview = one_line(plain(message.text), 200)
    if conversation.status != Conversation.Status.OPEN:
        conversation.status = Conversation.Status.OPEN
        conversation.snoozed_until = conversation.resolved_at = conversation.wakes_with = None
    if conversation.assignee_id is None and not _leaves_free(conversation.inbox):
        conversation.assignee = by
        fact = Assigned(assignee=by.name, agent=by.pk, team=conversation.team_id)
        record(fact, about=[conversation, by], by=by)
    conversation.save()


def _about(message: Message, conversation: Conversation) -> list[Message | Conversation | str]:
    return [message, conversation, f"customer:{conversation.customer_id}", conversation.inbox.ref]


def new_client_key() -> str:
    """For forms: the word that makes pressing a button twice the same as once."""
    return new_token()
