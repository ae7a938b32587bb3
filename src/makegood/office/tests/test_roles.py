from typing import Any

import pytest
from django.test import Client

from makegood.conversations.models import Conversation
from makegood.conversations.replying import Reply, reply_to
from makegood.kit.errors import Refused
from makegood.ledger.models import Event
from makegood.office.tests.asking import at_most, signed_in
from makegood.team.actions import accept_invitation, change_agent, invite_agent
from makegood.team.models import Agent, OwnRole
from makegood.team.permissions import OF_A_LEAD, OF_AN_AGENT, OF_AN_OWNER, PERMISSIONS
from makegood.team.roles import remove_role, save_role
from tests.world import PASSWORD


@pytest.fixture
def clerk(olga: Agent) -> OwnRole:
    """Looks after agents and roles, and may do nothing else."""
    wanted = ["office.agents", "office.roles"]
    return save_role(None, name="Clerk", words="", permissions=wanted, by=olga)


def test_the_built_in_roles_may_ever_more() -> None:
    assert OF_AN_AGENT < OF_A_LEAD < OF_AN_OWNER
    assert set(PERMISSIONS) == OF_AN_OWNER


def test_asking_what_somebody_may_costs_no_query(nora: Agent, clerk: OwnRole, olga: Agent) -> None:
    change_agent(nora, role=f"own:{clerk.pk}", by=olga)
    nora = Agent.objects.get(pk=nora.pk)
    with at_most(0):
        assert nora.may("office.agents")
        assert not nora.may("answer")
        assert not nora.sees_everything()
    with pytest.raises(KeyError):
        nora.may("fly")


def test_a_role_is_made_as_a_copy_given_and_changed(as_olga: Client, nora: Agent) -> None:
    page = as_olga.get("/office/roles/new/?copy=agent").text
    assert "Agent (copy)" in page
    wanted = {"name": "Trainee", "words": "Learns.", "permissions": ["answer", "act"]}
    assert as_olga.post("/office/roles/new/", wanted).status_code == 302
    role = OwnRole.objects.get()
    given = {"role": f"own:{role.pk}", "is_active": "on"}
    assert as_olga.post(f"/office/agents/{nora.pk}/", given).status_code == 302
    noras = signed_in(Agent.objects.get(pk=nora.pk))
    assert noras.get("/me/profile/").status_code == 200
    assert "Nora" in as_olga.get("/office/roles/").text
    assert "Trainee" in as_olga.get("/office/agents/").text

    wanted["permissions"] = ["act", "see.everything"]
    as_olga.post(f"/office/roles/{role.pk}/", wanted)
    assert noras.get("/me/profile/").status_code == 302, "old sessions end"
    nora.refresh_from_db()
    assert (nora.may("answer"), nora.sees_everything(), nora.role) == (False, True, "lead")
    event = Event.objects.filter(kind="role.saved").latest("pk")
    assert event.facts["before"]["permissions"] == "act, answer"
    assert event.facts["after"]["permissions"] == "act, see.everything"


def test_nobody_gives_what_they_do_not_have(
    clerk: OwnRole, olga: Agent, nora: Agent, tomas: Agent
) -> None:
    change_agent(nora, role=f"own:{clerk.pk}", by=olga)
    nora.refresh_from_db()
    events = Event.objects.count()
    with pytest.raises(Refused):
        save_role(None, name="More", words="", permissions=["answer"], by=nora)
    with pytest.raises(Refused):
        save_role(clerk, name="Clerk", words="", permissions=["office.keys"], by=nora)
    with pytest.raises(Refused):
        change_agent(nora, role="owner", by=nora)
    with pytest.raises(Refused):
        invite_agent("pia@lantern.example", role="lead", by=nora)
    with pytest.raises(Refused):
        change_agent(tomas, is_active=False, by=nora)
    assert Event.objects.count() == events
    made = save_role(None, name="Less", words="", permissions=["office.agents"], by=nora)
    _, token = invite_agent("pia@lantern.example", role=f"own:{made.pk}", by=nora)
    assert token


def test_an_invitation_brings_the_role_as_it_is_then(clerk: OwnRole, olga: Agent) -> None:
    invitation, _ = invite_agent("pia@lantern.example", role=f"own:{clerk.pk}", by=olga)
    with pytest.raises(Refused):
        remove_role(clerk, by=olga)
    save_role(clerk, name="Clerk", words="", permissions=["see.everything"], by=olga)
    invitation.refresh_from_db()
    pia = accept_invitation(invitation, name="Pia", password=PASSWORD)
    assert (pia.role, pia.role_name, pia.granted) == ("lead", "Clerk", ["see.everything"])


def test_a_role_that_somebody_has_stays(as_olga: Client, clerk: OwnRole, nora: Agent) -> None:
    olga = Agent.objects.get(name="Olga")
    change_agent(nora, role=f"own:{clerk.pk}", by=olga)
    assert as_olga.post(f"/office/roles/{clerk.pk}/removal/").status_code == 409
    change_agent(nora, role="agent", by=olga)
    assert as_olga.post(f"/office/roles/{clerk.pk}/removal/").status_code == 302
    assert not OwnRole.objects.exists()


@pytest.mark.parametrize("name", ["Owner", "lead", "Clerk", " "])
def test_a_name_stands_for_one_role(name: str, clerk: OwnRole, olga: Agent) -> None:
    with pytest.raises(Refused):
        save_role(None, name=name, words="", permissions=[], by=olga)


def test_the_office_shows_each_what_is_theirs(
    clerk: OwnRole, olga: Agent, nora: Agent, tomas: Agent
) -> None:
    change_agent(nora, role=f"own:{clerk.pk}", by=olga)
    page = signed_in(Agent.objects.get(pk=nora.pk)).get("/office/").text
    assert "/office/agents/" in page
    assert "/office/inboxes/" not in page
    assert signed_in(tomas).get("/office/").status_code == 404


def test_who_may_not_write_to_customers_is_told_so(
    lamp: Conversation, olga: Agent, nora: Agent
) -> None:
    reads = save_role(None, name="Reader", words="", permissions=["act"], by=olga)
    change_agent(nora, role=f"own:{reads.pk}", by=olga)
    nora.refresh_from_db()
    answer = signed_in(nora).post(f"/conversations/{lamp.pk}/messages/", {"text": "Hello"})
    assert answer.status_code == 403
    assert "Write to customers" in answer.text
    with pytest.raises(Refused):
        reply_to(lamp, Reply(text="Hello"), by=nora)


def test_what_an_agent_may_do_is_explained(as_olga: Client, nora: Agent, lamp: Any) -> None:
    page = as_olga.get(f"/office/agents/{nora.pk}/").text
    assert "What may Nora see and do?" in page
    assert "Form" in page
    assert str(PERMISSIONS["answer"].name) in page


def test_after_the_password_what_was_posted_is_done(olga: Agent, nora: Agent) -> None:
    client = Client()
    client.force_login(olga)
    form = {"role": "lead", "is_active": "on"}
    asked = client.post(f"/office/agents/{nora.pk}/", form)
    assert asked["Location"].startswith("/accounts/again/")
    assert client.post(asked["Location"], {"password": "wrong"}).status_code == 422
    nora.refresh_from_db()
    assert nora.role == "agent"
    assert client.post(asked["Location"], {"password": PASSWORD}).status_code == 302
    nora.refresh_from_db()
    assert nora.role == "lead"
