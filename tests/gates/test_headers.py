"""What every answer carries, whoever asks and whatever comes back (security.md D08, T73)."""

from typing import Any

import pytest
from django.test import Client

from makegood.team.models import Agent
from tests.gates.places import NOTHING, Things, address
from tests.gates.roles import ROLES, client_of
from tests.gates.table import GATES, Opens
from tests.world import PASSWORD

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types default"
)
ALWAYS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
IN_A_BOX = {
    "desk:attachment",
    "desk:side-file",
    "desk:side-sent",
    "desk:sent",
    "office:raw",
    "portal:chat-file",
    "portal:face",
    "portal:file",
}
"""Foreign content: its policy is its own, and stricter."""


MAY_BE_FRAMED = {"portal:embedded", "portal:sent-in"}
"""Inside the shop's own pages, where the inbox names them; in this world it names none."""


WITH_THE_CHAT = {"portal:here", "office:chat_trial"}
"""They load the shop's own script, and that loads another."""


SCRIPTS = {"portal:widget", "portal:room"}
PUBLIC = {"portal:chat-hello", "portal:face", *SCRIPTS}
"""The same for everybody, and asked for by every page of a shop."""


def is_shared(name: str, status: int) -> bool:
    """Whether pages of the shop may read it: the chat's answers, whatever they say."""
    if name in MAY_BE_FRAMED | SCRIPTS | {"portal:face"}:
        return status == 200
    return name.startswith("portal:chat-") and status != 404


def wrong_headers(answer: Any, place: str, *, is_in_a_box: bool) -> list[str]:
    headers = answer.headers
    is_ours = not is_shared(place, answer.status_code)
    framed = {} if is_ours else {"Cross-Origin-Resource-Policy": "cross-origin"}
    always = {**ALWAYS, **framed}
    if place in WITH_THE_CHAT:
        always["Content-Security-Policy"] = POLICY + " makegood"
    wrong = [
        f"{name}: {headers.get(name)}"
        for name, value in always.items()
        if headers.get(name) != value and not (is_in_a_box and name.startswith("Content-"))
    ]
    if is_in_a_box and "sandbox" not in headers["Content-Security-Policy"]:
        wrong.append("no box")
    if place not in PUBLIC and "no-store" not in headers.get("Cache-Control", ""):
        wrong.append(f"Cache-Control: {headers.get('Cache-Control')}")
    if "Cookie" not in headers.get("Vary", ""):
        wrong.append("Vary")
    return wrong + sorted({"Server", "X-Powered-By"} & set(headers))


@pytest.mark.parametrize("role", ROLES)
def test_every_answer_is_guarded(role: str, request: Any, things: Things) -> None:
    wrong = []
    client = client_of(role, request)
    for name, gate in GATES.items():
        if name == "account_logout":
            continue
        for place in (address(name, things), address(name, things, NOTHING)):
            answer = client.get(place + gate.query)
            is_shown = answer.status_code == 200 or is_shared(name, answer.status_code)
            shown = name if is_shown else ""
            found = wrong_headers(answer, shown, is_in_a_box=shown in IN_A_BOX)
            wrong += [f"{name} {answer.status_code} {header}" for header in found]
    assert not wrong, "\n".join(wrong)


def test_cookies_are_kept_from_scripts_and_from_other_sites(olga: Agent) -> None:
    client = Client()
    client.get("/accounts/login/")
    client.post("/accounts/login/", {"login": olga.email, "password": PASSWORD})
    assert {"session", "csrf", "known"} <= set(client.cookies)
    for cookie in client.cookies.values():
        assert cookie["httponly"] or cookie.key == "messages", cookie.key
        assert cookie["samesite"] in ("Lax", "Strict"), cookie.key


def test_no_page_speaks_of_another_host(request: Any, things: Things) -> None:
    wrong = []
    client = client_of("olga", request)
    for name, gate in GATES.items():
        if gate.opens in (Opens.AGENTS, Opens.OWNERS, Opens.ITS_TEAM) and "GET" in gate.methods:
            text = (
                client.get(address(name, things) + gate.query).getvalue().decode("utf-8", "replace")
            )
            if 'src="http' in text or 'src="//' in text or "<script>" in text or " style=" in text:
                wrong.append(name)
    assert not wrong


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "127.0.0.1@evil", ""])
def test_a_forged_host_gets_no_page(host: str, request: Any, things: Things) -> None:
    answer = client_of("nobody", request).get("/accounts/login/", headers={"Host": host})
    assert answer.status_code == 400
    assert "Location" not in answer.headers
