import time
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.test import Client
from django.urls import reverse

from makegood.channels.actions import retry_delivery, settle_delivery
from makegood.channels.models import Delivery, Inbox
from makegood.kit.errors import Refused
from makegood.ledger.models import Event
from makegood.office.models import Remembered
from makegood.office.views.signing_in import ALWAYS_TAKES
from makegood.team.actions import change_agent
from makegood.team.models import Agent
from tests.world import PASSWORD, second_step

LOGIN = "/accounts/login/"


def sign_in(client: Client, agent: Agent, password: str = PASSWORD, **more: Any) -> Any:
    return client.post(LOGIN, {"login": agent.email, "password": password, **more})


def is_in(client: Client) -> bool:
    return client.get("/me/").status_code != 302


def test_an_agent_signs_in_and_out(client: Client, nora: Agent) -> None:
    assert "Sign in" in client.get(LOGIN).text
    assert sign_in(client, nora).status_code == 302
    assert "_auth_user_id" in client.session
    assert client.post("/accounts/logout/")["Location"] == LOGIN
    assert "_auth_user_id" not in client.session


def test_a_wrong_password_and_an_unknown_address_read_the_same(client: Client, nora: Agent) -> None:
    wrong = sign_in(client, nora, "not it at all")
    unknown = client.post(LOGIN, {"login": "who@lantern.example", "password": "not it at all"})
    assert wrong.status_code == unknown.status_code == 422
    said = "This address and this password do not belong together."
    assert said in wrong.text
    assert wrong.text.count(said) == unknown.text.count(said) == 1


@pytest.mark.parametrize(
    "place", ["signup/", "email/", "confirm-email/", "social/connections/", "login/code/"]
)
def test_what_we_do_not_offer_is_closed(client: Client, nora: Agent, place: str) -> None:
    assert client.get(f"/accounts/{place}").status_code in (302, 404)
    client.force_login(nora)
    assert client.get(f"/accounts/{place}").status_code == 404


def test_ten_thousand_tries_check_few_passwords(
    nora: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[str] = []
    check = Agent.check_password

    def counting(self: Agent, raw: str) -> bool:
        checked.append(raw)
        return check(self, raw)

    monkeypatch.setattr(Agent, "check_password", counting)
    for number in range(60):  # from sixty addresses, as a botnet would
        client = Client(REMOTE_ADDR=f"127.0.1.{number}")
        assert sign_in(client, nora, f"guess {number}").status_code == 422
    assert 0 < len(checked) <= 10


def test_tries_are_counted_across_restarts_and_processes(client: Client, nora: Agent) -> None:
    for number in range(8):
        sign_in(client, nora, f"guess {number}")
    assert Remembered.objects.exists()
    assert "Too many tries" in sign_in(client, nora).text


def test_a_strangers_guesses_do_not_lock_out_a_known_browser(client: Client, nora: Agent) -> None:
    sign_in(client, nora)
    client.post("/accounts/logout/")
    stranger = Client(REMOTE_ADDR="127.0.9.9")
    for number in range(8):
        sign_in(stranger, nora, f"guess {number}")
    assert "Too many tries" in sign_in(stranger, nora).text
    assert sign_in(client, nora).status_code == 302


def test_a_link_by_mail_sets_a_new_password_once(
    client: Client, nora: Agent, mailbox: Inbox
) -> None:
    asked = client.post("/accounts/password/reset/", {"email": nora.email})
    assert asked["Location"] == reverse("account_reset_password_done")
    delivery = Delivery.objects.get(about=nora.ref)
    assert delivery.is_automatic
    assert not mail.outbox, "nothing leaves past our own outbox"
    link = next(line for line in delivery.outgoing["text"].split() if "/reset/" in line)
    path = link.removeprefix("http://127.0.0.1:8000")

    form = client.get(path, follow=True)
    place = form.redirect_chain[-1][0]
    assert client.post(place, {"password1": "short"}).status_code == 422
    done = client.post(place, {"password1": "another lamp in the window"})
    assert done.status_code == 302
    assert sign_in(client, nora).status_code == 422
    assert sign_in(client, nora, "another lamp in the window").status_code == 302
    assert "This link does not work any more" in Client().get(path).text
    assert [e.kind for e in Event.objects.about(nora.ref)].count("agent.password_set") == 1


@pytest.mark.parametrize("state", ["sent", "failed", "in doubt"])
def test_the_link_is_forgotten_once_it_left(
    client: Client, nora: Agent, mailbox: Inbox, state: str
) -> None:
    client.post("/accounts/password/reset/", {"email": nora.email})
    delivery = Delivery.objects.get(about=nora.ref)
    link = next(line for line in delivery.outgoing["text"].split() if "/reset/" in line)
    settle_delivery(delivery, state=state, fence=delivery.fence)
    delivery.refresh_from_db()
    assert link not in str(delivery.outgoing)
    assert len(delivery.outgoing["text_sha256"]) == 64
    with pytest.raises(Refused):
        retry_delivery(delivery, by=nora)


def test_a_forged_host_leads_nobody_away(client: Client, nora: Agent, mailbox: Inbox) -> None:
    client.post("/accounts/password/reset/", {"email": nora.email}, HTTP_HOST="localhost:9999")
    assert "http://127.0.0.1:8000/" in Delivery.objects.get(about=nora.ref).outgoing["text"]


def test_asking_for_a_password_tells_nothing(client: Client, nora: Agent, mailbox: Inbox) -> None:
    answers, times = [], []
    for email in (nora.email, "who@lantern.example"):
        began = time.perf_counter()
        answers.append(client.post("/accounts/password/reset/", {"email": email}))
        times.append(time.perf_counter() - began)
    assert answers[0]["Location"] == answers[1]["Location"]
    assert min(times) >= ALWAYS_TAKES


def test_without_a_mailbox_the_page_says_who_can_help(client: Client, nora: Agent) -> None:
    asked = client.post("/accounts/password/reset/", {"email": nora.email}, follow=True)
    assert "bin/makegood password" in asked.text
    assert not Delivery.objects.exists()


def test_an_agent_who_is_switched_off_is_out_at_once(
    client: Client, nora: Agent, olga: Agent
) -> None:
    sign_in(client, nora)
    assert "_auth_user_id" in client.session
    change_agent(nora, is_active=False, by=olga)
    assert client.get("/accounts/password/").status_code == 302
    assert sign_in(client, nora)["Location"] == "/accounts/closed/"


def code_now(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


@pytest.fixture
def with_app(nora: Agent) -> str:
    """Nora's secret, as her app keeps it."""
    return second_step(nora)


def test_a_code_is_asked_for_and_works_once(client: Client, nora: Agent, with_app: str) -> None:
    assert sign_in(client, nora)["Location"].startswith("/accounts/second-step/")
    assert "_auth_user_id" not in client.session
    assert client.post("/accounts/second-step/", {"code": "000000"}).status_code == 422
    code = code_now(with_app)
    assert client.post("/accounts/second-step/", {"code": code}).status_code == 302
    assert "_auth_user_id" in client.session
    again = Client()
    sign_in(again, nora)
    assert again.post("/accounts/second-step/", {"code": code}).status_code == 422


def test_codes_cannot_be_guessed(client: Client, nora: Agent, with_app: str) -> None:
    sign_in(client, nora)
    for number in range(8):
        client.post("/accounts/second-step/", {"code": f"{number:06}"})
    right = client.post("/accounts/second-step/", {"code": code_now(with_app)})
    assert right.status_code == 422
    assert "Too many tries" in right.text


def test_the_second_step_cannot_be_stepped_over(client: Client, nora: Agent, with_app: str) -> None:
    assert client.get("/accounts/second-step/")["Location"] == LOGIN
    sign_in(client, nora)
    assert client.get("/accounts/security/").status_code == 302
    assert client.post("/accounts/again/", {"password": PASSWORD}).status_code == 302
    assert "_auth_user_id" not in client.session


def test_the_secret_of_an_app_lies_sealed(nora: Agent, with_app: str) -> None:
    from allauth.mfa.models import Authenticator  # only for this

    assert with_app not in str(Authenticator.objects.get(user=nora).data)


def test_next_leads_nowhere_else(client: Client, nora: Agent) -> None:
    for place in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:1"):
        other = Client()
        assert sign_in(other, nora, next=place)["Location"] == "/"
