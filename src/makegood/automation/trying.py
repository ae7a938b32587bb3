"""What a rule would have done with last month: looked at in small steps, nothing is touched.

Each step reads a thousand causes, tells their conversations again from the ledger up to that
moment, and asks the rule. Killed anywhere, the look goes on where it was.
"""

import time
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from makegood.acts.act import Act
from makegood.acts.portraits import Portrait
from makegood.acts.vocabulary import act_named
from makegood.automation.asking import Question
from makegood.automation.models import Rule, Run, Trial, TrialItem
from makegood.automation.past import Story, Then, causes, stories
from makegood.automation.recalling import Recall
from makegood.calendars.queries import hours_of
from makegood.conversations.models import Conversation
from makegood.conversations.opening import hours_refs
from makegood.kit.errors import Refused
from makegood.kit.remembering import remembered, remembering
from makegood.ledger.models import Event
from makegood.ledger.reading import newest_position
from makegood.team.gates import refuse_unless
from makegood.team.models import Agent

BACK = timedelta(days=30)
AT_ONCE = 1_000
BREATH = 0.25
"""How long the desk has its turn after a step, in lengths of that step."""
KEPT_FOR, SOME = timedelta(days=7), 1000
State = Trial.State
Outcome = Run.State


@transaction.atomic
def try_rule(rule: Rule, *, by: Agent) -> Trial:
    """Begin to look what it would have done with last month; an older look ends."""
    refuse_unless(by, "office.rules")
    version = rule.version
    if version is None:
        raise Refused(_("Say first when it holds and what it does."))
    old = Trial.objects.filter(version__rule=rule, state=State.LOOKING)
    old.update(state=State.STOPPED)
    now = timezone.now()
    trial = Trial(version=version, agent=by, since=now - BACK, asked_at=now, worked_at=now)
    trial.tally = [{} for _act in version.acts]
    _measure(trial)
    trial.save()
    return trial


@transaction.atomic
def stop_trial(trial: Trial, *, by: Agent) -> None:
    """What was seen so far stays to be read."""
    refuse_unless(by, "office.rules")
    Trial.objects.filter(pk=trial.pk, state=State.LOOKING).update(state=State.STOPPED)


def _measure(trial: Trial) -> None:
    """Where the look begins and ends, and how much lies between."""
    version = trial.version
    if version.state:
        found = _in_question(trial)
        trial.total = found.count()
        trial.last = found.order_by("-pk").values_list("pk", flat=True).first() or 0
        return
    trial.looked_to = _position_before(trial.since)
    trial.last = newest_position()
    causes = Event.objects.filter(kind=version.trigger, pk__gt=trial.looked_to)
    trial.total = causes.filter(pk__lte=trial.last).count()


def _in_question(trial: Trial) -> "QuerySet[Conversation]":
    """Conversations that may have been in that state for so long within the time."""
    long_before = trial.since - timedelta(seconds=trial.version.seconds) * 4
    return Conversation.objects.filter(last_at__gte=long_before, joined_into=None)


def _position_before(at: datetime) -> int:
    """The last event that was written before a moment; found by halving."""
    low, high = 0, newest_position()
    while low < high:
        middle = (low + high + 1) // 2
        here = Event.objects.filter(pk__lte=middle).order_by("-pk")
        recorded = here.values_list("recorded_at", flat=True).first()
        if recorded is None or recorded < at:
            low = middle
        else:
            high = middle - 1
    return low


def try_on_next() -> int:
    """One step of the look that has waited longest; how much it took in."""
    under_way = Trial.objects.filter(state=State.LOOKING).order_by("worked_at")
    pk = under_way.values_list("pk", flat=True).first()
    if pk is None:
        return throw_away_old(timezone.now())
    begun = time.monotonic()
    did = step(pk)
    time.sleep((time.monotonic() - begun) * BREATH)
    return max(did, 1)


def try_to_the_end(trial: Trial) -> Trial:
    """Every step of a look, now."""
    while Trial.objects.filter(pk=trial.pk, state=State.LOOKING).exists():
        step(trial.pk)
    return Trial.objects.get(pk=trial.pk)


def step(pk: int) -> int:
    """Look at the next few, if it is under way still; how many they were."""
    trial = Trial.objects.select_related("version__rule", "agent").get(pk=pk)
    question = Question(trial.version, trial.agent)
    with override(trial.agent.language or None), remembering():
        if question.trouble:
            Trial.objects.filter(pk=pk).update(state=State.FAILED, trouble=question.trouble[:250])
            return 0
        seen = Look(trial, question)
        return _keep(trial, seen, seen.met())


@dataclass
class Met:
    """A conversation that the rule would have met, and what of its acts."""

    then: Then
    outcomes: Sequence[tuple[str, str]]

    @property
    def outcome(self) -> tuple[str, str]:
        refused = [one for one in self.outcomes if one[0] == Outcome.REFUSED]
        if refused:
            return refused[0]
        is_done = any(one[0] == Outcome.DONE for one in self.outcomes)
        return (str(Outcome.DONE if is_done else Outcome.SAME), "")


class Look:
    """One step: the causes that come next, and what the rule would have done."""

    def __init__(self, trial: Trial, question: Question) -> None:
        self.trial, self.version, self.question = trial, trial.version, question
        self.reached, self.count, self.is_last = trial.looked_to, 0, False

    def met(self) -> list[Met]:
        return [
            Met(then, list(self.acts(then)))
            for then in (self.lasted() if self.version.state else self.happened())
            if self.version.hears_machines or not then.is_by_machine
        ]

    def happened(self) -> Iterator[Then]:
        """Facts of the kind that it hears of, each with how its conversation stood then."""
        kind, last = self.version.trigger, self.trial.last
        found = causes(kind, self.trial.looked_to, last, AT_ONCE)
        self._came_to(len(found), found[-1].event if found else 0)
        fresh = {
            one.event: one.conversation
            for one in found
            if one.conversation and one.at >= self.trial.since
        }
        recall = self._recall(set(fresh.values()))
        for story in self._stories(recall, self.reached, kind):
            for one in story.told:
                story.hear(one)
                if fresh.get(one.event) == story.row["pk"]:
                    then = story.then(one.at)
                    if recall.holds(then):
                        yield then

    def lasted(self) -> Iterator[Then]:
        """States that lasted so long, each with how its conversation stood when time was up."""
        behind = _in_question(self.trial).filter(pk__gt=self.trial.looked_to)
        pks = list(behind.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
        self._came_to(len(pks), pks[-1] if pks else 0)
        recall = self._recall(pks)
        for story in self._stories(recall, newest_position()):
            yield from (then for then in self.periods(story) if recall.holds(then))

    def _recall(self, pks: Collection[int]) -> Recall:
        return Recall(self.question, sorted(pks), timezone.localtime(self.trial.asked_at))

    def _stories(self, recall: Recall, until: int, also: str = "") -> Iterator[Story]:
        """Of those alone that the rule could have met."""
        return stories(recall.possible, until, also, self.version.inbox_id)

    def periods(self, story: Story) -> Iterator[Then]:
        """How it stood each time that its time was up, unless the state had ended by then."""
        begun: datetime | None = None
        due: datetime | None = None
        for one in story.told:
            if due is not None and due < one.at:
                yield story.then(due)
                due = None
            story.hear(one)
            since = story.since(self.version.state)
            if since is None:
                begun = due = None
            elif since != begun:
                begun, due = since, self._due(story.now, since)
                if due is not None and due < one.at:
                    yield story.then(due)
                    due = None
        if due is not None:
            yield story.then(due)

    def _due(self, now: Mapping[str, Any], since: datetime) -> datetime | None:
        """When the time is up; nothing where that is not within what is looked at."""
        due, hours = since + timedelta(seconds=self.version.seconds), None
        if self.version.in_hours:
            refs = hours_refs(now["inbox"], now["team"])
            hours = remembered(("hours", refs), partial(hours_of, *refs))
        if hours:
            due = hours.after(since, due - since)
        return due if self.trial.since <= due <= self.trial.asked_at else None

    def _came_to(self, count: int, last: int) -> None:
        self.count, self.is_last = count, count < AT_ONCE
        self.reached = max(last, self.trial.looked_to)

    def acts(self, then: Then) -> Iterator[tuple[str, str]]:
        """What would have become of each act; behind a refusal nothing would have."""
        portrait = then.portrait()
        for kept in self.version.acts:
            outcome = _foreseen(kept["do"], kept["with"], portrait, self.trial.agent)
            yield outcome
            if outcome[0] == Outcome.REFUSED:
                return


def _foreseen(name: str, words: str, portrait: Portrait, agent: Agent) -> tuple[str, str]:
    act = act_named(name)
    if _is_so(act, words, portrait, agent):
        return str(Outcome.SAME), ""
    if act.why_not is not None:
        hangs = tuple(portrait[part] for part in act.hangs_on)
        reason = partial(act.why_not, words, portrait, agent)
        if why := remembered(("why", name, words, hangs), reason):
            return str(Outcome.REFUSED), why[:250]
    return str(Outcome.DONE), ""


def _is_so(act: Act, words: str, portrait: Portrait, agent: Agent) -> bool:
    """Asked once for all that stand alike in what it touches."""
    if not act.touches:
        return False
    touched = tuple(str(portrait.get(part)) for part in act.touches)
    asked = partial(act.is_so, words, portrait, agent)
    return remembered(("is so", act.name, words, touched), asked)


def _keep(trial: Trial, seen: Look, met: Sequence[Met]) -> int:
    """Write down what this step saw, unless somebody was faster or it was stopped."""
    firsts: dict[int, Met] = {}
    for one in met:
        firsts.setdefault(one.then.conversation, one)
    with transaction.atomic():
        mine = Trial.objects.select_for_update().get(pk=trial.pk)
        if (mine.state, mine.looked_to) != (State.LOOKING, trial.looked_to):
            return 0
        known = set(
            mine.items.filter(conversation__in=firsts).values_list("conversation", flat=True)
        )
        fresh = [one for pk, one in firsts.items() if pk not in known]
        TrialItem.objects.bulk_create([_item(mine, one) for one in fresh], ignore_conflicts=True)
        mine.touched, mine.runs = mine.touched + len(fresh), mine.runs + len(met)
        mine.tally = _added(mine.tally, met)
        mine.looked, mine.looked_to = mine.looked + seen.count, seen.reached
        mine.worked_at = timezone.now()
        if seen.is_last:
            mine.state = State.DONE
        mine.save()
    return seen.count


def _item(trial: Trial, met: Met) -> TrialItem:
    state, reason = met.outcome
    pk, at = met.then.conversation, met.then.at
    return TrialItem(trial=trial, conversation_id=pk, at=at, state=state, reason=reason)


def _added(tally: Sequence[dict[str, int]], met: Sequence[Met]) -> list[dict[str, int]]:
    """How often each act would have been done, was so already, or would have been refused."""
    counted = [Counter(one) for one in tally]
    for one in met:
        for number, (state, _reason) in enumerate(one.outcomes):
            counted[number][state] += 1
    return [dict(one) for one in counted]


def throw_away_old(now: datetime) -> int:
    """Some rows of the oldest look that nobody needs any more, or at last the look itself."""
    old = Trial.objects.filter(worked_at__lt=now - KEPT_FOR).order_by("pk").first()
    if old is None:
        return 0
    some = list(old.items.order_by("pk").values_list("pk", flat=True)[:SOME])
    TrialItem.objects.filter(pk__in=some).delete()
    if not some:
        old.delete()
    return max(1, len(some))
