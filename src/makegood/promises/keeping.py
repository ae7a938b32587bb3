"""What becomes of the promises of conversations when something happened in them.

A promise of an answer and a promise of a resolution follow from how a conversation stands: since
when it waits for us, and whether it is settled. So after every fact both are compared with how it
stands now. Whatever undoes a fact brings back the promise as it was; a new clock begins with words
of the customer alone.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from django.db.models import BigAutoField, QuerySet

from makegood.calendars.hours import Hours
from makegood.conversations.events import (
    ConversationJoined,
    ConversationParted,
    ConversationSplit,
    MessageDelivery,
    MessageReceived,
    Reopened,
    Replied,
    Resolved,
)
from makegood.conversations.heard import message_heard
from makegood.conversations.models import Conversation, Message
from makegood.kit.compiled import Compiled
from makegood.kit.records import ref_id
from makegood.ledger.models import Event
from makegood.promises import telling
from makegood.promises.choosing import calendar_for, hours_by_calendar, version_for
from makegood.promises.models import Promise, Rest
from makegood.promises.standing import (
    Standing,
    break_if_due,
    keep,
    mend_if_early,
    never_broke,
    stand_again,
    withdraw,
)

Kind, State = Promise.Kind, Promise.State
Status, Turn = Conversation.Status, Conversation.Turn
ANSWERS = (Kind.FIRST, Kind.NEXT)
FOLLOWS = (*ANSWERS, Kind.RESOLUTION)
MOVING = {one.kind for one in (ConversationJoined, ConversationParted, ConversationSplit)}
DID_NOT_ARRIVE = ("failed", "bounced")
MOST_AT_ONCE = 500
CHANGING = (
    "since", "due_at", "bound_at", "warn_at", "next_at", "rests_since", "state", "broken_at",
    "settled_at", "settled_by", "reason", "asks_since", "cause", "cause_words",
)  # fmt: skip


def reckon(events: Sequence[Event]) -> None:
    """Let the promises of every conversation that these tell of follow."""
    told: dict[int, list[Event]] = defaultdict(list)
    for event in events:
        for subject in event.subjects.all():
            if subject.ref.startswith("conversation:"):
                told[ref_id(subject.ref)].append(event)
    numbers = sorted(told)
    for start in range(0, len(numbers), MOST_AT_ONCE):
        _reckon_some({pk: told[pk] for pk in numbers[start : start + MOST_AT_ONCE]})


def _reckon_some(told: Mapping[int, Sequence[Event]]) -> None:
    by_number = _conversations(told)
    unsettled = _unsettled(told)
    settled = Settled(tuple(told))
    bounds: dict[str, datetime] = {}
    changes = Changes()
    # What is joined into another gives its promises away before that one takes them.
    for pk in sorted(by_number, key=lambda pk: (by_number[pk].status != Status.JOINED, pk)):
        Matter(by_number[pk], told[pk], unsettled[pk], settled, bounds, changes).reckon()
    changes.save()


def _conversations(told: Mapping[int, Sequence[Event]]) -> Mapping[int, Conversation]:
    """As they stand now; one whose only event is a new message comes along with that."""
    if len(told) == 1:
        ((pk, (event, *others)),) = told.items()
        if event.brought and not others:
            message = message_heard(event)
            if message.conversation_id == pk:
                return {pk: message.conversation}
    return {row.pk: row for row in Conversation.objects.filter(pk__in=told).order_by("pk")}


def _unsettled(numbers: Iterable[int]) -> Mapping[int, list[Promise]]:
    found: dict[int, list[Promise]] = defaultdict(list)
    wanted = list(numbers)
    if len(wanted) == 1:
        open_ones: Iterable[Promise] = _OPEN_ONES.all(*wanted)
    else:
        open_ones = _open_ones().filter(conversation__in=wanted)
    for promise in open_ones:
        found[promise.conversation_id or 0].append(promise)
    return found


def _open_ones() -> QuerySet[Promise]:
    rows = Promise.objects.select_for_update(of=("self",)).select_related("version")
    return rows.filter(settled_at=None, kind__in=FOLLOWS).order_by("pk")


_OPEN_ONES: Compiled[Promise] = Compiled(
    lambda conversation: _open_ones().filter(conversation=conversation), BigAutoField()
)


def _settled_ones() -> QuerySet[Promise]:
    rows = Promise.objects.select_related("version")
    return rows.filter(settled_at__isnull=False, kind__in=FOLLOWS).order_by("-pk")


_SETTLED_ONES: Compiled[Promise] = Compiled(
    lambda conversation: _settled_ones().filter(conversation=conversation), BigAutoField()
)
_ANSWERED: Compiled[tuple[int]] = Compiled(
    lambda conversation: Message.objects.filter(
        conversation=conversation, direction="outgoing", agent__isnull=False
    ).values_list("pk")[:1],
    BigAutoField(),
)


@dataclass
class Settled:
    """The promises of these conversations that were settled before: read where one is asked for."""

    conversations: Sequence[int]

    @cached_property
    def _by_conversation(self) -> Mapping[int, Sequence[Promise]]:
        found: dict[int, list[Promise]] = defaultdict(list)
        if len(self.conversations) == 1:
            rows: Iterable[Promise] = _SETTLED_ONES.all(*self.conversations)
        else:
            rows = _settled_ones().filter(conversation__in=self.conversations)
        for promise in rows:
            found[promise.conversation_id or 0].append(promise)
        return found

    def of(self, conversation: Conversation, *kinds: str) -> Sequence[Promise]:
        """The newest first."""
        return [one for one in self._by_conversation[conversation.pk] if one.kind in kinds]


@dataclass
class Changes:
    """Promises that changed and are saved together."""

    changed: dict[int, Promise] = field(default_factory=dict)

    def add(self, promise: Promise) -> None:
        self.changed[promise.pk] = promise

    def save(self) -> None:
        changed, self.changed = list(self.changed.values()), {}
        if len(changed) == 1:
            changed[0].save(update_fields=CHANGING)
        elif changed:
            Promise.objects.bulk_update(changed, CHANGING, batch_size=100)


@dataclass
class Matter:
    """One conversation as it stands now, what happened, and its promises that are not settled."""

    conversation: Conversation
    events: Sequence[Event]
    promises: Sequence[Promise]
    settled: Settled
    bounds: dict[str, datetime]
    """By the kind, when the earliest was due that a join or a split took away."""
    changes: Changes
    by_kind: dict[str, Promise] = field(init=False)

    def __post_init__(self) -> None:
        self.by_kind = {one.kind: one for one in self.promises}
        self.at = max(event.at for event in self.events)
        self.kinds = {event.kind for event in self.events}

    def reckon(self) -> None:
        for promise in self.promises:
            if mend_if_early(promise):
                self._standing(promise).look()
                self.changes.add(promise)
            self._break_if_due(promise)
        self._bring_back_what_did_not_arrive()
        self._answer()
        self._resolution()

    # ── An answer ────────────────────────────────────────────────────────────

    def _answer(self) -> None:
        standing = next((self.by_kind[kind] for kind in ANSWERS if kind in self.by_kind), None)
        since = self._waits_since()
        reply = self._first(Replied)
        if standing is not None and reply is not None and (since is None or since >= reply.at):
            self._keep(standing, reply, f"message:{reply.facts['message']}")
            standing = None
        if standing is not None and since is None:
            self._withdraw(standing)
        elif standing is not None and since != standing.since and self.kinds & MOVING:
            self._move(standing, since)  # type: ignore[arg-type]
        elif standing is None and since is not None:
            self._make_answer(since)

    def _waits_since(self) -> datetime | None:
        """Since when somebody waits for our answer: a person who wrote, and no machine."""
        one = self.conversation
        is_there = one.status in (Status.OPEN, Status.SNOOZED) and one.last_incoming
        return one.turn_since if is_there and one.turn == Turn.OURS else None

    def _make_answer(self, since: datetime) -> None:
        before = self.settled.of(self.conversation, *ANSWERS)
        if not self._stood_again(next((one for one in before if one.since == since), None)):
            said = _ANSWERED.all(self.conversation.pk)
            self._make(Kind.NEXT if said else Kind.FIRST, since)

    def _bring_back_what_did_not_arrive(self) -> None:
        """An answer that did not get there kept nothing."""
        for event in self.events:
            if event.kind == MessageDelivery.kind and event.facts["state"] in DID_NOT_ARRIVE:
                by = f"message:{event.facts['message']}"
                kept = self.settled.of(self.conversation, *ANSWERS)
                found = next((one for one in kept if one.settled_by == by), None)
                if found and not any(kind in self.by_kind for kind in ANSWERS):
                    self._stood_again(found)

    # ── A resolution ─────────────────────────────────────────────────────────

    def _resolution(self) -> None:
        one, standing = self.conversation, self.by_kind.get(Kind.RESOLUTION)
        is_there = one.status in (Status.OPEN, Status.SNOOZED) and bool(one.last_incoming)
        if standing is not None and not is_there:
            resolved = self._first(Resolved)
            if resolved is not None:
                self._keep(standing, resolved, f"event:{resolved.pk}")
            else:
                self._withdraw(standing)
        elif standing is None and is_there:
            standing = self._make_resolution()
        elif standing is not None and self.kinds & MOVING:
            self._move(standing, standing.since)
        if standing is not None and is_there:
            self._rest_or_resume(standing)

    def _make_resolution(self) -> Promise | None:
        last = next(iter(self.settled.of(self.conversation, Kind.RESOLUTION)), None)
        if last is None:
            return self._make(Kind.RESOLUTION, self.conversation.opened_at)
        written = [event for event in self.events if _is_of_the_customer(event)]
        was_kept = last.state in (State.KEPT, State.LATE)
        if was_kept and written:
            return self._make(Kind.RESOLUTION, written[0].at)
        self._stood_again(last)
        return last

    def _rest_or_resume(self, promise: Promise) -> None:
        version = promise.version
        is_awaited = self.conversation.turn == Turn.THEIRS
        may_rest = version is not None and version.rests_while_awaited
        if promise.rests_since is None and is_awaited and may_rest:
            if promise.state == State.OPEN:
                Rest.objects.create(promise=promise, begins_at=self.at)
                promise.rests_since, promise.next_at = self.at, None
                self.changes.add(promise)
                telling.rested(promise, self.at)
        elif promise.rests_since is not None and not is_awaited:
            self._resume(promise)

    def _resume(self, promise: Promise) -> None:
        begun = promise.rests_since
        ends_at = max(self.at, begun) if begun else self.at
        Rest.objects.filter(promise=promise, ends_at=None).update(ends_at=ends_at)
        promise.rests_since = None
        self._standing(promise).reckon()
        self.changes.add(promise)
        telling.resumed(promise, self.at)

    # ── What both need ───────────────────────────────────────────────────────

    def _first(self, fact: type) -> Event | None:
        return next((event for event in self.events if event.kind == fact.kind), None)  # type: ignore[attr-defined]

    def _make(self, kind: str, since: datetime) -> Promise | None:
        version = version_for(self.conversation, kind, since, self.at)
        if version is None:
            return None
        target = version.targets[kind]
        promise = Promise(
            kind=kind,
            conversation=self.conversation,
            made_by=version.policy.ref,
            made_at=self.at,
            since=since,
            seconds=int(target["seconds"]),
            clock=target["clock"],
            calendar=calendar_for(self.conversation) if target["clock"] == "hours" else None,
            version=version,
            bound_at=self.bounds.get(kind) if self.kinds & MOVING else None,
        )
        self._standing(promise).reckon()
        self.changes.save()  # what it stands in place of must be settled first
        promise.save()
        telling.made(promise, by=version.policy)
        self._break_if_due(promise)
        return promise

    def _break_if_due(self, promise: Promise) -> None:
        if break_if_due(promise, self.at):
            self._standing(promise).look()
            self.changes.add(promise)
            telling.broken(promise)

    def _standing(self, promise: Promise) -> Standing:
        hours: Mapping[int, Hours] = hours_by_calendar([promise])
        rests = list(promise.rests.all()) if promise.pk else []
        return Standing(promise, hours.get(promise.calendar_id or 0), rests)

    def _keep(self, promise: Promise, event: Event, what: str) -> None:
        self._end_rest(promise, event.at)
        late_by = keep(promise, max(event.at, promise.since), what)
        self.changes.add(promise)
        telling.kept(promise, event, late_by)

    def _withdraw(self, promise: Promise) -> None:
        self._end_rest(promise, self.at)
        withdraw(promise, self.at, self._why_not())
        self.changes.add(promise)
        if self.kinds & MOVING:
            for kind in ANSWERS if promise.kind in ANSWERS else (promise.kind,):
                self.bounds[kind] = min(promise.due_at, self.bounds.get(kind, promise.due_at))
        telling.withdrawn(promise, self.at)

    def _end_rest(self, promise: Promise, at: datetime) -> None:
        if promise.rests_since is not None:
            ends_at = max(at, promise.rests_since)
            Rest.objects.filter(promise=promise, ends_at=None).update(ends_at=ends_at)
            promise.rests_since = None
            self._standing(promise).reckon()

    def _why_not(self) -> str:
        one = self.conversation
        if one.status in (Status.SPAM, Status.RESOLVED, Status.JOINED):
            return str(one.status)
        return "split" if ConversationSplit.kind in self.kinds else "answered"

    def _move(self, promise: Promise, since: datetime) -> None:
        """It waits since another moment: what was joined, taken out or split off counts."""
        before, promise.since, promise.bound_at = promise.due_at, since, None
        joined = ConversationJoined.kind in self.kinds
        if joined:
            promise.bound_at = self.bounds.get(promise.kind)
        # What broke while they were one was the other's, where its own time has not come.
        promise.state = State.OPEN
        never_broke(promise)
        self._standing(promise).reckon()
        self._break_if_due(promise)
        self.changes.add(promise)
        if promise.due_at != before:
            telling.moved(promise, before, "joined" if joined else "parted", self.events[-1])

    def _stood_again(self, promise: Promise | None) -> bool:
        """Whether there was one to stand again."""
        if promise is None:
            return False
        stand_again(promise)
        self._standing(promise).reckon()
        self.changes.add(promise)
        self.by_kind[promise.kind] = promise
        telling.reopened(promise, self.at)
        self._break_if_due(promise)
        return True


def _is_of_the_customer(event: Event) -> bool:
    return event.kind == MessageReceived.kind or (
        event.kind == Reopened.kind and event.by.startswith("customer:")
    )
