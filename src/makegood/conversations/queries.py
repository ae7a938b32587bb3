from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db.models import Count, Exists, OuterRef, Prefetch, Q
from django.http import Http404
from django.utils import timezone

from makegood.channels.queries import inboxes_visible_to
from makegood.conversations.models import (
    Attachment,
    Conversation,
    Draft,
    Message,
    Note,
    Participant,
    Tag,
    Token,
)
from makegood.conversations.standing import joined_into, standing_number
from makegood.conversations.tokens import token_row
from makegood.customers.delivering import WITHIN
from makegood.customers.models import Handle
from makegood.ledger.models import Event
from makegood.team.models import Agent

T = TypeVar("T")
NEWEST = 100
QUIET_KINDS = (
    "conversation.opened",
    "conversation.assigned",
    "conversation.unassigned",
    "conversation.tagged",
    "conversation.priority_changed",
    "conversation.mood_said",
    "conversation.resolved",
    "conversation.reopened",
    "conversation.snoozed",
    "conversation.woke",
    "conversation.spam_marked",
    "conversation.spam_unmarked",
    "spam.sender_marked",
    "spam.sender_cleared",
    "conversation.confirmed",
    "conversation.denied",
    "conversation.joined",
    "conversation.parted",
    "conversation.split",
    "conversation.linked",
    "conversation.unlinked",
    "conversation.unlike",
    "conversation.like",
    "conversation.matter_kept",
    "conversation.admitted",
    "conversation.declined",
    "conversation.forward_opened",
    "conversation.forward_closed",
    "message.report_doubted",
    "chat.went_on",
    "chat.taken_in",
    "chat.invitation_answered",
    "chat.rated",
    "chat.rated_in_words",
    "conversation.sent_anyway",
    "automatic.queued",
    "rule.ran",
    "rule.circled",
    "automatic.refused",
    "macro.ran",
    "message.taken_back",
    "answer.scheduled",
    "answer.shared",
    "answer.asked",
    "answer.edited",
    "answer.approved",
    "answer.returned",
    "answer.withdrawn",
    "answer.stopped",
    "makegood.offered",
    "makegood.asked",
    "makegood.approved",
    "makegood.declined",
    "makegood.given",
    "makegood.redeemed",
    "makegood.expired",
    "makegood.taken_back",
    "message.redacted",
    "side.begun",
    "side.forwarded",
    "side.wrote",
    "side.answered",
    "side.done",
    "side.reopened",
    "side.undelivered",
    "side.sent_anyway",
)


def conversation_for(agent: Agent, pk: int) -> Conversation:
    """A conversation that this agent may see, or 404: existence is private.

    What was joined into another leads there.
    """
    found = _visible(agent, pk)
    if found.joined_into_id is None:
        return found
    return _visible(agent, standing_number(pk))


def visible_among(agent: Agent, pks: Sequence[int]) -> list[int]:
    """Those of the numbers that this agent may see, in their order."""
    found = Conversation.objects.filter(pk__in=pks)
    if not agent.sees_everything():
        found = found.filter(inbox__in=inboxes_visible_to(agent))
    return list(found.order_by("pk").values_list("pk", flat=True))


def joined_conversation_for(agent: Agent, pk: int) -> Conversation:
    """A conversation itself, joined or not, where the agent may see it and where it stands."""
    conversation_for(agent, pk)
    return _visible(agent, pk)


def _visible(agent: Agent, pk: int) -> Conversation:
    visible = (
        Conversation.objects.select_related(
            "customer", "assignee", "team", "inbox__mail_inbox", "looks_like"
        )
        .annotate(
            has_joined=Exists(Conversation.objects.filter(joined_into=OuterRef("pk"))),
            is_asking=Exists(Message.objects.filter(conversation=OuterRef("pk"), asks=True)),
        )
        .filter(pk=pk)
    )
    if not agent.sees_everything():
        visible = visible.filter(inbox__in=inboxes_visible_to(agent))
    return _found(visible.first())


def message_for(agent: Agent, pk: int) -> Message:
    message = Message.objects.select_related("conversation", "inbox", "arrival").filter(pk=pk)
    found = _found(message.first())
    conversation_for(agent, found.conversation_id)
    return found


def note_for(agent: Agent, pk: int) -> Note:
    found = _found(Note.objects.filter(pk=pk).first())
    conversation_for(agent, found.conversation_id)
    return found


def attachment_for(agent: Agent, pk: int) -> Attachment:
    """An attachment of a conversation that the agent may see; a draft's only by its writer.

    What was put aside is read by whoever sees the conversation: it may be theirs to approve.
    """
    found = _found(
        Attachment.objects.select_related("file", "message", "note", "draft").filter(pk=pk).first()
    )
    draft = found.draft
    if draft and draft.purpose != Draft.Purpose.HELD and draft.agent_id != agent.pk:
        raise Http404
    for place in (found.message, found.note, draft):
        if place is not None:
            conversation_for(agent, place.conversation_id)
    return found


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One thing in the story of a conversation: a message, a note, or a quiet event."""

    at: datetime
    kind: str
    message: Message | None = None
    note: Note | None = None
    event: Event | None = None


def timeline_of(conversation: Conversation, *, before: int | None = None) -> Sequence[Entry]:
    """The newest messages with what happened between them, oldest first."""
    messages = _newest_messages(conversation, before)
    since = messages[0].at if len(messages) == NEWEST else None
    until = messages[-1].at if before and messages else None
    files = Prefetch("attachments", Attachment.objects.select_related("file").order_by("pk"))
    notes = conversation.notes.select_related("agent").prefetch_related(files)
    events = (
        Event.objects.filter(subjects__ref=conversation.ref, kind__in=QUIET_KINDS)
        .select_related("personal")
        .order_by("-pk")
    )
    if since:
        notes, events = notes.filter(at__gte=since), events.filter(at__gte=since)
    if until:
        notes, events = notes.filter(at__lte=until), events.filter(at__lte=until)
    entries = [Entry(at=one.at, kind="message", message=one) for one in messages]
    entries += [Entry(at=one.at, kind="note", note=one) for one in notes]
    entries += [Entry(at=one.at, kind="event", event=one) for one in events[:300]]
    return sorted(entries, key=lambda entry: entry.at)


def _newest_messages(conversation: Conversation, before: int | None) -> list[Message]:
    files = Prefetch("attachments", Attachment.objects.select_related("file").order_by("pk"))
    messages = (
        conversation.messages.select_related("handle").prefetch_related(files).order_by("-pk")
    )
    if before:
        messages = messages.filter(pk__lt=before)
    return list(reversed(messages[:NEWEST]))


def earlier_conversations(conversation: Conversation, agent: Agent) -> Sequence[Conversation]:
    """The customer's other conversations that this agent may see, newest first."""
    others = Conversation.objects.filter(customer=conversation.customer_id)
    if not agent.sees_everything():
        others = others.filter(inbox__in=inboxes_visible_to(agent))
    others = others.exclude(status__in=[Conversation.Status.JOINED, Conversation.Status.SPAM])
    return list(others.exclude(pk=conversation.pk).order_by("-last_at")[:6])


def joined_here(conversation: Conversation, agent: Agent) -> Sequence[Conversation]:
    """The conversations that were joined into this one, and that this agent may take out."""
    if not getattr(conversation, "has_joined", True):
        return []
    joined = Conversation.objects.filter(pk__in=joined_into(conversation.pk)).order_by("pk")
    if not agent.sees_everything():
        joined = joined.filter(inbox__in=inboxes_visible_to(agent))
    return list(joined)


def lookalike_of(conversation: Conversation, agent: Agent) -> Conversation | None:
    """What a conversation looks like, where this agent may see that one, too."""
    like = conversation.looks_like
    if like is not None and like.joined_into_id is not None:
        number = standing_number(like.pk)
        like = None if number == conversation.pk else Conversation.objects.get(pk=number)
    if like is None or agent.sees_everything():
        return like
    return like if like.inbox_id in {inbox.pk for inbox in inboxes_visible_to(agent)} else None


def participants_of(conversation: Conversation) -> Sequence[Participant]:
    """Who takes part, and as `put_off` how much of our mail was refused there lately."""
    since = timezone.now() - WITHIN
    lately = Q(handle__refusals__forgiven_at=None, handle__refusals__at__gt=since)
    return list(
        conversation.participants.select_related("handle")
        .annotate(put_off=Count("handle__refusals", filter=lately))
        .order_by("pk")
        .exclude(state="left")
    )


def handle_for(agent: Agent, pk: int, handle: int) -> Handle:
    """The address of somebody who takes part in a conversation that this agent may see, or 404."""
    conversation = conversation_for(agent, pk)
    part = conversation.participants.select_related("handle__customer").filter(handle__pk=handle)
    return _found(part.first()).handle


def drafts_of(conversation: Conversation, agent: Agent) -> dict[str, Draft]:
    """What this agent has typed here and not yet said, by purpose."""
    files = Prefetch("attachments", Attachment.objects.select_related("file").order_by("pk"))
    drafts = Draft.objects.filter(conversation=conversation, agent=agent).prefetch_related(files)
    drafts = drafts.exclude(purpose=Draft.Purpose.HELD)
    return {draft.purpose: draft for draft in drafts}


def has_conversations() -> Exists:
    return Exists(Conversation.objects.all())


def has_answered() -> Exists:
    """Whether any agent ever answered anybody; asked of the index of who wrote."""
    return Exists(Message.objects.filter(agent_id__gt=0))


def tag_names() -> Sequence[str]:
    """What the tags are called today."""
    return list(Tag.objects.filter(stands_for=None).values_list("name", flat=True)[:500])


def conversation_by_link(token: str) -> Token:
    """What a customer's private link opens, or 404 where it is revoked or too old."""
    return _found(token_row(token, Token.Purpose.LINK))


def _found(thing: T | None) -> T:
    if thing is None:
        raise Http404
    return thing


def newest_message() -> int:
    """The number of the desk's newest message: what comes later was seen by nobody yet."""
    return Message.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
