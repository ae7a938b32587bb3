"""What somebody wrote who works here no more: nothing leaves in their name, and no word is lost."""

from django.db import transaction
from django.utils import timezone

from makegood.conversations.models import Draft
from makegood.ledger.actions import record
from makegood.sending.events import AnswerShared
from makegood.sending.models import Prepared
from makegood.sending.preparing import lock_prepared
from makegood.team.models import Agent


@transaction.atomic
def share_answer(prepared: Prepared, *, to: Agent | None, by: Agent) -> None:
    """A waiting answer becomes a draft that the team may go on with; of whoever takes over."""
    prepared, conversation = lock_prepared(prepared)
    if not prepared.is_open():
        return
    prepared.state, prepared.due_at = Prepared.State.SHARED, None
    prepared.agent = to or prepared.agent
    prepared.edited_by, prepared.edited_until = None, None
    prepared.save(update_fields=["state", "due_at", "agent", "edited_by", "edited_until"])
    record(AnswerShared(prepared=prepared.pk), about=[prepared, conversation], by=by)


@transaction.atomic
def share_draft(draft: Draft, *, to: Agent | None, by: Agent) -> Prepared:
    """What was typed and never sent becomes a draft that the team may go on with."""
    draft.purpose = Draft.Purpose.HELD
    draft.save(update_fields=["purpose"])
    conversation = draft.conversation
    prepared = Prepared.objects.create(
        conversation=conversation,
        agent=to or draft.agent,
        draft=draft,
        state=Prepared.State.SHARED,
        seen=conversation.last_message,
        made_at=timezone.now(),
    )
    record(AnswerShared(prepared=prepared.pk), about=[prepared, conversation], by=by)
    return prepared
