"""How conversations stand, as far as an act can change it: taken before and after, to undo it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from makegood.conversations.models import Conversation, Seen
from makegood.team.models import Agent

Portrait = dict[str, Any]
Part = Callable[[Sequence[int], Agent], Mapping[int, Any]]
COLUMNS = (
    "assignee", "team", "priority", "mood", "mood_told", "status", "snoozed_until", "wakes_with",
    "resolved_at", "joined_into", "inbox", "customer", "last_message",
)  # fmt: skip
PARTS: dict[str, tuple[Part, Any]] = {}
"""What is no column of a conversation: how it is read, and what it is where nothing is found."""


def has_part(name: str, part: Part, *, otherwise: Any) -> None:
    """Let acts touch something else: what each of the numbers has of it, for this agent."""
    PARTS[name] = (part, otherwise)


def portraits(pks: Iterable[int], agent: Agent, touches: Sequence[str]) -> Mapping[int, Portrait]:
    """Each conversation in a few words that JSON can hold; one query and one for each part."""
    pks = list(pks)
    rows = Conversation.objects.filter(pk__in=pks).values("pk", *COLUMNS)
    found = {row["pk"]: {name: _plain(row[name]) for name in COLUMNS} for row in rows}
    for name in touches:
        if name in PARTS:
            part, otherwise = PARTS[name]
            has = part(pks, agent)
            for pk, portrait in found.items():
                portrait[name] = has.get(pk, otherwise)
    return found


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _tags(pks: Sequence[int], _agent: Agent) -> Mapping[int, list[str]]:
    through = Conversation.tags.through.objects
    tagged = through.filter(conversation__in=pks).order_by("tag__name")
    found: dict[int, list[str]] = {}
    for pk, word in tagged.values_list("conversation", "tag__name"):
        found.setdefault(pk, []).append(word)
    return found


def _seen(pks: Sequence[int], agent: Agent) -> Mapping[int, int]:
    seen = Seen.objects.filter(agent=agent, conversation__in=pks)
    return dict(seen.values_list("conversation", "message"))


has_part("tags", _tags, otherwise=[])
has_part("seen", _seen, otherwise=0)
