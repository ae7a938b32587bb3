from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core.management import call_command
from django.test import Client

from makegood.channels.models import Delivery, Inbox
from makegood.ledger.models import Event
from makegood.office.tests.test_signing_in import code_now, sign_in
from makegood.team.models import Agent
from tests.world import PASSWORD, second_step


@pytest.fixture
def noras(client: Client, nora: Agent) -> Client:
    sign_in(client, nora)
    return client


def told(agent: Agent) -> list[str]:
    return [event.kind for event in Event.objects.about(agent.ref).in_order()]


def test_an_agent_says_who_they_are(noras: Client, nora: Agent) -> None:
    assert "Stands under every answer" in noras.get("/me/profile/").text
    words = {"name": "Nora Lind", "language": "de", "signature": "Herzlich, Nora"}
    assert noras.post("/me/profile/", words).status_code == 302
    nora.refresh_from_db()
    assert (nora.name, nora.language, nora.signature) == ("Nora Lind", "de", "Herzlich, Nora")
    assert told(nora)[-1] == "agent.profile_changed"
    assert noras.get("/me/profile/").headers["Content-Language"] == "de"


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"name": "N", "language": "xx"}, {"name": "N", "signature": "{customer.name}"}],
)
def test_a_profile_without_sense_is_asked_for_again(
    noras: Client, nora: Agent, wrong: dict[str, Any]
) -> None:
    assert noras.post("/me/profile/", wrong).status_code == 422
    assert "agent.profile_changed" not in told(nora)


def test_nobody_gives_themselves_a_role(noras: Client, nora: Agent) -> None:
    noras.post("/me/profile/", {"name": "Nora", "role": "owner", "epoch": "9", "is_active": ""})
    nora.refresh_from_db()
    assert (nora.role, nora.is_active) == ("agent", True)


def test_changing_the_password_ends_every_other_session(noras: Client, nora: Agent) -> None:
    other = Client()
    sign_in(other, nora)
    wrong = {"oldpassword": "not it", "password1": "another lamp in the window"}
    assert noras.post("/accounts/password/", wrong).status_code == 422
    right = {**wrong, "oldpassword": PASSWORD}
    assert noras.post("/accounts/password/", right).status_code == 302
    assert noras.get("/me/profile/").status_code == 200
    assert other.get("/me/profile/").status_code == 302
    assert told(nora)[-1] == "agent.password_set"


@time_machine.travel("2026-03-02T09:25:00Z", tick=False)
def test_an_app_is_connected_and_told_of(noras: Client, nora: Agent, mailbox: Inbox) -> None:
    place = "/accounts/security/app/"
    assert noras.get(place)["Location"].startswith("/accounts/again/")
    noras.post("/accounts/again/", {"password": PASSWORD})
    assert "Scan the square" in noras.get(place).text
    secret = noras.session["mfa.totp.secret"]
    assert noras.post(place, {"code": "000000"}).status_code == 422
    secret = noras.session["mfa.totp.secret"]
    with_codes = noras.post(place, {"code": code_now(secret)}, follow=True)
    codes = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    assert codes[0] in with_codes.text
    page = noras.get("/accounts/security/").text
    assert "signing in asks for a code" in page
    assert "10 left" in page


def test_taking_an_app_away_is_told_by_mail(noras: Client, nora: Agent, mailbox: Inbox) -> None:
    second_step(nora)
    noras.post("/accounts/again/", {"password": PASSWORD})
    assert "Switch off the codes?" in noras.get("/accounts/security/app/off/").text
    assert noras.post("/accounts/security/app/off/").status_code == 302
    assert not Authenticator.objects.exists()
    assert "no longer asks for a code" in Delivery.objects.get(about=nora.ref).outgoing["subject"]
    assert told(nora)[-1] == "agent.second_step_changed"


def test_who_lost_the_telephone_is_let_in_from_the_server(nora: Agent) -> None:
    Authenticator.objects.create(user=nora, type="totp", data={})
    call_command("password", nora.email)
    assert Authenticator.objects.exists(), "not unless it is asked for"
    call_command("password", nora.email, forget_second_step=True)
    assert not Authenticator.objects.exists()
    assert told(nora)[-1] == "agent.second_step_changed"


def test_another_agents_passkey_does_not_exist(noras: Client, tomas: Agent) -> None:
    key = Authenticator.objects.create(user=tomas, type="webauthn", data={"name": "Tomas"})
    noras.post("/accounts/again/", {"password": PASSWORD})
    for place in (f"{key.pk}/", f"{key.pk}/remove/"):
        assert noras.get(f"/accounts/security/keys/{place}").status_code == 404
        assert noras.post(f"/accounts/security/keys/{place}", {"name": "x"}).status_code == 404


def test_the_page_for_a_passkey_carries_what_the_browser_needs(noras: Client) -> None:
    noras.post("/accounts/again/", {"password": PASSWORD})
    page = noras.get("/accounts/security/keys/new/").text
    assert '<pass-key makes options=\'{"publicKey":' in page
    options = (
        Client().get("/accounts/passkey/", headers={"X-Requested-With": "XMLHttpRequest"}).json()
    )
    assert options["request_options"]["publicKey"]["userVerification"] == "required"
