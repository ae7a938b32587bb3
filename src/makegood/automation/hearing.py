"""The follower that hears of facts and writes down what rules are due, in the order of the ledger.

It acts on nothing itself: what is due is worked off apart, so that one conversation that
takes long or fails holds up no other.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.utils import timezone

from makegood.automation.depths import depth_of
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
MADE_BY_MAIL = ("conversation.opened", "message.received", "conversation.woke")


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


@dataclass
class Hearer:
    """What rules listen for, while a batch of events passes."""

    rules: Sequence[Rule]
    now: datetime

    def hear(self, event: Event) -> None:
        if event.kind in OF_HOURS:
            count_again([rule for rule in self.rules if rule.version and rule.version.in_hours])
        for pk in conversations_in(event):
            hears = [one for one in self.of(event) if event.pk > one.on_after]
            watches = self.watching if _may_change_a_state(event) else []
            if hears or watches:
                self.note(event, pk, is_due=bool(hears), watching=watches)

    @cached_property
    def watching(self) -> list[Rule]:
        return [one for one in self.rules if one.version and one.version.state]

    def of(self, event: Event) -> list[Rule]:
        return [one for one in self.rules if one.version and one.version.trigger == event.kind]

    def note(self, event: Event, pk: int, *, is_due: bool, watching: Sequence[Rule]) -> None:
        conversation = Conversation.objects.filter(pk=standing_number(pk)).first()
        if conversation is None:
            return
        depth = depth_of(event)
        is_by_machine = event.kind in MADE_BY_MAIL and brought_by_machine(event, conversation)
        if is_due:
            Due.objects.create(
                conversation=conversation,
                kind=event.kind,
                cause=f"event:{event.pk}",
                event=event.pk,
                depth=depth,
                is_by_machine=is_by_machine,
                at=event.at,
                not_before=self.now,
            )
        for rule in watching:
            if event.pk > rule.on_after:
                watch(rule, conversation, event.pk, depth)


def conversations_in(event: Event) -> Iterable[int]:
    """The conversation that it is about; of two, the first named."""
    numbers = [ref_id(one.ref) for one in event.subjects.all() if _is_conversation(one.ref)]
    return numbers[:1]


def _may_change_a_state(event: Event) -> bool:
    return event.kind == "message.received" or _is_conversation(event.kind.replace(".", ":"))


def _is_conversation(ref: str) -> bool:
    return ref.startswith("conversation:")


def brought_by_machine(event: Event, conversation: Conversation) -> bool:
    """Whether it is a machine's mail that did this: a list's, a robot's, a bounce."""
    if event.kind == "message.received":
        return bool(event.facts.get("automatic"))
    said = Message.objects.filter(conversation=conversation, direction="incoming")
    if event.kind == "conversation.opened":
        return bool(said.order_by("pk").values_list("automatic", flat=True).first())
    if event.facts.get("because") != "customer":
        return False
    return bool(said.order_by("-pk").values_list("automatic", flat=True).first())


def watch(rule: Rule, conversation: Conversation, event: int, depth: int) -> None:
    """Look whether the state that a rule waits for has begun, or ended."""
    known = Watch.objects.filter(rule=rule, conversation=conversation)
    version = rule.version
    since = STATES[version.state].since(conversation) if version else None
    if version is None or since is None:
        known.delete()
        return
    before = known.first()
    if before is not None and before.since == since:
        if before.depth < depth:
            known.update(depth=depth)
        return
    if before is None and not _began_since(rule, since):
        return
    due = _due(rule, conversation, since)
    values = {"since": since, "due_at": due, "event": event, "depth": depth}
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
