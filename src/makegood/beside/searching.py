"""What is said beside a conversation is found like a note: by agents alone, in its conversation."""

from collections.abc import Iterable, Sequence
from typing import Any

from makegood.beside.models import SideFile, SideMessage, SideThread
from makegood.conversations.searching import CHANGES_ALL, TEXT_SHOWN
from makegood.kit.records import ref_id
from makegood.ledger.followers import follows
from makegood.ledger.models import Event
from makegood.search.actions import put
from makegood.search.documents import Document, Source, documents_of, offer

_ROW = (
    "pk",
    "thread__conversation_id",
    "thread__conversation__inbox_id",
    "thread__conversation__customer__name",
    "thread__subject",
    "author_name",
    "address",
    "to",
    "text",
    "at",
)


@follows("beside-search")
def keep_the_index(events: Sequence[Event]) -> None:
    """Put in what was said beside, and again where it went along with its conversation."""
    refs: dict[str, None] = {}
    for event in events:
        if "side_message" in event.facts:
            refs[f"sidemessage:{int(event.facts['side_message'])}"] = None
        if event.kind in CHANGES_ALL:
            named = [one.ref for one in event.subjects.all()]
            theirs = [ref_id(ref) for ref in named if ref.startswith("conversation:")]
            refs |= dict.fromkeys(refs_of(theirs))
    put(documents_of(refs).values())


def refs_of(conversations: Sequence[int]) -> list[str]:
    """Everything that was said beside these conversations."""
    threads = SideThread.objects.filter(conversation__in=conversations)
    said = SideMessage.objects.filter(thread__in=threads)
    return [f"sidemessage:{pk}" for pk in said.values_list("pk", flat=True)]


def side_documents(pks: Sequence[int]) -> Iterable[Document]:
    rows = SideMessage.objects.filter(pk__in=list(pks)).order_by("pk").values(*_ROW)
    files = _files(pks)
    for row in rows:
        yield Document(
            ref=f"sidemessage:{row['pk']}",
            about=f"conversation:{row['thread__conversation_id']}",
            scope=row["thread__conversation__inbox_id"],
            at=row["at"],
            subject=row["thread__subject"],
            customer=_people(row),
            text=row["text"][:TEXT_SHOWN],
            files=files.get(row["pk"], ""),
            is_internal=True,
        )


def _people(row: dict[str, Any]) -> str:
    others = [row["author_name"], row["address"], *map(str, row["to"])]
    return " ".join([row["thread__conversation__customer__name"], *others])


def _files(pks: Sequence[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    names = SideFile.objects.filter(message__in=list(pks)).values_list("message_id", "name")
    for pk, name in names:
        found[pk] = f"{found[pk]}\n{name}" if pk in found else name
    return found


def _walk(pk: int, limit: int) -> Sequence[int]:
    rows = SideMessage.objects.filter(pk__gt=pk).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:limit])


offer(Source(noun="sidemessage", read=side_documents, show=side_documents, walk=_walk))
