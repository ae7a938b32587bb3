"""What a conversation may be joined or linked with: ticked, likely, or found by words."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import QueryDict

from makegood.conversations.finding import Finder
from makegood.conversations.listing import Row, rows_for
from makegood.conversations.models import Conversation
from makegood.conversations.naming import understand
from makegood.conversations.queries import earlier_conversations, lookalike_of
from makegood.desk.asking import numbers_in
from makegood.linking.queries import linked_here
from makegood.team.models import Agent

MOST = 12
MOST_PICKED = 20
LONGEST = 200


@dataclass(frozen=True, kw_only=True)
class Candidates:
    """The rows to choose from, and which of them are ticked already."""

    rows: Sequence[Row]
    picked: Sequence[int] = ()
    asked: str = ""
    trouble: str = ""
    linked: Sequence[int] = ()


def candidates_for(conversation: Conversation, agent: Agent, said: QueryDict) -> Candidates:
    """What was ticked stays; below it what the words find, or without words what is likely."""
    picked = numbers_in(said.getlist("pick"))[:MOST_PICKED]
    asked = said.get("q", "").strip()[:LONGEST]
    linked = [one.pk for one in linked_here(conversation, agent)]
    found, trouble = _found(asked, agent) if asked else (_likely(conversation, agent, linked), "")
    wanted = dict.fromkeys([*picked, *found])
    wanted.pop(conversation.pk, None)
    rows = rows_for(agent, list(wanted)[: MOST + len(picked)])
    return Candidates(
        rows=[row for row in rows if row.status != "joined"],
        picked=picked,
        asked=asked,
        trouble=trouble,
        linked=linked,
    )


def _likely(conversation: Conversation, agent: Agent, linked: Sequence[int]) -> list[int]:
    like = lookalike_of(conversation, agent)
    earlier = [one.pk for one in earlier_conversations(conversation, agent)]
    return [*([like.pk] if like else []), *linked, *earlier]


def _found(asked: str, agent: Agent) -> tuple[list[int], str]:
    """A bare number is meant as one."""
    words = f"#{asked}" if asked.isascii() and asked.isdigit() else asked
    understood = understand(words, agent)
    if understood.problems:
        return [], str(understood.problems[0].words)
    return [row.pk for row in Finder(understood).page().rows], ""
