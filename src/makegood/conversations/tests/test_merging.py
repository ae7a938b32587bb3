"""Joining and splitting: nothing is lost, everything leads to where it stands, all is undone."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from makegood.channels.models import Delivery, Inbox
from makegood.conversations.actions import (
    add_note,
    assign_conversation,
    mark_seen,
    resolve_conversation,
    tag_conversation,
)
from makegood.conversations.drafting import save_draft
from makegood.conversations.finding import VIEWS, counts, inbox_page
from makegood.conversations.merging import (
    join_conversation,
    part_conversation,
    split_conversation,
)
from makegood.conversations.models import Conversation, Draft, Message, Participant
from makegood.conversations.queries import conversation_for, joined_here
from makegood.conversations.replying import Reply, reply_to
from makegood.conversations.resting import snooze_conversation
from makegood.conversations.searching import scope_of
from makegood.conversations.standing import standing_number
from makegood.kit.errors import Refused
from makegood.ledger.followers import catch_up
from makegood.ledger.models import Event
from makegood.search.queries import find
from tests.world import arrive, conversation_of, mail_bytes

pytestmark = pytest.mark.django_db


def begin(mailbox: Inbox, words: str, **more: Any) -> Conversation:
    more.setdefault("subject", f"About {words}")
    return conversation_of(arrive(mailbox, mail_bytes(words, **more)))


@pytest.fixture
def lamp_(mailbox: Inbox) -> Conversation:
    return begin(mailbox, "lantern")


@pytest.fixture
def shade(mailbox: Inbox) -> Conversation:
    return begin(mailbox, "shade")


def texts(conversation: Conversation) -> list[str]:
    return [one.text for one in conversation.messages.order_by("pk")]


def fresh(conversation: Conversation) -> Conversation:
    return Conversation.objects.get(pk=conversation.pk)


def state(conversation: Conversation) -> dict[str, Any]:
    """Everything of a conversation that a join may change and an undoing must give back."""
    row = fresh(conversation)
    return {
        "status": row.status,
        "turn": (row.turn, row.turn_since),
        "snoozed": row.snoozed_until,
        "last": (row.last_message, row.last_incoming, row.last_at, row.preview),
        "assignee": row.assignee_id,
        "tags": sorted(row.tags.values_list("name", flat=True)),
        "people": sorted(row.participants.values_list("handle__address", "state")),
        "said": list(row.messages.order_by("pk").values_list("pk", "home")),
        "notes": list(row.notes.order_by("pk").values_list("pk", "home")),
        "joined_into": row.joined_into_id,
    }


def test_what_was_said_stands_in_the_other(lamp_: Any, shade: Any, nora: Any) -> None:
    add_note(shade, "She is kind.", by=nora)
    stands = join_conversation(shade, into=lamp_, by=nora)
    assert stands == lamp_
    assert texts(lamp_) == ["lantern", "shade"]
    assert lamp_.notes.get().text == "She is kind."
    assert fresh(shade).status == Conversation.Status.JOINED
    assert conversation_for(nora, shade.pk) == lamp_
    assert joined_here(lamp_, nora) == [shade]


def test_mail_to_the_old_address_lands_where_it_stands(
    lamp_: Any, shade: Any, nora: Any, mailbox: Inbox
) -> None:
    reply_to(shade, Reply(text="On its way."), by=nora)
    to = Delivery.objects.get().outgoing["reply_to"]
    join_conversation(shade, into=lamp_, by=nora)
    outcome = arrive(mailbox, mail_bytes("Thanks!", to=to, subject="Re: About shade"), to=[to])
    assert conversation_of(outcome) == lamp_
    assert Message.objects.latest("pk").home == shade


def test_undoing_gives_back_everything_and_what_came_since(
    lamp_: Any, shade: Any, nora: Any, mailbox: Inbox
) -> None:
    answer = reply_to(shade, Reply(text="On its way."), by=nora)
    tag_conversation(shade, ["late"], by=nora)
    before = state(lamp_)
    join_conversation(shade, into=lamp_, by=nora)
    arrive(mailbox, mail_bytes("Where?", in_reply_to=answer.external_id, subject="Re: About shade"))
    part_conversation(shade, by=nora)
    assert state(lamp_) == before
    assert texts(shade) == ["shade", "On its way.", "Where?"]
    assert fresh(shade).is_waiting(), "what came since waits for an answer"
    assert not shade.messages.exclude(home=None).exists()


@pytest.mark.parametrize("stands", ["open", "answered", "resolved", "snoozed"])
def test_a_join_undone_at_once_changed_nothing(
    lamp_: Any, shade: Any, nora: Any, stands: str
) -> None:
    if stands == "answered":
        reply_to(shade, Reply(text="Yes."), by=nora)
    if stands == "resolved":
        resolve_conversation(shade, by=nora)
    if stands == "snoozed":
        snooze_conversation(shade, until=timezone.now() + timedelta(days=1), by=nora)
    tag_conversation(shade, ["late", "vip"], by=nora)
    tag_conversation(lamp_, ["vip"], by=nora)
    before = state(lamp_), state(shade)
    join_conversation(shade, into=lamp_, by=nora)
    part_conversation(shade, by=nora)
    assert (state(lamp_), state(shade)) == before


def test_who_waits_in_either_waits(lamp_: Any, shade: Any, nora: Any) -> None:
    since = shade.turn_since
    reply_to(lamp_, Reply(text="Done."), by=nora)
    resolve_conversation(lamp_, by=nora)
    join_conversation(shade, into=lamp_, by=nora)
    assert fresh(lamp_).is_waiting()
    assert fresh(lamp_).turn_since == since


def test_lists_and_counts_know_one(lamp_: Any, shade: Any, nora: Any) -> None:
    before = counts(nora)["waiting"]
    join_conversation(shade, into=lamp_, by=nora)
    assert counts(nora)["waiting"] == before - 1
    assert [row.pk for row in inbox_page(nora, VIEWS["open"]).rows] == [lamp_.pk]
    part_conversation(shade, by=nora)
    assert counts(nora)["waiting"] == before


def test_chains_hold_and_each_link_opens_again(mailbox: Inbox, nora: Any) -> None:
    one, two, three = (begin(mailbox, word) for word in ("one", "two", "three"))
    join_conversation(one, into=two, by=nora)
    join_conversation(fresh(two), into=three, by=nora)
    assert texts(three) == ["one", "two", "three"]
    assert standing_number(one.pk) == three.pk
    part_conversation(two, by=nora)
    assert (texts(two), texts(three)) == (["one", "two"], ["three"])
    part_conversation(one, by=nora)
    assert (texts(one), texts(two)) == (["one"], ["two"])


def test_an_inner_link_opens_while_the_outer_holds(mailbox: Inbox, nora: Any) -> None:
    one, two, three = (begin(mailbox, word) for word in ("one", "two", "three"))
    join_conversation(one, into=two, by=nora)
    join_conversation(fresh(two), into=three, by=nora)
    part_conversation(one, by=nora)
    assert (texts(one), texts(three)) == (["one"], ["two", "three"])


def test_what_is_joined_into_a_joined_one_stands_with_it(mailbox: Inbox, nora: Any) -> None:
    one, two, three = (begin(mailbox, word) for word in ("one", "two", "three"))
    join_conversation(two, into=three, by=nora)
    assert join_conversation(one, into=two, by=nora) == three
    assert texts(three) == ["one", "two", "three"]


def test_circles_are_refused(lamp_: Any, shade: Any, nora: Any) -> None:
    join_conversation(shade, into=lamp_, by=nora)
    with pytest.raises(Refused, match="other way round"):
        join_conversation(fresh(lamp_), into=fresh(shade), by=nora)
    with pytest.raises(Refused, match="into itself"):
        join_conversation(lamp_, into=lamp_, by=nora)


def test_joining_and_undoing_twice_is_once(lamp_: Any, shade: Any, nora: Any) -> None:
    join_conversation(shade, into=lamp_, by=nora)
    join_conversation(shade, into=lamp_, by=nora)
    part_conversation(shade, by=nora)
    part_conversation(shade, by=nora)
    kinds = Event.objects.filter(kind__in=["conversation.joined", "conversation.parted"])
    assert list(kinds.order_by("pk").values_list("kind", flat=True)) == [
        "conversation.joined",
        "conversation.parted",
    ]


def test_the_ledger_says_how_it_stood(lamp_: Any, shade: Any, nora: Any) -> None:
    join_conversation(shade, into=lamp_, by=nora)
    event = Event.objects.get(kind="conversation.joined")
    assert event.sentence() == f"Nora joined #{shade.pk} into #{lamp_.pk}"
    assert (event.facts["status"], event.facts["turn"], event.facts["messages"]) == (
        "open",
        "ours",
        1,
    )


def test_what_was_typed_is_kept(lamp_: Any, shade: Any, nora: Any, tomas: Any) -> None:
    save_draft(lamp_, "Dear Ida,", purpose="reply", by=nora)
    save_draft(shade, "The shade is late.", purpose="reply", by=nora)
    save_draft(shade, "Hm.", purpose="note", by=tomas)
    join_conversation(shade, into=lamp_, by=nora)
    kept = {draft.agent: draft.text for draft in Draft.objects.filter(conversation=lamp_)}
    assert kept == {nora: "Dear Ida,\n\nThe shade is late.", tomas: "Hm."}


def test_what_was_unread_stays_unread(lamp_: Any, shade: Any, nora: Any, tomas: Any) -> None:
    for conversation in (lamp_, shade):
        mark_seen(conversation, conversation.last_message, by=nora)
    mark_seen(shade, shade.last_message, by=tomas)
    join_conversation(shade, into=lamp_, by=nora)
    unread = {
        agent.name: inbox_page(agent, VIEWS["open"]).rows[0].is_unread for agent in (nora, tomas)
    }
    assert unread == {"Nora": False, "Tomas": True}


def test_another_customer_waits_for_an_agents_word(lamp_: Any, mailbox: Inbox, nora: Any) -> None:
    other = begin(mailbox, "chair", sender="Karim <karim@example.net>")
    join_conversation(other, into=lamp_, by=nora)
    karim = Participant.objects.get(conversation=lamp_, handle__address="karim@example.net")
    assert karim.state == Participant.State.PENDING
    part_conversation(other, by=nora)
    assert not Participant.objects.filter(pk=karim.pk).exists()


def test_search_finds_it_where_it_stands(lamp_: Any, shade: Any, nora: Any) -> None:
    def places() -> list[str]:
        catch_up("search")
        return [hit.about for hit in find("shade", scope=scope_of(nora)).hits]

    assert places() == [shade.ref]
    join_conversation(shade, into=lamp_, by=nora)
    assert places() == [lamp_.ref]
    part_conversation(shade, by=nora)
    assert places() == [shade.ref]


def test_an_act_on_the_joined_one_acts_where_it_stands(lamp_: Any, shade: Any, nora: Any) -> None:
    join_conversation(shade, into=lamp_, by=nora)
    assign_conversation(shade, agent=nora, team=None, by=nora)
    add_note(shade, "Both.", by=nora)
    message = reply_to(shade, Reply(text="Both are late."), by=nora)
    assert message.conversation == lamp_
    assert fresh(lamp_).assignee == nora
    assert fresh(shade).assignee is None


def test_a_part_becomes_a_conversation_of_its_own(lamp_: Any, nora: Any, mailbox: Inbox) -> None:
    answer = reply_to(lamp_, Reply(text="Yes."), by=nora)
    raw = mail_bytes("And a chair?", in_reply_to=answer.external_id, subject="A chair")
    message = Message.objects.get(pk=int(arrive(mailbox, raw).partition(":")[2]))
    split = split_conversation(message, by=nora)
    assert (split.subject, texts(split)) == ("A chair", ["And a chair?"])
    assert fresh(split).is_waiting()
    assert texts(lamp_) == ["lantern", "Yes."]
    assert not fresh(lamp_).is_waiting(), "the earlier matter is answered"
    assert split.participants.get().state == Participant.State.ACTIVE
    join_conversation(split, into=lamp_, by=nora)
    assert texts(lamp_) == ["lantern", "Yes.", "And a chair?"]


def test_only_one_message_can_be_split_off(lamp_: Any, nora: Any, mailbox: Inbox) -> None:
    answer = reply_to(lamp_, Reply(text="Yes."), by=nora)
    for words in ("And a chair?", "And the lamp?"):
        arrive(mailbox, mail_bytes(words, in_reply_to=answer.external_id))
    middle = Message.objects.get(text="And a chair?")
    split = split_conversation(middle, only_this=True, subject="Chair", by=nora)
    assert (split.subject, texts(split)) == ("Chair", ["And a chair?"])
    assert texts(lamp_) == ["lantern", "Yes.", "And the lamp?"]


def test_answers_to_what_was_split_off_lead_there(lamp_: Any, nora: Any, mailbox: Inbox) -> None:
    first = reply_to(lamp_, Reply(text="It left."), by=nora)
    arrive(mailbox, mail_bytes("And a chair?", in_reply_to=first.external_id))
    second = reply_to(lamp_, Reply(text="In green."), by=nora)
    address = Delivery.objects.get(about=second.ref).outgoing["reply_to"]
    split = split_conversation(Message.objects.get(text="And a chair?"), by=nora)
    for number, (answered, leads_to) in enumerate(((second, split), (first, lamp_))):
        raw = mail_bytes(f"Fine {number}.", to=address, in_reply_to=answered.external_id)
        assert conversation_of(arrive(mailbox, raw, to=[address])) == leads_to
    bare = mail_bytes("Hello again.", to=address)
    assert conversation_of(arrive(mailbox, bare, to=[address])) == lamp_


def test_a_whole_conversation_is_not_split_off(lamp_: Any, nora: Any) -> None:
    with pytest.raises(Refused, match="whole conversation"):
        split_conversation(lamp_.messages.get(), by=nora)


def test_nobody_gets_what_they_may_not_see(lamp_: Any, vera: Any, nora: Any) -> None:
    with pytest.raises(Refused, match="Vera may not see this inbox"):
        assign_conversation(lamp_, agent=vera, team=None, by=nora)
    assert fresh(lamp_).assignee is None


def test_a_team_that_may_not_see_it_does_not_get_it(lamp_: Any, back: Any, nora: Any) -> None:
    with pytest.raises(Refused, match="Back office may not see this inbox"):
        assign_conversation(lamp_, agent=None, team=back, by=nora)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_joins_in_the_same_moment_neither_deadlock_nor_circle(mailbox: Inbox, nora: Any) -> None:
    pairs = [(begin(mailbox, f"a{n}"), begin(mailbox, f"b{n}")) for n in range(8)]
    refused: list[str] = []

    def join(one: Conversation, other: Conversation) -> None:
        try:
            join_conversation(one, into=other, by=nora)
        except Refused as words:
            refused.append(str(words))
        finally:
            connection.close()

    threads = [
        threading.Thread(target=join, args=pair) for one in pairs for pair in (one, one[::-1])
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(refused) == len(pairs)
    standing = [[fresh(each).joined_into_id is None for each in pair].count(True) for pair in pairs]
    assert standing == [1] * len(pairs)
