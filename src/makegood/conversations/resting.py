"""A conversation rests: until a time, until the customer writes, or until another is settled.

A word from the customer ends every rest. What ended it is kept until somebody acts again.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.conversations.events import Snoozed, Woke
from makegood.conversations.models import Conversation
from makegood.conversations.standing import joined_into, lock_standing, standing_number
from makegood.conversations.unseen_owner import free_from_the_blind
from makegood.kit.errors import Refused
from makegood.ledger.actions import record
from makegood.ledger.actors import Actor, System

Status = Conversation.Status
LONGEST_REST = timedelta(days=3652)
THE_CUSTOMER, THE_TIME = "customer", "time"


@transaction.atomic
def snooze_conversation(
    conversation: Conversation,
    *,
    until: datetime | None = None,
    after: Conversation | None = None,
    by: Actor,
) -> None:
    """Let it rest until a time, or until another is settled; else until the customer writes."""
    if until is not None:
        _refuse_odd_times(until)
    conversation = lock_standing(conversation.pk)
    refuse_spam(conversation)
    if after is not None:
        after = _awaited(conversation, after)
    before = conversation.status
    conversation.status, conversation.woke = Status.SNOOZED, ""
    conversation.snoozed_until, conversation.wakes_with = until, after
    conversation.resolved_at = None
    conversation.save(
        update_fields=["status", "snoozed_until", "wakes_with", "resolved_at", "woke"]
    )
    told = until.isoformat() if until else after.ref if after else THE_CUSTOMER
    record(Snoozed(until=told, before=before), about=[conversation], by=by)


def _refuse_odd_times(until: datetime) -> None:
    now = timezone.now()
    if until <= now:
        raise Refused(_("That time has passed: choose one that is still to come."))
    if until > now + LONGEST_REST:
        raise Refused(_("That is very far away: choose a time within ten years."))


def _awaited(conversation: Conversation, after: Conversation) -> Conversation:
    """The one whose end is awaited, where it stands now; not itself, and not settled yet."""
    found = Conversation.objects.get(pk=standing_number(after.pk))
    if found.pk == conversation.pk:
        raise Refused(_("A conversation cannot wait for itself."))
    if found.status in (Status.RESOLVED, Status.SPAM):
        raise Refused(_("#%(number)s is settled already.") % {"number": found.pk})
    return found


def refuse_spam(conversation: Conversation) -> None:
    if conversation.status == Status.SPAM:
        raise Refused(_("This is marked as spam. Say first that it is not."))


def wake_due(now: datetime, *, limit: int = 100) -> int:
    """Bring back every conversation whose rest is over; how many there were."""
    due = Conversation.objects.filter(status=Status.SNOOZED, snoozed_until__lte=now)
    pks = list(due.order_by("snoozed_until").values_list("pk", flat=True)[:limit])
    return sum(_wake_on_time(pk, now) for pk in pks)


@transaction.atomic
def _wake_on_time(pk: int, now: datetime) -> bool:
    conversation = Conversation.objects.select_for_update().get(pk=pk)
    until = conversation.snoozed_until
    if conversation.status != Status.SNOOZED or until is None or until > now:
        return False
    _wake(conversation, THE_TIME, by=System("clock"), at=until)
    return True


def somebody_waits_for(settled: Collection[int]) -> bool:
    """Whether any rests until one of these is settled, or what became part of it."""
    resting = Conversation.objects.filter(status=Status.SNOOZED)
    return resting.filter(wakes_with__in=[*settled, *joined_into(*settled)]).exists()


def wake_those_who_wait_for(settled: int, *, by: Actor, at: datetime) -> int:
    """One is settled, and what became part of it: who waited for it wakes. How many there were."""
    family = [settled, *joined_into(settled)]
    waiting = Conversation.objects.select_for_update().filter(
        wakes_with__in=family, status=Status.SNOOZED
    )
    found = list(waiting.order_by("pk"))
    for conversation in found:
        _wake(conversation, f"conversation:{settled}", by=by, at=at)
    return len(found)


def _wake(conversation: Conversation, because: str, *, by: Actor, at: datetime) -> None:
    open_again(conversation, woke=because)
    free_from_the_blind(conversation)
    record(Woke(because=because), about=[conversation], by=by, at=at)


def open_again(conversation: Conversation, *, woke: str = "") -> None:
    """It stands among the open ones. Saves it."""
    conversation.status, conversation.woke = Status.OPEN, woke
    conversation.snoozed_until = conversation.wakes_with = conversation.resolved_at = None
    conversation.save(
        update_fields=["status", "snoozed_until", "wakes_with", "resolved_at", "woke"]
    )
