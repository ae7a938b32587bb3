"""With whose rights a rule acts: it gets nobody past what they may not do themselves."""

from typing import Any

import pytest
from django.utils import timezone

from makegood.automation.queries import traces_on
from makegood.automation.tests.rig import let_rules_work, made
from makegood.channels.models import Delivery
from makegood.conversations.models import Conversation
from makegood.team.actions import change_agent
from makegood.team.models import Agent
from makegood.team.roles import save_role
from tests.world import arrive, conversation_of, mail_bytes


def keeper_who_may(agent: Agent, *permissions: str, by: Agent) -> Agent:
    role = save_role(None, name="Keeper of rules", words="", permissions=permissions, by=by)
    change_agent(agent, role=f"own:{role.pk}", by=by)
    return Agent.objects.get(pk=agent.pk)


def answered_by_rule(mailbox: Any, keeper: Agent) -> Conversation:
    made("Hours", "message.received", ("reply", "We are closed."), by=keeper)
    raw = mail_bytes("Where is my lamp?")
    conversation = conversation_of(arrive(mailbox, raw, at=timezone.now()))
    let_rules_work()
    return conversation


@pytest.mark.parametrize(
    ("permissions", "words"),
    [
        (("office.rules", "act"), "Write to customers"),
        (("office.rules", "act", "answer"), "without somebody’s yes"),
    ],
)
def test_a_rule_writes_to_nobody_to_whom_its_keeper_may_not_write(
    mailbox: Any, nora: Agent, olga: Agent, permissions: tuple[str, ...], words: str
) -> None:
    conversation = answered_by_rule(mailbox, keeper_who_may(nora, *permissions, by=olga))
    (trace,) = traces_on(conversation)
    assert words in trace.steps[0][2]
    assert not Delivery.objects.exists()


def test_whoever_writes_alone_lets_a_rule_write(mailbox: Any, nora: Agent, olga: Agent) -> None:
    permissions = ("office.rules", "act", "answer", "answer.alone")
    conversation = answered_by_rule(mailbox, keeper_who_may(nora, *permissions, by=olga))
    (trace,) = traces_on(conversation)
    assert "Nothing proves" in trace.steps[0][2], "it came as far as asking who wrote"
