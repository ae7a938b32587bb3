"""A promise that broke asks why, until somebody says it; what is said to its customer."""

from zoneinfo import ZoneInfo

import pytest
import time_machine

from makegood.channels.models import Inbox
from makegood.conversations.models import Conversation
from makegood.conversations.unwanted import mark_as_spam
from makegood.kit.errors import Refused
from makegood.ledger.models import Event
from makegood.promises.actions import Word, make_promise
from makegood.promises.apologising import apology_for
from makegood.promises.causes import (
    causes_to_choose,
    counted_by_cause,
    every_cause,
    save_cause,
    say_why,
    switch_cause,
)
from makegood.promises.explaining import explain
from makegood.promises.models import Cause, Promise
from makegood.promises.ticking import tick
from makegood.promises.wording.due import Here
from makegood.promises.wording.recognising import recognise
from makegood.team.models import Agent
from tests.promised import MONDAY, H, a_policy, answered, promise, written

LATER = MONDAY + 3 * H
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def late(form: Inbox) -> Conversation:
    """Ida wrote at nine; a first answer was due at eleven, and nobody gave it."""
    a_policy()
    conversation = written(form, "Where is my lamp?", MONDAY)
    tick(LATER)
    return conversation


@pytest.fixture
def many() -> Cause:
    return Cause.objects.get(known="many")


@pytest.mark.django_db
def test_out_of_the_box_there_are_causes_to_choose_from() -> None:
    names = [str(one) for one in causes_to_choose()]
    assert names[:2] == ["too many at once", "waited for somebody else"]
    assert len(names) == 6


def test_a_promise_that_breaks_asks_until_somebody_says_why(
    late: Conversation, many: Cause, nora: Agent
) -> None:
    broken = promise(late, "first_answer")
    assert broken.asks_since == broken.due_at
    say_why(broken, cause=many, words="Twice as many as on other Mondays.", by=nora)
    broken.refresh_from_db()
    assert broken.asks_since is None
    assert broken.cause == many
    told = Event.objects.get(kind="promise.explained")
    assert (told.facts["cause"], told.by) == ("too many at once", nora.ref)
    said = explain(broken, LATER, ZoneInfo("UTC"))
    words = "Why it broke: too many at once, “Twice as many as on other Mondays.”."
    assert words in said.sentences
    assert said.as_json()["cause"] == "too many at once"


def test_what_is_said_again_is_told_once_and_otherwise_is_told_again(
    late: Conversation, many: Cause, nora: Agent
) -> None:
    broken = promise(late, "first_answer")
    for _again in range(2):
        say_why(broken, cause=many, words="", by=nora)
    assert Event.objects.filter(kind="promise.explained").count() == 1
    parcel = Cause.objects.get(known="parcel")
    say_why(broken, cause=parcel, words="", by=nora)
    assert [one.facts["cause"] for one in Event.objects.filter(kind="promise.explained")] == [
        "too many at once",
        "parcel service",
    ]


def test_something_else_needs_words(late: Conversation, nora: Agent) -> None:
    other = Cause.objects.get(known="other")
    broken = promise(late, "first_answer")
    with pytest.raises(Refused):
        say_why(broken, cause=other, words=" ", by=nora)
    say_why(broken, cause=other, words="The cellar was under water.", by=nora)
    assert promise(late, "first_answer").cause == other


def test_what_is_kept_late_is_still_asked_and_what_is_in_time_never(
    late: Conversation, form: Inbox, many: Cause, nora: Agent
) -> None:
    answered(late, nora, LATER)
    kept = promise(late, "first_answer")
    assert (kept.state, kept.asks_since) == ("kept_late", kept.due_at)
    other = written(form, "Mine?", LATER, email="karim@example.com")
    answered(other, nora, LATER + 0.5 * H)
    in_time = promise(other, "first_answer")
    assert (in_time.state, in_time.asks_since) == ("kept", None)
    with pytest.raises(Refused):
        say_why(in_time, cause=many, words="", by=nora)


def test_nobody_is_asked_about_spam(late: Conversation, nora: Agent) -> None:
    with time_machine.travel(LATER, tick=False):
        mark_as_spam(late, by=nora)
    assert not Promise.objects.filter(asks_since__isnull=False).exists()


def test_causes_are_added_renamed_and_switched_and_the_ledger_knows(olga: Agent) -> None:
    added = save_cause(None, "The printer was broken", by=olga)
    save_cause(added, "The printer", by=olga)
    save_cause(added, "The printer", by=olga)
    switch_cause(added, is_on=False, by=olga)
    assert added not in causes_to_choose()
    assert added in every_cause()
    told = Event.objects.filter(kind="cause.changed").order_by("pk")
    assert [one.facts["what"] for one in told] == ["added", "renamed", "switched off"]
    with pytest.raises(Refused):
        save_cause(None, "too many AT once", by=olga)


def test_they_are_counted_by_cause(late: Conversation, many: Cause, nora: Agent) -> None:
    say_why(promise(late, "first_answer"), cause=many, words="", by=nora)
    counted = counted_by_cause(Promise.objects.all(), MONDAY)
    assert [(str(one.cause), one.number) for one in counted] == [("too many at once", 1)]
    assert counted_by_cause(Promise.objects.all(), LATER) == []


def test_an_apology_names_what_was_promised_and_since_when(late: Conversation, nora: Agent) -> None:
    said = apology_for(promise(late, "first_answer"), BERLIN, by=nora)
    assert said == (
        "You wrote to us on Monday, 2 March, and we meant to answer by 12:00. "
        "We did not, and I am sorry that you had to wait."
    )


def test_an_apology_for_ones_own_word_says_i_and_for_anothers_we(
    late: Conversation, nora: Agent, olga: Agent
) -> None:
    with time_machine.travel(MONDAY, tick=False):
        word = Word(words="I send it by noon.", due_at=MONDAY + 2 * H, owner=nora)
        given = make_promise(late, word, by=nora)
    mine, ours = apology_for(given, BERLIN, by=nora), apology_for(given, BERLIN, by=olga)
    assert mine.startswith("On Monday, 2 March I wrote to you: “I send it by noon”.")
    assert "I did not keep it" in mine
    assert "we did not keep it" in ours


@pytest.mark.parametrize("language", ["en", "de"])
def test_an_apology_promises_nothing_by_itself(
    late: Conversation, nora: Agent, language: str
) -> None:
    late.customer.language = language
    for kind in ("first_answer", "resolution"):
        one = promise(late, kind)
        one.conversation = late
        said = apology_for(one, BERLIN, by=nora)
        here = Here(LATER, BERLIN)
        assert list(recognise(said, "", here.now, here.zone, here.hours)) == []
        assert ("tut mir leid" in said) == (language == "de")
