"""What is promised stands first among what is equally urgent."""

from collections.abc import Sequence
from datetime import UTC, datetime

from django.db.models import Min, Q

from makegood.conversations.models import Conversation
from makegood.promises.queries import open_promises
from makegood.team.models import Agent

NEVER = datetime(9999, 1, 1, tzinfo=UTC)


def promised_next(agent: Agent, most: int) -> Sequence[int]:
    """Conversations that are nobody's and wait, with a promise that runs; the next due first."""
    waiting = {
        "conversation__assignee": None,
        "conversation__status": Conversation.Status.OPEN,
        "conversation__turn": Conversation.Turn.OURS,
    }
    rows = open_promises(agent).filter(**waiting, rests_since=None)
    return list(rows.values_list("conversation", flat=True)[:most])


def by_promise(pks: Sequence[int]) -> list[int]:
    """The same, each once: the most urgent first, then what is due next, then who waits longest."""
    rows = Conversation.objects.filter(pk__in=pks).annotate(
        due=Min(
            "promises__due_at",
            filter=Q(promises__settled_at=None, promises__rests_since=None),
        )
    )
    keys = {
        pk: (priority, due or NEVER, since, pk)
        for pk, priority, due, since in rows.values_list("pk", "priority", "due", "turn_since")
    }
    return sorted(keys, key=lambda pk: keys[pk])
