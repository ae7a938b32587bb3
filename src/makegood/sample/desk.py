"""A desk of any size, through bulk paths: conversations, their ledger and their index."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

from django.db import connection, transaction

from makegood.channels.models import Inbox
from makegood.conversations.models import (
    Attachment,
    Conversation,
    Message,
    Note,
    Participant,
    Seen,
    Tag,
)
from makegood.conversations.searching import message_documents, note_documents
from makegood.customers.finding import find_everybody
from makegood.customers.models import Customer, Handle
from makegood.files.actions import keep_file
from makegood.kit.bulk import load, moments, next_number, settle_numbers
from makegood.ledger.bulk import pass_over, record_many
from makegood.sample import rows as tables
from makegood.sample.opening import beginnings
from makegood.sample.plan import TAGS, Person, Story, live_through
from makegood.sample.rows import Chronicle, Numbers, Rows, Stock
from makegood.sample.shop import Shop
from makegood.sample.writing import Voice, order_number, subject, voices
from makegood.search.actions import put_new
from makegood.search.index import backend
from makegood.team.models import Agent

BATCH = 2_000
WEIGHTS = (5, 3, 1, 2)
"""How much each of the shop's inboxes is written to."""
MESSAGES_A_CONVERSATION = 6
COMES_BACK = 0.4
"""How many of the conversations are with somebody who wrote before."""
RARE = 20
"""In how many messages the rare word stands."""

FILES = (
    (b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n", "invoice.pdf",
     "application/pdf"),
    (b"Order, Product, Count\nLL-100001, brass desk lamp, 1\n", "order.csv", "text/csv"),
)  # fmt: skip

Tell = Callable[[int], None]


@dataclass
class Crowd:
    """The customers so far; some of them come back."""

    people: list[Person]
    random: Random
    numbers: Numbers

    def somebody(self) -> Person:
        if self.people and self.random.random() < COMES_BACK:
            return self.random.choice(self.people)
        spoken, weights = voices()
        person = self._newcomer(self.random.choices(spoken, weights)[0])
        self.people.append(person)
        return person

    def _newcomer(self, voice: Voice) -> Person:
        first, last = self.random.choice(voice.first), self.random.choice(voice.last)
        number = self.numbers.customer
        self.numbers.customer += 1
        self.numbers.handle += 1
        return Person(
            customer=number,
            handle=self.numbers.handle - 1,
            name=f"{first} {last}",
            address=f"customer{number}@{voice.language}.example",
            voice=voice,
        )


def make_desk(shop: Shop, conversations: int, tell: Tell, seed: int = 1) -> int:
    """Fill the shop's desk; returns how many messages there are now in it."""
    random = Random(seed)  # noqa: S311  # the same desk every time
    now = time.time()
    stock, numbers = _stock(shop, conversations, random), _numbers()
    crowd = Crowd([], random, numbers)
    with backend().loading():
        for moments_ in _batches(beginnings(conversations, now, random), BATCH):
            chronicle = Chronicle(stock, numbers)
            chronicle.now = now
            stories = [_story(at, now, crowd, stock) for at in moments_]
            _store(chronicle.tell(stories))
            tell(numbers.conversation)
        _finish(crowd, stock)
    return numbers.message - 1


def _stock(shop: Shop, conversations: int, random: Random) -> Stock:
    Tag.objects.bulk_create([Tag(name=name) for name in TAGS], ignore_conflicts=True)
    files = [(keep_file(content), name, kind) for content, name, kind in FILES]
    return Stock(
        agents={agent.pk: agent.name for agent in shop.agents},
        answering={inbox.pk: _answering(inbox, shop) for inbox in shop.inboxes},
        inboxes={inbox.pk: inbox.address or "form" for inbox in shop.inboxes},
        tags=dict(Tag.objects.values_list("name", "pk")),
        files=[(file.pk, name, kind) for file, name, kind in files],
        moment=moments(),
        random=random,
        rare_every=max(13, conversations * MESSAGES_A_CONVERSATION // RARE),
    )


def _answering(inbox: Inbox, shop: Shop) -> list[int]:
    """Who may see an inbox answers in it."""
    team = Agent.objects.filter(teams__inbox=inbox, is_active=True).distinct()
    return list(team.values_list("pk", flat=True)) or [agent.pk for agent in shop.agents]


def _numbers() -> Numbers:
    return Numbers(
        conversation=next_number(Conversation),
        customer=next_number(Customer),
        handle=next_number(Handle),
        message=next_number(Message),
        note=next_number(Note),
    )


def _batches(moments_: Sequence[float], size: int) -> Iterator[Sequence[float]]:
    for start in range(0, len(moments_), size):
        yield moments_[start : start + size]


def _story(at: float, now: float, crowd: Crowd, stock: Stock) -> Story:
    random, person = stock.random, crowd.somebody()
    number = crowd.numbers.conversation
    crowd.numbers.conversation += 1
    order = order_number(number)
    inboxes = list(stock.inboxes)
    inbox = random.choices(inboxes, WEIGHTS[: len(inboxes)])[0]
    story = Story(
        number=number,
        person=person,
        agent=random.choice(stock.answering[inbox]),
        inbox=inbox,
        order=order,
        subject=subject(person.voice, order, random),
    )
    live_through(story, at, now, random)
    return story


@transaction.atomic
def _store(rows: Rows) -> None:
    load(Customer, tables.CUSTOMER, rows.customers)
    load(Handle, tables.HANDLE, rows.handles)
    load(Conversation, tables.CONVERSATION, rows.conversations)
    load(Participant, tables.PARTICIPANT, rows.participants)
    load(Message, tables.MESSAGE, rows.messages)
    load(Note, tables.NOTE, rows.notes)
    load(Attachment, tables.ATTACHMENT, rows.attachments)
    load(Conversation.tags.through, tables.TAGGED, rows.tagged)
    load(Seen, tables.SEEN, rows.seen)
    record_many(rows.events)
    put_new(message_documents([row[0] for row in rows.messages]))
    put_new(note_documents([row[0] for row in rows.notes]))


def _finish(crowd: Crowd, stock: Stock) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE customers_customer SET last_seen_at = %s WHERE id = %s",
            [(stock.moment(round(one.last_seen)), one.customer) for one in crowd.people],
        )
    settle_numbers(Conversation, Customer, Handle, Message, Note)
    find_everybody()
    pass_over()
