"""All conversations that match a question, in steps: from the one that was quiet longest on.

In this order nobody is missed who moves: new words move a conversation to the end.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from makegood.conversations.finding import Finder
from makegood.conversations.naming import understand
from makegood.kit.errors import Refused
from makegood.team.models import Agent

AT_ONCE = 500


def check_source(agent: Agent, source: Mapping[str, Any]) -> None:
    """Refused in the words of the first problem, where the question makes no sense."""
    for problem in understand(str(source["q"]), agent).problems:
        raise Refused(problem.words)


def some_of(
    agent: Agent, source: Mapping[str, Any], after: str, asked_at: datetime
) -> tuple[list[int], str]:
    """The next numbers that match, as this agent may see them; where to look on, or nothing."""
    understood = understand(str(source["q"]), agent)
    finder = Finder(understood, "oldest", now=timezone.localtime(asked_at))
    return finder.numbers(after, AT_ONCE)
