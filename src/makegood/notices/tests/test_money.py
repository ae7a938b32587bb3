"""Whoever may say yes is told, and whoever asked once it was answered; and nobody else."""

import pytest

from makegood.conversations.models import Conversation
from makegood.ledger.followers import catch_up
from makegood.makegoods.actions import decline, offer
from makegood.makegoods.approving import answer, ask
from makegood.makegoods.models import Approval
from makegood.makegoods.tests.giving import matter, wish
from makegood.notices.kinds import Kind
from makegood.notices.queries import matters_of, notices_of
from makegood.team.models import Agent


def told(agent: Agent) -> list[str]:
    catch_up("notices")
    return list(notices_of(agent).order_by("pk").values_list("kind", flat=True))


@pytest.fixture
def asked(lamp: Conversation, nora: Agent, tomas: Agent, olga: Agent) -> Approval:
    return ask(matter(lamp), wish(40_00), by=nora).approval


@pytest.mark.parametrize("is_yes", [True, False])
def test_who_may_say_yes_is_told_and_who_asked_once_it_is_said(
    asked: Approval, nora: Agent, tomas: Agent, olga: Agent, is_yes: bool
) -> None:
    assert told(tomas) == [Kind.YES_WANTED]
    assert told(olga) == told(nora) == [], "owners only where nobody else may"
    (matter_of,) = matters_of(tomas)
    assert "40.00 EUR" in matter_of.told[0].words
    answer(asked, is_yes=is_yes, words="Well.", by=tomas)
    assert told(nora) == [Kind.YES_GIVEN]
    assert told(tomas) == [Kind.YES_WANTED]


def test_what_was_answered_meanwhile_is_told_to_nobody_else(
    asked: Approval, nora: Agent, tomas: Agent
) -> None:
    answer(asked, is_yes=True, by=tomas)
    assert told(tomas) == []


def test_what_an_agent_may_give_is_nobodys_news(
    lamp: Conversation, nora: Agent, tomas: Agent
) -> None:
    makegood = offer(matter(lamp), wish(5_00), by=nora)
    decline(makegood, words="No.", by=tomas)
    assert told(nora) == told(tomas) == []
