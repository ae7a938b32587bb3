from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from makegood.ledger.models import Event
from makegood.office.first_run import set_up_word
from makegood.team.models import Agent
from tests.world import PASSWORD

FORM = {"name": "Olga", "email": "olga@lantern.example", "password": PASSWORD}


@pytest.fixture
def word(db: None, settings: object, tmp_path: Path) -> str:
    settings.DATA = tmp_path  # type: ignore[attr-defined]
    return set_up_word()


def test_a_new_install_asks_for_its_owner(client: Client, word: str, tmp_path: Path) -> None:
    assert client.get("/accounts/login/")["Location"] == "/set-up/"
    assert client.post("/set-up/", {**FORM, "word": word}).status_code == 302
    olga = Agent.objects.get()
    assert olga.may("office.settings")
    assert [e.kind for e in Event.objects.about(olga.ref)] == ["agent.joined"]
    assert client.login(email=olga.email, password=PASSWORD)


def test_the_word_is_kept_from_others_on_the_machine(word: str, tmp_path: Path) -> None:
    assert (tmp_path / "setup.word").stat().st_mode & 0o777 == 0o600
    assert set_up_word() == word


@pytest.mark.parametrize("wrong", ["", " ", "%", "*", "0", "aaaaaaaaaaaaaaaaaaaaaaaaaa"])
def test_without_the_word_nobody_becomes_owner(client: Client, word: str, wrong: str) -> None:
    assert client.post("/set-up/", {**FORM, "word": wrong}).status_code == 422
    assert not Agent.objects.exists()


def test_afterwards_the_page_is_gone(client: Client, word: str, olga: Agent) -> None:
    assert client.get("/set-up/")["Location"] == "/accounts/login/"
    client.post("/set-up/", {**FORM, "email": "eve@lantern.example", "word": word})
    assert Agent.objects.count() == 1


def test_the_command_makes_an_owner(word: str, tmp_path: Path) -> None:
    call_command("owner", email="olga@lantern.example", name="Olga", password=PASSWORD)
    assert Agent.objects.get().may("office.settings")
    assert not (tmp_path / "setup.word").exists()
    with pytest.raises(CommandError, match="already"):
        call_command("owner", email="olga@lantern.example", name="Olga", password=PASSWORD)


def test_the_command_refuses_a_weak_password(db: None) -> None:
    with pytest.raises(CommandError, match="too common"):
        call_command("owner", email="olga@lantern.example", name="Olga", password="password12")


def test_the_command_lets_in_who_is_locked_out(
    client: Client, olga: Agent, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("password", olga.email)
    link = capsys.readouterr().out.split()[-1]
    page = client.get(link.removeprefix("http://127.0.0.1:8000"), follow=True)
    assert "Choose a new password" in page.text
