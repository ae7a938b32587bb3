from collections.abc import Iterable, Sequence
from functools import partial

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.channels.models import Inbox
from makegood.channels.queries import may_see
from makegood.conversations.drafting import SAID_OTHERWISE
from makegood.conversations.events import (
    Assigned,
    MoodSaid,
    NoteAdded,
    PriorityChanged,
    Reopened,
    Resolved,
    Tagged,
    Unassigned,
)
from makegood.conversations.models import (
    Attachment,
    Conversation,
    Draft,
    Note,
    Seen,
)
from makegood.conversations.overlooking import WHILE_SETTLING, refuse_to_overlook
from makegood.conversations.resting import open_again, refuse_spam
from makegood.conversations.standing import lock_standing
from makegood.conversations.tagging import as_called_now, tag_numbered, tag_words
from makegood.kit.errors import Refused
from makegood.kit.records import Record
from makegood.kit.remembering import remembered
from makegood.kit.text import fit_for_storage
from makegood.ledger.actions import record
from makegood.ledger.actors import Actor
from makegood.team.models import Agent, Team

Mood = Conversation.Mood
Priority = Conversation.Priority
Status = Conversation.Status


def _lock(conversation: Conversation) -> Conversation:
    return conversation if conversation.is_held else lock_standing(conversation.pk)


@transaction.atomic
def add_note(
    conversation: Conversation,
    text: str,
    *,
    attachments: Iterable[Attachment] = (),
    client_key: str = "",
    by: Agent,
) -> Note:
    """Say something to the other agents; the customer never sees it."""
    conversation = _lock(conversation)
    text = fit_for_storage(text).strip()
    said = Note.objects.filter(client_key=client_key).first() if client_key else None
    if said is not None:
        if (said.conversation_id, said.text) != (conversation.pk, text):
            raise Refused(SAID_OTHERWISE)
        return said
    if not text:
        raise Refused(_("There is nothing to note yet: write something first."))
    note = Note.objects.create(
        conversation=conversation,
        agent=by,
        text=text,
        at=timezone.now(),
        client_key=client_key or None,
    )
    own = Attachment.objects.filter(draft__agent=by, draft__conversation=conversation)
    own.filter(pk__in=[one.pk for one in attachments]).update(note=note, draft=None)
    drafts = Draft.objects.filter(conversation=conversation, agent=by)
    drafts.filter(purpose=Draft.Purpose.NOTE).delete()
    record(NoteAdded(note=note.pk), about=[note, conversation], by=by, at=note.at)
    return note


@transaction.atomic
def assign_conversation(
    conversation: Conversation, *, agent: Agent | None, team: Team | None, by: Actor
) -> None:
    """Give the conversation to an agent, a team, both, or back to everybody."""
    conversation = _lock(conversation)
    wanted = (agent.pk if agent else None, team.pk if team else None)
    if (conversation.assignee_id, conversation.team_id) == wanted:
        return
    if words := why_not_given(conversation.inbox, agent, team):
        raise Refused(words)
    conversation.assignee, conversation.team = agent, team
    conversation.save(update_fields=["assignee", "team"])
    about: list[Record | str] = [conversation]
    about.extend([agent] if agent else [])
    about.extend([team] if team else [])
    if agent is None and team is None:
        record(Unassigned(), about=about, by=by)
        return
    name = agent.name if agent else team.name if team else ""
    record(Assigned(assignee=name, agent=wanted[0], team=wanted[1]), about=about, by=by)


def why_not_given(inbox: Inbox, agent: Agent | None, team: Team | None) -> str:
    """Why these cannot be given a conversation of an inbox, in words; empty where they can."""
    if agent is not None and not agent.is_active:
        return _("%(name)s does not work here any more.") % {"name": agent.name}
    if who := _blind(inbox, agent, team):
        return _("%(name)s may not see this inbox, and so cannot answer here.") % {"name": who}
    return ""


def _blind(inbox: Inbox, agent: Agent | None, team: Team | None) -> str:
    """Who of these could not see the conversations of an inbox."""
    if agent is not None and not may_see(agent, inbox.pk):
        return agent.name
    teams = set(inbox.teams.values_list("pk", flat=True)) if team else set()
    return team.name if team and teams and team.pk not in teams else ""


@transaction.atomic
def tag_conversation(conversation: Conversation, names: Iterable[str], *, by: Actor) -> None:
    """Let the conversation have exactly these tags; new words become tags."""
    conversation = _lock(conversation)
    words = sorted(as_called_now(tag_words(names)))
    worn = Conversation.tags.through.objects.filter(conversation=conversation.pk)
    had = dict(worn.values_list("tag__name", "tag_id"))
    before = sorted(had)
    if words == before:
        return
    _put_tags(conversation, [word for word in words if word not in had])
    if gone := [pk for word, pk in had.items() if word not in words]:
        worn.filter(tag__in=gone).delete()
    added = [f"+{word}" for word in words if word not in before]
    removed = [f"−{word}" for word in before if word not in words]
    record(Tagged(words=" ".join(added + removed)), about=[conversation], by=by)


def _put_tags(conversation: Conversation, words: Sequence[str]) -> None:
    """Words that are new become tags."""
    worn = Conversation.tags.through
    worn.objects.bulk_create(
        [
            worn(
                conversation_id=conversation.pk,
                tag_id=remembered(f"tag:{word}", partial(tag_numbered, word)),
            )
            for word in words
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def set_priority(conversation: Conversation, priority: int, *, by: Actor) -> None:
    """Say how urgent it is."""
    conversation = _lock(conversation)
    before, after = Priority(conversation.priority), Priority(priority)
    if before == after:
        return
    conversation.priority = after
    conversation.save(update_fields=["priority"])
    fact = PriorityChanged(before=before.name.lower(), after=after.name.lower())
    record(fact, about=[conversation], by=by)


@transaction.atomic
def set_mood(conversation: Conversation, mood: str, *, is_told: bool = True, by: Actor) -> None:
    """Say how the customer's latest words sound; their next words are listened to anew."""
    conversation = _lock(conversation)
    before, after = conversation.mood, Mood(mood).value if mood else ""
    if (before, conversation.mood_told) == (after, is_told):
        return
    conversation.mood, conversation.mood_told = after, is_told
    conversation.save(update_fields=["mood", "mood_told"])
    if before != after:
        fact = MoodSaid(before=before or "unknown", after=after or "unknown")
        record(fact, about=[conversation], by=by)


@transaction.atomic
def resolve_conversation(conversation: Conversation, *, seen: int | None = None, by: Actor) -> None:
    """The matter is settled. Asked twice, it is settled once; never over words nobody has seen."""
    conversation = _lock(conversation)
    if conversation.status == Status.RESOLVED:
        return
    refuse_spam(conversation)
    if isinstance(by, Agent):
        refuse_to_overlook(conversation, seen, WHILE_SETTLING, by=by)
    conversation.status, conversation.woke = Status.RESOLVED, ""
    conversation.resolved_at = timezone.now()
    conversation.snoozed_until = None
    conversation.save(update_fields=["status", "resolved_at", "snoozed_until", "woke"])
    about: list[Record | str] = [conversation, f"customer:{conversation.customer_id}"]
    record(Resolved(), about=about, by=by)


@transaction.atomic
def reopen_conversation(conversation: Conversation, *, by: Actor) -> None:
    """The matter is not settled after all, or need not rest any longer."""
    conversation = _lock(conversation)
    if conversation.status == Status.OPEN:
        return
    refuse_spam(conversation)
    open_again(conversation)
    record(Reopened(), about=[conversation], by=by)


def mark_seen(conversation: Conversation, message: int, *, by: Agent) -> None:
    """The agent has read up to this message. Reading back and forth never unreads."""
    seen, made = Seen.objects.get_or_create(
        agent=by, conversation=conversation, defaults={"message": message}
    )
    if not made and seen.message < message:
        Seen.objects.filter(pk=seen.pk, message__lt=message).update(message=message)


def mark_unread(conversation: Conversation, *, by: Agent) -> None:
    """What the customer said last counts as new to the agent; what was said before stays read."""
    before = conversation.messages.filter(pk__lt=conversation.last_incoming).order_by("-pk")
    mark_unseen(conversation, before.values_list("pk", flat=True).first() or 0, by=by)


def mark_unseen(conversation: Conversation, message: int, *, by: Agent) -> None:
    """The agent wants it to count as read up to here and no further; 0 is not at all."""
    seen = Seen.objects.filter(agent=by, conversation=conversation)
    if message:
        seen.update(message=message)
    else:
        seen.delete()
