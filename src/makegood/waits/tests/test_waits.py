"""Each time that somebody waits is written down once, whatever becomes of their conversation."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import transaction

from makegood.calendars.models import Calendar
from makegood.channels.models import Inbox
from makegood.conversations.actions import (
    assign_conversation,
    reopen_conversation,
    resolve_conversation,
)
from makegood.conversations.events import MessageReceived
from makegood.conversations.merging import (
    join_conversation,
    part_conversation,
    split_conversation,
)
from makegood.conversations.models import Conversation, Message
from makegood.conversations.replying import Reply, reply_to
from makegood.conversations.unwanted import mark_as_spam, mark_as_wanted
from makegood.customers.actions import CustomerActor
from makegood.ledger.actions import record
from makegood.ledger.followers import catch_up
from makegood.sending.answering import After, send_answer
from makegood.sending.models import Then
from makegood.sending.undoing import take_back
from makegood.team.models import Agent, Team
from makegood.waits.models import Hour, Unanswered, Wait
from tests.world import EARLIER, conversation_of, write_form

End = Wait.End
HOURS = timedelta(hours=1)


def fresh(one: Conversation) -> Conversation:
    return Conversation.objects.get(pk=one.pk)


def answered(one: Conversation, nora: Agent, at: datetime) -> Message:
    with time_machine.travel(at, tick=False):
        return reply_to(fresh(one), Reply(text="It left on Friday."), by=nora)


def waits() -> list[tuple[str, float, bool]]:
    """How each ended, after how many hours, and whether it was the first."""
    rows = Wait.objects.filter(taken_back_at=None).order_by("event", "pk")
    return [(one.end, one.seconds / 3600, one.is_first) for one in rows]


def everything() -> list[Any]:
    """What the tables hold, without their numbers."""
    columns = [field.attname for field in Wait._meta.concrete_fields if field.name != "id"]
    hours = [field.attname for field in Hour._meta.concrete_fields if field.name != "id"]
    return [
        list(Wait.objects.order_by("event", "conversation").values_list(*columns)),
        list(Unanswered.objects.order_by("pk").values()),
        list(Hour.objects.order_by("inbox", "team", "week", "slot").values_list(*hours)),
    ]


def another(form: Inbox, text: str, at: datetime, **fields: Any) -> Conversation:
    return conversation_of(write_form(form, text, at=at, **fields))


def test_an_answer_ends_the_wait_since_the_first_words(
    lamp: Conversation, form: Inbox, nora: Agent, front: Team
) -> None:
    with time_machine.travel(EARLIER + HOURS, tick=False):
        assign_conversation(lamp, agent=None, team=front, by=nora)
    message = answered(lamp, nora, EARLIER + 2 * HOURS)
    row = Wait.objects.get()
    assert (row.seconds, row.open_seconds, row.end) == (7200, 7200, End.ANSWERED)
    assert (row.inbox, row.channel, row.team, row.agent) == (form, "web", front, nora)
    assert (row.answer, row.is_first) == (message.pk, True)


def test_a_second_answer_ends_nothing(lamp: Conversation, nora: Agent) -> None:
    answered(lamp, nora, EARLIER + HOURS)
    answered(lamp, nora, EARLIER + 2 * HOURS)
    assert waits() == [(End.ANSWERED, 1, True)]


def test_only_open_hours_count_where_the_shop_has_said_when(
    lamp: Conversation, nora: Agent
) -> None:
    week = [[[540, 1020]]] * 5 + [[], []]
    Calendar.objects.create(name="Shop", zone="Europe/Berlin", week=week, is_standard=True)
    answered(lamp, nora, datetime(2026, 3, 3, 9, 12, tzinfo=UTC))  # Monday 10:12 to Tuesday 10:12
    assert [(one.seconds, one.open_seconds) for one in Wait.objects.all()] == [(86400, 28800)]


def test_whoever_is_resolved_unanswered_waits_no_more(lamp: Conversation, nora: Agent) -> None:
    with time_machine.travel(EARLIER + HOURS, tick=False):
        resolve_conversation(lamp, by=nora)
    assert waits() == [(End.RESOLVED, 1, True)]
    with time_machine.travel(EARLIER + 2 * HOURS, tick=False):
        reopen_conversation(lamp, by=nora)
    answered(lamp, nora, EARLIER + 3 * HOURS)
    assert waits() == [(End.RESOLVED, 1, True), (End.ANSWERED, 3, True)]


def test_spam_waits_for_nobody_and_who_was_wronged_waits_since_they_wrote(
    lamp: Conversation, nora: Agent
) -> None:
    with time_machine.travel(EARLIER + HOURS, tick=False):
        mark_as_spam(lamp, by=nora)
    with time_machine.travel(EARLIER + 2 * HOURS, tick=False):
        mark_as_wanted(lamp, by=nora)
    answered(lamp, nora, EARLIER + 5 * HOURS)
    assert waits() == [(End.SPAM, 1, True), (End.ANSWERED, 5, True)]


def test_an_answer_that_is_taken_back_ended_nothing(lamp: Conversation, nora: Agent) -> None:
    with time_machine.travel(EARLIER + HOURS, tick=False):
        message = send_answer(lamp, Reply(text="No."), after=After(then=Then.STAY), by=nora)
        take_back(fresh(lamp), message.pk, by=nora)
    assert waits() == []
    answered(lamp, nora, EARLIER + 2 * HOURS)
    assert waits() == [(End.ANSWERED, 2, True)]
    assert Wait.objects.exclude(taken_back_at=None).count() == 1


def test_joined_ones_wait_together_and_part_again(
    lamp: Conversation, form: Inbox, nora: Agent
) -> None:
    other = another(form, "The red one.", EARLIER + HOURS)
    with time_machine.travel(EARLIER + 2 * HOURS, tick=False):
        join_conversation(lamp, into=other, by=nora)
    assert waits() == [(End.JOINED, 2, True)]
    with time_machine.travel(EARLIER + 3 * HOURS, tick=False):
        part_conversation(lamp, by=nora)
    answered(other, nora, EARLIER + 4 * HOURS)
    answered(lamp, nora, EARLIER + 5 * HOURS)
    assert waits()[1:] == [(End.ANSWERED, 3, True), (End.ANSWERED, 5, True)]


def test_one_answer_to_joined_ones_is_one_wait(
    lamp: Conversation, form: Inbox, nora: Agent
) -> None:
    other = another(form, "The red one.", EARLIER + HOURS)
    with time_machine.travel(EARLIER + 2 * HOURS, tick=False):
        join_conversation(lamp, into=other, by=nora)
    answered(other, nora, EARLIER + 4 * HOURS)
    assert waits() == [(End.JOINED, 2, True), (End.ANSWERED, 4, True)]


def test_made_anew_from_the_ledger_it_is_the_same(
    lamp: Conversation, form: Inbox, nora: Agent
) -> None:
    other = another(form, "And the red one?", EARLIER + HOURS, email="karim@example.com")
    answered(other, nora, EARLIER + 2 * HOURS)
    with time_machine.travel(EARLIER + 2 * HOURS, tick=False):
        message = send_answer(lamp, Reply(text="No."), after=After(then=Then.STAY), by=nora)
        take_back(fresh(lamp), message.pk, by=nora)
        join_conversation(other, into=lamp, by=nora)
        first = Message.objects.filter(conversation=lamp).order_by("pk")[0]
        split_conversation(first, only_this=True, by=nora)
    catch_up("waits")
    lived = everything()
    assert lived[0]
    assert lived[2]
    call_command("waits", "rebuild")
    assert everything() == lived


@pytest.mark.parametrize("automatic", ["auto-reply", "bounce"])
def test_a_machine_waits_for_nobody(
    lamp: Conversation, nora: Agent, automatic: str, form: Inbox
) -> None:
    answered(lamp, nora, EARLIER + HOURS)
    message = Message.objects.filter(conversation=lamp).order_by("pk")[0]
    assert message.handle
    fact = MessageReceived(message=message.pk, reason="", automatic=automatic)
    with transaction.atomic():
        record(fact, about=[message, lamp, form], by=CustomerActor(message.handle))
    assert Unanswered.objects.get(pk=lamp.pk).words == []
