"""What of a conversation can be found: its messages for everybody who sees it, notes for agents.

A follower keeps the index as the ledger tells; the index itself asks here for the words.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db.models import Q

from makegood.channels.models import Inbox
from makegood.channels.queries import inboxes_visible_to
from makegood.conversations.models import Attachment, Conversation, Message, Note
from makegood.kit.records import ref_id
from makegood.ledger.followers import follows
from makegood.ledger.models import Event
from makegood.search.actions import drop, put
from makegood.search.documents import Document, Source, documents_of, offer
from makegood.search.queries import Scope
from makegood.team.models import Agent

TEXT_SHOWN = 100_000
"""Letters of one message that are indexed."""

CHANGES_ALL = (
    "conversation.tagged",
    "conversation.joined",
    "conversation.parted",
    "conversation.split",
)
"""Events after which everything of a conversation is found by other words."""

CHANGES_SOMEONE = ("customer.changed", "customer.merged", "customer.split")
"""Events after which everything of a customer is."""

_MESSAGE = (
    "pk",
    "conversation_id",
    "conversation__subject",
    "conversation__inbox_id",
    "conversation__customer__name",
    "handle__address",
    "author_name",
    "direction",
    "to",
    "text",
    "at",
)
_NOTE = (
    "pk",
    "conversation_id",
    "conversation__subject",
    "conversation__inbox_id",
    "conversation__customer__name",
    "text",
    "at",
)


def scope_of(agent: Agent) -> Scope:
    """What an agent may find: what they may see, notes included."""
    return scope_among(agent, () if agent.sees_everything() else inboxes_visible_to(agent))


def scope_among(agent: Agent, inboxes: Sequence[Inbox]) -> Scope:
    """The same, where the inboxes that the agent sees are known."""
    if agent.sees_everything():
        return Scope(numbers=None, sees_internal=True)
    return Scope(numbers=[inbox.pk for inbox in inboxes], sees_internal=True)


@follows("search")
def keep_the_index(events: Sequence[Event]) -> None:
    """Put in what was said, and again what is found by other words now."""
    refs: dict[str, None] = {}
    for event in events:
        for noun in ("message", "note"):
            if noun in event.facts:
                refs[f"{noun}:{int(event.facts[noun])}"] = None
        if event.kind in CHANGES_ALL:
            for subject in event.subjects.all():
                if subject.ref.startswith("conversation:"):
                    refs |= dict.fromkeys(refs_of(ref_id(subject.ref)))
        if event.kind in CHANGES_SOMEONE:
            for conversation in _conversations_of(event):
                refs |= dict.fromkeys(refs_of(conversation))
    found = documents_of(refs)
    put(found.values())
    # What is not there any more was taken back before it left.
    drop([ref for ref in refs if ref not in found])


def _conversations_of(event: Event) -> Sequence[int]:
    named = [one.ref.partition(":") for one in event.subjects.all()]
    people = [int(number) for noun, _colon, number in named if noun == "customer"]
    theirs = Conversation.objects.filter(customer__in=people)
    return list(theirs.values_list("pk", flat=True))


def refs_of(conversation: int) -> list[str]:
    messages = Message.objects.filter(conversation=conversation).values_list("pk", flat=True)
    notes = Note.objects.filter(conversation=conversation).values_list("pk", flat=True)
    return [f"message:{pk}" for pk in messages] + [f"note:{pk}" for pk in notes]


def message_documents(pks: Sequence[int]) -> Iterable[Document]:
    rows = list(Message.objects.filter(_are(pks)).order_by("pk").values(*_MESSAGE))
    tags = _tags({row["conversation_id"] for row in rows})
    files = _files("message", pks)
    for row in rows:
        yield Document(
            ref=f"message:{row['pk']}",
            customer=_people(row),
            text=row["text"][:TEXT_SHOWN],
            files=files.get(row["pk"], ""),
            **_shared(row, tags),
        )


def note_documents(pks: Sequence[int]) -> Iterable[Document]:
    rows = list(Note.objects.filter(_are(pks)).order_by("pk").values(*_NOTE))
    tags = _tags({row["conversation_id"] for row in rows})
    files = _files("note", pks)
    for row in rows:
        yield Document(
            ref=f"note:{row['pk']}",
            customer=row["conversation__customer__name"],
            text=row["text"][:TEXT_SHOWN],
            files=files.get(row["pk"], ""),
            is_internal=True,
            **_shared(row, tags),
        )


def _shared(row: dict[str, Any], tags: dict[int, str]) -> dict[str, Any]:
    return {
        "about": f"conversation:{row['conversation_id']}",
        "scope": row["conversation__inbox_id"],
        "at": row["at"],
        "subject": row["conversation__subject"],
        "tags": tags.get(row["conversation_id"], ""),
    }


def _people(row: dict[str, Any]) -> str:
    """The customer by name and by the addresses that this message went between."""
    if row["direction"] == Message.Direction.INCOMING:
        others = [row["author_name"], row["handle__address"] or ""]
    else:
        others = [str(address) for address in row["to"]]
    return " ".join([row["conversation__customer__name"], *others])


def _tags(conversations: set[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    tagged = Conversation.tags.through.objects.filter(_are(conversations, "conversation_id"))
    for pk, name in tagged.values_list("conversation_id", "tag__name"):
        found[pk] = f"{found[pk]} {name}" if pk in found else name
    return found


def _files(place: str, pks: Sequence[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    names = Attachment.objects.filter(_are(pks, f"{place}_id"))
    for pk, name in names.values_list(f"{place}_id", "name"):
        found[pk] = f"{found[pk]}\n{name}" if pk in found else name
    return found


def _are(pks: Collection[int], column: str = "pk") -> Q:
    """These numbers; where they are a run without gaps, its two ends say the same faster."""
    first, last = min(pks, default=0), max(pks, default=-1)
    if last - first + 1 == len(pks) > 1:
        return Q(**{f"{column}__gte": first, f"{column}__lte": last})
    return Q(**{f"{column}__in": list(pks)})


def _walk(model: type[Message] | type[Note]) -> Any:
    def after(pk: int, limit: int) -> Sequence[int]:
        rows = model.objects.filter(pk__gt=pk).order_by("pk")
        return list(rows.values_list("pk", flat=True)[:limit])

    return after


offer(Source(noun="message", read=message_documents, walk=_walk(Message)))
offer(Source(noun="note", read=note_documents, walk=_walk(Note)))
