"""No page offers what whoever reads it may not do: no link, no button, no line of the palette."""

import html
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import Resolver404, resolve

from makegood.team.gates import ANY_OF_THE_OFFICE
from makegood.team.models import Agent, OwnRole
from makegood.team.permissions import BUILT_IN, PERMISSIONS
from tests.gates.places import Things, address
from tests.gates.roles import client_of
from tests.gates.table import CASES, GATES
from tests.gates.test_matrix import ask, undone

OFFERED = re.compile(
    r'(?P<form><form[^>]*>)|\b(?P<name>href|hx-get|hx-post|formaction)="(?P<to>/[^"]*)"'
)
ACTION = re.compile(r'\baction="(/[^"]*)"')
OF_THE_DESK = {"answer", "act", "bulk", "customers.change", "redact"}
ROLES: dict[str, set[str]] = {
    "nothing": set(),
    "lead": set(BUILT_IN["lead"]),
    **{f"all but {word}": OF_THE_DESK - {word} for word in ("act", "answer")},
    "some of the office": {"office.inboxes", "office.tags"},
    "others of the office": {"office.agents", "office.teams", "office.settings"},
}


def _offers(page: str) -> Iterator[tuple[str, str]]:
    """Method and address of everything that can be pressed or fetches itself."""
    for found in OFFERED.finditer(page):
        if form := found["form"]:
            to = ACTION.search(form)
            if to:
                method = "POST" if 'method="post"' in form else "GET"
                yield method, html.unescape(to[1])
        else:
            is_post = found["name"] in ("hx-post", "formaction")
            yield "POST" if is_post else "GET", html.unescape(found["to"])


def _of_the_palette(client: Client) -> Iterator[tuple[str, str]]:
    for one in json.loads(client.get("/palette/commands/").content)["commands"]:
        if to := one.get("to"):
            yield "POST" if one.get("send") else "GET", to.replace("{conversation}", "1")


def _asked(method: str, to: str) -> str:
    try:
        view = resolve(to.partition("?")[0].partition("#")[0]).func
    except Resolver404:
        return ""
    needs, methods = getattr(view, "needs", ""), getattr(view, "needs_for", ())
    return needs if not methods or method in methods else ""


def _may(agent: Agent, need: str) -> bool:
    return agent.works_in_office() if need == ANY_OF_THE_OFFICE else agent.may(need)


@pytest.mark.parametrize("role", ROLES)
def test_what_is_offered_can_be_done(role: str, request: Any, things: Things, nora: Agent) -> None:
    words = sorted(ROLES[role])
    own = OwnRole.objects.create(name=role, permissions=words)
    nora.role, nora.own_role, nora.granted = own.rank, own, words
    nora.save(update_fields=["role", "own_role", "granted"])
    client, wrong, looked = client_of("nora", request), [], 0
    for name, method in CASES:
        if method != "GET" or name.startswith(("portal:", "mfa_", "account_")):
            continue
        with undone():
            answer = ask(client, "GET", address(name, things), GATES[name])
        is_page = "html" in answer.headers.get("Content-Type", "")
        if answer.status_code != 200 or answer.streaming or not is_page:
            continue  # a file offers nothing, and its bytes are no words
        looked += 1
        for how, to in _offers(answer.content.decode()):
            need = _asked(how, to)
            if need and not _may(nora, need):
                wrong.append(f"{name} offers {how} {re.sub(r'[0-9]+', 'N', to)}: {need}")
    for how, to in _of_the_palette(client):
        need = _asked(how, to)
        if need and not _may(nora, need):
            wrong.append(f"the palette offers {how} {to}: {need}")
    assert not wrong, "\n".join(sorted(set(wrong)))
    assert looked > 30
    assert set(words) <= set(PERMISSIONS)
