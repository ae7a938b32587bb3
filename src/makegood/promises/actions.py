"""An agent's own word: given, kept, moved, handed on, taken back with a reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.calendars.queries import hours_in
from makegood.channels.queries import may_see
from makegood.conversations.models import Conversation
from makegood.conversations.resting import refuse_spam
from makegood.conversations.standing import lock_standing
from makegood.kit.errors import Refused
from makegood.kit.text import one_line
from makegood.ledger.actions import record
from makegood.ledger.actors import Actor
from makegood.promises import telling
from makegood.promises.choosing import calendar_for
from makegood.promises.events import PromiseHanded
from makegood.promises.models import GIVEN, Promise
from makegood.promises.standing import Standing, break_if_due, keep, withdraw
from makegood.team.models import Agent

FARTHEST = timedelta(days=3652)
MOST_OPEN = 20


@dataclass(frozen=True, kw_only=True)
class Word:
    """What an agent wants to promise: in which words, by when, and on whose day it rides."""

    words: str
    due_at: datetime
    owner: Agent | None = None
    is_kept_by_writing: bool = True
    """Whether the next answer keeps it; else somebody says that it was done."""
    kind: str = Promise.Kind.PERSONAL


@transaction.atomic
def make_promise(conversation: Conversation, word: Word, *, by: Actor) -> Promise:
    """Promise a customer something by a moment. The same word given twice is one promise."""
    words, now = one_line(word.words, 250), timezone.now()
    if not words:
        raise Refused(_("Say what is promised."))
    _refuse_odd_times(word.due_at, now)
    conversation = lock_standing(conversation.pk, "inbox")
    refuse_spam(conversation)
    if word.owner is not None:
        _refuse_blind(word.owner, conversation)
    given = _given_already(conversation, words, word.due_at)
    if given is not None:
        return given
    calendar = calendar_for(conversation)
    promise = Promise(
        kind=word.kind,
        conversation=conversation,
        owner=word.owner,
        words=words,
        is_kept_by_writing=word.is_kept_by_writing,
        made_by=by.ref,
        made_at=now,
        since=now,
        due_at=word.due_at,
        calendar=calendar,
    )
    Standing(promise, hours_in(calendar) if calendar else None).reckon()
    promise.save()
    telling.made(promise, by=by)
    return promise


def _given_already(conversation: Conversation, words: str, due_at: datetime) -> Promise | None:
    standing = Promise.objects.filter(conversation=conversation, kind__in=GIVEN, settled_at=None)
    given = standing.filter(words=words, due_at=due_at).first()
    if given is None and standing.count() >= MOST_OPEN:
        raise Refused(_("There are many promises here already: keep one before you give another."))
    return given


@transaction.atomic
def keep_promise(promise: Promise, *, by: Actor, what: str = "") -> Promise:
    """It was done. Said twice, it was done once."""
    promise = _lock(promise)
    if promise.settled_at is not None:
        return promise
    _refuse_policys(promise)
    at = timezone.now()
    _break_first(promise, at)
    late_by = keep(promise, at, what or by.ref)
    promise.save()
    telling.keeps(promise, by=by, late_by=late_by)
    return promise


@transaction.atomic
def withdraw_promise(promise: Promise, *, reason: str, by: Actor) -> Promise:
    """Take a promise back, and say why. One that was broken stays broken."""
    promise = _lock(promise)
    if promise.settled_at is not None:
        return promise
    _refuse_policys(promise)
    reason = one_line(reason, 250)
    if not reason:
        raise Refused(_("Say why this is taken back: whoever reads it later will ask."))
    at = timezone.now()
    _break_first(promise, at)
    withdraw(promise, at, reason)
    promise.save()
    telling.withdrawn(promise, at, by=by)
    return promise


@transaction.atomic
def move_promise(promise: Promise, *, due_at: datetime, reason: str, by: Actor) -> Promise:
    """Promise the same by another moment. What is broken already cannot be moved out of it."""
    promise, now = _lock(promise), timezone.now()
    _refuse_policys(promise)
    _break_first(promise, now)
    if promise.state != Promise.State.OPEN:
        raise Refused(_("Its time has passed: keep it late, or take it back with a reason."))
    _refuse_odd_times(due_at, now)
    reason = one_line(reason, 250)
    if not reason:
        raise Refused(_("Say why it moves: the customer was told another time."))
    before, promise.due_at, promise.warned_at = promise.due_at, due_at, None
    if before == due_at:
        return promise
    calendar = promise.calendar
    Standing(promise, hours_in(calendar) if calendar else None).reckon()
    promise.save()
    telling.moves(promise, before, reason, by=by)
    return promise


@transaction.atomic
def hand_promise(promise: Promise, *, owner: Agent | None, by: Actor) -> Promise:
    """Let it ride on somebody else's day, or on nobody's: then on whoever has the conversation."""
    promise = _lock(promise)
    if promise.owner_id == (owner.pk if owner else None):
        return promise
    if owner is not None:
        _refuse_blind_to(owner, promise)
    before, promise.owner = promise.owner, owner
    promise.save(update_fields=["owner"])
    fact = PromiseHanded(
        promise=promise.pk,
        before=before.name if before else "",
        after=owner.name if owner else "",
        agent=owner.pk if owner else None,
    )
    about = telling.about_of(promise) + ([before.ref] if before else [])
    record(fact, about=about, by=by)
    return promise


@transaction.atomic
def let_writing_keep(promise: Promise, *, is_so: bool) -> None:
    """From now on the next answer keeps it, or none does: what it was about came, or went."""
    promise = _lock(promise)
    if promise.settled_at is None and promise.is_personal:
        promise.is_kept_by_writing = is_so
        promise.save(update_fields=["is_kept_by_writing"])


def hand_over_promises(agent: Agent, *, to: Agent | None, by: Actor, limit: int = 25) -> int:
    """Somebody leaves: what rides on their day rides on another's; how many those were."""
    theirs = Promise.objects.filter(owner=agent, settled_at=None).select_related("conversation")
    found: Sequence[Promise] = list(theirs.order_by("due_at", "pk")[:limit])
    for promise in found:
        sees = to is not None and _sees(to, promise)
        hand_promise(promise, owner=to if sees else None, by=by)
    return len(found)


def _lock(promise: Promise) -> Promise:
    """First its conversation, then the promise: so whoever settles it by an answer takes them."""
    if promise.conversation_id is not None:
        lock_standing(promise.conversation_id)
    rows = Promise.objects.select_for_update(of=("self",))
    return rows.select_related("owner", "calendar", "conversation__inbox").get(pk=promise.pk)


def _break_first(promise: Promise, at: datetime) -> None:
    if break_if_due(promise, at):
        telling.broken(promise)


def _refuse_policys(promise: Promise) -> None:
    if not promise.is_personal:
        if promise.is_of_an_order:
            raise Refused(_("This is promised of an order: what the shop tells of it keeps it."))
        raise Refused(_("This follows from a policy: answering keeps it, and nothing else does."))


def _sees(agent: Agent, promise: Promise) -> bool:
    one = promise.conversation
    return agent.is_active and (one is None or may_see(agent, one.inbox_id))


def _refuse_blind_to(owner: Agent, promise: Promise) -> None:
    if promise.conversation is not None:
        _refuse_blind(owner, promise.conversation)
    elif not owner.is_active:
        raise Refused(_("%(name)s is not here any more.") % {"name": owner.name})


def _refuse_blind(owner: Agent, conversation: Conversation) -> None:
    if not owner.is_active or not may_see(owner, conversation.inbox_id):
        raise Refused(
            _("%(name)s may not see this conversation, and so cannot keep the promise.")
            % {"name": owner.name}
        )


def _refuse_odd_times(due_at: datetime, now: datetime) -> None:
    if due_at <= now:
        raise Refused(_("That time has passed: choose one that is still to come."))
    if due_at > now + FARTHEST:
        raise Refused(_("That is very far away: choose a time within ten years."))
