"""A rule and what it did, for the addresses that speak of them."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from makegood.automation.actions import Wish, save_rule
from makegood.automation.models import Rule, Run
from makegood.conversations.models import Conversation
from makegood.team.models import Agent

OF_A_RULE = (
    "office:rule", "office:rule_switch", "office:rule_removal", "office:rule_trial",
    "office:rule_trial_end",
)  # fmt: skip


@dataclass(frozen=True)
class Ruling:
    """One rule, one run of it."""

    rule: Rule
    run: Run

    def named(self) -> dict[str, Any]:
        return {**dict.fromkeys(OF_A_RULE, self.rule), "desk:rule-run": self.run}


def make_ruling(lamp: Conversation, olga: Agent) -> Ruling:
    wish = Wish(name="Late", trigger="note.added", acts=[("tag", "late")])
    rule = save_rule(None, wish, by=olga)
    assert rule.version
    run = Run.objects.create(
        rule=rule, version=rule.version, conversation=lamp, cause="event:1", event=1, depth=1,
        at=timezone.now(),
    )  # fmt: skip
    return Ruling(rule, run)
