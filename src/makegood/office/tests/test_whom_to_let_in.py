"""Nobody lets anybody into what they do not see themselves: teams, inboxes, themselves included."""

from typing import Any

import pytest

from makegood.channels.connecting import InboxSettings, change_inbox
from makegood.channels.queries import may_see
from makegood.desk.tests.asking import signed_in
from makegood.kit.errors import Refused
from makegood.rolls.crew import Crew
from makegood.rolls.models import RollLine
from makegood.team.actions import accept_invitation, change_agent, invite_agent, save_team
from makegood.team.models import Agent, Team
from makegood.team.permissions import OF_AN_AGENT
from makegood.team.roles import save_role
from tests.world import proven


@pytest.fixture
def clerk(nora: Agent, olga: Agent) -> Agent:
    """Nora of the front team looks after agents, teams and inboxes, and sees what her team sees."""
    may = {"office.agents", "office.teams", "office.inboxes", "office.imports"} | OF_AN_AGENT
    role = save_role(None, name="Clerk", words="", permissions=may, by=olga)
    change_agent(nora, role=f"own:{role.pk}", by=olga)
    return Agent.objects.get(pk=nora.pk)


def test_not_oneself_into_a_team_by_its_page(clerk: Agent, back: Team) -> None:
    with pytest.raises(Refused, match="cannot let anybody into it: Back office"):
        save_team(back, name="Back office", agents=[clerk], by=clerk)

    assert not back.agents.exists()


def test_nor_by_ones_own_page(clerk: Agent, front: Team, back: Team) -> None:
    with pytest.raises(Refused, match="Back office"):
        change_agent(clerk, teams=[front, back], by=clerk)

    assert list(clerk.teams.all()) == [front]


def test_nobody_else_either(clerk: Agent, vera: Agent, back: Team, front: Team) -> None:
    with pytest.raises(Refused, match="Back office"):
        invite_agent("pia@lantern.example", role="agent", teams=[back], by=clerk)
    line = RollLine(key="pia@lantern.example")
    with pytest.raises(Refused, match="Back office"):
        Crew().refuse(line, {"name": "Pia", "teams": "Back office"}, clerk)
    change_agent(vera, teams=[back, front], by=clerk)

    assert set(vera.teams.all()) == {back, front}


def test_whoever_left_a_team_lets_nobody_in_by_an_old_link(
    clerk: Agent, front: Team, olga: Agent
) -> None:
    invitation, _token = invite_agent("pia@lantern.example", role="agent", teams=[front], by=clerk)
    change_agent(clerk, teams=[], by=olga)
    with pytest.raises(Refused, match="Front"):
        accept_invitation(invitation, name="Pia", password="a long enough sentence")

    assert not Agent.objects.filter(name="Pia").exists()


def test_members_of_an_own_or_a_new_team_are_chosen_freely(
    clerk: Agent, vera: Agent, front: Team
) -> None:
    save_team(front, name="Front", agents=[clerk, vera], by=clerk)
    made = save_team(None, name="Night", agents=[vera], by=clerk)

    assert list(vera.teams.order_by("name").values_list("name", flat=True)) == [
        "Back office", "Front", "Night",
    ]  # fmt: skip
    assert made.agents.get() == vera


def test_who_sees_everything_lets_in_whom_they_like(olga: Agent, nora: Agent, back: Team) -> None:
    change_agent(nora, teams=[back], by=olga)

    assert nora.teams.get() == back


def test_an_inbox_is_given_to_a_team_only_by_who_sees_it(
    clerk: Agent, mailbox: Any, front: Team, back: Team, olga: Agent
) -> None:
    mailbox.teams.set([back])
    wanted = InboxSettings(name="Hello", kind="email", address="hello@lantern.example")
    with pytest.raises(Refused, match="do not see what came here"):
        change_inbox(mailbox, wanted, teams=[front], by=clerk)
    change_inbox(mailbox, wanted, teams=[back], by=clerk)
    before = may_see(clerk, mailbox.pk)
    change_inbox(mailbox, wanted, teams=[front], by=olga)

    assert (before, may_see(clerk, mailbox.pk)) == (False, True)


def test_the_page_says_why(clerk: Agent, back: Team) -> None:
    client = proven(signed_in(clerk), clerk)
    said = {"name": "Back office", "agents": [clerk.pk]}
    answer = client.post(f"/office/teams/{back.pk}/", said)

    assert "you cannot let anybody into it: Back office." in answer.content.decode()
