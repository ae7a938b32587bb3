"""A rule's condition: understood as its keeper would, and asked of one conversation."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.utils.translation import gettext as _

from makegood.automation.models import Rule, Version
from makegood.channels.queries import may_see
from makegood.conversations.matching import asks_for_spam, asks_for_words, matching
from makegood.conversations.models import Conversation
from makegood.conversations.naming import Understood, understand
from makegood.team.models import Agent


@dataclass
class Question:
    """What a version asks of a conversation, with its keeper's eyes."""

    version: Version
    keeper: Agent

    @cached_property
    def understood(self) -> Understood:
        return understand(self.version.condition, self.keeper)

    @cached_property
    def trouble(self) -> str:
        """Why it cannot be asked any more, in words; empty where it can."""
        if not self.keeper.is_active:
            words = _("%(name)s, with whose rights it acted, does not work here any more.")
            return words % {"name": self.keeper.name}
        if not self.keeper.may("act"):
            words = _("%(name)s, with whose rights it acted, may not work on conversations.")
            return words % {"name": self.keeper.name}
        problems = self.understood.problems
        return problems[0].words if problems else ""

    @property
    def asks_for_words(self) -> bool:
        return not self.trouble and asks_for_words(self.understood.tree)

    @cached_property
    def asks_for_spam(self) -> bool:
        return asks_for_spam(self.understood.tree)

    def is_in_place(self, inbox: int, team: int | None) -> bool:
        """Whether it is a conversation of the inbox and the team that the rule is for."""
        version = self.version
        is_of_inbox = version.inbox_id is None or version.inbox_id == inbox
        return is_of_inbox and (version.team_id is None or version.team_id == team)

    def holds_of(self, conversation: Conversation, now: datetime) -> bool:
        if not self.is_in_place(conversation.inbox_id, conversation.team_id):
            return False
        if not may_see(self.keeper, conversation.inbox_id):
            return False
        return conversation.pk in matching(
            self.understood, [conversation.pk], now.astimezone(self.keeper.zone)
        )


def question_of(rule: Rule) -> Question:
    """The question of a rule that says something."""
    assert rule.version is not None
    return Question(rule.version, rule.keeper)
