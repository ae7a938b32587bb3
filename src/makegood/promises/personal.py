"""What becomes of an agent's own word: the next answer keeps it, and it goes where its matter goes.

A resolved conversation settles no word: what was said to a customer is still to be done.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import F, Q, QuerySet

from makegood.conversations.events import (
    ConversationJoined,
    ConversationParted,
    MessageDelivery,
    Replied,
    SpamMarked,
)
from makegood.conversations.standing import joined_into
from makegood.kit.records import ref_id
from makegood.ledger.models import Event
from makegood.promises import telling
from makegood.promises.choosing import hours_by_calendar
from makegood.promises.models import CARRIED, GIVEN, Promise
from makegood.promises.standing import Standing, break_if_due, keep, stand_again, withdraw
from makegood.sending.events import AnswerTakenBack

DID_NOT_ARRIVE = ("failed", "bounced")
FOLLOWED = [
    fact.kind
    for fact in (
        Replied, AnswerTakenBack, MessageDelivery, SpamMarked, ConversationJoined,
        ConversationParted,
    )
]  # fmt: skip


def follow(events: Sequence[Event]) -> None:
    """Let the words given in conversations follow what happened there, in its order."""
    told = [event for event in events if event.kind in FOLLOWED]
    if not told or not _any_given(told):
        return
    for event in told:
        _follow(event)


def _any_given(events: Sequence[Event]) -> bool:
    """Whether a word was ever given in one of these: most conversations know none."""
    refs = [subject.ref for event in events for subject in event.subjects.all()]
    numbers = {ref_id(ref) for ref in refs if ref.startswith("conversation:")}
    given = Promise.objects.filter(kind__in=CARRIED)
    return given.filter(Q(conversation__in=numbers) | Q(home__in=numbers)).exists()


def _follow(event: Event) -> None:
    is_lost = event.kind == MessageDelivery.kind and event.facts["state"] in DID_NOT_ARRIVE
    if event.kind == Replied.kind:
        _answered(event)
    elif event.kind == AnswerTakenBack.kind or is_lost:
        _unsaid(event)
    elif event.kind == SpamMarked.kind:
        for promise in _standing(event.subject("conversation")):
            _end(promise, event.at, "spam")
    elif event.kind == ConversationJoined.kind:
        _go_along(event.facts["conversation"], event.facts["into"])
    elif event.kind == ConversationParted.kind:
        _go_back(event.facts["conversation"], event.facts["into"])


def _standing(conversation: int) -> QuerySet[Promise]:
    rows = Promise.objects.select_for_update(of=("self",)).select_related("calendar")
    return rows.filter(conversation=conversation, kind__in=GIVEN, settled_at=None).order_by("pk")


def _answered(event: Event) -> None:
    """Whoever writes keeps what was promised before: not what this very answer promises."""
    given = _standing(event.subject("conversation")).filter(
        is_kept_by_writing=True, made_at__lt=event.at
    )
    for promise in given:
        _break_first(promise, event.at)
        late_by = keep(promise, event.at, f"message:{event.facts['message']}")
        promise.save()
        telling.kept(promise, event, late_by)


def _unsaid(event: Event) -> None:
    """The answer that kept it was taken back, or did not get there: it stands again."""
    rows = Promise.objects.select_for_update(of=("self",)).select_related("calendar")
    kept = rows.filter(settled_by=f"message:{event.facts['message']}", kind__in=GIVEN).exclude(
        settled_at=None
    )
    for promise in kept.order_by("pk"):
        stand_again(promise)
        _break_first(promise, event.at)
        hours = hours_by_calendar([promise]).get(promise.calendar_id or 0)
        Standing(promise, hours).look()
        promise.save()
        telling.reopened(promise, event.at)


def _end(promise: Promise, at: datetime, reason: str) -> None:
    _break_first(promise, at)
    withdraw(promise, at, reason)
    promise.save()
    telling.withdrawn(promise, at)


def _break_first(promise: Promise, at: datetime) -> None:
    if break_if_due(promise, at):
        telling.broken(promise)


def _go_along(joined: int, into: int) -> None:
    """What was promised in the one stands in the other, and remembers where it was given."""
    given = Promise.objects.filter(conversation=joined, kind__in=CARRIED)
    given.filter(home=None).update(home=F("conversation"))
    given.update(conversation=into)


def _go_back(parted: int, standing: int) -> None:
    family: Iterable[int] = [parted, *joined_into(parted)]
    given = Promise.objects.filter(conversation=standing, home__in=family)
    given.update(conversation=parted)
    Promise.objects.filter(conversation=parted, home=parted).update(home=None)
