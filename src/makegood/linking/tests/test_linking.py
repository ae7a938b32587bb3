"""What has to do with each other is linked: seen from both sides, and through joins and splits."""

from typing import Any

import pytest

from makegood.acts.act import Run
from makegood.acts.vocabulary import ACTS, read_act
from makegood.bulk.actions import act_on_chosen, undo_bulk
from makegood.channels.models import Inbox
from makegood.conversations.finding import Finder
from makegood.conversations.merging import (
    join_conversation,
    part_conversation,
    split_conversation,
)
from makegood.conversations.models import Conversation
from makegood.conversations.naming import understand
from makegood.kit.errors import Refused
from makegood.ledger.models import Event
from makegood.linking.actions import link_conversations, unlink_conversations
from makegood.linking.queries import linked_here, linked_numbers
from makegood.macros.actions import MacroWish, save_macro
from makegood.macros.running import run_macro
from makegood.team.models import Agent
from tests.world import arrive, conversation_of, mail_bytes

pytestmark = pytest.mark.django_db


def about(inbox: Inbox, words: str) -> Conversation:
    to = inbox.address or "hello@lantern.example"
    return conversation_of(arrive(inbox, mail_bytes(words, subject=f"About {words}", to=to)))


@pytest.fixture
def three(mailbox: Inbox) -> list[Conversation]:
    return [about(mailbox, words) for words in ("lamps", "wicks", "shades")]


@pytest.fixture
def hidden(back: Any) -> Conversation:
    """A conversation that only the back office sees."""
    press = Inbox.objects.create(name="Press", kind="email", address="press@lantern.example")
    press.teams.add(back)
    return about(press, "press")


def linked(*conversations: Conversation) -> list[list[int]]:
    return [linked_numbers(one.pk) for one in conversations]


def asked(agent: Agent, question: str) -> list[int]:
    return sorted(row.pk for row in Finder(understand(question, agent)).page().rows)


def test_either_shows_the_other_and_both_say_who_did_it(
    three: list[Conversation], nora: Agent
) -> None:
    lamps, wicks, shades = three
    for _twice in range(2):
        link_conversations(wicks, lamps, by=nora)
    assert linked(*three) == [[wicks.pk], [lamps.pk], []]
    told = Event.objects.get(kind="conversation.linked")
    assert {one.ref for one in told.subjects.all()} == {lamps.ref, wicks.ref}
    assert told.sentence() == f"Nora linked #{wicks.pk} and #{lamps.pk}"
    for _twice in range(2):
        unlink_conversations(lamps, wicks, by=nora)
    assert linked(*three) == [[], [], []]
    assert Event.objects.filter(kind="conversation.unlinked").count() == 1
    with pytest.raises(Refused, match="with itself"):
        link_conversations(shades, shades, by=nora)


def test_a_join_takes_its_links_along_and_gives_them_back(
    three: list[Conversation], mailbox: Inbox, nora: Agent
) -> None:
    lamps, wicks, shades = three
    oil = about(mailbox, "oil")
    link_conversations(wicks, shades, by=nora)
    link_conversations(lamps, wicks, by=nora)
    join_conversation(wicks, into=lamps, by=nora)
    assert linked(lamps, shades) == [[shades.pk], [lamps.pk]]
    link_conversations(lamps, oil, by=nora)
    part_conversation(wicks, by=nora)
    assert linked(lamps, wicks, shades, oil) == [
        [wicks.pk, oil.pk], [lamps.pk, shades.pk], [wicks.pk], [lamps.pk],
    ]  # fmt: skip


def test_unlinking_reaches_what_was_joined(three: list[Conversation], nora: Agent) -> None:
    lamps, wicks, shades = three
    link_conversations(wicks, shades, by=nora)
    join_conversation(wicks, into=lamps, by=nora)
    unlink_conversations(lamps, shades, by=nora)
    part_conversation(wicks, by=nora)
    assert linked(*three) == [[], [], []]


def test_a_join_of_a_join_shows_where_it_stands(three: list[Conversation], nora: Agent) -> None:
    lamps, wicks, shades = three
    link_conversations(lamps, shades, by=nora)
    join_conversation(shades, into=wicks, by=nora)
    assert linked(lamps, wicks) == [[wicks.pk], [lamps.pk]]
    assert asked(nora, f"linked:{shades.pk}") == [lamps.pk]


def test_what_is_split_off_is_linked_with_what_it_came_from(
    lamp: Conversation, mailbox: Inbox, nora: Agent
) -> None:
    more = about(mailbox, "chairs")
    join_conversation(more, into=lamp, by=nora)
    message = lamp.messages.order_by("pk").last()
    assert message is not None
    split = split_conversation(message, by=nora)
    assert linked(lamp, split) == [[split.pk], [lamp.pk]]
    join_conversation(split, into=lamp, by=nora)
    assert linked(lamp) == [[]]


def test_what_one_may_not_see_is_not_there(
    three: list[Conversation], hidden: Conversation, nora: Agent, olga: Agent
) -> None:
    lamps = three[0]
    link_conversations(lamps, hidden, by=olga)
    assert linked_here(lamps, nora) == []
    assert linked_here(lamps, olga) == [hidden]
    assert asked(olga, f"linked:{hidden.pk}") == [lamps.pk]
    assert asked(nora, f"linked:{hidden.pk}") == asked(nora, f"linked:>={hidden.pk}") == []
    with pytest.raises(Refused, match=f"no conversation #{hidden.pk}"):
        ACTS["link"].do(str(hidden.pk), Run(conversation=lamps, by=nora))


@pytest.mark.parametrize(
    "question", ["linked:900000000..900001000", "linked:999999999999999", "linked:0"]
)
def test_a_number_that_is_not_there_finds_nothing(
    question: str, three: list[Conversation], nora: Agent
) -> None:
    link_conversations(three[0], three[1], by=nora)
    assert asked(nora, question) == []


def test_a_macro_links_with_the_incident(three: list[Conversation], nora: Agent) -> None:
    lamps, wicks, shades = three
    link_conversations(lamps, shades, by=nora)
    acts = [("link", f"#{wicks.pk}; -{shades.pk}")]
    macro = save_macro(None, MacroWish(name="Power cut", acts=acts, agent=nora), by=nora)
    run_macro(macro, lamps, by=nora)
    assert linked(*three) == [[wicks.pk], [lamps.pk], []]


@pytest.mark.parametrize("words", ["", "lamp", "12, x", "٣", "1" * 16, " ".join("1" * 21)])
def test_what_is_no_number_is_no_link(words: str, three: list[Conversation]) -> None:
    with pytest.raises(Refused):
        read_act("link", words)


def test_many_are_linked_with_one_and_the_undoing_spares_what_was_so(
    three: list[Conversation], nora: Agent
) -> None:
    lamps, wicks, shades = three
    link_conversations(lamps, shades, by=nora)
    numbers = [one.pk for one in three]
    bulk = act_on_chosen(numbers, read_act("link", str(lamps.pk)), by=nora)
    assert (bulk.acted, bulk.same, bulk.refused) == (1, 1, 0)
    assert linked(*three) == [[wicks.pk, shades.pk], [lamps.pk], [lamps.pk]]
    undo_bulk(bulk, by=nora)
    assert linked(*three) == [[shades.pk], [], [lamps.pk]]
