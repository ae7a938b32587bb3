from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from makegood.channels.models import Inbox
from makegood.conversations.merging import join_conversation, part_conversation
from makegood.conversations.models import Conversation
from makegood.disputes.answering import let_go, packet_going, send_evidence, take_up_again
from makegood.disputes.models import Dispute
from makegood.disputes.tests.samples import stripe_dispute, stripe_event
from makegood.disputes.tests.test_taking import an_order, take
from makegood.promises.explaining import explain
from makegood.promises.models import Promise
from makegood.promises.ticking import tick
from makegood.team.models import Agent

State = Promise.State


def told(topic: str = "updated", *, hours: float = 0, days: float = 9, **more: Any) -> None:
    """As Stripe tells it now, with so many days left."""
    now = timezone.now()
    due = int((now + timedelta(days=days)).timestamp())
    more.setdefault("evidence_details", {"due_by": due})
    found = stripe_dispute(created=int(now.timestamp()), **more)
    at = int((now + timedelta(hours=hours)).timestamp())
    take(stripe_event(f"charge.dispute.{topic}", found, created=at, id=f"evt_{topic}_{hours}"))


@pytest.fixture
def disputed(form: Inbox) -> Dispute:
    an_order()
    told("created")
    return Dispute.objects.get()


def _promise() -> Promise:
    return Promise.objects.filter(kind="dispute_deadline").latest("pk")


def test_its_deadline_is_a_promise_that_warns_days_before(disputed: Dispute) -> None:
    promise = _promise()
    assert promise.due_at == disputed.due_at
    assert promise.conversation == disputed.conversation
    assert promise.due_at - promise.warn_at == timedelta(days=3)
    tick(promise.warn_at + timedelta(seconds=1))
    promise.refresh_from_db()
    assert promise.is_at_risk
    tick(promise.due_at + timedelta(seconds=1))
    promise.refresh_from_db()
    assert promise.state == State.BROKEN


def test_another_day_moves_it(disputed: Dispute) -> None:
    told(hours=1, days=12)
    disputed.refresh_from_db()
    assert _promise().due_at == disputed.due_at
    assert Promise.objects.filter(kind="dispute_deadline").count() == 1


def test_the_evidence_keeps_it(disputed: Dispute, tomas: Agent) -> None:
    digest = packet_going(disputed, tomas).digest
    send_evidence(disputed, digest=digest, is_by_hand=True, by=tomas)
    assert _promise().state == State.KEPT


def test_an_answer_given_elsewhere_keeps_it_too(disputed: Dispute) -> None:
    told(hours=2, status="under_review")
    assert _promise().state == State.KEPT


@pytest.mark.parametrize("status", ["lost", "won", "warning_closed"])
def test_an_end_without_an_answer_takes_it_away(disputed: Dispute, status: str) -> None:
    told("closed", hours=2, status=status)
    assert _promise().state == State.WITHDRAWN


def test_asked_again_it_is_another_promise(disputed: Dispute) -> None:
    told(hours=2, status="under_review")
    told(hours=3, days=20)
    kept, again = Promise.objects.filter(kind="dispute_deadline").order_by("pk")
    assert (kept.state, again.state) == (State.KEPT, State.OPEN)


def test_what_is_let_go_is_due_no_more_and_taken_up_due_again(
    disputed: Dispute, tomas: Agent
) -> None:
    let_go(disputed, by=tomas)
    assert _promise().state == State.WITHDRAWN
    take_up_again(disputed, by=tomas)
    assert _promise().state == State.OPEN


def test_a_day_that_passed_when_we_hear_of_it_is_broken(form: Inbox) -> None:
    an_order()
    told("created", days=-1)
    promise = _promise()
    tick(timezone.now())
    promise.refresh_from_db()
    assert promise.state == State.BROKEN


def test_it_goes_along_with_a_join_and_comes_back(
    disputed: Dispute, lamp: Conversation, tomas: Agent
) -> None:
    assert disputed.conversation is not None
    join_conversation(disputed.conversation, into=lamp, by=tomas)
    assert _promise().conversation == lamp
    told(hours=2, days=10)
    assert _promise().conversation == lamp
    part_conversation(disputed.conversation, by=tomas)
    assert _promise().conversation == disputed.conversation


def test_why_then_is_said_in_words(disputed: Dispute) -> None:
    (first, *_more) = explain(_promise(), datetime.now().astimezone()).sentences
    assert "Stripe wants our answer about €84.00" in first
