"""The follower that hears of facts and writes down what rules are due, in the order of the ledger.

It acts on nothing itself: what is due is worked off apart, so that one conversation that
takes long or fails holds up no other.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from django.utils import timezone

from makegood.automation.depths import Origin, origin_of
from makegood.automation.models import Due, Rule, Switch, Watch
from makegood.automation.triggers import STATES
from makegood.conversations.models import Conversation, Message
from makegood.conversations.opening import due_after
from makegood.conversations.standing import standing_number
from makegood.kit.records import ref_id
from makegood.ledger.followers import follows
from makegood.ledger.models import Event

OF_HOURS = ("calendar.saved", "calendar.deleted")
A_MINUTE = timedelta(minutes=1)
"""A mail may have come in just before, and be read just after."""


def switch() -> Switch:
    return Switch.objects.get_or_create(pk=1)[0]


def rules_on() -> Sequence[Rule]:
    """The rules that hold, in their order."""
    known = Rule.objects.filter(is_on=True).select_related("version", "keeper")
    return list(known.order_by("position", "pk"))


@follows("rules")
def hear(events: Sequence[Event]) -> None:
    """Write down what each event makes due. Begun anew, nothing old is heard again."""
    state = switch()
    fresh = [event for event in events if event.pk > state.reached]
    if not fresh:
        return
    Switch.objects.filter(pk=1, reached__lt=fresh[-1].pk).update(reached=fresh[-1].pk)
    rules = [] if state.is_off else rules_on()
    if not rules:
        return
    hearer = Hearer(rules, timezone.now())
    for event in fresh:
        hearer.hear(event)
    Due.objects.bulk_create(hearer.due)


@dataclass
class Hearer:
    """What rules listen for, while a batch of events passes."""

    rules: Sequence[Rule]
    now: datetime
    due: list[Due] = field(default_factory=list)

    def hear(self, event: Event) -> None:
        if event.kind in OF_HOURS:
            count_again([rule for rule in self.rules if rule.version and rule.version.in_hours])
        for pk in conversations_in(event):
            if any(event.pk > rule.on_after for rule in self.of(event)):
                self.due.append(self.because(event, pk))
            if self.watching and _may_change_a_state(event):
                self.look(event, pk)

    @cached_property
    def watching(self) -> list[Rule]:
        return [one for one in self.rules if one.version and one.version.state]

    def of(self, event: Event) -> list[Rule]:
        return [one for one in self.rules if one.version and one.version.trigger == event.kind]

    def because(self, event: Event, pk: int) -> Due:
        origin = origin_of(event)
        return Due(
            conversation_id=pk,
            kind=event.kind,
            cause=f"event:{event.pk}",
            event=event.pk,
            root=origin.root,
            depth=origin.depth,
            is_by_machine=bool(event.facts.get("automatic")),
            at=event.at,
            not_before=self.now,
        )

    def look(self, event: Event, pk: int) -> None:
        """Whether a state begins or ends here, as the conversation stands now."""
        conversation = Conversation.objects.filter(pk=standing_number(pk)).first()
        for rule in self.watching:
            if conversation is not None and event.pk > rule.on_after:
                watch(rule, conversation, event.pk, origin_of(event))


def conversations_in(event: Event) -> Iterable[int]:
    """The conversation that it is about; of two, the first named."""
    numbers = [ref_id(one.ref) for one in event.subjects.all() if _is_conversation(one.ref)]
    return numbers[:1]


def _may_change_a_state(event: Event) -> bool:
    return event.kind == "message.received" or _is_conversation(event.kind.replace(".", ":"))


def _is_conversation(ref: str) -> bool:
    return ref.startswith("conversation:")


def is_by_machine(due: Due, conversation: Conversation) -> bool:
    """Whether it is a machine's mail that did this: a list's, a robot's, a bounce."""
    said = Message.objects.filter(conversation=conversation, direction="incoming")
    if due.kind == "conversation.opened":
        return bool(said.order_by("pk").values_list("automatic", flat=True).first())
    if due.kind == "conversation.woke":
        woke = Event.objects.filter(pk=due.event).values_list("facts", flat=True).first() or {}
        is_theirs = woke.get("because") == "customer"
        newest = said.order_by("-pk").values_list("automatic", flat=True)
        return is_theirs and bool(newest.first())
    return due.is_by_machine


def watch(rule: Rule, conversation: Conversation, event: int, origin: Origin) -> None:
    """Look whether the state that a rule waits for has begun, or ended."""
    known = Watch.objects.filter(rule=rule, conversation=conversation)
    version = rule.version
    since = STATES[version.state].since(conversation) if version else None
    if version is None or since is None:
        known.delete()
        return
    before = known.first()
    if before is not None and before.since == since:
        if before.depth < origin.depth:
            known.update(depth=origin.depth, root=origin.root)
        return
    if before is None and not _began_since(rule, since):
        return
    due = _due(rule, conversation, since)
    values = {"since": since, "due_at": due, "event": event, **vars(origin)}
    Watch.objects.update_or_create(rule=rule, conversation=conversation, defaults=values)


def _began_since(rule: Rule, since: datetime) -> bool:
    """What was so already when the rule was switched on is none of its business."""
    return rule.on_since is None or since > rule.on_since - A_MINUTE


def _due(rule: Rule, conversation: Conversation, since: datetime) -> datetime | None:
    version = rule.version
    if version is None:
        return None
    if version.in_hours:
        return due_after(conversation, since, version.seconds)
    return since + timedelta(seconds=version.seconds)


def count_again(rules: Iterable[Rule]) -> None:
    """Opening hours changed, or a rule waits for another time: the same states, due anew."""
    for rule in rules:
        known = Watch.objects.filter(rule=rule).exclude(due_at=None)
        for one in known.select_related("conversation").iterator():
            due = _due(rule, one.conversation, one.since)
            if due != one.due_at:
                Watch.objects.filter(pk=one.pk).update(due_at=due)
