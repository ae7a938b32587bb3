from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max
from django.http import Http404
from django.shortcuts import get_object_or_404

from makegood.acts.vocabulary import ACTS
from makegood.acts.vocabulary import told as act_in_words
from makegood.automation.models import Rule, Run, Switch, Trial, TrialItem, Version
from makegood.automation.triggers import trigger_in_words
from makegood.channels.queries import inboxes_visible_to
from makegood.conversations.models import Conversation
from makegood.conversations.queries import conversation_for
from makegood.ledger.facts import KINDS
from makegood.ledger.models import Event
from makegood.team.models import Agent

MOST_SHOWN, LATELY = 30, timedelta(days=30)


def all_rules() -> Sequence[Rule]:
    """Every rule in the order in which they are asked."""
    known = Rule.objects.filter(removed_at=None).select_related("version", "keeper")
    return list(known.order_by("position", "pk"))


def rule_numbered(pk: int) -> Rule:
    known = Rule.objects.filter(removed_at=None).select_related("version", "keeper")
    found = known.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def are_all_off() -> bool:
    return Switch.objects.filter(pk=1, is_off=True).exists()


def rules_in_trouble() -> int:
    """How many turned themselves off, or went in a circle, and nobody looked since."""
    return Rule.objects.filter(removed_at=None).exclude(trouble="").count()


@dataclass(frozen=True, kw_only=True)
class Lately:
    """How often a rule acted within a month, how often it was refused, and when last."""

    done: int = 0
    refused: int = 0
    last: datetime | None = None


def lately(now: datetime) -> dict[int, Lately]:
    """Of each rule that met something within a month."""
    runs = Run.objects.filter(at__gt=now - LATELY, rule__removed_at=None)
    rows = runs.values_list("rule", "state").annotate(n=Count("pk"), last=Max("at")).order_by()
    found: dict[int, Lately] = {}
    for rule, state, count, last in rows:
        known = found.get(rule, Lately())
        found[rule] = Lately(
            done=known.done + (count if state == Run.State.DONE else 0),
            refused=known.refused + (count if state == Run.State.REFUSED else 0),
            last=max(filter(None, (known.last, last))),
        )
    return found


def versions_of(rule: Rule) -> Sequence[Version]:
    known = rule.versions.select_related("saved_by", "inbox", "team")
    return list(known.order_by("-number")[:MOST_SHOWN])


def acts_in_words(acts: Sequence[dict[str, str]]) -> list[str]:
    """What a rule does, each act in a few words."""
    return [_act_in_words(one) if one["do"] in ACTS else one["do"] for one in acts]


def _act_in_words(one: dict[str, str]) -> str:
    act, words = ACTS[one["do"]], act_in_words(one)
    between = ": " if act.takes == "text" else " "
    return f"{act.label}{between}{words}" if words else str(act.label)


@dataclass(frozen=True, kw_only=True)
class Trace:
    """What one rule did on a conversation, and why."""

    run: Run
    when: str
    because: str
    steps: Sequence[tuple[str, str, str]]
    """Each act in words, what became of it, and why not."""


def traces_on(conversation: Conversation) -> Sequence[Trace]:
    """What rules did here, the newest first."""
    runs = Run.objects.filter(conversation=conversation).exclude(state=Run.State.SAME)
    return _traces(runs.select_related("rule", "version").order_by("-pk")[:MOST_SHOWN])


def trace_for(agent: Agent, pk: int) -> Trace:
    """One of them, on a conversation that the agent may see, or 404."""
    runs = Run.objects.select_related("rule", "version__saved_by", "conversation")
    run = get_object_or_404(runs, pk=pk)
    conversation_for(agent, run.conversation_id)
    return _traces([run])[0]


def runs_of(rule: Rule, agent: Agent) -> Sequence[Trace]:
    """What a rule did last, on conversations that the agent may see."""
    runs = Run.objects.filter(rule=rule).exclude(state=Run.State.SAME)
    seen = runs.filter(conversation__inbox__in=inboxes_visible_to(agent))
    wanted = seen.select_related("rule", "version", "conversation").order_by("-pk")
    return _traces(wanted[:MOST_SHOWN])


def _traces(wanted: Iterable[Run]) -> Sequence[Trace]:
    runs = list(wanted)
    known = Event.objects.filter(pk__in=[one.event for one in runs]).select_related("personal")
    causes = {event.pk: event for event in known}
    return [
        Trace(
            run=run,
            when=trigger_in_words(run.version.trigger, run.version.seconds),
            because=_cause(causes.get(run.event)),
            steps=list(_steps(run)),
        )
        for run in runs
    ]


def _cause(event: Event | None) -> str:
    return event.sentence() if event is not None and event.kind in KINDS else ""


def _steps(run: Run) -> Sequence[tuple[str, str, str]]:
    words = acts_in_words(run.steps)
    return [
        (step["says"] or word, step["became"], step["why"])
        for word, step in zip(words, run.steps, strict=True)
    ]


def newest_trial(rule: Rule) -> Trial | None:
    """The last look at what this rule would have done."""
    trials = Trial.objects.filter(version__rule=rule).select_related("version", "agent")
    return trials.order_by("-pk").first()


def trial_items(trial: Trial, agent: Agent) -> Sequence[TrialItem]:
    """Some of the conversations that it would have met; only what the agent may see."""
    seen = trial.items.filter(conversation__inbox__in=inboxes_visible_to(agent))
    return list(seen.select_related("conversation__customer").order_by("-at", "-pk")[:MOST_SHOWN])
