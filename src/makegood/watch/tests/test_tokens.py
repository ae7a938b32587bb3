"""Tokens that are renewed before they end, at a token server on this machine."""

import http.server
import json
import threading
import urllib.parse
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from makegood.channels.models import Inbox
from makegood.kit import egress
from makegood.kit.egress import Unreachable
from makegood.team.models import Agent
from makegood.watch.looking import sightings
from makegood.watch.models import Watched
from makegood.watch.tokens import Grant, TokenRefused, connect_tokens, keep_tokens_fresh


class TokenServer:
    """Gives a token for each refresh token that it knows, and a new one with it."""

    def __init__(self) -> None:
        self.asked: list[dict[str, str]] = []
        self.status = 200
        self.told: dict[str, Any] = {"access_token": "first", "expires_in": 3600}
        owner = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                owner.asked.append(dict(urllib.parse.parse_qsl(body)))
                answer = json.dumps(owner.told).encode()
                self.send_response(owner.status)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_arguments: Any) -> None:
                """Nothing to say."""

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = int(self.server.server_address[1])
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[TokenServer]:
    running = TokenServer()
    monkeypatch.setattr(egress, "PORTS", {running.port})
    monkeypatch.setattr(egress, "is_open_address", lambda _text: True)
    yield running
    running.server.shutdown()
    running.server.server_close()


@pytest.fixture
def grant(provider: TokenServer) -> Grant:
    place = f"http://127.0.0.1:{provider.port}/token"
    return Grant(
        place=place,
        client_id="shop",
        client_secret="the-apps-own-secret",
        refresh_token="the-first-grant",
    )


def secrets(inbox: Inbox) -> dict[str, str]:
    inbox.refresh_from_db()
    kept: dict[str, str] = json.loads(inbox.secrets().reveal())
    return kept


def test_what_the_owner_gives_is_tried_and_sealed(
    mailbox: Inbox, olga: Agent, provider: TokenServer, grant: Grant
) -> None:
    connect_tokens(mailbox, grant, by=olga)
    assert provider.asked[0] == {
        "grant_type": "refresh_token",
        "client_id": "shop",
        "client_secret": "the-apps-own-secret",
        "refresh_token": "the-first-grant",
    }
    assert secrets(mailbox)["access_token"] == "first"
    assert mailbox.settings["auth"] == "xoauth2"
    assert "the-apps-own-secret" not in str(mailbox.settings)
    assert "the-first-grant" not in mailbox.sealed
    assert "the-first-grant" not in repr(grant)
    due = Watched.objects.get(inbox=mailbox).next_token_at
    assert due is not None
    assert timedelta(minutes=45) < due - timezone.now() < timedelta(minutes=51)


def test_a_grant_that_is_refused_changes_nothing(
    mailbox: Inbox, olga: Agent, provider: TokenServer, grant: Grant
) -> None:
    provider.status, provider.told = 400, {"error": "invalid_client"}
    with pytest.raises(TokenRefused, match="invalid_client"):
        connect_tokens(mailbox, grant, by=olga)
    assert secrets(mailbox) == {"password": "hunter2"}


def test_a_token_is_renewed_before_it_ends_and_with_it_the_next_grant(
    mailbox: Inbox, olga: Agent, provider: TokenServer, grant: Grant
) -> None:
    connect_tokens(mailbox, grant, by=olga)
    assert keep_tokens_fresh(timezone.now()) == 0, "it still lasts"
    provider.told = {"access_token": "second", "refresh_token": "r2", "expires_in": 3600}
    assert keep_tokens_fresh(timezone.now() + timedelta(minutes=51)) == 1
    kept = secrets(mailbox)
    assert (kept["access_token"], kept["refresh_token"]) == ("second", "r2")


def test_a_grant_that_was_taken_back_is_an_alarm(
    mailbox: Inbox, olga: Agent, provider: TokenServer, grant: Grant
) -> None:
    connect_tokens(mailbox, grant, by=olga)
    provider.status, provider.told = 400, {"error": "invalid_grant"}
    later = timezone.now() + timedelta(minutes=51)
    assert keep_tokens_fresh(later) == 1
    wrong = [one for one in sightings(later) if one.shows == "wrong" and one.inbox]
    assert [one.cause for one in wrong] == ["login refused"]
    assert "invalid_grant" in wrong[0].said
    assert keep_tokens_fresh(later + timedelta(minutes=30)) == 0, "not asked again at once"


def test_a_provider_that_does_not_answer_is_asked_again(
    mailbox: Inbox, olga: Agent, provider: TokenServer, grant: Grant
) -> None:
    connect_tokens(mailbox, grant, by=olga)
    provider.status = 503
    later = timezone.now() + timedelta(minutes=51)
    assert keep_tokens_fresh(later) == 1
    assert keep_tokens_fresh(later) == 0, "claimed by the one that asked"
    assert secrets(mailbox)["access_token"] == "first"
    assert mailbox.state == Inbox.State.ACTIVE
    provider.status = 200
    assert keep_tokens_fresh(later + timedelta(minutes=6)) == 1


def test_inner_addresses_are_never_asked(mailbox: Inbox, olga: Agent) -> None:
    inner = Grant(place="http://127.0.0.1/token", client_id="x", refresh_token="r")
    with pytest.raises(Unreachable):
        connect_tokens(mailbox, inner, by=olga)


def test_an_owner_gives_a_grant_on_a_page(as_olga: Client, mailbox: Inbox) -> None:
    place = f"/office/inboxes/{mailbox.pk}/token/"
    assert "Refresh token" in as_olga.get(place).text
    wrong = {"provider": "other", "place": "http://tokens.example/", "client_id": "x"}
    answer = as_olga.post(place, {**wrong, "refresh_token": "r"})
    assert answer.status_code == 422
    assert "https" in answer.text
    assert secrets(mailbox) == {"password": "hunter2"}


@pytest.mark.parametrize("lasts", [float("inf"), float("nan"), 1e300, -5])
def test_a_token_that_lasts_for_no_time_that_is_one_is_renewed_within_the_hour(
    mailbox: Inbox, olga: Agent, provider: TokenServer, grant: Grant, lasts: float
) -> None:
    provider.told["expires_in"] = lasts
    connect_tokens(mailbox, grant, by=olga)
    due = Watched.objects.get(inbox=mailbox).next_token_at
    assert due is not None
    assert due - timezone.now() < timedelta(hours=1)
