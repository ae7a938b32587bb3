"""Every permission x every address that needs it: shut without it, open with it alone."""

from typing import Any

import pytest
from django.test import Client
from django.urls import resolve

from makegood.ledger.models import Event
from makegood.team import gates
from makegood.team.models import Agent, OwnRole, Team
from makegood.team.permissions import PERMISSIONS
from tests.gates.needs import (
    ANY_OF_THE_OFFICE,
    ASKED_BY_ACTS,
    NEEDS,
    NEEDS_ONLY_FOR,
    PERSONAL,
    PROVES,
)
from tests.gates.places import Things, address
from tests.gates.roles import browsers, client_of
from tests.gates.table import CASES, GATES, Opens
from tests.gates.test_matrix import ask, outcome, undone

INSIDE = ("desk:", "office:", "palette:")


def _cases(permission: str) -> list[tuple[str, str]]:
    """The addresses that ask for it, with the methods for which they do."""
    return [
        (name, method)
        for name, method in CASES
        if NEEDS.get(name) == permission and method in NEEDS_ONLY_FOR.get(name, (method,))
    ]


def _view(name: str, things: Things) -> Any:
    return resolve(address(name, things)).func


def test_every_view_says_which_permission_it_needs(things: Things) -> None:
    views = {name: _view(name, things) for name in GATES}
    asked = {name: getattr(view, "needs", None) for name, view in views.items()}
    any_of_it = dict.fromkeys(ANY_OF_THE_OFFICE, gates.ANY_OF_THE_OFFICE)
    assert {name: need for name, need in asked.items() if need} == NEEDS | any_of_it
    some = {name: getattr(view, "needs_for", ()) for name, view in views.items()}
    assert {name: methods for name, methods in some.items() if methods} == NEEDS_ONLY_FOR


def test_whatever_is_posted_needs_a_permission_or_is_ones_own() -> None:
    """What is for strangers, behind a link or about an account stands in other tables."""
    inside = [name for name, method in CASES if method == "POST" and name.startswith(INSIDE)]
    free = {name for names in PERSONAL.values() for name in names}
    strangers = {name for name in inside if GATES[name].opens in (Opens.EVERYBODY, Opens.ITS_LINK)}
    assert set(inside) - set(NEEDS) - strangers == free - strangers


def test_every_view_says_when_it_asks_who_sits_there(things: Things) -> None:
    asked = {name: getattr(_view(name, things), "proves", ()) for name in GATES}
    found = {
        name: tuple(one for one in GATES[name].methods if one in methods)
        for name, methods in asked.items()
        if methods
    }
    assert found == PROVES


def _who(name: str) -> str:
    """Whose the thing is, where it is somebody's own."""
    return {Opens.ITS_AGENT: "nora", Opens.ITS_LEAD: "tomas"}.get(GATES[name].opens, "vera")


def _with(agent: Agent, words: set[str]) -> None:
    """Let an agent have exactly these permissions, also a set that nobody would choose."""
    role = OwnRole.objects.create(name=f"Role of {len(words)}", permissions=sorted(words))
    agent.role, agent.own_role, agent.granted = role.rank, role, sorted(words)
    agent.save(update_fields=["role", "own_role", "granted"])


@pytest.fixture
def people(request: Any) -> dict[str, Agent]:
    return {name: request.getfixturevalue(name) for name in ("vera", "nora", "tomas")}


@pytest.mark.parametrize("permission", sorted(set(NEEDS.values())))
def test_without_it_nothing_opens_and_nothing_happens(
    permission: str, request: Any, things: Things, people: dict[str, Agent]
) -> None:
    wrong, browser_of = [], browsers(request)
    for name, method in _cases(permission):
        client = browser_of(_who(name))
        with undone():
            _with(people[_who(name)], set(PERMISSIONS) - {permission})
            before = Event.objects.count()
            found = ask(client, method, address(name, things), GATES[name])
            if found.status_code not in (403, 404) or Event.objects.count() != before:
                wrong.append(f"{method} {name}: {found.status_code}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("permission", sorted(set(NEEDS.values())))
def test_with_it_alone_it_opens(
    permission: str, request: Any, things: Things, people: dict[str, Agent]
) -> None:
    wrong, browser_of = [], browsers(request)
    for name, method in _cases(permission):
        client = browser_of(_who(name))
        with undone():
            _with(people[_who(name)], {permission, "see.everything"})
            found = outcome(ask(client, method, address(name, things), GATES[name]), GATES[name])
            if found != "in":
                wrong.append(f"{method} {name}: {found}")
    assert not wrong, "\n".join(wrong)


def test_whoever_sees_everything_sees_what_is_another_teams(
    request: Any, things: Things, people: dict[str, Agent]
) -> None:
    gate, place = GATES["desk:conversation"], address("desk:conversation", things)
    assert ask(client_of("vera", request), "GET", place, gate).status_code == 404
    _with(people["vera"], {"see.everything"})
    assert ask(client_of("vera", request), "GET", place, gate).status_code == 200


@pytest.mark.parametrize(("name", "method"), [(n, m) for n, ms in PROVES.items() for m in ms])
def test_who_did_not_prove_it_a_moment_ago_is_asked(
    name: str, method: str, request: Any, things: Things
) -> None:
    role = "tomas" if name == "desk:copy" else "olga"
    client = Client()
    client.force_login(request.getfixturevalue(role))
    before = Event.objects.count()
    answer = ask(client, method, address(name, things), GATES[name])
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/again/")
    assert Event.objects.count() == before


def test_every_permission_is_asked_somewhere() -> None:
    assert set(NEEDS.values()) | set(ASKED_BY_ACTS) == set(PERMISSIONS)


@pytest.mark.parametrize(
    ("permission", "address", "data"),
    [
        ("views.share", "/views/new/", {"name": "All", "query": "is:open", "audience": "all"}),
        (
            "kept.team",
            "/macros/new/",
            {"name": "M", "do_0": "tag", "with_0": "late", "scope": "team:{team}"},
        ),
    ],
)
def test_an_act_asks_for_what_no_address_does(
    permission: str, address: str, data: dict[str, str], request: Any, nora: Agent, front: Team
) -> None:
    sent = {name: word.replace("{team}", str(front.pk)) for name, word in data.items()}
    for words, status in ((set(), 422), ({permission}, 302)):
        with undone():
            _with(nora, words)
            assert client_of("nora", request).post(address, sent).status_code == status
