"""What of a conversation can be found: its messages for everybody who sees it, notes for agents.

A follower keeps the index as the ledger tells; the index itself asks here for the words.
"""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from makegood.channels.models import Inbox
from makegood.channels.queries import inboxes_visible_to
from makegood.conversations.listing import ask
from makegood.conversations.models import Conversation, Message, Note
from makegood.conversations.sql import Sql, between, group_words, is_one_of
from makegood.kit.moments import in_utc
from makegood.kit.records import ref_id
from makegood.ledger.followers import follows
from makegood.ledger.models import Event
from makegood.search.actions import drop, put
from makegood.search.documents import Document, Shown, Source, documents_of, offer
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
    columns, joins = _MESSAGE
    for one, (author, direction, to, address) in _rows("message", columns, joins, pks):
        if direction == Message.Direction.INCOMING:
            others = [author, address or ""]
        else:
            others = [str(each) for each in (json.loads(to) if isinstance(to, str) else to)]
        yield replace(one, customer=" ".join([one.customer, *others]))


_MESSAGE = (
    'm.author_name, m.direction, m."to", h.address',
    "LEFT JOIN customers_handle h ON h.id = m.handle_id",
)


def note_documents(pks: Sequence[int]) -> Iterable[Document]:
    for one, _nothing in _rows("note", "m.id", "", pks):
        yield replace(one, is_internal=True)


def _rows(
    noun: str, columns: str, joins: str, pks: Collection[int]
) -> Iterator[tuple[Document, tuple[Any, ...]]]:
    """What both kinds have alike, in one question; and the columns of the one kind."""
    found, words = _are(pks), group_words()
    sql = f"""
        SELECT m.id, m.conversation_id, c.inbox_id, m.at, c.subject, p.name, m.text,
               (SELECT {words}(t.name, ' ') FROM conversations_conversation_tags ct
                  JOIN conversations_tag t ON t.id = ct.tag_id WHERE ct.conversation_id = c.id),
               (SELECT {words}(f.name, '\n') FROM conversations_attachment f
                 WHERE f.{noun}_id = m.id), {columns}
          FROM conversations_{noun} m
          JOIN conversations_conversation c ON c.id = m.conversation_id
          JOIN customers_customer p ON p.id = c.customer_id {joins}
         WHERE {found.text} ORDER BY m.id"""  # noqa: S608
    for pk, about, scope, at, subject, name, text, tags, files, *its_own in ask(sql, found.values):
        document = Document(
            ref=f"{noun}:{pk}",
            about=f"conversation:{about}",
            scope=scope,
            at=in_utc(at),
            subject=subject,
            customer=name,
            tags=tags or "",
            text=text[:TEXT_SHOWN],
            files=files or "",
        )
        yield document, tuple(its_own)


def _shown(noun: str) -> Callable[[Sequence[int]], Iterable[Shown]]:
    """Reads what a page shows of those that were found: people and tags stay where they are."""

    def show(pks: Sequence[int]) -> Iterable[Shown]:
        found, words = is_one_of("m.id", pks), group_words()
        sql = f"""
            SELECT m.id, c.subject, m.text,
                   (SELECT {words}(f.name, '\n') FROM conversations_attachment f
                     WHERE f.{noun}_id = m.id)
              FROM conversations_{noun} m
              JOIN conversations_conversation c ON c.id = m.conversation_id
             WHERE {found.text}"""  # noqa: S608
        for pk, subject, text, files in ask(sql, found.values):
            yield Shown(
                ref=f"{noun}:{pk}",
                subject=subject,
                text=text[:TEXT_SHOWN],
                files=files or "",
                is_internal=noun == "note",
            )

    return show


def _are(pks: Collection[int]) -> Sql:
    """These numbers; where they are a run without gaps, its two ends say the same faster."""
    first, last = min(pks, default=0), max(pks, default=-1)
    if last - first + 1 == len(pks) > 1:
        return between("m.id", first, last)
    return is_one_of("m.id", list(pks))


def _walk(model: type[Message] | type[Note]) -> Any:
    def after(pk: int, limit: int) -> Sequence[int]:
        rows = model.objects.filter(pk__gt=pk).order_by("pk")
        return list(rows.values_list("pk", flat=True)[:limit])

    return after


offer(Source(noun="message", read=message_documents, show=_shown("message"), walk=_walk(Message)))
offer(Source(noun="note", read=note_documents, show=_shown("note"), walk=_walk(Note)))
