"""A rest ends once, by its time, by a word of the customer, or when another matter is settled."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from makegood.conversations.actions import reopen_conversation, resolve_conversation
from makegood.conversations.merging import join_conversation
from makegood.conversations.models import Conversation
from makegood.conversations.replying import Reply, reply_to
from makegood.conversations.resting import snooze_conversation, wake_due
from makegood.conversations.unwanted import mark_as_spam
from makegood.kit.errors import Refused
from makegood.ledger.models import Event
from makegood.team.models import Agent
from tests.world import arrive, conversation_of, mail_bytes, write_form

LATER = datetime(2027, 1, 1, 9, tzinfo=UTC)


@pytest.fixture
def loom(form: Any) -> Conversation:
    return conversation_of(
        write_form(form, "Where is my loom?", subject="Loom", email="bo@example.com", name="Bo")
    )


def fresh(one: Conversation) -> Conversation:
    return Conversation.objects.get(pk=one.pk)


def woken(one: Conversation) -> list[str]:
    woke = Event.objects.filter(kind="conversation.woke", subjects__ref=one.ref).order_by("pk")
    return [event.facts["because"] for event in woke]


def test_its_time_comes_once(lamp: Conversation, nora: Agent) -> None:
    until = timezone.now() + timedelta(hours=1)
    snooze_conversation(lamp, until=until, by=nora)
    assert wake_due(until - timedelta(seconds=1)) == 0
    assert [wake_due(until), wake_due(until)] == [1, 0]
    assert (fresh(lamp).status, fresh(lamp).woke, woken(lamp)) == ("open", "time", ["time"])


def test_until_the_customer_writes_no_time_wakes_it(
    lamp: Conversation, form: Any, nora: Agent
) -> None:
    snooze_conversation(lamp, by=nora)
    assert (fresh(lamp).status, fresh(lamp).snoozed_until) == ("snoozed", None)
    assert wake_due(LATER + timedelta(days=4000)) == 0
    assert fresh(lamp).status == "snoozed"


@pytest.mark.parametrize("rest", [{}, {"until": LATER}])
@time_machine.travel("2026-12-01T09:00:00Z", tick=False)
def test_a_word_of_the_customer_ends_any_rest_and_says_so(
    rest: dict[str, Any], mailbox: Any, lamp: Conversation, nora: Agent
) -> None:
    answer = reply_to(lamp, Reply(text="It left on Friday."), by=nora)
    snooze_conversation(lamp, **rest, by=nora)
    raw = mail_bytes("Thank you!", in_reply_to=answer.external_id)
    arrive(mailbox, raw, at=timezone.now())
    assert (fresh(lamp).status, fresh(lamp).woke, woken(lamp)) == ("open", "customer", ["customer"])
    assert not Event.objects.filter(kind="conversation.reopened").exists()
    assert wake_due(LATER) == 0


def test_it_waits_until_another_is_settled(
    lamp: Conversation, loom: Conversation, nora: Agent
) -> None:
    snooze_conversation(lamp, after=loom, by=nora)
    told = Event.objects.get(kind="conversation.snoozed").facts
    assert told == {"until": loom.ref, "before": "open"}
    resolve_conversation(loom, by=nora)
    assert (fresh(lamp).status, fresh(lamp).woke, woken(lamp)) == ("open", loom.ref, [loom.ref])
    reopen_conversation(loom, by=nora)
    resolve_conversation(loom, by=nora)
    assert woken(lamp) == [loom.ref]


def test_what_was_joined_is_settled_with_the_whole(
    lamp: Conversation, loom: Conversation, form: Any, nora: Agent
) -> None:
    whole = conversation_of(write_form(form, "Two things", subject="Two things"))
    snooze_conversation(lamp, after=loom, by=nora)
    join_conversation(loom, into=whole, by=nora)
    assert fresh(lamp).status == "snoozed"
    resolve_conversation(whole, by=nora)
    assert woken(lamp) == [whole.ref]


def test_spam_is_waited_for_no_longer(lamp: Conversation, loom: Conversation, nora: Agent) -> None:
    snooze_conversation(lamp, after=loom, by=nora)
    mark_as_spam(loom, by=nora)
    assert woken(lamp) == [loom.ref]


def test_who_was_opened_meanwhile_does_not_wake(
    lamp: Conversation, loom: Conversation, nora: Agent
) -> None:
    snooze_conversation(lamp, after=loom, by=nora)
    reopen_conversation(lamp, by=nora)
    resolve_conversation(loom, by=nora)
    assert (woken(lamp), fresh(lamp).woke) == ([], "")


def test_what_cannot_be_waited_for_is_refused(
    lamp: Conversation, loom: Conversation, nora: Agent
) -> None:
    with pytest.raises(Refused, match="wait for itself"):
        snooze_conversation(lamp, after=lamp, by=nora)
    resolve_conversation(loom, by=nora)
    with pytest.raises(Refused, match="settled already"):
        snooze_conversation(lamp, after=loom, by=nora)
    with pytest.raises(Refused, match="still to come"):
        snooze_conversation(lamp, until=timezone.now(), by=nora)


def test_why_it_woke_is_forgotten_when_somebody_answers(lamp: Conversation, nora: Agent) -> None:
    until = timezone.now() + timedelta(hours=1)
    snooze_conversation(lamp, until=until, by=nora)
    wake_due(until)
    reply_to(lamp, Reply(text="It left on Friday."), by=nora)
    assert fresh(lamp).woke == ""
