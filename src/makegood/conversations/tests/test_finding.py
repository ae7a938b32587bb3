from random import Random
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from makegood.asking.completing import complete
from makegood.asking.tree import Node
from makegood.asking.writing import write
from makegood.channels.models import Inbox
from makegood.conversations import conditions, finding, knowing, sifting
from makegood.conversations.fields import CONVERSATIONS
from makegood.conversations.finding import Finder
from makegood.conversations.merging import join_conversation
from makegood.conversations.models import Conversation, Tag
from makegood.conversations.naming import Names, understand
from makegood.conversations.searching import message_documents
from makegood.conversations.tests.oracle import Matter, holds
from makegood.conversations.tests.shops import (
    TAGS,
    Shop,
    link_some,
    make_matter,
    make_own_fields,
    questions,
)
from makegood.fields.actions import Wish, save_field
from makegood.search.actions import put
from makegood.team.models import Agent

WIDE: dict[str, Any] = {}
NARROW: dict[str, Any] = {
    "PAGE": 2, "WORDS_AT_ONCE": 2, "WORD_ROUNDS": 2, "MOST_LOOKED_AT": 2,
}  # fmt: skip


@pytest.fixture
def shop(nora: Agent, tomas: Agent, mailbox: Inbox, form: Inbox, back: Any) -> Shop:
    """A shop with a third inbox that only the back office sees."""
    hidden = Inbox.objects.create(name="Hidden", kind="email", address="h@lantern.example")
    hidden.teams.set([back])
    make_own_fields()
    for name in TAGS:
        Tag.objects.create(name=name)
    now = timezone.localtime()
    return Shop(
        agents=[nora, tomas], teams=[*mailbox.teams.all()], inboxes=[mailbox, form, hidden],
        now=now, random=Random(1),
    )  # fmt: skip


def put_word(pk: int, word: str) -> None:
    """Something more was said there."""
    message = Conversation.objects.get(pk=pk).messages.first()
    assert message is not None
    message.text += f" {word}"
    message.save(update_fields=["text"])
    put(message_documents([message.pk]))


class Undone(Exception):
    """Ends an example without a trace."""


def found_by(question: Node, agent: Agent, shop: Shop) -> tuple[list[int], finding.Counted]:
    """Every page of an answer, and the count."""
    text = write(question, Names(agent).vocabulary)
    understood = understand(text, agent)
    assert not understood.problems, (text, understood.problems)
    assert understood.tree == question
    found, after = [], ""
    for _page in range(60):
        page = Finder(understood, now=shop.now).page(after)
        found += [row.pk for row in page.rows]
        after = page.next
        if not after:
            assert sorted(found) == sorted(_numbers(Finder(understood, now=shop.now)))
            return found, Finder(understood, now=shop.now).count()
    raise AssertionError(f"{text} has no end")


def _numbers(finder: Finder) -> list[int]:
    """The same by number alone, as an act on all of them comes to them."""
    found, after = finder.numbers("", 2)
    while after:
        more, after = finder.numbers(after, 2)
        found += more
    return found


@pytest.mark.parametrize("bounds", [WIDE, NARROW], ids=["wide", "narrow"])
def test_the_database_finds_what_plain_python_finds(
    shop: Shop, bounds: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in bounds.items():
        monkeypatch.setattr(finding, name, value)
    if bounds:
        monkeypatch.setattr(conditions, "MOST_PROBED", 1)
        monkeypatch.setattr(finding, "MOST_PROBED", 1)
        monkeypatch.setattr(sifting, "ROUNDS", (1, 2))

    @settings(
        max_examples=25,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(st.integers(0, 10**6), st.integers(0, 6), st.lists(questions, min_size=3, max_size=6))
    def ask_a_shop(seed: int, size: int, asked: list[Node]) -> None:
        with pytest.raises(Undone), transaction.atomic():
            shop.random = Random(seed)
            matters = [make_matter(shop) for _number in range(size)]
            link_some(shop, matters)
            for question in asked:
                for agent in shop.agents:
                    _compare(question, agent, matters, shop)
            raise Undone

    ask_a_shop()


def _compare(question: Node, agent: Agent, matters: list[Matter], shop: Shop) -> None:
    seen = [one for one in matters if agent.sees_everything() or one.inbox != "Hidden"]
    expected = {one.pk for one in seen if holds(question, one, agent, shop.now)}
    found, counted = found_by(question, agent, shop)
    text = write(question, Names(agent).vocabulary)
    assert sorted(found) == sorted(expected), text
    if counted.is_exact:
        assert counted.number == len(expected), text
    else:
        assert counted.number <= len(expected), text


def test_a_name_that_is_not_there_is_pointed_at(shop: Shop, nora: Agent) -> None:
    text = 'late assignee:norra tag:"vipp"'
    problems = understand(text, nora).problems
    assert [text[one.start : one.end] for one in problems] == ["norra", '"vipp"']
    assert [one.instead for one in problems] == ["Nora", "vip"]


def test_a_shops_own_fields_are_asked_for_by_their_words(shop: Shop, nora: Agent) -> None:
    text = "size:>=2.5 colour:ret gift:perhaps"
    problems = understand(text, nora).problems
    assert [text[one.start : one.end] for one in problems] == ["perhaps"]
    text = "size:large colour:ret"
    assert [one.start for one in understand(text, nora).problems] == [5]
    text = "size:2,5 colour:ret"
    (problem,) = understand(text, nora).problems
    assert (text[problem.start :], problem.instead) == ("ret", "Red")
    names = Names(nora)
    offered = complete("col", 3, names.vocabulary, names.offered).options
    assert [one.insert for one in offered] == ["colour:"]
    offered = complete("colour:d", 8, names.vocabulary, names.offered).options
    assert [one.insert for one in offered] == ['"deep blue"']


def test_a_field_that_one_may_not_see_cannot_be_asked_for(
    shop: Shop, nora: Agent, tomas: Agent
) -> None:
    secret = Wish(name="Credit", noun="customer", kind="number", seen_by="lead")
    save_field(None, secret, by=tomas)
    assert understand("credit:>5", nora).problems
    assert not understand("credit:>5", tomas).problems


def test_an_order_belongs_where_somebody_knows_it(
    shop: Shop, tomas: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoken, known = make_matter(shop), make_matter(shop)
    put_word(spoken.pk, "1042")
    asked = understand("order:#1042", tomas)
    assert [row.pk for row in Finder(asked).page().rows] == [spoken.pk]
    monkeypatch.setattr(knowing, "_KNOWING", [lambda number: [known.pk] * (number == "1042")])
    found = {row.pk for row in Finder(asked).page().rows}
    assert found == {spoken.pk, known.pk}


def test_what_an_agent_may_not_see_has_no_name(shop: Shop, nora: Agent, tomas: Agent) -> None:
    assert understand("inbox:hidden", nora).problems
    assert not understand("inbox:hidden", tomas).problems
    field = CONVERSATIONS.named("inbox")
    assert field is not None
    assert Names(nora).offered(field, "h") == ["Hello"]


@pytest.mark.parametrize(
    "text",
    ["status:offen", "ist:ungelesen", "zugewiesen:ich", "betreff:lampe", "erstellt:letzte woche"],
)
def test_german_is_understood(shop: Shop, nora: Agent, text: str) -> None:
    assert not understand(text, nora).problems


COMMON = [
    "is:waiting", "is:open is:mine", "is:open is:unassigned", "status:open,snoozed", "is:resolved",
    "status:open team:front", "is:resolved assignee:nora", "is:open inbox:hello", "tag:vip",
    "is:open tag:vip -tag:none", "is:unread is:open", "waiting:>2h", "created:last week",
    "is:open has:attachment", "messages:>=5", "#1", "late", "is:open late -parcel", "has:draft",
    "answered:today OR has:note", "is:undelivered", "is:undelivered is:open tag:vip",
]  # fmt: skip


@pytest.mark.parametrize("order", ["longest", "newest", "oldest"])
@pytest.mark.parametrize("who", ["nora", "tomas"])
@pytest.mark.parametrize("text", COMMON)
def test_no_common_question_looks_through_the_whole_table(
    shop: Shop, text: str, who: str, order: str, request: pytest.FixtureRequest
) -> None:
    agent = request.getfixturevalue(who)
    make_matter(shop)
    is_postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        if is_postgresql:  # so small a table would be read whole
            cursor.execute("SET LOCAL enable_seqscan = off")
        with CaptureQueriesContext(connection) as captured:
            found = Finder(understand(text, agent), order)
            found.page()
            found.count()
        for query in captured.captured_queries:
            if "conversations_conversation c" in query["sql"]:
                plan = _plan(cursor, query["sql"], is_postgresql=is_postgresql)
                assert not any(_is_scan(line) for line in plan), "\n".join(plan)


def _plan(cursor: Any, sql: str, *, is_postgresql: bool) -> list[str]:
    cursor.execute(
        ("EXPLAIN " if is_postgresql else "EXPLAIN QUERY PLAN ") + sql.replace("%", "%%"), []
    )
    return [str(row[-1]) for row in cursor.fetchall()]


def _is_scan(line: str) -> bool:
    """Whether every conversation is read, or walked by an index from one end to the other."""
    return line.strip(" ->").startswith(
        "Seq Scan on conversations_conversation"
    ) or line.startswith(("SCAN c ", "SCAN conversations_conversation"))


def test_what_was_joined_is_found_as_what_it_is_part_of(shop: Shop, tomas: Agent) -> None:
    one, other = (Conversation.objects.get(pk=make_matter(shop).pk) for _number in range(2))
    join_conversation(one, into=other, by=tomas)
    for text in (f"#{one.pk}", f"#{other.pk}", f"number:{one.pk}..{other.pk}", ""):
        finder = Finder(understand(text, tomas))
        assert [row.pk for row in finder.page().rows] == [other.pk], text
        assert finder.count().number == 1, text


def test_what_bears_both_of_two_tags_stands_there_once(shop: Shop, tomas: Agent) -> None:
    one = Conversation.objects.get(pk=make_matter(shop).pk)
    one.tags.set(Tag.objects.filter(name__in=["late parcel", "vip"]))
    finder = Finder(understand('tag:"late parcel",vip', tomas))
    assert finder.known == [one.pk, one.pk], "the index gives it twice"
    assert [row.pk for row in finder.page().rows] == [one.pk]
    assert finder.count().number == 1
