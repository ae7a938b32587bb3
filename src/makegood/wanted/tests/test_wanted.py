"""Somebody waits for something that is sold out: promised, there again, told, or broken."""

from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.utils import timezone

from makegood.conversations.actions import resolve_conversation
from makegood.conversations.models import Conversation, Draft
from makegood.conversations.replying import Reply, reply_to
from makegood.kit.errors import Refused
from makegood.ledger.models import Event
from makegood.promises.actions import Word, make_promise, withdraw_promise
from makegood.promises.explaining import explain
from makegood.promises.models import Promise
from makegood.promises.ticking import look_at_what_is_due
from makegood.promises.told import honest_line
from makegood.shop.applying import apply
from makegood.shop.models import Variant
from makegood.shop.seen_goods import StockSeen
from makegood.team.models import Agent
from makegood.wanted.actions import promise_back
from makegood.wanted.models import Wanted
from makegood.wanted.queries import wanted_in
from makegood.wanted.ticking import look_at_wanted
from tests.ordered import a_product, a_shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def white() -> Variant:
    return a_product(0).variants.get(external_id="v1")


def day(ahead: int = 7) -> Any:
    return (timezone.now() + timedelta(days=ahead)).date()


def counted(stock: int) -> None:
    apply(a_shop(), StockSeen(external_id="v1", told_at=timezone.now(), stock=stock))


def ticks() -> int:
    for done in range(20):
        if not look_at_wanted():
            return done
    raise AssertionError("It goes on for ever.")


def kinds() -> list[str]:
    return list(Event.objects.filter(kind__startswith="wanted.").values_list("kind", flat=True))


def test_it_is_promised_once_however_often_it_is_asked(
    lamp: Conversation, nora: Agent, white: Variant
) -> None:
    first = promise_back(lamp, white, day(), by=nora)
    assert promise_back(lamp, white, day(9), by=nora) == first
    promise = Promise.objects.get(pk=first.promise_id)
    assert (promise.owner, promise.is_kept_by_writing) == (nora, False)
    assert promise.kind == Promise.Kind.BACK_IN_STOCK
    assert "Paper lamp – White" in promise.words
    assert list(wanted_in(lamp, [white.pk])) == [white.pk]


def test_what_is_there_need_not_be_waited_for(
    lamp: Conversation, nora: Agent, white: Variant
) -> None:
    counted(3)
    with pytest.raises(Refused, match="some of it"):
        promise_back(lamp, white, day(), by=nora)
    assert not Promise.objects.filter(kind="back_in_stock").exists()


def test_there_again_it_comes_back_with_words_and_the_answer_keeps_it(
    lamp: Conversation, nora: Agent, white: Variant
) -> None:
    wanted = promise_back(lamp, white, day(), by=nora)
    reply_to(lamp, Reply(text="We will see."), by=nora)
    assert Promise.objects.get(pk=wanted.promise_id).settled_at is None, "nothing to tell yet"
    resolve_conversation(lamp, by=nora)
    assert ticks() == 0
    counted(4)
    assert ticks() == 1
    counted(5)
    assert ticks() == 0
    assert kinds() == ["wanted.came_back"]
    lamp.refresh_from_db()
    assert lamp.status == Conversation.Status.OPEN
    draft = Draft.objects.get(conversation=lamp, agent=nora)
    assert "Paper lamp – White" in draft.text
    assert "https://lamps.example.com/paper-lamp" in draft.text
    reply_to(lamp, Reply(text="It is there again."), by=nora)
    promise = Promise.objects.get(pk=wanted.promise_id)
    assert promise.state == Promise.State.KEPT
    assert wanted_in(lamp, [white.pk]) == {}


def test_what_somebody_typed_is_never_written_over(
    lamp: Conversation, nora: Agent, white: Variant
) -> None:
    promise_back(lamp, white, day(), by=nora)
    Draft.objects.create(conversation=lamp, agent=nora, purpose="reply", text="Half a word",
                         saved_at=timezone.now())  # fmt: skip
    counted(1)
    ticks()
    assert Draft.objects.get(conversation=lamp, agent=nora).text == "Half a word"


def test_run_out_again_before_they_were_told_it_waits_as_before(
    lamp: Conversation, nora: Agent, white: Variant
) -> None:
    wanted = promise_back(lamp, white, day(), by=nora)
    counted(1)
    ticks()
    counted(0)
    ticks()
    assert kinds() == ["wanted.came_back", "wanted.ran_out"]
    reply_to(lamp, Reply(text="Not yet."), by=nora)
    assert Promise.objects.get(pk=wanted.promise_id).settled_at is None
    counted(2)
    ticks()
    assert Wanted.objects.get().came_at is not None


def test_not_told_in_time_it_is_broken_by_the_clock(
    lamp: Conversation, nora: Agent, white: Variant, time_machine: Any
) -> None:
    wanted = promise_back(lamp, white, day(2), by=nora)
    time_machine.move_to(timezone.now() + timedelta(days=4), tick=True)
    for _turn in range(20):
        if not look_at_what_is_due():
            break
    promise = Promise.objects.get(pk=wanted.promise_id)
    assert promise.state == Promise.State.BROKEN


def test_taken_back_it_is_wanted_no_more_and_can_be_promised_anew(
    lamp: Conversation, nora: Agent, white: Variant
) -> None:
    wanted = promise_back(lamp, white, day(), by=nora)
    withdraw_promise(wanted.promise, reason="They bought another", by=nora)
    counted(1)
    assert ticks() == 0
    counted(0)
    again = promise_back(lamp, white, day(8), by=nora)
    assert (again.pk, again.promise_id != wanted.promise_id) == (wanted.pk, True)


def test_sold_no_more_it_is_withdrawn_once_and_somebody_is_to_say_it(
    lamp: Conversation, nora: Agent, white: Variant
) -> None:
    wanted = promise_back(lamp, white, day(), by=nora)
    resolve_conversation(lamp, by=nora)
    Variant.objects.filter(pk=white.pk).update(is_gone=True)
    assert ticks() == 1
    assert ticks() == 0
    promise = Promise.objects.get(pk=wanted.promise_id)
    assert (promise.state, promise.reason) == ("withdrawn", "It is not sold any more.")
    assert kinds() == ["wanted.taken_out"]
    lamp.refresh_from_db()
    assert lamp.status == Conversation.Status.OPEN


def test_its_page_says_whether_an_answer_keeps_it(
    lamp: Conversation, nora: Agent, white: Variant
) -> None:
    wanted = promise_back(lamp, white, day(), by=nora)
    assert "It is not there yet" in said(wanted)
    counted(1)
    ticks()
    assert "the next answer keeps it" in said(wanted)


def said(wanted: Wanted) -> str:
    promise = Promise.objects.get(pk=wanted.promise_id)
    return " ".join(explain(promise, timezone.now()).sentences)


def test_late_the_customer_reads_what_was_promised_and_that_we_are_late(
    lamp: Conversation, nora: Agent, white: Variant
) -> None:
    promise_back(lamp, white, day(2), by=nora)
    reply_to(lamp, Reply(text="We will see."), by=nora)
    line = honest_line(lamp, timezone.now())
    assert line.startswith("We promised: “we write when Paper lamp – White is there again”")
    line = honest_line(lamp, timezone.now() + timedelta(days=4))
    assert "and are late" in line
    assert "Paper lamp" in line


def test_what_was_promised_before_it_had_a_kind_gets_it_and_other_words_do_not(
    lamp: Conversation, nora: Agent, white: Variant
) -> None:
    wanted = promise_back(lamp, white, day(), by=nora)
    Promise.objects.update(kind="personal")
    due_at = timezone.now() + timedelta(days=1)
    make_promise(lamp, Word(words="I look into it", due_at=due_at), by=nora)
    import_module("makegood.wanted.migrations.0002_a_kind_of_its_own").name_them(apps, None)
    assert Promise.objects.get(kind="back_in_stock").pk == wanted.promise_id
    assert Promise.objects.filter(kind="personal").count() == 1
