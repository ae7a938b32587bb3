"""Taking a passage out of everything that belongs to a conversation and its customer.

The same walk counts first and removes then: what is foreseen is what is done.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import Q

from makegood.beside.models import SideFile, SideMessage
from makegood.channels.models import Arrival, Delivery
from makegood.conversations.models import Attachment, Conversation, Message, Note
from makegood.conversations.standing import joined_into
from makegood.customers.merging import parts_of
from makegood.customers.models import Customer
from makegood.files import storage
from makegood.files.models import File
from makegood.ledger.models import Event, Personal
from makegood.redaction.pages import stands_in_page, taken_out_of_page
from makegood.redaction.passages import Passage
from makegood.redaction.places import Place, places
from makegood.redaction.raw import empty_arrivals
from makegood.team.models import Agent

PLAIN_TEXT = 2_000_000
"""Files up to so many bytes are looked through, where they are text."""
AT_ONCE = 400
NOTHING = Passage("\0")
"""Stands nowhere: for taking away a file and no words."""


@dataclass
class Scope:
    """Whose matter it is: a customer with all of their conversations."""

    customers: list[int]
    conversations: list[int]
    messages: list[int]
    notes: list[int]
    side_messages: list[int]

    @classmethod
    def of(cls, conversation: Conversation) -> "Scope":
        customer = Customer.objects.get(pk=conversation.customer_id)
        customers = [customer.pk, *parts_of(customer)]
        own = Conversation.objects.filter(customer__in=customers)
        numbers = {conversation.pk, *joined_into(conversation.pk)}
        numbers |= set(own.values_list("pk", flat=True))
        there = sorted(numbers)
        return cls(
            customers=customers,
            conversations=there,
            messages=_pks(Message.objects.filter(conversation__in=there)),
            notes=_pks(Note.objects.filter(conversation__in=there)),
            side_messages=_pks(SideMessage.objects.filter(thread__conversation__in=there)),
        )

    def refs(self) -> list[str]:
        """Everything that the outbox and the intake may name."""
        found = [f"message:{pk}" for pk in self.messages]
        return found + [f"sidemessage:{pk}" for pk in self.side_messages]

    def everything(self) -> list[str]:
        """Everything that an event may be about."""
        found = [f"conversation:{pk}" for pk in self.conversations] + self.refs()
        found += [f"customer:{pk}" for pk in self.customers]
        return found + [f"note:{pk}" for pk in self.notes]


@dataclass
class Stands:
    """Where something stands: how often by kind, and which things are touched."""

    counts: dict[str, int] = field(default_factory=dict)
    refs: set[str] = field(default_factory=set)
    rows: list[tuple[Place, int, dict[str, Any]]] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)
    arrivals: list[int] = field(default_factory=list)
    attachments: list[int] = field(default_factory=list)
    side_files: list[int] = field(default_factory=list)
    contents: set[str] = field(default_factory=set)
    """The names of the contents that go: nothing that waits to leave may ask for them."""
    events: list[int] = field(default_factory=list)
    sealed: int = 0
    """Events that hold it in their sealed part: nothing can take it out there."""

    def add(self, name: str, ref: str = "") -> None:
        self.counts[name] = self.counts.get(name, 0) + 1
        if ref:
            self.refs.add(ref)


def find(passage: Passage, scope: Scope, mark: str) -> Stands:
    """Look through everything, changing nothing."""
    found = Stands()
    for place in places():
        for row in place.of(scope.conversations, scope.customers).iterator(AT_ONCE):
            changed = _changes(place, row, passage, mark)
            if changed:
                found.rows.append((place, row.pk, changed))
                found.add(place.name, f"{place.name}:{row.pk}")
    _find_files(passage, scope, found)
    _find_deliveries(passage, scope, found)
    _find_arrivals(scope, found)
    _find_events(passage, scope, found)
    return found


def _changes(place: Place, row: models.Model, passage: Passage, mark: str) -> dict[str, Any]:
    changed: dict[str, Any] = {}
    for name in place.fields:
        value = getattr(row, name)
        if name == "html":
            if stands_in_page(passage, value):
                changed[name] = taken_out_of_page(passage, value, mark)
        elif passage.stands_in(value):
            clean = passage.taken_out_of(value, mark)
            longest = getattr(row._meta.get_field(name), "max_length", None)
            changed[name] = clean[:longest] if longest and isinstance(clean, str) else clean
    return changed


def _find_files(passage: Passage, scope: Scope, found: Stands) -> None:
    """Files of plain text that hold it go as a whole."""
    of_messages = Attachment.objects.filter(message__in=scope.messages)
    of_notes = Attachment.objects.filter(note__in=scope.notes)
    of_drafts = Attachment.objects.filter(draft__conversation__in=scope.conversations)
    beside = SideFile.objects.filter(message__in=scope.side_messages)
    typed = SideFile.objects.filter(draft__conversation__in=scope.conversations)
    known: dict[str, bool] = {}
    for rows in (of_messages, of_notes, of_drafts, beside, typed):
        for one in rows.select_related("file"):
            if _holds(passage, one.file, known):
                _let_go(one, found)


def find_content(file: File, scope: Scope) -> Stands:
    """The same for a file as a whole: every place where its content hangs."""
    found = Stands()
    of_conversation = Q(message__in=scope.messages) | Q(note__in=scope.notes)
    attachments = Attachment.objects.select_related("file").filter(file=file)
    of_draft = Q(draft__conversation__in=scope.conversations)
    beside = Q(message__in=scope.side_messages) | of_draft
    side_files = SideFile.objects.select_related("file").filter(file=file)
    for one in attachments.filter(of_conversation | of_draft):
        _let_go(one, found)
    for other in side_files.filter(beside):
        _let_go(other, found)
    _find_deliveries(NOTHING, scope, found)
    _find_arrivals(scope, found)
    return found


def _let_go(one: Attachment | SideFile, found: Stands) -> None:
    found.add("file", _place_of(one))
    found.contents.add(one.file.sha256)
    _list_for(one, found).append(one.pk)


def _list_for(one: Attachment | SideFile, found: Stands) -> list[int]:
    return found.attachments if isinstance(one, Attachment) else found.side_files


def _place_of(one: Attachment | SideFile) -> str:
    if isinstance(one, SideFile):
        return f"sidemessage:{one.message_id}" if one.message_id else ""
    if one.message_id:
        return f"message:{one.message_id}"
    return f"note:{one.note_id}" if one.note_id else ""


def _holds(passage: Passage, file: File, known: dict[str, bool]) -> bool:
    if file.sha256 not in known:
        text = ""
        if file.size <= PLAIN_TEXT and storage.has(file.sha256):
            raw = storage.load(file.sha256)
            text = "" if b"\0" in raw else raw.decode("utf-8", "replace")
        known[file.sha256] = passage.stands_in(text)
    return known[file.sha256]


def _find_deliveries(passage: Passage, scope: Scope, found: Stands) -> None:
    refs = scope.refs()
    for start in range(0, len(refs), AT_ONCE):
        _look_into(passage, Delivery.objects.filter(about__in=refs[start : start + AT_ONCE]), found)
    # What agents are told by mail says the words again.
    told = [agent.ref for agent in Agent.objects.only("pk")]
    for start in range(0, len(told), AT_ONCE):
        _look_into(passage, Delivery.objects.filter(about__in=told[start : start + AT_ONCE]), found)


def _look_into(passage: Passage, rows: "models.QuerySet[Delivery]", found: Stands) -> None:
    for one in rows.order_by("pk").iterator(AT_ONCE):
        words = {name: one.outgoing.get(name) for name in ("text", "html", "subject", "files")}
        page = str(one.outgoing.get("html") or "")
        gone = {str(file["sha256"]) for file in one.outgoing.get("files", ())} & found.contents
        said = [*words.values(), one.trouble]
        if gone or passage.stands_in(said) or stands_in_page(passage, page):
            found.deliveries.append(one)
            found.add("delivery")


def _find_arrivals(scope: Scope, found: Stands) -> None:
    """The raw mail of each thing that is touched, and every report that gives one back."""
    touched = found.refs & set(scope.refs())
    outcomes = [*sorted(touched), *(one.ref for one in found.deliveries)]
    numbers: set[int] = set()
    for start in range(0, len(outcomes), AT_ONCE):
        some = Arrival.objects.filter(outcome__in=outcomes[start : start + AT_ONCE])
        numbers |= set(some.values_list("pk", flat=True))
    found.arrivals = sorted(numbers)
    if numbers:
        found.counts["arrival"] = len(numbers)


def _find_events(passage: Passage, scope: Scope, found: Stands) -> None:
    refs = [*scope.everything(), *(one.ref for one in found.deliveries)]
    numbers: set[int] = set()
    for start in range(0, len(refs), AT_ONCE):
        about = Event.objects.filter(subjects__ref__in=refs[start : start + AT_ONCE])
        kept = Personal.objects.filter(event__in=about.values("pk"))
        for event, content in kept.values_list("event_id", "content").distinct():
            if passage.stands_in(content):
                numbers.add(event)
        said = about.values_list("pk", "facts").distinct()
        found.sealed += sum(passage.stands_in(facts) for _pk, facts in said)
    found.events = sorted(numbers)
    if numbers:
        found.counts["event"] = len(numbers)


def remove(passage: Passage, found: Stands, mark: str) -> set[int]:
    """Do what was found; the contents that nobody here needs any more."""
    for place, pk, changed in found.rows:
        place.model._default_manager.filter(pk=pk).update(**changed)
    files = _let_files_go(found)
    for one in found.deliveries:
        outgoing = {**one.outgoing, "html": taken_out_of_page(passage, one.outgoing["html"], mark)}
        kept = passage.taken_out_of({name: outgoing[name] for name in ("text", "subject")}, mark)
        names = [
            {**file, "name": passage.taken_out(file["name"], mark)} for file in outgoing["files"]
        ]
        trouble = passage.taken_out(one.trouble, mark)
        outgoing = {**outgoing, **kept, "files": names}
        Delivery.objects.filter(pk=one.pk).update(outgoing=outgoing, trouble=trouble)
    arrivals = Arrival.objects.filter(pk__in=found.arrivals).select_related("file")
    _count, more = empty_arrivals(arrivals, passage, mark)
    return files | more


def _let_files_go(found: Stands) -> set[int]:
    attachments = Attachment.objects.filter(pk__in=found.attachments)
    beside = SideFile.objects.filter(pk__in=found.side_files)
    files = set(attachments.values_list("file_id", flat=True))
    files |= set(beside.values_list("file_id", flat=True))
    attachments.delete()
    beside.delete()
    return files


def _pks(rows: "Iterable[Any]") -> list[int]:
    return list(rows.order_by("pk").values_list("pk", flat=True))  # type: ignore[attr-defined]
