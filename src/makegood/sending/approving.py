"""A written answer is said after all: now, by a lead's yes, or sent back with a word."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.conversations.addressing import way_of
from makegood.conversations.drafting import give_draft_back
from makegood.conversations.guarding import sheet_of
from makegood.conversations.models import Conversation, Draft, Message
from makegood.conversations.replying import (
    Reply,
    look_over_reply,
    reply_to,
)
from makegood.guard.checking import check
from makegood.guard.sheet import Finding
from makegood.kit.errors import Refused
from makegood.kit.text import fit_for_storage
from makegood.ledger.actions import record
from makegood.sending.answering import After, WaitsForApproval, settle_after
from makegood.sending.events import AnswerApproved, AnswerReturned
from makegood.sending.models import Prepared, Then
from makegood.sending.preparing import draft_of, end, lock_prepared
from makegood.sending.rules import may_approve, needs_approval
from makegood.team.models import Agent

State = Prepared.State


@transaction.atomic
def send_prepared(
    prepared: Prepared,
    *,
    seen: int | None,
    revision: int | None = None,
    accepted: Sequence[str] = (),
    by: Agent,
) -> Message:
    """Send a waiting answer now: the team's as whoever sends it, another as its writer."""
    prepared, conversation = lock_prepared(prepared)
    if prepared.state == State.SENT and prepared.message is not None:
        return Message.objects.get(pk=prepared.message)
    if prepared.state == State.ASKING:
        raise Refused(_("This answer waits for a lead's approval."))
    if needs_approval(by, conversation.inbox_id):
        raise WaitsForApproval
    if prepared.state == State.LATER and by.pk != prepared.agent_id and not may_approve(by):
        raise Refused(_("Only who wrote it can send it before its time."))
    _refuse_other_words(prepared, revision)
    writer = by if prepared.state == State.SHARED else prepared.agent
    return say(prepared, conversation, writer, seen=seen, accepted=accepted)


@transaction.atomic
def approve_answer(
    prepared: Prepared,
    *,
    seen: int | None,
    revision: int | None = None,
    accepted: Sequence[str] = (),
    by: Agent,
) -> Message | None:
    """Say yes: it leaves as its writer's, now or at its time. Pressed twice, it leaves once."""
    prepared, conversation = lock_prepared(prepared)
    if prepared.state == State.SENT and prepared.message is not None:
        return Message.objects.get(pk=prepared.message)
    if not may_approve(by):
        raise Refused(_("Only leads and owners approve answers."))
    draft_of(prepared)
    if prepared.state != State.ASKING:
        raise Refused(_("This answer does not wait for approval."))
    _refuse_other_words(prepared, revision)
    fact = AnswerApproved(prepared=prepared.pk, writer=prepared.agent.name)
    record(fact, about=[prepared, conversation, prepared.agent], by=by)
    prepared.approved_by = by
    if prepared.due_at is not None and prepared.due_at > timezone.now():
        reply = _reply(prepared, draft_of(prepared), seen=seen, accepted=accepted)
        look_over_reply(conversation, reply, by=prepared.agent)
        prepared.state, prepared.accepted = State.LATER, list(reply.accepted)
        prepared.seen = seen if seen is not None else prepared.seen
        prepared.save(update_fields=["state", "approved_by", "accepted", "seen"])
        return None
    return say(prepared, conversation, prepared.agent, seen=seen, accepted=accepted)


def _refuse_other_words(prepared: Prepared, revision: int | None) -> None:
    """A yes is said to the words that were read, and to no others."""
    if revision is not None and revision != prepared.revision:
        raise Refused(
            _("The words were changed since you read them. Read them again, then decide.")
        )


def say(
    prepared: Prepared,
    conversation: Conversation,
    writer: Agent,
    *,
    seen: int | None,
    accepted: Sequence[str],
) -> Message:
    """Make it a message, once: what waits ends in the transaction that says it."""
    draft = draft_of(prepared)
    draft.agent = writer
    draft.save(update_fields=["agent"])
    reply = _reply(prepared, draft, seen=seen, accepted=accepted)
    after = _after(prepared, conversation)
    message = reply_to(conversation, reply, by=writer)
    end(prepared, State.SENT, message=message.pk, told_at=timezone.now())
    draft.delete()
    if after.until is None or after.until > timezone.now():
        settle_after(conversation, after, by=writer)
    return message


def _after(prepared: Prepared, conversation: Conversation) -> After:
    """What its writer asked for; what was settled, or put to rest, before the yes stays so."""
    if prepared.then == Then.STAY and conversation.status == Conversation.Status.RESOLVED:
        return After(then=Then.RESOLVE)
    if prepared.then == Then.STAY and conversation.snoozed_until is not None:
        return After(then=Then.SNOOZE, until=conversation.snoozed_until)
    return After(then=prepared.then, until=prepared.rests_until)


def _reply(prepared: Prepared, draft: Draft, *, seen: int | None, accepted: Sequence[str]) -> Reply:
    return Reply(
        text=draft.text,
        seen=prepared.seen if seen is None else seen,
        to=prepared.to,
        client_key=f"prepared-{prepared.pk}",
        attachments=list(draft.attachments.select_related("file")),
        accepted=[*prepared.accepted, *accepted],
        leaves_draft=True,
    )


@transaction.atomic
def return_answer(prepared: Prepared, note: str, *, by: Agent) -> None:
    """Send it back to its writer with a word: the words are their draft again."""
    prepared, conversation = lock_prepared(prepared)
    note = fit_for_storage(note).strip()[:2000]
    if not may_approve(by):
        raise Refused(_("Only leads and owners send answers back."))
    if prepared.state == State.RETURNED:
        return
    draft = draft_of(prepared)
    if prepared.state != State.ASKING:
        raise Refused(_("This answer does not wait for approval."))
    if not note:
        raise Refused(_("Say in a word what should be otherwise."))
    end(prepared, State.RETURNED, why=note)
    give_draft_back(draft, conversation)
    fact = AnswerReturned(prepared=prepared.pk, writer=prepared.agent.name, note=note)
    record(fact, about=[prepared, conversation, prepared.agent], by=by)


def findings_of(prepared: Prepared) -> Sequence[Finding]:
    """What the guard says of it as it stands: shown to whoever approves it."""
    draft = prepared.draft
    if draft is None:
        return ()
    try:
        way = way_of(prepared.conversation)
    except Refused:
        return ()
    files = [one.name for one in draft.attachments.all()]
    sheet = sheet_of(
        prepared.conversation,
        draft.text,
        files=files,
        recipients=[way.to.address],
        sender=way.inbox,
    )
    return check(sheet)
