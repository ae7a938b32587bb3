"""Answers that a lead reads first: they leave as their writer's, or come back with a word."""

from datetime import timedelta

import pytest
from django.utils import timezone

from makegood.channels.models import Delivery, Inbox
from makegood.conversations.guarding import Stopped
from makegood.conversations.models import Conversation, Message, Token
from makegood.conversations.overlooking import SomethingNewer
from makegood.conversations.queries import drafts_of
from makegood.conversations.replying import Reply
from makegood.conversations.tokens import make_token
from makegood.kit.errors import Refused
from makegood.ledger.models import Event
from makegood.sending.answering import WaitsForApproval, send_answer
from makegood.sending.approving import approve_answer, findings_of, return_answer, send_prepared
from makegood.sending.due import send_next_due
from makegood.sending.models import Prepared
from makegood.sending.preparing import Wish, edit_prepared, prepare_answer
from makegood.sending.queries import answers_to_approve, count_for, marks_of, newer_than
from makegood.sending.rules import manner_of, needs_approval, set_whose_answers_wait
from makegood.team.models import Agent, Team
from tests.world import write_form

WORDS = "We send a new one."
State = Prepared.State


@pytest.fixture(autouse=True)
def reviewed(nora: Agent, olga: Agent) -> None:
    set_whose_answers_wait([nora], [], by=olga)


@pytest.fixture
def asked(lamp: Conversation, nora: Agent) -> Prepared:
    reply = Reply(text=WORDS, seen=lamp.last_message)
    return prepare_answer(lamp, reply, Wish(state=State.ASKING), by=nora)


def write_again(lamp: Conversation) -> None:
    token = make_token(lamp, lamp.participants.get().handle, Token.Purpose.LINK)
    write_form(lamp.inbox, "I found it!", token=token)


def test_nothing_of_theirs_leaves_by_itself(lamp: Conversation, nora: Agent) -> None:
    with pytest.raises(WaitsForApproval):
        send_answer(lamp, Reply(text=WORDS), by=nora)
    later = Wish(state=State.LATER, due_at=timezone.now() + timedelta(hours=1))
    prepared = prepare_answer(lamp, Reply(text=WORDS), later, by=nora)
    assert prepared.state == State.ASKING
    with pytest.raises(Refused):
        send_prepared(prepared, seen=None, by=nora)
    with pytest.raises(Refused):
        approve_answer(prepared, seen=None, by=nora)
    shared = prepare_answer(lamp, Reply(text=WORDS), Wish(state=State.SHARED), by=nora)
    with pytest.raises(WaitsForApproval):
        send_prepared(shared, seen=None, by=nora)
    assert not Delivery.objects.exists()


def test_who_is_reviewed(
    lamp: Conversation, nora: Agent, tomas: Agent, olga: Agent, front: Team
) -> None:
    def waits(one: Agent, inbox: int = 0) -> bool:
        return needs_approval(one, inbox or lamp.inbox_id)

    assert [waits(one) for one in (nora, tomas, olga)] == [True, False, False]
    set_whose_answers_wait([], [], by=olga)
    assert not waits(nora)
    set_whose_answers_wait([], [front], by=olga)
    # A lead in the team reads, and is not read.
    assert [waits(one) for one in (nora, tomas)] == [True, False]
    told = Event.objects.filter(kind="approval.changed").order_by("pk").last()
    assert told
    assert (told.told()["before"], told.told()["after"]) == ("-", "Front")


def test_an_inbox_may_be_read_whoever_answers(
    lamp: Conversation, nora: Agent, tomas: Agent, olga: Agent, mailbox: Inbox
) -> None:
    set_whose_answers_wait([], [], [lamp.inbox], by=olga)
    elsewhere = mailbox.pk
    assert elsewhere != lamp.inbox_id
    assert [needs_approval(one, lamp.inbox_id) for one in (nora, tomas)] == [True, False]
    assert not needs_approval(nora, elsewhere)
    assert manner_of(nora, lamp.inbox_id, timezone.now()).needs_approval
    assert not manner_of(nora, elsewhere, timezone.now()).needs_approval
    with pytest.raises(WaitsForApproval):
        send_answer(lamp, Reply(text=WORDS), by=nora)
    told = Event.objects.filter(kind="approval.changed").latest("pk").told()
    assert told["after"] == lamp.inbox.name


def test_a_lead_says_yes_and_it_leaves_as_the_writers(asked: Prepared, tomas: Agent) -> None:
    assert [one.pk for one in answers_to_approve(tomas)] == [asked.pk]
    assert (count_for(tomas), marks_of([asked.conversation_id])) == (
        1, {asked.conversation_id: "asking"},
    )  # fmt: skip
    message = approve_answer(asked, seen=None, by=tomas)
    assert message == approve_answer(asked, seen=None, by=tomas)
    assert message
    assert message.author_name == "Nora"
    assert (Delivery.objects.count(), count_for(tomas)) == (1, 0)
    assert Event.objects.get(kind="answer.approved").by == tomas.ref


def test_sent_back_with_a_word_it_is_their_draft(
    lamp: Conversation, asked: Prepared, nora: Agent, tomas: Agent
) -> None:
    with pytest.raises(Refused):
        return_answer(asked, " ", by=tomas)
    with pytest.raises(Refused):
        return_answer(asked, "No.", by=nora)
    return_answer(asked, "Say when it comes.", by=tomas)
    assert drafts_of(lamp, nora)["reply"].text == WORDS
    back = Prepared.objects.get(pk=asked.pk)
    assert (back.state, back.why) == (State.RETURNED, "Say when it comes.")
    assert (count_for(nora), count_for(tomas)) == (1, 0)
    with pytest.raises(Refused):
        approve_answer(asked, seen=None, by=tomas)
    assert not Delivery.objects.exists()


def test_what_was_said_meanwhile_is_read_first(
    lamp: Conversation, asked: Prepared, tomas: Agent
) -> None:
    write_again(lamp)
    assert [one.text for one in newer_than(asked)] == ["I found it!"]
    with pytest.raises(SomethingNewer):
        approve_answer(asked, seen=None, by=tomas)
    assert Prepared.objects.get(pk=asked.pk).state == State.ASKING
    newest = Conversation.objects.get(pk=lamp.pk).last_message
    assert approve_answer(asked, seen=newest, by=tomas)


def test_who_approves_sees_what_the_guard_says(
    lamp: Conversation, nora: Agent, tomas: Agent
) -> None:
    words = "Attached is the label that you asked for, dear Ida, with our kind regards."
    wish = Wish(state=State.ASKING)
    with pytest.raises(Stopped) as stopped:
        prepare_answer(lamp, Reply(text=words), wish, by=nora)
    keys = [one.key for one in stopped.value.findings]
    prepared = prepare_answer(lamp, Reply(text=words, accepted=keys), wish, by=nora)
    assert [one.key for one in findings_of(prepared)] == keys
    assert approve_answer(prepared, seen=None, by=tomas)
    assert Event.objects.filter(kind="conversation.sent_anyway").exists()


def test_a_lead_edits_before_the_yes(asked: Prepared, tomas: Agent) -> None:
    edit_prepared(asked, "We send a new one today.", revision=1, by=tomas)
    message = approve_answer(asked, seen=None, by=tomas)
    assert message
    assert message.text == "We send a new one today."


def test_with_a_time_it_leaves_then_and_changed_it_asks_anew(
    lamp: Conversation, nora: Agent, tomas: Agent
) -> None:
    later = Wish(state=State.LATER, due_at=timezone.now() + timedelta(hours=1))
    prepared = prepare_answer(lamp, Reply(text=WORDS, seen=lamp.last_message), later, by=nora)
    assert approve_answer(prepared, seen=None, by=tomas) is None
    edit_prepared(prepared, "We send two.", revision=1, by=nora)
    Prepared.objects.update(due_at=timezone.now())
    assert send_next_due() == 0
    approve_answer(prepared, seen=None, by=tomas)
    assert Message.objects.get(direction="outgoing").text == "We send two."


def test_approved_for_a_time_it_leaves_at_that_time(
    lamp: Conversation, nora: Agent, tomas: Agent
) -> None:
    later = Wish(state=State.LATER, due_at=timezone.now() + timedelta(hours=1))
    prepared = prepare_answer(lamp, Reply(text=WORDS, seen=lamp.last_message), later, by=nora)
    approve_answer(prepared, seen=None, by=tomas)
    Prepared.objects.update(due_at=timezone.now())
    assert send_next_due() == 1
    assert Message.objects.get(direction="outgoing").agent == nora
