"""What waits for its time leaves when that has come: once, and never over somebody's head."""

import logging
from datetime import datetime

from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from makegood.channels.queries import may_see
from makegood.conversations.guarding import Stopped
from makegood.conversations.models import Conversation
from makegood.conversations.overlooking import SomethingNewer
from makegood.kit.errors import Refused
from makegood.ledger.actors import System
from makegood.sending.approving import say
from makegood.sending.models import Prepared
from makegood.sending.preparing import lock_prepared
from makegood.sending.rules import needs_approval
from makegood.sending.stopping import language_of, stop

log = logging.getLogger(__name__)
State = Prepared.State
CLOCK = System("clock")
AT_ONCE = 20


def send_next_due() -> int:
    """Say what is due; how much was looked at. Run by any number of processes."""
    now = timezone.now()
    due = Prepared.objects.filter(state=State.LATER, due_at__lte=now).order_by("due_at", "pk")
    pks = list(due.values_list("pk", flat=True)[:AT_ONCE])
    return sum(_one(pk, now) for pk in pks)


def _one(pk: int, now: datetime) -> bool:
    try:
        return send_due(pk, now)
    except DatabaseError:
        raise  # says nothing of this answer; it is looked at again
    except Exception as error:
        log.exception("An answer could not be sent at its time.", extra={"prepared": pk})
        _stop_apart(pk, _("It could not be sent (%(why)s).") % {"why": type(error).__name__})
        return True


@transaction.atomic
def send_due(pk: int, now: datetime) -> bool:
    """Say one answer whose time has come, or stop it with the reason; whether it was due still."""
    prepared, conversation = lock_prepared(Prepared.objects.get(pk=pk))
    if prepared.state != State.LATER or prepared.due_at is None or prepared.due_at > now:
        return False
    with override(language_of(prepared.agent)):
        reason = _why_not(prepared, conversation)
        if not reason:
            reason = _say_or_why_not(prepared, conversation)
        if reason:
            prepared, conversation = lock_prepared(prepared)
            stop(prepared, conversation, reason, by=CLOCK)
    return True


def _why_not(prepared: Prepared, conversation: Conversation) -> str:
    """What makes it doubtful before it is tried."""
    writer = prepared.agent
    if conversation.pk != prepared.conversation_id:
        return _("The conversation was joined into another.")
    if conversation.status == Conversation.Status.RESOLVED:
        return _("The conversation was resolved meanwhile.")
    if not writer.is_active:
        return _("%(name)s does not work here any more.") % {"name": writer.name}
    if not may_see(writer, conversation.inbox_id):
        return _("You may not see this conversation any more.")
    if prepared.approved_by_id is None and needs_approval(writer, conversation.inbox_id):
        return _("Your answers wait for a lead's approval: ask for it.")
    return ""


def _say_or_why_not(prepared: Prepared, conversation: Conversation) -> str:
    try:
        with transaction.atomic():
            say(prepared, conversation, prepared.agent, seen=None, accepted=())
    except SomethingNewer as newer:
        who = newer.unseen[-1].author_name
        return _("%(name)s wrote first.") % {"name": who}
    except Stopped as stopped:
        return " ".join(f"{one.reason} {one.excerpt}".strip() for one in stopped.findings)
    except Refused as refused:
        return str(refused)
    return ""


@transaction.atomic
def _stop_apart(pk: int, reason: str) -> None:
    prepared, conversation = lock_prepared(Prepared.objects.get(pk=pk))
    if prepared.state == State.LATER:
        stop(prepared, conversation, reason, by=CLOCK)
