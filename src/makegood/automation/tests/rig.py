"""Rules as a test makes them, and the worker's part done by hand."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from makegood.automation.actions import Wish, save_rule, switch_rule
from makegood.automation.models import Due, Rule
from makegood.automation.ringing import ring
from makegood.automation.working import work_on_next
from makegood.ledger.followers import catch_up
from makegood.team.models import Agent

MOST_ROUNDS = 500


def made(name: str, trigger: str, *acts: tuple[str, str], by: Agent, **more: Any) -> Rule:
    """A rule that is switched on."""
    rule = save_rule(None, Wish(name=name, trigger=trigger, acts=acts, **more), by=by)
    switch_rule(rule, on=True, by=by)
    return Rule.objects.get(pk=rule.pk)


def let_rules_work(now: datetime | None = None) -> int:
    """Hear and do until nothing is due any more; how many rounds that took."""
    for number in range(MOST_ROUNDS):
        catch_up("search")
        catch_up("rules")
        moment = now or timezone.now()
        ring(moment)
        while work_on_next(moment):
            pass
        if catch_up("rules") == 0 and not Due.objects.exists():
            return number
    raise AssertionError("Rules do not come to an end.")
