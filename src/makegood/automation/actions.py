from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.acts.vocabulary import act_named, read_act
from makegood.automation.events import (
    RuleRemoved,
    RulesAllowed,
    RuleSaved,
    RulesOrdered,
    RulesStopped,
    RuleSwitchedOff,
    RuleSwitchedOn,
)
from makegood.automation.hearing import count_again, switch
from makegood.automation.models import Due, Rule, Switch, Version, Watch
from makegood.automation.triggers import STATES, facts
from makegood.channels.models import Inbox
from makegood.conversations.naming import understand
from makegood.kit.errors import Refused
from makegood.kit.second import refuses_a_second
from makegood.kit.text import plain_name
from makegood.ledger.actions import record
from makegood.ledger.reading import newest_position
from makegood.team.gates import refuse_unless
from makegood.team.models import Agent, Team

MOST_RULES, MOST_ACTS = 200, 20
SHORTEST, LONGEST = 60, 366 * 24 * 3600


@dataclass(frozen=True, kw_only=True)
class Wish:
    """A rule as somebody wants it: each act by its name and what was typed for it."""

    name: str
    trigger: str
    acts: Sequence[tuple[str, str]]
    condition: str = ""
    seconds: int = 0
    in_hours: bool = False
    inbox: Inbox | None = None
    team: Team | None = None
    stops_here: bool = False
    hears_machines: bool = False


@refuses_a_second
@transaction.atomic
def save_rule(rule: Rule | None, wish: Wish, *, by: Agent) -> Rule:
    """Make a rule, off at first, or let one say something else; it acts as whoever saves."""
    refuse_unless(by, "office.rules")
    rule = _locked(rule) if rule else Rule(position=_last_place() + 1)
    before = told(rule) if rule.pk else {}
    version = _read(wish, by)
    rule.name, rule.keeper = plain_name(wish.name, 80), by
    _refuse_name(rule)
    rule.trouble, rule.trouble_at = "", None
    rule.save()
    _say(rule, version)
    fact = RuleSaved(title=rule.name, before=before, after=told(rule))
    record(fact, about=[rule], by=by)
    return rule


def _say(rule: Rule, version: Version) -> None:
    """Let a rule say this from now on; states that it waits for are counted by it."""
    before = rule.version
    if before is not None and before.told() == version.told():
        return
    version.rule, version.number = rule, (before.number if before else 0) + 1
    version.save()
    rule.version = version
    rule.save(update_fields=["version"])
    if before is not None and before.state != version.state:
        Watch.objects.filter(rule=rule).delete()
    elif version.state:
        count_again([rule])


@transaction.atomic
def switch_rule(rule: Rule, *, on: bool, by: Agent) -> None:
    """Let a rule hold from now on, with the rights of whoever says so; or no longer."""
    refuse_unless(by, "office.rules")
    rule = _locked(rule)
    if rule.is_on == on:
        return
    if on:
        _refuse_what_makes_no_sense(rule, by)
        rule.keeper, rule.trouble, rule.trouble_at = by, "", None
        rule.on_after, rule.on_since = newest_position(), timezone.now()
    else:
        Watch.objects.filter(rule=rule).delete()
    rule.is_on = on
    rule.save()
    fact = RuleSwitchedOn if on else RuleSwitchedOff
    record(fact(title=rule.name), about=[rule], by=by)


@transaction.atomic
def remove_rule(rule: Rule, *, by: Agent) -> None:
    """Throw a rule away. What it did stays told."""
    refuse_unless(by, "office.rules")
    rule = _locked(rule)
    Watch.objects.filter(rule=rule).delete()
    rule.is_on, rule.removed_at = False, timezone.now()
    rule.save(update_fields=["is_on", "removed_at"])
    record(RuleRemoved(title=rule.name, before=told(rule)), about=[rule], by=by)


@transaction.atomic
def order_rules(pks: Sequence[int], *, by: Agent) -> None:
    """Let the rules be asked in this order; what is not named comes behind."""
    refuse_unless(by, "office.rules")
    known = {one.pk: one for one in Rule.objects.select_for_update().filter(removed_at=None)}
    before = list(known.values())
    wanted = [known[pk] for pk in dict.fromkeys(pks) if pk in known]
    wanted += [one for one in before if one not in wanted]
    if wanted == before:
        return
    for place, rule in enumerate(wanted, 1):
        Rule.objects.filter(pk=rule.pk).update(position=place)
    names = [one.name for one in before], [one.name for one in wanted]
    record(RulesOrdered(before=names[0], after=names[1]), about=wanted, by=by)


@transaction.atomic
def turn_all_rules(*, on: bool, by: Agent) -> None:
    """The one switch: off, nothing is heard and nothing made up for; each keeps its own."""
    refuse_unless(by, "office.rules")
    switch()
    state = Switch.objects.select_for_update().get(pk=1)
    if state.is_off != on:
        return
    state.is_off = not on
    if on:
        state.reached = max(state.reached, newest_position())
        Rule.objects.filter(is_on=True).update(on_since=timezone.now())
    else:
        Due.objects.all().delete()
        Watch.objects.all().delete()
    state.save()
    record((RulesAllowed if on else RulesStopped)(), about=["rules:all"], by=by)


def told(rule: Rule) -> dict[str, object]:
    """A rule as an event tells it."""
    return {"name": rule.name, **(rule.version.told() if rule.version else {})}


def _locked(rule: Rule) -> Rule:
    rules = Rule.objects.select_for_update(of=("self",)).select_related("version")
    found = rules.filter(pk=rule.pk, removed_at=None).first()
    if found is None:
        raise Refused(_("Somebody removed this meanwhile."))
    return found


def _last_place() -> int:
    known = Rule.objects.filter(removed_at=None)
    if known.count() >= MOST_RULES:
        raise Refused(_("That is more than %(n)s rules.") % {"n": MOST_RULES})
    return known.aggregate(last=Max("position"))["last"] or 0


def _refuse_name(rule: Rule) -> None:
    if not rule.name:
        raise Refused(_("Give it a name."))
    beside = Rule.objects.filter(removed_at=None, name__iexact=rule.name).exclude(pk=rule.pk)
    if beside.exists():
        raise Refused(_("There is already one called “%(name)s”.") % {"name": rule.name})


def _refuse_what_makes_no_sense(rule: Rule, by: Agent) -> None:
    version = rule.version
    if version is None:
        raise Refused(_("Say first when it holds and what it does."))
    _refuse_condition(version.condition, by)
    read_acts([(act["do"], act["with"]) for act in version.acts])


def _read(wish: Wish, by: Agent) -> Version:
    """What was wished, as it is kept. Raises `Refused` with the place of what is wrong."""
    _refuse_trigger(wish)
    condition = wish.condition.strip()
    _refuse_condition(condition, by)
    return Version(
        trigger=wish.trigger,
        seconds=wish.seconds if wish.trigger.startswith("since:") else 0,
        in_hours=wish.in_hours and wish.trigger.startswith("since:"),
        condition=condition,
        inbox=wish.inbox,
        team=wish.team,
        acts=read_acts(wish.acts),
        stops_here=wish.stops_here,
        hears_machines=wish.hears_machines,
        saved_by=by,
        saved_at=timezone.now(),
    )


def _refuse_trigger(wish: Wish) -> None:
    state = wish.trigger.removeprefix("since:")
    if state in STATES and state != wish.trigger:
        if not SHORTEST <= wish.seconds <= LONGEST:
            raise Refused(_("Say how long: a minute at least, a year at most."))
    elif wish.trigger not in facts():
        raise Refused(_("Say when it holds."))


def _refuse_condition(condition: str, by: Agent) -> None:
    for problem in understand(condition, by).problems:
        raise Refused(problem.words)


def read_acts(acts: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    """The acts as they are kept. What is wrong is said with the place of the act."""
    if not acts:
        raise Refused(_("A rule does something: choose at least one act."))
    if len(acts) > MOST_ACTS:
        raise Refused(_("That is more than %(n)s acts.") % {"n": MOST_ACTS})
    kept = []
    for number, (name, words) in enumerate(acts, 1):
        try:
            kept.append(_for_a_rule(read_act(name, words)))
        except Refused as refused:
            place = {"n": number, "why": str(refused)}
            raise Refused(_("Act %(n)s: %(why)s") % place) from refused
    return kept


def _for_a_rule(kept: dict[str, str]) -> dict[str, str]:
    """What needs a person's eyes or a person's name is no part of a rule."""
    act = act_named(kept["do"])
    if not (act.is_for_macros and act.is_for_rules):
        raise Refused(_("A rule cannot do this: %(act)s.") % {"act": act.label})
    if act.takes == "assignee" and kept["with"] == "me":
        raise Refused(_("A rule is nobody: name an agent or a team."))
    if act.text is not None and "{agent." in act.text(kept["with"]):
        raise Refused(_("A rule has no name to sign with: leave {agent…} out."))
    return kept
