from typing import Any

import pytest
from django.test import Client

from makegood.channels.models import Delivery, Inbox
from makegood.office.tests.asking import at_most, signed_in, told
from makegood.team.actions import add_agent, change_agent, invite_agent
from makegood.team.models import Agent, Invitation, Team
from tests.world import PASSWORD


def test_everybody_stands_in_the_list(as_olga: Client, nora: Agent, tomas: Agent) -> None:
    with at_most(12):
        page = as_olga.get("/office/agents/").text
    assert nora.email in page
    assert "Front" in page


def test_an_invitation_goes_by_mail_and_lets_one_person_in_once(
    as_olga: Client, front: Team, mailbox: Inbox
) -> None:
    form = {"email": "pia@lantern.example", "role": "lead", "teams": [front.pk]}
    answer = as_olga.post("/office/invitations/", form)
    assert answer.status_code == 201
    invitation = Invitation.objects.get()
    mail = Delivery.objects.get(about=invitation.ref).outgoing
    link = next(word for word in mail["text"].split() if "/join/" in word)
    assert link in answer.text
    assert told(invitation) == ["Olga invited pia@lantern.example as lead"]

    path = link.removeprefix("http://127.0.0.1:8000")
    stranger = Client()
    assert "Olga invited you" in stranger.get(path).text
    assert stranger.post(path, {"name": "Pia", "password": "short"}).status_code == 422
    assert stranger.post(path, {"name": "Pia", "password": PASSWORD}).status_code == 302
    pia = Agent.objects.get(email="pia@lantern.example")
    assert (pia.role, [*pia.teams.all()]) == ("lead", [front])
    assert Client().get(path).status_code == 404


def test_without_a_mailbox_the_link_is_handed_over(as_olga: Client) -> None:
    answer = as_olga.post("/office/invitations/", {"email": "pia@lantern.example", "role": "agent"})
    assert "hand over this link yourself" in answer.text
    assert not Delivery.objects.exists()


def test_a_second_invitation_replaces_the_first(as_olga: Client) -> None:
    form = {"email": "pia@lantern.example", "role": "agent"}
    pages = [as_olga.post("/office/invitations/", form).text for _ in range(2)]
    first, second = ("/join/" + page.split("/join/")[1][:26] + "/" for page in pages)
    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200


def test_a_withdrawn_invitation_opens_nothing(as_olga: Client, olga: Agent) -> None:
    from makegood.team.actions import invite_agent  # to know the token

    invitation, token = invite_agent("pia@lantern.example", role="agent", by=olga)
    assert Client().get(f"/join/{token}/").status_code == 200
    assert as_olga.post(f"/office/invitations/{invitation.pk}/withdrawal/").status_code == 302
    assert Client().get(f"/join/{token}/").status_code == 404
    assert told(invitation)[-1] == "Olga withdrew the invitation of pia@lantern.example"


@pytest.mark.parametrize("token", ["%25", "*", "a" * 26, "A" * 26, "%00", " "])
def test_guesses_open_no_invitation(as_olga: Client, token: str) -> None:
    as_olga.post("/office/invitations/", {"email": "pia@lantern.example", "role": "agent"})
    assert Client().get(f"/join/{token}/").status_code == 404


def test_who_is_an_agent_already_is_not_invited(as_olga: Client, nora: Agent) -> None:
    answer = as_olga.post("/office/invitations/", {"email": nora.email, "role": "agent"})
    assert answer.status_code == 422
    assert "already an agent" in answer.text


def test_an_agent_gets_another_role_and_other_teams(
    as_olga: Client, nora: Agent, back: Team
) -> None:
    noras = signed_in(nora)
    assert "Front" in as_olga.get(f"/office/agents/{nora.pk}/").text
    form = {"role": "lead", "teams": [back.pk], "is_active": "on"}
    assert as_olga.post(f"/office/agents/{nora.pk}/", form).status_code == 302
    nora.refresh_from_db()
    assert (nora.role, [*nora.teams.all()]) == ("lead", [back])
    assert told(nora)[-1] == "Olga changed Nora: role=lead active=True teams=Back office"
    assert noras.get("/me/profile/").status_code == 302, "old sessions end"


def test_the_last_owner_stays(as_olga: Client, olga: Agent) -> None:
    form = {"role": "agent", "is_active": "on"}
    answer = as_olga.post(f"/office/agents/{olga.pk}/", form)
    assert answer.status_code == 422
    assert "Somebody must stay owner" in answer.text
    olga.refresh_from_db()
    assert olga.may("office.settings")


def test_a_team_is_made_named_and_filled(as_olga: Client, nora: Agent, vera: Agent) -> None:
    form = {"name": "Night", "agents": [nora.pk, vera.pk]}
    assert as_olga.post("/office/teams/new/", form).status_code == 302
    team = Team.objects.get(name="Night")
    assert as_olga.post(f"/office/teams/{team.pk}/", {"name": "Late"}).status_code == 302
    team.refresh_from_db()
    assert (team.name, team.agents.count()) == ("Late", 0)
    assert told(team)[-1] == "Olga changed the team Late"
    again = as_olga.post("/office/teams/new/", {"name": "late"})
    assert again.status_code == 422
    assert "already a team" in again.text


@pytest.mark.parametrize("who", ["nora", "tomas", "vera"])
def test_only_owners_see_the_office(who: str, request: Any, olga: Agent) -> None:
    client = signed_in(request.getfixturevalue(who))
    for place in ("", "agents/", f"agents/{olga.pk}/", "invitations/", "teams/", "inboxes/"):
        assert client.get(f"/office/{place}").status_code == 404
    invited = client.post("/office/invitations/", {"email": "x@example.com", "role": "owner"})
    assert invited.status_code == 404
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("now", ["closed", "no owner any more"])
def test_who_may_not_invite_any_more_lets_nobody_in(olga: Agent, tomas: Agent, now: str) -> None:
    """Who leaves does not leave a door open behind them."""
    other = add_agent("ole@lantern.example", "Ole", role="owner", by=olga)
    _invitation, token = invite_agent("pia@lantern.example", role="owner", by=other)
    if now == "closed":
        change_agent(other, is_active=False, by=olga)
    else:
        change_agent(other, role="agent", by=olga)
    form = {"name": "Pia", "password": PASSWORD}
    assert Client().post(f"/join/{token}/", form).status_code != 302
    assert not Agent.objects.filter(email="pia@lantern.example").exists()
