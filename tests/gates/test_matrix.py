"""Every address x every role x something that is there and something that is not."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from makegood.channels.models import Arrival
from makegood.ledger.models import Event
from tests.gates.places import NOTHING, Things, address, all_names
from tests.gates.roles import MAY, ROLES, browsers, client_of
from tests.gates.table import CASES, GATES, Gate, Opens

DOOR = "/accounts/login/?next="


def test_every_address_is_declared_and_every_line_has_one() -> None:
    assert sorted(all_names()) == sorted(GATES)


@contextmanager
def undone() -> Iterator[None]:
    """What one request did must not change what the next one finds."""
    point = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(point)


def ask(client: Client, method: str, place: str, gate: Gate) -> Any:
    client.raise_request_exception = False
    request = getattr(client, method.lower())
    return request(place + gate.query, gate.data if method == "POST" else None)


def outcome(answer: HttpResponse, gate: Gate) -> str:
    """In, nothing, the door, or what it should never be."""
    if answer.status_code == 404:
        return "nothing"
    if answer.status_code == 302 and answer["Location"].startswith(DOOR):
        return "the door"
    if answer.status_code in (400, 403, 405) or answer.status_code >= 500:
        return "in" if answer.status_code in gate.says else str(answer.status_code)
    return "in"


def expected(gate: Gate, role: str) -> str:
    if role in MAY[gate.opens]:
        return "in"
    return "the door" if role == "nobody" else "nothing"


@pytest.mark.parametrize("role", ROLES)
def test_who_may_come_in_comes_in_and_nobody_else(role: str, request: Any, things: Things) -> None:
    wrong, browser_of = [], browsers(request)
    for name, method in CASES:
        gate, client = GATES[name], browser_of(role)
        events = Event.objects.count()
        with undone():
            found = outcome(ask(client, method, address(name, things), gate), gate)
            if found != expected(gate, role):
                wrong.append(f"{method} {name}: {found}, not {expected(gate, role)}")
            elif found != "in" and Event.objects.count() != events:
                wrong.append(f"{method} {name}: something happened behind the gate")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("role", ["vera", "nora", "tomas", "olga"])
def test_what_is_not_there_is_nothing_to_anybody(role: str, request: Any, things: Things) -> None:
    wrong, asked, browser_of = [], 0, browsers(request)
    for name, method in CASES:
        nothing = address(name, things, NOTHING)
        if nothing == address(name, things) or name == "account_reset_password_from_key":
            continue  # it names no thing; or it says in words that the link is too old
        client = browser_of(role)
        with undone():
            answer = ask(client, method, nothing, GATES[name])
            asked += 1
            if answer.status_code != 404:
                wrong.append(f"{method} {name}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)
    assert asked > 40


def test_what_is_not_hers_looks_like_nothing_at_all(request: Any, things: Things) -> None:
    wrong, browser_of = [], browsers(request)
    for name, method in CASES:
        gate = GATES[name]
        if gate.opens != Opens.ITS_TEAM:
            continue
        there, nowhere = (
            ask(browser_of("vera"), method, place, gate)
            for place in (address(name, things), address(name, things, NOTHING))
        )
        if (there.content, dict(there.headers)) != (nowhere.content, dict(nowhere.headers)):
            wrong.append(f"{method} {name}")
    assert not wrong, "\n".join(wrong)


def test_no_post_is_taken_from_another_site(request: Any, things: Things) -> None:
    wrong, events = [], Event.objects.count()
    browser_of = browsers(request, enforce_csrf_checks=True)
    for name, method in CASES:
        if method == "POST" and not GATES[name].takes_from_anywhere:
            role = {Opens.ITS_AGENT: "nora", Opens.ITS_LEAD: "tomas"}.get(GATES[name].opens, "olga")
            answer = ask(browser_of(role), "POST", address(name, things), GATES[name])
            if answer.status_code != 403:
                wrong.append(f"{name}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)
    assert Event.objects.count() == events


def test_a_form_from_anywhere_needs_the_word_that_we_signed(things: Things) -> None:
    signed = {name: gate for name, gate in GATES.items() if not gate.by_secret}
    names = [name for name, gate in signed.items() if gate.takes_from_anywhere]
    arrivals, events = Arrival.objects.count(), Event.objects.count()
    for name in names:
        sent = {"email": "eve@example.com", "text": "Hello", "nonce": "forged"}
        nothing = address(name, things, NOTHING)
        is_in_the_link = name == "desk:digest-end"  # one click in a mail program has no form
        client = Client(enforce_csrf_checks=True)
        answer = client.post(nothing if is_in_the_link else address(name, things), sent)
        assert answer.status_code == (404 if is_in_the_link else 422), name
    assert names
    assert (Arrival.objects.count(), Event.objects.count()) == (arrivals, events)


def test_without_its_secret_nothing_is_taken_for_a_visitors(things: Things) -> None:
    arrivals, events = Arrival.objects.count(), Event.objects.count()
    sent = {"client_id": "word-of-somebody-else", "text": "Hello", "next": "x" * 43}
    names = [name for name, gate in GATES.items() if gate.by_secret and "POST" in gate.methods]
    for name in names:
        for headers in ({}, {"Authorization": "Bearer short"}, {"Cookie": "secret=" + "v" * 43}):
            client = Client(enforce_csrf_checks=True)
            place = address(name, things)
            answer = client.post(place, sent, content_type="application/json", headers=headers)
            assert answer.status_code in (204, 401, *GATES[name].says), name
            assert not answer.content or "error" in answer.json(), name
    assert names
    assert (Arrival.objects.count(), Event.objects.count()) == (arrivals, events)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE"])
def test_other_methods_do_nothing(method: str, request: Any, things: Things) -> None:
    wrong, events = [], Event.objects.count()
    client = client_of("olga", request)
    for name, gate in GATES.items():
        with undone():
            answer = ask(client, method, address(name, things), gate)
            if answer.status_code not in (302, 403, 404, 405, 501):
                wrong.append(f"{name}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)
    assert Event.objects.count() == events
