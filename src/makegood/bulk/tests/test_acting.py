from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from makegood.acts.act import Run
from makegood.acts.vocabulary import ACTS
from makegood.bulk.actions import (
    act_on_chosen,
    begin_bulk,
    stop_bulk,
    try_on_matching,
    undo_bulk,
)
from makegood.bulk.models import BulkAct, BulkItem
from makegood.bulk.queries import bulk_for, causes_of, foreseen, sample_of
from makegood.bulk.working import step, work_off, work_on_next
from makegood.channels.connecting import InboxSettings, connect_inbox
from makegood.conversations.actions import (
    assign_conversation,
    reopen_conversation,
    resolve_conversation,
    tag_conversation,
)
from makegood.conversations.finding import VIEWS, inbox_page
from makegood.conversations.models import Conversation, Seen
from makegood.conversations.replying import Reply
from makegood.conversations.resting import snooze_conversation
from makegood.kit.errors import Refused
from makegood.ledger.models import Event
from makegood.sending.models import Prepared
from makegood.sending.preparing import Wish, prepare_answer
from makegood.team.actions import add_agent
from makegood.team.roles import save_role
from tests.world import conversation_of, write_form


@pytest.fixture
def three(form: Any) -> list[Conversation]:
    said = ("Where is my lamp?", "Where is my loom?", "Where is my chair?")
    return [conversation_of(write_form(form, words, subject=words)) for words in said]


def numbers(them: list[Conversation]) -> list[int]:
    return [one.pk for one in them]


def statuses(them: list[Conversation]) -> list[str]:
    return [Conversation.objects.get(pk=one.pk).status for one in them]


def tags_of(one: Conversation) -> list[str]:
    return list(one.tags.values_list("name", flat=True))


def test_a_few_are_acted_on_at_once(three: list[Conversation], nora: Any) -> None:
    bulk = act_on_chosen(numbers(three), {"do": "resolve", "with": ""}, by=nora)
    assert (bulk.state, bulk.acted, bulk.refused) == ("done", 3, 0)
    assert statuses(three) == ["resolved"] * 3
    kinds = Event.objects.filter(by=nora.ref).values_list("kind", flat=True)
    assert list(kinds).count("conversation.resolved") == 3
    assert {"bulk.begun", "bulk.ended"} <= set(kinds)


def test_undo_restores_what_each_one_was(three: list[Conversation], nora: Any) -> None:
    until = timezone.now() + timedelta(days=2)
    snooze_conversation(three[1], until=until, by=nora)
    resolve_conversation(three[2], by=nora)
    bulk = act_on_chosen(numbers(three), {"do": "resolve", "with": ""}, by=nora)
    assert (bulk.acted, bulk.same) == (2, 1)
    bulk = undo_bulk(bulk, by=nora)
    assert (bulk.state, bulk.restored, bulk.kept) == ("undone", 2, 0)
    assert statuses(three) == ["open", "snoozed", "resolved"]
    assert Conversation.objects.get(pk=three[1].pk).snoozed_until == until


def test_undo_leaves_what_somebody_changed_since(
    three: list[Conversation], nora: Any, tomas: Any
) -> None:
    bulk = act_on_chosen(numbers(three), {"do": "assign", "with": nora.ref}, by=nora)
    assign_conversation(three[0], agent=tomas, team=None, by=tomas)
    bulk = undo_bulk(bulk, by=nora)
    assert (bulk.restored, bulk.kept) == (2, 1)
    assert Conversation.objects.get(pk=three[0].pk).assignee == tomas
    (cause,) = causes_of(bulk)
    assert [item.conversation_id for item in cause.sample] == [three[0].pk]
    assert "changed it since" in cause.words


def test_settling_once_more_by_hand_is_a_change_too(three: list[Conversation], nora: Any) -> None:
    bulk = act_on_chosen(numbers(three), {"do": "resolve", "with": ""}, by=nora)
    reopen_conversation(three[0], by=nora)
    resolve_conversation(three[0], by=nora)
    assert undo_bulk(bulk, by=nora).kept == 1
    assert statuses(three) == ["resolved", "open", "open"]


def test_tags_come_and_go_and_others_stay(three: list[Conversation], nora: Any) -> None:
    tag_conversation(three[0], ["late", "old"], by=nora)
    act = {"do": "tag", "with": "carrier, late, -old"}
    bulk = act_on_chosen(numbers(three), act, by=nora)
    assert [tags_of(one) for one in three] == [["carrier", "late"]] * 3
    tag_conversation(three[1], ["carrier", "late", "vip"], by=nora)
    assert undo_bulk(bulk, by=nora).restored == 3
    assert [tags_of(one) for one in three] == [["late", "old"], ["vip"], []]


def test_read_is_for_oneself_and_can_be_taken_back(
    three: list[Conversation], nora: Any, tomas: Any
) -> None:
    bulk = act_on_chosen(numbers(three), {"do": "read", "with": ""}, by=nora)
    unread = [row.is_unread for row in inbox_page(nora, VIEWS["open"]).rows]
    assert unread == [False] * 3
    assert not Seen.objects.filter(agent=tomas).exists()
    undo_bulk(bulk, by=nora)
    assert [row.is_unread for row in inbox_page(nora, VIEWS["open"]).rows] == [True] * 3


def test_the_chosen_become_one_and_several_again(three: list[Conversation], nora: Any) -> None:
    bulk = act_on_chosen(numbers(three), {"do": "join", "with": ""}, by=nora)
    assert statuses(three) == ["open", "joined", "joined"]
    assert three[0].messages.count() == 3
    assert undo_bulk(bulk, by=nora).restored == 2
    assert statuses(three) == ["open"] * 3
    assert three[0].messages.count() == 1


def test_one_alone_is_not_joined(three: list[Conversation], nora: Any) -> None:
    with pytest.raises(Refused, match="at least two"):
        act_on_chosen([three[0].pk], {"do": "join", "with": ""}, by=nora)
    assert BulkAct.objects.count() == 0


def test_a_refusal_is_told_and_holds_up_nobody(
    three: list[Conversation], nora: Any, back: Any
) -> None:
    bulk = act_on_chosen(numbers(three), {"do": "assign", "with": back.ref}, by=nora)
    assert (bulk.state, bulk.acted, bulk.refused) == ("done", 0, 3)
    (cause,) = causes_of(bulk)
    assert cause.count == 3
    assert "may not see this inbox" in cause.words


def test_what_one_may_not_see_is_not_chosen(
    three: list[Conversation], vera: Any, nora: Any
) -> None:
    with pytest.raises(Refused, match="Nothing is chosen"):
        act_on_chosen(numbers(three), {"do": "resolve", "with": ""}, by=vera)
    mine = act_on_chosen(numbers(three), {"do": "read", "with": ""}, by=nora)
    with pytest.raises(Http404):
        bulk_for(vera, mine.pk)


def try_all(nora: Any, act: dict[str, Any]) -> BulkAct:
    bulk = try_on_matching({"q": "is:open"}, act, by=nora)
    work_off(bulk.pk)
    return BulkAct.objects.get(pk=bulk.pk)


def test_all_that_match_are_tried_first_and_nothing_is_done(
    three: list[Conversation], nora: Any, tomas: Any
) -> None:
    assign_conversation(three[0], agent=nora, team=None, by=nora)
    bulk = try_all(nora, {"do": "assign", "with": nora.ref})
    assert (bulk.state, bulk.total, bulk.acted) == ("tried", 3, 0)
    assert foreseen(bulk) == {"acted": 2, "same": 1}
    assert Conversation.objects.filter(assignee=nora).count() == 1


@pytest.mark.parametrize(
    "act",
    [
        {"do": "resolve", "with": ""},
        {"do": "reopen", "with": ""},
        {"do": "read", "with": ""},
        {"do": "tag", "with": "late"},
        {"do": "assign", "with": "nobody"},
        {"do": "assign", "with": "back"},
        {"do": "snooze", "with": "2031-01-01T09:00:00+00:00"},
    ],
)
def test_what_was_foreseen_is_what_comes(
    act: dict[str, Any], three: list[Conversation], nora: Any, back: Any
) -> None:
    tag_conversation(three[0], ["late"], by=nora)
    snooze_conversation(three[1], until=timezone.now() + timedelta(days=1), by=nora)
    snooze_conversation(three[1], until=timezone.now() + timedelta(days=1), by=nora)
    act = {**act, "with": back.ref} if act["with"] == "back" else act
    bulk = act_on_chosen(numbers(three), act, by=nora)
    pairs = BulkItem.objects.filter(bulk=bulk).values_list("foreseen", "state")
    assert len(pairs) == 3
    assert all(expected == came for expected, came in pairs)


def test_the_worker_does_what_was_tried_and_each_once(three: list[Conversation], nora: Any) -> None:
    bulk = try_all(nora, {"do": "resolve", "with": ""})
    begin_bulk(bulk, by=nora)
    begin_bulk(bulk, by=nora)
    while work_on_next():
        pass
    assert statuses(three) == ["resolved"] * 3
    assert Event.objects.filter(kind="conversation.resolved").count() == 3
    assert Event.objects.filter(kind="bulk.begun").count() == 1


def test_rights_that_went_meanwhile_are_missed_at_once(
    three: list[Conversation], nora: Any, back: Any
) -> None:
    bulk = try_all(nora, {"do": "resolve", "with": ""})
    nora.teams.set([back])
    begin_bulk(bulk, by=nora)
    work_off(bulk.pk)
    bulk.refresh_from_db()
    assert (bulk.acted, bulk.refused) == (0, 3)
    assert statuses(three) == ["open"] * 3
    assert "not see" in causes_of(bulk)[0].words


def test_it_stops_and_goes_on(
    three: list[Conversation], nora: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("makegood.bulk.working.AT_ONCE", 1)
    bulk = try_all(nora, {"do": "resolve", "with": ""})
    begin_bulk(bulk, by=nora)
    step(bulk.pk)
    stop_bulk(bulk, by=nora)
    assert step(bulk.pk) == 0
    assert statuses(three) == ["resolved", "open", "open"]
    begin_bulk(bulk, by=nora)
    work_off(bulk.pk)
    assert statuses(three) == ["resolved"] * 3


def test_what_was_stopped_can_be_undone(
    three: list[Conversation], nora: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("makegood.bulk.working.AT_ONCE", 1)
    bulk = try_all(nora, {"do": "resolve", "with": ""})
    begin_bulk(bulk, by=nora)
    step(bulk.pk)
    stop_bulk(bulk, by=nora)
    bulk.refresh_from_db()
    assert undo_bulk(bulk, by=nora).restored == 1
    assert statuses(three) == ["open"] * 3


def test_what_was_tried_and_left_is_never_done(three: list[Conversation], nora: Any) -> None:
    bulk = try_all(nora, {"do": "resolve", "with": ""})
    stop_bulk(bulk, by=nora)
    begin_bulk(bulk, by=nora)
    assert (work_on_next(), statuses(three)) == (0, ["open"] * 3)


def test_what_was_joined_meanwhile_is_refused(three: list[Conversation], nora: Any) -> None:
    bulk = try_all(nora, {"do": "tag", "with": "late"})
    act_on_chosen(numbers(three[:2]), {"do": "join", "with": ""}, by=nora)
    begin_bulk(bulk, by=nora)
    work_off(bulk.pk)
    bulk.refresh_from_db()
    assert (bulk.acted, bulk.refused) == (2, 1)
    assert f"part of #{three[0].pk}" in causes_of(bulk)[0].words


def test_who_may_do_so_no_more_does_no_more(
    three: list[Conversation], nora: Any, olga: Any, front: Any
) -> None:
    """A role is changed while an act runs: what is left of it is refused."""
    role = save_role(None, name="Hands", words="", permissions=["act", "bulk"], by=olga)
    kim = add_agent("kim@lantern.example", "Kim", role=f"own:{role.pk}", by=olga)
    kim.teams.set([front])
    bulk = try_on_matching({"q": "is:open"}, {"do": "resolve", "with": ""}, by=kim)
    work_off(bulk.pk)
    begin_bulk(bulk, by=kim)
    save_role(role, name="Hands", words="", permissions=["act"], by=olga)
    work_off(bulk.pk)
    bulk.refresh_from_db()
    assert (bulk.acted, bulk.refused) == (0, 3)
    assert statuses(three) == ["open"] * 3


def test_who_sees_them_no_more_reads_no_sample(
    three: list[Conversation], form: Any, back: Any, nora: Any
) -> None:
    bulk = act_on_chosen(numbers(three), {"do": "resolve", "with": ""}, by=nora)
    assert len(sample_of(bulk)) == 3
    form.teams.set([back])
    assert sample_of(bulk_for(nora, bulk.pk)) == []


def test_nothing_is_joined_into_what_one_may_not_see(
    three: list[Conversation], nora: Any, back: Any
) -> None:
    hidden = connect_inbox(InboxSettings(name="Staff", kind="web"), teams=[back], by=nora)
    secret = conversation_of(write_form(hidden, "I am ill", subject="Doctor"))
    for number in (str(secret.pk), "987654", ""):
        act, run = ACTS["join"], Run(conversation=three[0], by=nora)
        with pytest.raises(Refused, match="no conversation"):
            act.do(number, run)
    assert statuses(three[:1]) == ["open"]


@pytest.mark.parametrize("act", ["assign", "resolve"])
def test_what_many_need_in_common_is_asked_once(
    three: list[Conversation], form: Any, nora: Any, tomas: Any, act: str
) -> None:
    """A few savepoints and one change each, whoever listens; the rest is a step's."""
    more = [conversation_of(write_form(form, f"Lamp {n}?", subject=f"{n}")) for n in range(6)]
    words = tomas.ref if act == "assign" else ""
    few, many = (_statements(some, act, words, nora) for some in (three[:2], more))
    assert many - few <= 4 * 6


def _statements(some: list[Conversation], act: str, words: str, agent: Any) -> int:
    """What a step asks of the database for these, and its undo besides."""
    with CaptureQueriesContext(connection) as asked:
        bulk = act_on_chosen(numbers(some), {"do": act, "with": words}, by=agent)
        bulk = undo_bulk(bulk, by=agent)
    assert (bulk.acted, bulk.restored) == (len(some), len(some))
    return sum(not query["sql"].startswith(("SAVEPOINT", "RELEASE")) for query in asked)


def test_an_answer_that_waits_in_one_of_many_stops_there(
    three: list[Conversation], nora: Any, tomas: Any
) -> None:
    wish = Wish(state=Prepared.State.LATER, due_at=timezone.now() + timedelta(hours=20))
    reply = Reply(text="On Friday.", seen=three[1].last_message)
    prepared = prepare_answer(three[1], reply, wish, by=nora)
    act_on_chosen(numbers(three), {"do": "assign", "with": tomas.ref}, by=nora)
    prepared.refresh_from_db()
    assert prepared.state == "stopped"
