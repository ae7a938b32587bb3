"""Above somebody's authority: asked, answered once, asked again of others, with reasons."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from makegood.authority.actions import BeyondAuthority
from makegood.authority.queries import left
from makegood.channels.models import Delivery
from makegood.desk.breaking import apologies_for
from makegood.kit.errors import Refused
from makegood.ledger.models import Event
from makegood.makegoods.actions import decline, give
from makegood.makegoods.approving import ANSWERED_WITHIN, answer, ask
from makegood.makegoods.events import ApprovalWanted
from makegood.makegoods.mailing import LASTS, asked_by_link, link
from makegood.makegoods.models import Approval, Makegood
from makegood.makegoods.queries import approvals_waiting
from makegood.makegoods.tests.giving import euros, matter, wish
from makegood.makegoods.ticking import tick
from makegood.promises.explaining import explain
from makegood.promises.models import Promise
from makegood.promises.shown import shown
from makegood.promises.ticking import tick as tick_promises

pytestmark = pytest.mark.django_db
State = Makegood.State


@pytest.fixture
def asked(lamp: Any, nora: Any, tomas: Any, olga: Any) -> Approval:
    makegood = ask(matter(lamp), wish(40_00), by=nora)
    return makegood.approval


def test_whoever_may_is_asked_and_owners_only_later(
    asked: Approval, nora: Any, tomas: Any, olga: Any
) -> None:
    assert asked.asked == [tomas.pk]
    assert asked.makegood.state == State.OFFERED
    assert approvals_waiting(tomas) == [asked]
    assert not approvals_waiting(olga)
    assert left(nora, "EUR", asked.makegood.case).most == euros(25_00), "nothing is taken yet"


def test_a_yes_takes_the_money_from_whoever_says_it(asked: Approval, nora: Any, tomas: Any) -> None:
    answer(asked, is_yes=True, words="Of course.", by=tomas)
    makegood = Makegood.objects.get()
    assert makegood.state == State.APPROVED
    assert left(tomas, "EUR", "").day == euros(1_000_00 - 40_00)
    assert left(nora, "EUR", "").day == euros(100_00)
    give(makegood, by=nora)
    with pytest.raises(Refused, match="answered this already"):
        answer(asked, is_yes=False, words="Wait", by=tomas)


def test_a_no_says_why(asked: Approval, tomas: Any) -> None:
    with pytest.raises(Refused, match="Say why not"):
        answer(asked, is_yes=False, by=tomas)
    answer(asked, is_yes=False, words="It is on its way.", by=tomas)
    makegood = Makegood.objects.get()
    assert makegood.state == State.DECLINED
    event = Event.objects.get(kind="makegood.declined")
    assert event.told()["words"] == "It is on its way."
    assert left(tomas, "EUR", "").day == euros(1_000_00)


def test_nobody_approves_their_own(lamp: Any, tomas: Any, olga: Any) -> None:
    makegood = ask(matter(lamp), wish(300_00), by=tomas)
    assert makegood.approval.asked == [olga.pk]
    with pytest.raises(Refused, match="themselves"):
        answer(makegood.approval, is_yes=True, by=tomas)


def test_a_reason_is_asked_for_and_somebody_must_be_able(lamp: Any, nora: Any) -> None:
    with pytest.raises(Refused, match="why"):
        ask(matter(lamp), wish(40_00, why=""), by=nora)
    with pytest.raises(Refused, match="Nobody here may give as much"):
        ask(matter(lamp), wish(40_00), by=nora)
    assert not Makegood.objects.exists()


def test_who_could_no_longer_give_as_much_is_told(asked: Approval, tomas: Any, lamp: Any) -> None:
    from makegood.makegoods.actions import offer  # only here

    offer(matter(lamp), wish(230_00), by=tomas)
    with pytest.raises(BeyondAuthority):
        answer(asked, is_yes=True, by=tomas)
    asked.refresh_from_db()
    assert asked.answered_at is None


def test_nobody_answers_and_the_owners_are_asked_once(
    asked: Approval, tomas: Any, olga: Any
) -> None:
    now = timezone.now()
    with time_machine.travel(now + ANSWERED_WITHIN - timedelta(minutes=1), tick=False):
        assert tick(timezone.now()) == 0
    with time_machine.travel(now + ANSWERED_WITHIN + timedelta(minutes=1), tick=False):
        assert tick(timezone.now()) == 1
        assert tick(timezone.now()) == 0
    assert approvals_waiting(olga) == [asked]
    again = Event.objects.filter(kind="makegood.asked").order_by("pk").last()
    assert again is not None
    assert again.facts["is_again"]


def test_what_is_not_wanted_any_more_waits_for_nobody(
    asked: Approval, nora: Any, tomas: Any
) -> None:
    decline(asked.makegood, words="", by=nora)
    asked.refresh_from_db()
    assert asked.answer == Approval.Answer.NEVER
    assert not approvals_waiting(tomas)
    with pytest.raises(Refused):
        answer(asked, is_yes=True, by=tomas)


def held_for(approval: Approval) -> Promise:
    assert approval.promise is not None
    return Promise.objects.get(pk=approval.promise)


def test_whoever_asked_is_promised_an_answer(asked: Approval, tomas: Any) -> None:
    promise = held_for(asked)
    assert (promise.kind, promise.state) == ("approval", "open")
    assert promise.conversation == asked.makegood.conversation
    assert promise.due_at == asked.asked_at + ANSWERED_WITHIN
    assert promise.warn_at > asked.asked_at, "it is not at risk from its first moment"
    assert "waits for a yes or no" in " ".join(explain(promise, timezone.now()).sentences)
    answer(asked, is_yes=True, by=tomas)
    promise.refresh_from_db()
    assert (promise.state, promise.settled_by) == ("kept", asked.ref)


def test_an_answer_that_nobody_gave_in_time_is_a_promise_broken(
    asked: Approval, tomas: Any
) -> None:
    late = asked.asked_at + ANSWERED_WITHIN + timedelta(minutes=5)
    with time_machine.travel(late, tick=False):
        tick_promises(timezone.now())
        broken = held_for(asked)
        assert broken.state == "broken"
        one = shown(broken, timezone.now())
        assert not apologies_for(one, tomas, timezone.now()), "no customer heard of it"
        answer(asked, is_yes=False, words="Too much.", by=tomas)
    assert held_for(asked).state == "kept_late"


def test_what_is_not_wanted_any_more_is_promised_no_more(asked: Approval, nora: Any) -> None:
    decline(asked.makegood, words="", by=nora)
    promise = held_for(asked)
    assert (promise.state, promise.broken_at) == ("withdrawn", None)


def test_the_question_goes_by_mail_with_a_link_of_ones_own(
    mailbox: Any, asked: Approval, nora: Any, tomas: Any
) -> None:
    sent = Delivery.objects.filter(about=tomas.ref)
    assert sent.count() == 1
    path = link(asked, tomas)
    signed = path.rstrip("/").rpartition("/")[2]
    assert asked_by_link(asked.pk, tomas.pk, signed) == (asked, tomas)
    assert asked_by_link(asked.pk, nora.pk, signed) is None
    assert asked_by_link(asked.pk, tomas.pk, signed[:-1] + "x") is None
    with time_machine.travel(asked.asked_at + LASTS + timedelta(minutes=1)):
        assert asked_by_link(asked.pk, tomas.pk, signed) is None
    tomas.epoch += 1
    tomas.save()
    assert asked_by_link(asked.pk, tomas.pk, signed) is None


def test_who_does_not_answer_is_asked_again_each_day_for_two_weeks(asked: Approval) -> None:
    begun, count = asked.asked_at, ApprovalWanted.kind
    for hours in (2, 3, 26.1, 27, 50.2):
        with time_machine.travel(begun + timedelta(hours=hours), tick=False):
            tick(timezone.now())
    assert Event.objects.filter(kind=count).count() == 1 + 3
    with time_machine.travel(begun + timedelta(days=15), tick=False):
        tick(timezone.now())
    assert Event.objects.filter(kind=count).count() == 1 + 3
