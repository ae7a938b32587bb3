"""How conversations stand, as far as an act can change it: taken before and after, to undo it."""

from collections.abc import Iterable, Mapping
from typing import Any

from makegood.conversations.models import Conversation, Seen
from makegood.team.models import Agent

Portrait = dict[str, Any]
STANDING = ("assignee", "team", "status", "snoozed_until", "resolved_at", "joined_into")
WHERE = ("inbox", "customer", "last_message")


def portraits(pks: Iterable[int], agent: Agent) -> Mapping[int, Portrait]:
    """Each conversation in a few words that JSON can hold; three queries for all of them."""
    pks = list(pks)
    rows = Conversation.objects.filter(pk__in=pks).values("pk", *STANDING, *WHERE)
    found = {row["pk"]: {name: _plain(row[name]) for name in (*STANDING, *WHERE)} for row in rows}
    for each in found.values():
        each |= {"tags": [], "seen": 0}
    tagged = Conversation.tags.through.objects.filter(conversation__in=pks).order_by("tag__name")
    for pk, word in tagged.values_list("conversation", "tag__name"):
        found[pk]["tags"].append(word)
    seen = Seen.objects.filter(agent=agent, conversation__in=pks)
    for pk, message in seen.values_list("conversation", "message"):
        found[pk]["seen"] = message
    return found


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
