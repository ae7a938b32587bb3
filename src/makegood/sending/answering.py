"""The one door by which agents' answers leave: held for some seconds, or for a lead's yes."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.channels.models import Inbox
from makegood.conversations.actions import resolve_conversation
from makegood.conversations.addressing import sending_inbox
from makegood.conversations.drafting import keep_typed, put_draft_aside, was_said
from makegood.conversations.models import Conversation, Draft, Message
from makegood.conversations.replying import Reply, reply_to
from makegood.conversations.resting import snooze_conversation
from makegood.conversations.standing import lock_standing
from makegood.conversations.unsaying import standing_of
from makegood.kit.errors import Refused
from makegood.sending.models import Held, Prepared, Then
from makegood.sending.rules import needs_approval
from makegood.team.models import Agent

UNDO_CHOICES = (0, 5, 10, 20, 30, 60)


class WaitsForApproval(Refused):
    """This agent's answers leave when a lead says yes."""

    def __init__(self) -> None:
        super().__init__(_("Your answers wait for a lead's approval: ask for it."))


@dataclass(frozen=True, kw_only=True)
class After:
    """What becomes of the conversation when the answer is said."""

    then: str = Then.STAY
    until: datetime | None = None


STAYS = After()


def undo_seconds(inbox: Inbox) -> int:
    """How long an answer from this inbox can be taken back: as set, or as its channel says."""
    chosen = inbox.settings.get("undo_seconds")
    return int(chosen) if chosen in UNDO_CHOICES else inbox.limits.undo_seconds


@transaction.atomic
def send_answer(
    conversation: Conversation, reply: Reply, *, after: After = STAYS, by: Agent
) -> Message:
    """Answer the customer. For some seconds it can be taken back, and with it what came after."""
    conversation = lock_standing(conversation.pk, "inbox__mail_inbox", "customer")
    if needs_approval(by, conversation.inbox_id):
        raise WaitsForApproval
    if was_said(Draft.Purpose.REPLY, reply.client_key):
        return reply_to(conversation, reply, by=by)
    refuse_what_was_decided(reply.client_key)
    pause = timedelta(seconds=undo_seconds(sending_inbox(conversation)))
    if not pause:
        message = reply_to(conversation, reply, by=by)
        settle_after(conversation, after, by=by)
        return message
    until, before = timezone.now() + pause, standing_of(conversation)
    # Put aside whole: what is typed anew meanwhile is another draft.
    draft = put_draft_aside(conversation, reply.text, by=by)
    held = replace(reply, send_after=until, leaves_draft=True)
    message = reply_to(conversation, held, by=by)
    settle_after(conversation, after, by=by)
    Held.objects.create(
        message=message.pk,
        client_key=reply.client_key,
        draft=draft,
        agent=by,
        until=until,
        before=before,
        after=standing_of(Conversation.objects.get(pk=conversation.pk)),
    )
    return message


def settle_after(conversation: Conversation, after: After, *, by: Agent) -> None:
    """Resolve it, or let it rest, in the act that says the answer."""
    if after.then == Then.RESOLVE:
        resolve_conversation(conversation, by=by)
    elif after.then == Then.SNOOZE and after.until is not None:
        snooze_conversation(conversation, until=after.until, by=by)


def refuse_what_was_decided(client_key: str) -> None:
    """What was taken back, or put aside, does not leave by a request that comes late."""
    if is_decided(client_key):
        raise Refused(_("This was put aside or taken back already. Look, then send again."))


def is_decided(client_key: str) -> bool:
    """Whether what was typed under this word was taken back, or waits somewhere else."""
    if not client_key:
        return False
    held = Held.objects.filter(client_key=client_key)
    return held.exists() or Prepared.objects.filter(client_key=client_key).exists()


@transaction.atomic
def keep_what_is_typed(
    conversation: Conversation, text: str, *, purpose: str, client_key: str, by: Agent
) -> bool:
    """Keep what is being typed, unless it was said, shared or scheduled meanwhile."""
    conversation = lock_standing(conversation.pk)
    if purpose == Draft.Purpose.REPLY and is_decided(client_key):
        return False
    return keep_typed(conversation, text, purpose=purpose, client_key=client_key, by=by)
