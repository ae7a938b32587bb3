"""Whoever asked for a yes is promised an answer: it stands in every list, warns, and can break."""

from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.ledger.actors import Actor
from makegood.makegoods.models import Approval
from makegood.promises.deadlines import Deadline, drop_deadline, meet_deadline, set_deadline
from makegood.promises.models import Promise


def promise_an_answer(approval: Approval, *, by: Actor) -> None:
    """A yes or no by then. Where a make-good is of an order alone, only its own clock runs."""
    makegood = approval.makegood
    if makegood.conversation is None:
        return
    told = {
        "who": makegood.agent.name,
        "what": makegood.get_remedy_display(),
        "amount": makegood.face,
    }
    words = _("%(who)s waits for a yes or no: %(what)s, %(amount)s") % told
    deadline = Deadline(words=words, due_at=approval.due_at, kind=Promise.Kind.APPROVAL)
    promise = set_deadline(makegood.conversation, deadline, at=approval.asked_at, by=by)
    approval.promise = promise.pk
    approval.save(update_fields=["promise"])


def is_answered(approval: Approval, *, by: Actor) -> None:
    """Somebody said yes or no, in time or late."""
    if approval.promise is not None and approval.answered_at is not None:
        meet_deadline(approval.promise, approval.answered_at, approval.ref, by=by)


def is_not_needed(approval: Approval, *, by: Actor) -> None:
    """Whoever asked thought again: nobody has to answer any more. Said twice, it holds once."""
    if approval.promise is not None and approval.answer == Approval.Answer.NEVER:
        at = approval.answered_at or timezone.now()
        drop_deadline(approval.promise, at, str(approval.get_answer_display()), by=by)
