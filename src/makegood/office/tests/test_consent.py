"""Signing in at a provider for a mailbox: there and back, with a provider on this machine."""

import base64
import hashlib
import html
import http.server
import json
import threading
import urllib.parse
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from makegood.channels.models import Inbox
from makegood.kit import egress
from makegood.office.tests.asking import signed_in
from makegood.team.models import Agent
from makegood.watch import consent
from makegood.watch.consent import Provider


class House:
    """A provider: it remembers what was asked of it, and hands out tokens for the right code."""

    def __init__(self) -> None:
        self.challenge = ""
        self.told: dict[str, Any] = {"refresh_token": "r1", "expires_in": 3600}
        self.asked: list[dict[str, str]] = []
        owner = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                status, told = owner.exchange(dict(urllib.parse.parse_qsl(body)))
                answer = json.dumps(told).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_arguments: Any) -> None:
                """Nothing to say."""

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = int(self.server.server_address[1])
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def agree(self, address: str) -> dict[str, str]:
        """What a browser brings back after somebody signed in and agreed."""
        fields = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(address).query))
        self.challenge = fields["code_challenge"]
        return {"state": fields["state"], "code": "the-code"}

    def exchange(self, fields: dict[str, str]) -> tuple[int, dict[str, Any]]:
        self.asked.append(fields)
        hashed = hashlib.sha256(fields["code_verifier"].encode()).digest()
        is_right = base64.urlsafe_b64encode(hashed).rstrip(b"=").decode() == self.challenge
        if not is_right or fields["code"] != "the-code":
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": "a1", **self.told}


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    running = House()
    place = f"http://127.0.0.1:{running.port}"
    known = Provider(name="Google", asks_at=f"{place}/asks", place=f"{place}/token", scope="mail")
    monkeypatch.setitem(consent.PROVIDERS, "google", known)
    monkeypatch.setattr(egress, "PORTS", {running.port})
    monkeypatch.setattr(egress, "is_open_address", lambda _text: True)
    yield running
    running.server.shutdown()
    running.server.server_close()


@pytest.fixture
def begun(as_olga: Client, mailbox: Inbox, house: House) -> str:
    """An owner gave the client's id; where the page sends the browser."""
    fields = {"provider": "google", "client_id": "shop", "client_secret": "of-the-app"}
    answer = as_olga.post(f"/office/inboxes/{mailbox.pk}/token/", fields)
    assert answer["Location"] == "/office/consent/"
    page = as_olga.get("/office/consent/").content.decode()
    return html.unescape(page.partition('button--main" href="')[2].partition('"')[0])


def kept(inbox: Inbox) -> dict[str, str]:
    inbox.refresh_from_db()
    found: dict[str, str] = json.loads(inbox.secrets().reveal())
    return found


def test_an_owner_signs_in_at_the_provider_and_tokens_are_kept(
    as_olga: Client, mailbox: Inbox, house: House, begun: str
) -> None:
    back = house.agree(begun)
    page = as_olga.get("/office/consent/", back)
    assert page.status_code == 200
    assert house.asked == [], "to look at a page exchanges nothing"
    answer = as_olga.post("/office/consent/", back)
    assert answer["Location"] == f"/office/inboxes/{mailbox.pk}/health/"
    assert kept(mailbox)["refresh_token"] == "r1"
    assert kept(mailbox)["access_token"] == "a1"
    assert mailbox.settings["auth"] == "xoauth2"
    assert house.asked[0]["redirect_uri"].endswith("/office/consent/")
    assert house.asked[0]["client_secret"] == "of-the-app"


def test_the_way_there_asks_for_lasting_consent_and_hides_the_verifier(
    mailbox: Inbox, begun: str, as_olga: Client, house: House
) -> None:
    fields = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(begun).query))
    assert fields["code_challenge_method"] == "S256"
    assert fields["login_hint"] == mailbox.address
    assert "of-the-app" not in begun
    as_olga.post("/office/consent/", house.agree(begun))
    assert house.asked[0]["code_verifier"] not in begun


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"state": "another"}, "another sign-in"),
        ({"code": "", "error": "access_denied"}, "access_denied"),
        ({"code": "guessed"}, "invalid_grant"),
    ],
)
def test_an_answer_that_is_not_ours_changes_nothing(
    as_olga: Client,
    mailbox: Inbox,
    house: House,
    begun: str,
    change: dict[str, str],
    words: str,
) -> None:
    before = kept(mailbox)
    answer = as_olga.post("/office/consent/", {**house.agree(begun), **change}, follow=True)
    assert words in answer.content.decode()
    assert kept(mailbox) == before


def test_an_answer_is_good_for_one_try(
    as_olga: Client, mailbox: Inbox, house: House, begun: str
) -> None:
    back = house.agree(begun)
    as_olga.post("/office/consent/", {**back, "state": "another"})
    before = kept(mailbox)
    as_olga.post("/office/consent/", back)
    assert kept(mailbox) == before
    assert house.asked == []


def test_another_owner_cannot_finish_what_this_one_began(
    as_olga: Client, mailbox: Inbox, house: House, begun: str, olga: Agent
) -> None:
    back, before = house.agree(begun), kept(mailbox)
    other = signed_in(olga)
    other.post("/office/consent/", back)
    session = other.session
    session["consent"] = as_olga.session["consent"]
    session.save()
    other.post("/office/consent/", back)
    assert house.asked == [], "what is sealed opens in its own session alone"
    assert kept(mailbox) == before


def test_a_sign_in_that_took_too_long_is_begun_again(
    as_olga: Client, mailbox: Inbox, house: House, begun: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consent, "GOOD_FOR_SECONDS", -1)
    answer = as_olga.post("/office/consent/", house.agree(begun))
    assert answer["Location"] == "/office/inboxes/"
    assert house.asked == []


def test_a_token_for_one_hour_only_is_refused(
    as_olga: Client, mailbox: Inbox, house: House, begun: str
) -> None:
    house.told = {"expires_in": 3600}
    before = kept(mailbox)
    answer = as_olga.post("/office/consent/", house.agree(begun), follow=True)
    assert "none to renew it with" in answer.content.decode()
    assert kept(mailbox) == before


def test_nothing_of_the_client_lies_open_in_the_session(as_olga: Client, begun: str) -> None:
    assert "of-the-app" not in str(dict(as_olga.session.items()))
