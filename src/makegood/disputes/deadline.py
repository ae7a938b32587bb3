"""The day by which a provider wants our answer, held as a promise and kept in line with it."""

from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.conversations.models import Conversation
from makegood.disputes.models import Dispute
from makegood.ledger.actors import Actor
from makegood.promises.deadlines import (
    Deadline,
    drop_deadline,
    meet_deadline,
    move_deadline,
    set_deadline,
)

State = Dispute.State
THEIRS = "deadline"


def hold_deadline(dispute: Dispute, *, by: Actor) -> None:
    """Make it, move it, meet it, or let it fall away. The caller holds the dispute's row."""
    is_asked = dispute.state == State.NEEDS_ANSWER and dispute.accepted_by_id is None
    if is_asked and dispute.due_at is not None and dispute.conversation is not None:
        _hold(dispute, dispute.conversation, by)
    elif not is_asked and dispute.promise is not None:
        _settle(dispute, dispute.promise, by)


def _hold(dispute: Dispute, conversation: Conversation, by: Actor) -> None:
    if dispute.due_at is None:
        return
    if dispute.promise is not None:
        move_deadline(dispute.promise, dispute.due_at, THEIRS, by=by)
        return
    told = {"provider": dispute.get_provider_display(), "amount": dispute.amount}
    words = _("%(provider)s wants our answer about %(amount)s") % told
    deadline = Deadline(words=words, due_at=dispute.due_at)
    promise = set_deadline(conversation, deadline, at=timezone.now(), by=by)
    dispute.promise = promise.pk
    dispute.save(update_fields=["promise"])


def _settle(dispute: Dispute, promise: int, by: Actor) -> None:
    """An answer meets it; an end without one takes it away. Asked again, it is another one."""
    if dispute.answered_at is not None:
        meet_deadline(promise, dispute.answered_at, dispute.ref, by=by)
    else:
        at = dispute.ended_at or timezone.now()
        drop_deadline(promise, at, str(dispute.get_state_display()), by=by)
    dispute.promise = None
    dispute.save(update_fields=["promise"])
