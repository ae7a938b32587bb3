"""A person's story over everything: what was said, noted and done, newest first, by key."""

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from makegood.channels.queries import inboxes_visible_to
from makegood.chat.models import Rating
from makegood.conversations.models import Conversation, Message, Note
from makegood.customers.merging import parts_of
from makegood.customers.models import Customer, CustomerNote
from makegood.fields.queries import fields_of
from makegood.kit.paging import Page, is_number, mark, moment_in, unmark
from makegood.kit.text import one_line
from makegood.ledger.models import Event
from makegood.team.models import Agent

PAGE = 40
PREVIEW = 280
KINDS = ("conversation", "customernote", "event", "message", "note", "rating")
SAID_ELSEWHERE = ("customer.noted", "customer.note_removed", "customer.set_aside")
"""Events that the story does not tell: the note itself stands there."""


@dataclass(frozen=True, kw_only=True)
class Moment:
    """One thing in a person's story."""

    at: datetime
    kind: str
    pk: int
    words: str
    who: str = ""
    conversation: int = 0
    subject: str = ""
    is_incoming: bool = False

    def key(self) -> tuple[datetime, str, int]:
        return self.at, self.kind, self.pk


def story_page(customer: Customer, agent: Agent, after: str = "") -> Page[Moment]:
    """One page of the story as far as this agent may know it."""
    before = _key(after)
    visible: Any = Q()
    if not agent.sees_everything():
        visible = Q(inbox__in=[inbox.pk for inbox in inboxes_visible_to(agent)])
    theirs = list(Conversation.objects.filter(visible, customer=customer).values("pk", "subject"))
    subjects = {row["pk"]: row["subject"] for row in theirs}
    sources = [
        _conversations(customer, visible, before),
        _messages(subjects, before),
        _notes(subjects, before),
        _ratings(subjects, before),
        _customer_notes(customer, before),
        _events(customer, agent.role, before),
    ]
    found = heapq.nlargest(PAGE + 1, (one for source in sources for one in source), key=Moment.key)
    last = found[PAGE - 1] if len(found) > PAGE else None
    following = mark(last.at.isoformat(), last.kind, last.pk) if last else ""
    return Page(rows=found[:PAGE], next=following)


def _key(after: str) -> tuple[datetime, str, int] | None:
    key = unmark(after, 3)
    if key is None or key[1] not in KINDS or not is_number(key[2]):
        return None
    at = moment_in(key[0])
    return (at, key[1], key[2]) if at is not None else None


def _newest(
    rows: "QuerySet[Any]", before: tuple[datetime, str, int] | None, kind: str, column: str = "at"
) -> Iterable[Any]:
    """The newest rows of one kind behind the key, which orders by time, kind and number."""
    if before is not None:
        at, of_kind, pk = before
        rows = rows.filter(**{f"{column}__lte": at})
        if kind > of_kind:
            rows = rows.exclude(**{column: at})
        elif kind == of_kind:
            rows = rows.exclude(**{column: at, "pk__gte": pk})
    return rows.order_by(f"-{column}", "-pk")[: PAGE + 1]


def _conversations(customer: Customer, visible: Q, before: Any) -> Iterable[Moment]:
    rows = Conversation.objects.filter(visible, customer=customer)
    for one in _newest(rows, before, "conversation", "opened_at"):
        yield Moment(
            at=one.opened_at,
            kind="conversation",
            pk=one.pk,
            words=one.subject,
            conversation=one.pk,
            subject=one.subject,
            who=one.get_status_display(),
        )


def _messages(subjects: dict[int, str], before: Any) -> Iterable[Moment]:
    rows = Message.objects.filter(conversation__in=list(subjects)).defer("html", "quoted")
    for one in _newest(rows, before, "message"):
        yield Moment(
            at=one.at,
            kind="message",
            pk=one.pk,
            words=one_line(one.text, PREVIEW),
            who=one.author_name,
            conversation=one.conversation_id,
            subject=subjects[one.conversation_id],
            is_incoming=one.is_incoming(),
        )


def _notes(subjects: dict[int, str], before: Any) -> Iterable[Moment]:
    rows = Note.objects.filter(conversation__in=list(subjects)).select_related("agent")
    for one in _newest(rows, before, "note"):
        yield Moment(
            at=one.at,
            kind="note",
            pk=one.pk,
            words=one_line(one.text, PREVIEW),
            who=one.agent.name,
            conversation=one.conversation_id,
            subject=subjects[one.conversation_id],
        )


def _ratings(subjects: dict[int, str], before: Any) -> Iterable[Moment]:
    rows = Rating.objects.filter(conversation__in=list(subjects)).select_related("handle")
    for one in _newest(rows, before, "rating"):
        yield Moment(
            at=one.at,
            kind="rating",
            pk=one.pk,
            words=f"{one.get_choice_display()}: {one.words}".rstrip(": "),
            conversation=one.conversation_id,
            subject=subjects[one.conversation_id],
        )


def _customer_notes(customer: Customer, before: Any) -> Iterable[Moment]:
    for one in _newest(CustomerNote.objects.filter(customer=customer), before, "customernote"):
        yield Moment(at=one.at, kind="customernote", pk=one.pk, words=one.text, who=one.by_name)


def _events(customer: Customer, role: str, before: Any) -> Iterable[Moment]:
    """What happened to the person: not what happened in conversations, which may be others'."""
    refs = [f"customer:{pk}" for pk in (customer.pk, *parts_of(customer))]
    told = Q(kind__startswith="customer.") | Q(kind="field.filled")
    fields = fields_of("customer", with_archived=True)
    hidden = [field.pk for field in fields if not field.may_be_seen_by(role)]
    events = Event.objects.filter(told, pk__in=_events_about(refs)).exclude(kind__in=SAID_ELSEWHERE)
    if hidden:
        events = events.exclude(kind="field.filled", facts__field__in=hidden)
    for one in _newest(events.select_related("personal"), before, "event"):
        yield Moment(at=one.at, kind="event", pk=one.pk, words=one.sentence(), who="")


def _events_about(refs: Sequence[str]) -> Any:
    return Event.objects.filter(subjects__ref__in=refs).values("pk")
