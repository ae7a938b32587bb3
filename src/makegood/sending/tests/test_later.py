"""Send later: at its time, once; and not at all where something happened that it does not know."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from makegood.channels.models import Delivery
from makegood.conversations.actions import assign_conversation, resolve_conversation
from makegood.conversations.drafting import attach_to_draft, save_draft
from makegood.conversations.guarding import Stopped
from makegood.conversations.merging import join_conversation
from makegood.conversations.models import Conversation, Message, Token
from makegood.conversations.overlooking import SomethingNewer
from makegood.conversations.queries import drafts_of
from makegood.conversations.replying import Reply
from makegood.conversations.tokens import make_token
from makegood.kit.errors import Refused
from makegood.ledger.actors import System
from makegood.ledger.models import Event
from makegood.sending.answering import After, send_answer
from makegood.sending.approving import send_prepared
from makegood.sending.due import send_due, send_next_due
from makegood.sending.models import Prepared, Then
from makegood.sending.preparing import (
    Wish,
    change_time,
    edit_prepared,
    prepare_answer,
    take_up_writing,
    withdraw_prepared,
)
from makegood.sending.queries import count_for, my_answers, waiting_in
from makegood.team.actions import add_agent
from makegood.team.models import Agent, Team
from tests.world import arrive, conversation_of, mail_bytes, write_form

WORDS = "It arrives today."
State = Prepared.State


def in_(hours: float) -> datetime:
    return timezone.now() + timedelta(hours=hours)


def later(lamp: Conversation, by: Agent, **more: object) -> Prepared:
    wish = Wish(state=State.LATER, due_at=in_(20), after=After(then=str(more.pop("then", "stay"))))
    reply = Reply(text=WORDS, seen=Conversation.objects.get(pk=lamp.pk).last_message, **more)  # type: ignore[arg-type]
    return prepare_answer(lamp, reply, wish, by=by)


def fresh(prepared: Prepared) -> Prepared:
    return Prepared.objects.get(pk=prepared.pk)


def is_due(prepared: Prepared) -> int:
    Prepared.objects.filter(pk=prepared.pk).update(due_at=timezone.now())
    return send_next_due()


def outgoing(lamp: Conversation) -> list[str]:
    return [one.text for one in lamp.messages.filter(direction="outgoing").order_by("pk")]


def test_it_waits_for_its_time_and_leaves_once(lamp: Conversation, nora: Agent) -> None:
    prepared = later(lamp, nora)
    assert send_next_due() == 0
    assert outgoing(lamp) == []
    is_due(prepared)
    assert send_next_due() == 0
    assert not send_due(prepared.pk, timezone.now())
    assert outgoing(lamp) == [WORDS]
    assert Delivery.objects.get().send_after <= timezone.now()
    assert fresh(prepared).state == State.SENT
    assert Event.objects.filter(kind="conversation.replied").count() == 1


def test_its_files_go_along_and_what_is_typed_since_stays(lamp: Conversation, nora: Agent) -> None:
    draft = save_draft(lamp, WORDS, purpose="reply", by=nora)
    file = attach_to_draft(draft, name="label.txt", content_type="text/plain", content=b"1Z")
    prepared = later(lamp, nora, attachments=[file])
    save_draft(lamp, "Something else", purpose="reply", by=nora)
    is_due(prepared)
    message = Message.objects.get(direction="outgoing")
    assert [one.name for one in message.attachments.all()] == ["label.txt"]
    assert drafts_of(lamp, nora)["reply"].text == "Something else"


def test_it_settles_the_conversation_as_it_was_told(lamp: Conversation, nora: Agent) -> None:
    is_due(later(lamp, nora, then=Then.RESOLVE))
    assert Conversation.objects.get(pk=lamp.pk).status == "resolved"
    assert outgoing(lamp) == [WORDS]


def test_what_is_joined_is_looked_at_once_more(lamp: Conversation, nora: Agent) -> None:
    prepared = later(lamp, nora)
    answer = mail_bytes("It came!", in_reply_to="")
    joined = conversation_of(arrive(lamp.inbox.mail_inbox, answer, to=["hello@lantern.example"]))  # type: ignore[arg-type]
    assert joined != lamp
    join_conversation(joined, into=lamp, by=nora)
    assert fresh(prepared).state == State.STOPPED
    assert "joined" in fresh(prepared).why


def test_a_word_of_the_customer_gives_the_words_back(lamp: Conversation, nora: Agent) -> None:
    prepared = later(lamp, nora)
    write_again(lamp)
    assert fresh(prepared).state == State.STOPPED
    assert fresh(prepared).why == "Ida Berg wrote first."
    assert drafts_of(lamp, nora)["reply"].text == WORDS
    assert [one.pk for one in waiting_in(lamp.pk, nora)] == [prepared.pk]
    assert (count_for(nora), len(my_answers(nora))) == (1, 1)
    is_due(prepared)
    assert outgoing(lamp) == []


def write_again(lamp: Conversation) -> None:
    token = make_token(lamp, lamp.participants.get().handle, Token.Purpose.LINK)
    assert conversation_of(write_form(lamp.inbox, "It came!", token=token)) == lamp


def test_a_machines_answer_stops_nothing(lamp: Conversation, nora: Agent) -> None:
    prepared = later(lamp, nora)
    newest = lamp.messages.get()
    Message.objects.create(
        conversation=lamp, inbox=lamp.inbox, direction="incoming", text="Away", at=newest.at,
        automatic="auto-reply",
    )  # fmt: skip
    is_due(prepared)
    assert outgoing(lamp) == [WORDS]


def test_a_colleague_answers_first(lamp: Conversation, nora: Agent, tomas: Agent) -> None:
    assign_conversation(lamp, agent=nora, team=None, by=nora)
    prepared = later(lamp, nora)
    send_answer(lamp, Reply(text="Yes, on Friday."), by=tomas)
    assert fresh(prepared).why == "Tomas answered first."
    assert drafts_of(lamp, nora)["reply"].text == WORDS


def test_her_own_word_in_between_stops_nothing(lamp: Conversation, nora: Agent) -> None:
    prepared = later(lamp, nora)
    send_answer(lamp, Reply(text="I ask the courier."), by=nora)
    is_due(prepared)
    assert outgoing(lamp) == ["I ask the courier.", WORDS]


def test_resolved_or_taken_over_it_stops(lamp: Conversation, nora: Agent, tomas: Agent) -> None:
    first = later(lamp, nora)
    resolve_conversation(lamp, by=tomas)
    second = later(lamp, nora, client_key="k2")
    assign_conversation(lamp, agent=nora, team=None, by=nora)
    assert fresh(second).state == State.LATER
    assign_conversation(lamp, agent=tomas, team=None, by=tomas)
    assert fresh(first).why == "The conversation was resolved meanwhile."
    assert fresh(second).why == "Tomas answers here now."
    assert Event.objects.filter(kind="answer.stopped").count() == 2


def test_whoever_left_leaves_the_words_to_the_team(lamp: Conversation, nora: Agent) -> None:
    prepared = later(lamp, nora)
    Agent.objects.filter(pk=nora.pk).update(is_active=False)
    is_due(prepared)
    assert fresh(prepared).state == State.SHARED
    assert outgoing(lamp) == []


def test_it_can_leave_now_at_another_time_or_not(lamp: Conversation, nora: Agent) -> None:
    prepared = later(lamp, nora)
    change_time(prepared, in_(48), by=nora)
    assert fresh(prepared).due_at > in_(47)  # type: ignore[operator]
    message = send_prepared(prepared, seen=None, by=nora)
    assert send_prepared(prepared, seen=None, by=nora) == message
    other = later(lamp, nora, client_key="k2")
    withdraw_prepared(other, by=nora)
    withdraw_prepared(other, by=nora)
    assert drafts_of(lamp, nora)["reply"].text == WORDS
    assert outgoing(lamp) == [WORDS]


def test_only_who_wrote_it_decides(lamp: Conversation, nora: Agent, tomas: Agent) -> None:
    prepared = later(lamp, tomas)
    with pytest.raises(Refused):
        withdraw_prepared(prepared, by=nora)
    with pytest.raises(Refused):
        send_prepared(prepared, seen=None, by=nora)
    assert fresh(prepared).state == State.LATER


def test_what_could_not_leave_now_is_not_put_off(lamp: Conversation, nora: Agent) -> None:
    seen = lamp.last_message
    wish = Wish(state=State.LATER, due_at=in_(20))
    with pytest.raises(Stopped):
        prepare_answer(lamp, Reply(text="Dear {name}, it left."), wish, by=nora)
    with pytest.raises(Refused):
        past = Wish(state=State.LATER, due_at=in_(-1))
        prepare_answer(lamp, Reply(text=WORDS), past, by=nora)
    write_again(lamp)
    with pytest.raises(SomethingNewer):
        prepare_answer(lamp, Reply(text=WORDS, seen=seen), wish, by=nora)
    assert not Prepared.objects.exists()


def test_pressed_twice_it_is_put_off_once(lamp: Conversation, nora: Agent) -> None:
    assert later(lamp, nora, client_key="k1") == later(lamp, nora, client_key="k1")
    with pytest.raises(Refused):
        send_answer(lamp, Reply(text=WORDS, client_key="k1"), by=nora)
    assert outgoing(lamp) == []


def test_nobody_else_writes_in_what_leaves_in_somebodys_name(
    lamp: Conversation, nora: Agent, tomas: Agent, front: Team
) -> None:
    wish = Wish(state=State.LATER, due_at=in_(2))
    prepared = prepare_answer(lamp, Reply(text="It left."), wish, by=nora)
    colleague = add_agent("kim@lantern.example", "Kim", by=System("test"))
    colleague.teams.set([front])
    for act in (
        lambda: edit_prepared(prepared, "You are a fool.", revision=1, by=colleague),
        lambda: change_time(prepared, in_(48), by=colleague),
        lambda: take_up_writing(prepared, by=colleague),
    ):
        with pytest.raises(Refused, match="name of Nora"):
            act()
    edit_prepared(prepared, "It left on Friday.", revision=1, by=tomas)
    edit_prepared(prepared, "It left today.", revision=2, by=nora)


def test_very_long_words_are_refused_and_not_cut(lamp: Conversation, nora: Agent) -> None:
    words = f"{'It left. ' * 30_000}The end."
    wish = Wish(state=State.LATER, due_at=in_(2))
    for put in (
        lambda: prepare_answer(lamp, Reply(text=words), wish, by=nora),
        lambda: send_answer(lamp, Reply(text=words), by=nora),
    ):
        with pytest.raises(Refused, match="longer than the channel allows"):
            put()
    assert save_draft(lamp, words, purpose="reply", by=nora).text == words
    shared = prepare_answer(lamp, Reply(text=words), Wish(state=State.SHARED), by=nora)
    assert shared.draft
    assert shared.draft.text.endswith("The end.")
