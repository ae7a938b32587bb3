"""A promise as an act: by a macro, by a rule, on many at once; and taken back with it."""

from datetime import datetime, timedelta

import pytest
import time_machine

from makegood.acts.act import Run
from makegood.acts.vocabulary import ACTS, acts_for_macros, acts_for_many, acts_for_rules, read_act
from makegood.conversations.models import Conversation
from makegood.kit.errors import Refused
from makegood.promises.models import Promise
from makegood.promises.wording.recognising import recognise
from makegood.team.actions import change_agent
from makegood.team.gates import NotAllowed
from makegood.team.models import Agent
from makegood.team.roles import save_role

AT = datetime.fromisoformat("2026-11-24T10:00:00+00:00")
ACT = ACTS["promise"]


def done(words: str, lamp: Conversation, by: Agent, rule: str = "") -> Promise | None:
    with time_machine.travel(AT, tick=False):
        ACT.do(read_act("promise", words)["with"], Run(conversation=lamp, by=by, rule=rule))
    return Promise.objects.filter(kind="personal").order_by("-pk").first()


def test_everybody_who_runs_acts_is_offered_it() -> None:
    for acts in (acts_for_macros(), acts_for_rules(), acts_for_many()):
        assert ACT in acts


def test_its_time_is_reckoned_when_it_is_done(lamp: Conversation, nora: Agent) -> None:
    given = done("in 2 h: We look into it", lamp, nora)
    assert given
    assert (given.words, given.due_at) == ("We look into it", AT + timedelta(hours=2))
    assert given.owner == nora
    assert given.is_kept_by_writing


def test_without_words_it_says_by_when_in_the_language_of_the_customer(
    lamp: Conversation, nora: Agent
) -> None:
    lamp.customer.language = "de"
    given = done("in 2 h", lamp, nora)
    assert given
    assert given.words.startswith("Ich melde mich bis Dienstag, 24. November")
    (read,) = recognise(given.words, "", AT, nora.zone, None)
    assert read.due_at == given.due_at


def test_what_is_to_be_done_is_not_kept_by_the_next_answer(lamp: Conversation, nora: Agent) -> None:
    given = done("done 2 working days: We repair it", lamp, nora)
    assert given
    assert not given.is_kept_by_writing


def test_by_a_rule_it_rides_on_whoever_has_the_conversation(
    lamp: Conversation, nora: Agent
) -> None:
    given = done("in 2 h: We look into it", lamp, nora, rule="rule:1")
    assert given
    assert given.owner is None


def test_it_says_beforehand_what_it_will_do_and_nothing_where_it_is_so(
    lamp: Conversation, nora: Agent
) -> None:
    run = Run(conversation=lamp, by=nora)
    with time_machine.travel(AT, tick=False):
        assert ACT.say("in 2 h: We look into it", run) == (
            "Promise by Tue 24 Nov, 13:00: “We look into it”"
        )
    done("in 2 h: We look into it", lamp, nora)
    with time_machine.travel(AT, tick=False):
        assert ACT.say("in 3 h: We look into it", run) == ""
    done("in 3 h: We look into it", lamp, nora)
    assert Promise.objects.filter(kind="personal").count() == 1


def test_a_time_that_has_passed_is_refused(lamp: Conversation, nora: Agent) -> None:
    with pytest.raises(Refused, match="passed"):
        done("2026-11-20: We look into it", lamp, nora)


def test_whoever_may_not_answer_promises_nothing(
    lamp: Conversation, nora: Agent, olga: Agent
) -> None:
    role = save_role(None, name="Sorter", words="", permissions=["act"], by=olga)
    change_agent(nora, role=f"own:{role.pk}", by=olga)
    with pytest.raises((NotAllowed, Refused)):
        done("in 2 h: We look into it", lamp, Agent.objects.get(pk=nora.pk))
    assert not Promise.objects.filter(kind="personal").exists()
