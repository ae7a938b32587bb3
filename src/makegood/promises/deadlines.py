"""A time that others set us: a promise, so that it stands in every list and warns of itself.

It is nobody's word to a customer: no answer keeps it, and no agent moves it. Whoever heard of it
says when it moved, when it was met, and when nothing is due any more.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from makegood.conversations.models import Conversation
from makegood.conversations.standing import lock_standing
from makegood.kit.text import one_line
from makegood.ledger.actors import Actor
from makegood.promises import telling
from makegood.promises.choosing import version_for
from makegood.promises.models import PolicyVersion, Promise
from makegood.promises.standing import Standing, break_if_due, keep, withdraw

Kind = Promise.Kind
ASKED = (Kind.RESOLUTION, Kind.NEXT, Kind.FIRST)


@dataclass(frozen=True, kw_only=True)
class Deadline:
    """What is to be done, and by when."""

    words: str
    due_at: datetime
    kind: str = Kind.DISPUTE


@transaction.atomic
def set_deadline(
    conversation: Conversation, deadline: Deadline, *, at: datetime, by: Actor
) -> Promise:
    """Hold a time that others set. The steps of the conversation's policy hold of it, too."""
    conversation = lock_standing(conversation.pk, "inbox")
    promise = Promise(
        kind=deadline.kind,
        conversation=conversation,
        words=one_line(deadline.words, 250),
        is_kept_by_writing=False,
        made_by=by.ref,
        made_at=at,
        since=min(at, deadline.due_at),
        due_at=deadline.due_at,
        clock=Promise.Clock.ALWAYS,
        version=_steps_of(conversation, at),
    )
    Standing(promise, None).reckon()
    promise.save()
    telling.made(promise, by=by)
    return promise


def _steps_of(conversation: Conversation, at: datetime) -> PolicyVersion | None:
    """Whose steps call for help; without any, whoever has the conversation is told."""
    for kind in ASKED:
        version = version_for(conversation, kind, at, at)
        if version is not None and version.steps:
            return version
    return None


@transaction.atomic
def move_deadline(pk: int, due_at: datetime, reason: str, *, by: Actor) -> None:
    """They set another time. What is broken stays broken, and is due as it was."""
    promise = _lock(pk)
    if promise is None or promise.due_at == due_at or promise.state != Promise.State.OPEN:
        return
    before, promise.due_at, promise.warned_at = promise.due_at, due_at, None
    promise.since = min(promise.since, due_at)
    Standing(promise, None).reckon()
    promise.save()
    telling.moves(promise, before, reason, by=by)


@transaction.atomic
def meet_deadline(pk: int, at: datetime, what: str, *, by: Actor) -> None:
    """It was done, in time or late. Said twice, it was done once."""
    promise = _lock(pk)
    if promise is None or promise.settled_at is not None:
        return
    _break_first(promise, at)
    late_by = keep(promise, max(at, promise.since), what)
    promise.save()
    telling.keeps(promise, by=by, late_by=late_by)


@transaction.atomic
def drop_deadline(pk: int, at: datetime, reason: str, *, by: Actor) -> None:
    """Nothing is due any more. One that was broken stays broken."""
    promise = _lock(pk)
    if promise is None or promise.settled_at is not None:
        return
    _break_first(promise, at)
    withdraw(promise, at, reason)
    promise.save()
    telling.withdrawn(promise, at, by=by)


def _lock(pk: int) -> Promise | None:
    """First its conversation, then the promise, as everybody takes them."""
    found = Promise.objects.filter(pk=pk).first()
    if found is None:
        return None
    if found.conversation_id is not None:
        lock_standing(found.conversation_id)
    rows = Promise.objects.select_for_update(of=("self",)).select_related("version")
    return rows.get(pk=pk)


def _break_first(promise: Promise, at: datetime) -> None:
    if break_if_due(promise, at):
        telling.broken(promise)
