"""Small shops made by chance, and questions that somebody there might ask."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from hypothesis import strategies as st

from makegood.asking.tree import Node, Range, Test, When, Word, all_of, any_of, not_
from makegood.channels.models import Inbox
from makegood.conversations.models import Conversation, Draft, Message, Note, Seen, Tag
from makegood.conversations.searching import message_documents, note_documents
from makegood.conversations.tests.oracle import Matter, Said
from makegood.customers.models import Customer
from makegood.fields.actions import Wish, put_value, save_field
from makegood.fields.models import Field
from makegood.fields.reading import read_value
from makegood.ledger.actors import System
from makegood.linking.models import Link
from makegood.notices.following import follow, unfollow
from makegood.notices.models import Mention
from makegood.search.actions import put
from makegood.team.models import Agent, Team

VOCABULARY = ("late", "lamp", "lantern", "refund", "parcel", "ok")
TAGS = ("late parcel", "vip", "none")
NAMES = ("Ida Berg", "Karim Adl")


@dataclass
class Shop:
    """Everybody who answers, and every way in."""

    agents: list[Agent]
    teams: list[Team]
    inboxes: list[Inbox]
    now: datetime
    random: Random

    def moment(self) -> datetime:
        return self.now - timedelta(minutes=self.random.choice([5, 90, 1500, 3000, 11000, 60000]))

    def words(self) -> str:
        return " ".join(self.random.choices(VOCABULARY, k=self.random.randint(1, 4)))


OWN = (
    Wish(name="Size", noun="conversation", kind="number"),
    Wish(name="Gift", noun="conversation", kind="yes or no"),
    Wish(name="Engraving", noun="conversation"),
    Wish(name="Colour", noun="customer", kind="choice", choices=["deep blue", "Red"]),
    Wish(name="Member since", noun="customer", kind="date"),
    Wish(name="Language", noun="customer"),
)
"""What this shop wants to know besides, one of each kind; the last by a word that is taken."""


def make_own_fields() -> None:
    for wish in OWN:
        save_field(None, wish, by=System("test"))


def link_some(shop: Shop, matters: list[Matter]) -> None:
    """Some have to do with each other."""
    for place, one in enumerate(matters):
        for other in matters[place + 1 :]:
            if shop.random.random() < 0.3:
                Link.objects.create(low_id=one.pk, high_id=other.pk, at=shop.now)
                one.linked.append((other.pk, other.inbox))
                other.linked.append((one.pk, one.inbox))


def _fill(shop: Shop, conversation: Conversation) -> dict[str, Any]:
    """What is typed into the fields, and what they say by that."""
    chance, day = shop.random, shop.now.date()
    choices: dict[str, list[Any]] = {
        "size": [None, Decimal(2), Decimal("2.5"), Decimal(-1), Decimal("40.000001")],
        "gift": [None, True, False],
        "engraving": [None, "Late lamp", "lamp", "10% off_all"],
        "colour": [None, "deep blue", "Red"],
        "member-since": [None, day, day - timedelta(days=1), day - timedelta(days=300)],
        "customer-language": [None, "Plattdeutsch"],
    }
    own = {word: chance.choice(known) for word, known in choices.items()}
    for field in Field.objects.all():
        said = own[field.key if field.key != "language" else "customer-language"]
        typed = {True: "yes", False: "no"}.get(said, str(said)) if said is not None else ""
        thing = conversation.pk if field.noun == "conversation" else conversation.customer_id
        put_value(field, thing, read_value(field, typed))
    return own


def make_matter(shop: Shop) -> Matter:
    """One conversation in some state, in the database and beside it."""
    chance, status = shop.random, shop.random.choice(["open", "open", "snoozed", "resolved"])
    customer = Customer.objects.create(
        name=chance.choice(NAMES), language=chance.choice(["", "de"]),
        first_seen_at=shop.now, last_seen_at=shop.now,
    )  # fmt: skip
    conversation = Conversation.objects.create(
        inbox=chance.choice(shop.inboxes), customer=customer, subject=shop.words(), status=status,
        turn=chance.choice(["ours", "theirs"]), turn_since=shop.moment(), opened_at=shop.moment(),
        last_at=shop.moment(), assignee=chance.choice([None, *shop.agents]),
        team=chance.choice([None, *shop.teams]), has_attachment=chance.random() < 0.3,
        resolved_at=shop.moment() if status == "resolved" else None,
        snoozed_until=shop.now + timedelta(days=1) if status == "snoozed" else None,
        is_undelivered=chance.random() < 0.3, priority=chance.choice([1, 2, 3, 3, 4]),
        mood=chance.choice(["angry", "unhappy", "neutral", "pleased", ""]),
    )  # fmt: skip
    tags = chance.sample(TAGS, chance.randint(0, 2))
    conversation.tags.set([Tag.objects.get_or_create(name=name)[0] for name in tags])
    return _with_words(shop, conversation, tags)


def _with_words(shop: Shop, conversation: Conversation, tags: list[str]) -> Matter:
    chance = shop.random
    messages = [
        Message.objects.create(
            conversation=conversation, inbox=conversation.inbox, at=shop.moment(),
            direction=chance.choice(["incoming", "outgoing"]), text=shop.words(),
            author_name=conversation.customer.name,
        )
        for _number in range(chance.randint(1, 3))
    ]  # fmt: skip
    notes = [
        Note.objects.create(
            conversation=conversation, agent=shop.agents[0], text=shop.words(), at=shop.moment()
        )
        for _number in range(chance.randint(0, 1))
    ]
    followers, named = chance.sample(shop.agents, 1), chance.sample(shop.agents, len(notes))
    follow(conversation, by=followers[0])
    unfollow(conversation, by=next(one for one in shop.agents if one not in followers))
    for agent in named:
        Mention.objects.create(agent=agent, note=notes[0], at=shop.now)
    incoming = [one.pk for one in messages if one.direction == "incoming"]
    Conversation.objects.filter(pk=conversation.pk).update(last_incoming=max(incoming, default=0))
    conversation.refresh_from_db()
    readers = chance.sample(shop.agents, 1)
    Seen.objects.create(agent=readers[0], conversation=conversation, message=messages[-1].pk)
    drafters = chance.sample(shop.agents, chance.randint(0, 1))
    for agent in drafters:
        Draft.objects.create(conversation=conversation, agent=agent, saved_at=shop.now)
    put(message_documents([one.pk for one in messages]))
    put(note_documents([one.pk for one in notes]))
    return _matter(shop, conversation, messages, notes, (tags, drafters, readers, followers, named))


def _matter(
    shop: Shop, conversation: Conversation, messages: list[Message], notes: list[Note], more: Any
) -> Matter:
    tags, drafters, readers, followers, named = more
    name = conversation.customer.name
    whole = (conversation.subject, " ".join([name, name]), " ".join(tags))
    said = [
        *((*whole[:1], name if one.direction == "outgoing" else whole[1], whole[2], one.text)
          for one in messages),
        *((whole[0], name, whole[2], one.text) for one in notes),
    ]  # fmt: skip
    return Matter(
        pk=conversation.pk, status=conversation.status, turn=conversation.turn,
        turn_since=conversation.turn_since, opened_at=conversation.opened_at,
        last_at=conversation.last_at, resolved_at=conversation.resolved_at,
        snoozed_until=conversation.snoozed_until,
        assignee=conversation.assignee.name if conversation.assignee else "",
        team=conversation.team.name if conversation.team else "",
        inbox=conversation.inbox.name, address=conversation.inbox.address,
        channel=conversation.inbox.kind,
        language=conversation.customer.language or conversation.inbox.language,
        tags=frozenset(tags), messages=len(messages), has_attachment=conversation.has_attachment,
        is_undelivered=conversation.is_undelivered,
        has_note=bool(notes), drafters=frozenset(one.name for one in drafters),
        unread_by=frozenset(
            one.name for one in shop.agents if conversation.last_incoming and (
                one not in readers or conversation.last_incoming > messages[-1].pk)
        ),
        answers=tuple(one.at for one in messages if one.direction == "outgoing"),
        followers=frozenset(one.name for one in followers),
        named=frozenset(one.name for one in named),
        mood=conversation.mood,
        priority=conversation.get_priority_display(), own=_fill(shop, conversation),
        said=tuple(Said(columns=columns) for columns in said),
    )  # fmt: skip


def _named(names: list[str]) -> st.SearchStrategy[Word]:
    return st.sampled_from(names).map(lambda name: Word(name, is_quoted=True))


_STATES = ["open", "waiting", "answered", "snoozed", "resolved"]
_WHEN = st.tuples(
    st.sampled_from(["=", "<", ">", "<=", ">="]),
    st.sampled_from(["today", "yesterday", "this week", "last month", "2026"]),
).map(lambda pair: When(*pair))
_AGO = st.tuples(st.sampled_from(["<", ">=", ">", "<="]), st.sampled_from(["-2h", "-3d"])).map(
    lambda pair: When(*pair)
)
_SPAN = st.just(When("..", "-30d", "yesterday"))
_WHENS = st.one_of(_WHEN, _AGO, _SPAN)
_COUNT = st.sampled_from([Range(2, None), Range(1, 1), Range(None, 2), Range(2, 3)])
_SEARCHED = st.one_of(
    st.sampled_from([*VOCABULARY, "lan", "la", "ref"]).map(Word),
    st.sampled_from(["late lamp", "ida berg", "ok", "lan"]).map(lambda w: Word(w, is_quoted=True)),
    st.just(Word("lan", is_beginning=True)),
)
_ANY = st.sampled_from(["any", "none"]).map(Word)
_AMOUNTS = st.one_of(
    st.sampled_from([
        Range(2_000_000, None), Range(2_500_000, 2_500_000), Range(None, -500_000),
        Range(-1_000_000, 2_500_000), Range(40_000_001, None),
    ]),
    _ANY,
)  # fmt: skip
_VALUES: dict[str, st.SearchStrategy[Any]] = {
    "status": st.sampled_from(_STATES).map(Word),
    "is": st.sampled_from([*_STATES, "unread", "mine", "unassigned", "undelivered"]).map(Word),
    "has": st.sampled_from(["attachment", "note", "draft", "tag"]).map(Word),
    "assignee": st.one_of(_named(["Nora", "Tomas"]), st.sampled_from(["me", "none"]).map(Word)),
    "team": st.one_of(_named(["Front"]), st.just(Word("none"))),
    "tag": st.one_of(
        _named(list(TAGS)), st.just(Word("none")), st.just(Word("late", is_beginning=True))
    ),
    "inbox": _named(["Hello", "Form"]),
    **dict.fromkeys(
        ["follows", "mentions"], st.one_of(_named(["Nora", "Tomas"]), st.just(Word("me")))
    ),
    "priority": st.sampled_from(["urgent", "high", "normal", "low"]).map(Word),
    "mood": st.sampled_from(["angry", "unhappy", "neutral", "pleased", "unknown"]).map(Word),
    "size": _AMOUNTS, "colour": st.one_of(_named(["deep blue", "red"]), _ANY),
    "gift": st.sampled_from(["yes", "no", "none", "any"]).map(Word),
    "member-since": st.one_of(_WHENS, _ANY),
    "channel": st.sampled_from(["email", "web"]).map(Word),
    "to": _named(["hello@lantern.example"]),
    "language": st.sampled_from(["de", "en"]).map(Word),
    "waiting": st.sampled_from([Range(3600, None), Range(None, 86400), Range(3600, 864_000)]),
    "created": _WHENS, "updated": _WHENS, "answered": _WHENS, "resolved": _WHENS,
    "wakes": st.one_of(_WHEN, _AGO), "messages": _COUNT, "number": _COUNT,
    "linked": st.one_of(_COUNT, st.integers(1, 9).map(lambda pk: Range(pk, pk))),
}  # fmt: skip
_TEXTS = ("words", "subject", "customer", "text")
_OWN_WORDS = st.one_of(
    st.sampled_from(["late", "lamp", "amp", "ff_a", "%", "aOb"]).map(Word).filter(
        lambda word: any(letter.isalnum() for letter in word.text)
    ),
    _named(["lamp", "Late lamp", "plattdeutsch"]), _ANY, st.just(Word("lat", is_beginning=True)),
)  # fmt: skip


def _test(name: str) -> st.SearchStrategy[Node]:
    values = st.lists(_VALUES[name], min_size=1, max_size=2, unique=True)
    return values.map(lambda found: Test(name, tuple(found)))


_LEAVES = st.one_of(
    *map(_test, _VALUES),
    st.tuples(st.sampled_from(["engraving", "customer-language"]), _OWN_WORDS).map(
        lambda pair: Test(pair[0], (pair[1],))
    ),
    st.sampled_from(["lamp", "late", "ok"]).map(lambda word: Test("order", (Word(word),))),
    st.tuples(st.sampled_from(_TEXTS), _SEARCHED).map(lambda pair: Test(pair[0], (pair[1],))),
)
questions = st.recursive(
    _LEAVES,
    lambda inner: st.one_of(
        inner.map(not_),
        st.lists(inner, min_size=2, max_size=4).map(all_of),
        st.lists(inner, min_size=2, max_size=3).map(any_of),
    ),
    max_leaves=8,
)
