"""What was told to us in confidence is on no page and in no log (security.md T63, T80, D26)."""

import io
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.management import call_command

from makegood.kit.logs import JsonLines
from makegood.team.models import Agent
from tests.gates.places import NOTHING, Things, address
from tests.gates.roles import client_of
from tests.gates.table import CASES, GATES
from tests.world import PASSWORD


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """Everything that is logged, as it would be written, at the most talkative level."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield written
    root.removeHandler(handler)
    root.setLevel(level)


def secrets_of(things: Things, client: Any) -> dict[str, str]:
    """What must not be seen: each under the name that a failure says."""
    app = Authenticator.objects.get(user=things.agent, type="totp")
    return {
        "the mailbox's password": "hunter2",
        "an agent's password": PASSWORD,
        "an agent's password hash": Agent.objects.get(pk=things.agent.pk).password,
        "the root key": settings.ROOT_KEY_PATH.read_text().strip(),
        "the session": client.session.session_key,
        "the secret of an app": str(app.wrap().instance.data["secret"]),
        "the token of an invitation": things.token,
        "the hash of an invitation": things.invitation.token_hash,
    }


def test_no_page_and_no_log_tells_a_secret(
    request: Any, things: Things, logged: io.StringIO
) -> None:
    client = client_of("olga", request)
    known = secrets_of(things, client)
    pages = {}
    for name, method in CASES:
        if name == "account_logout" or name == "office:join":
            continue  # the one would end it; the other holds its own token, in its form
        for place in (address(name, things), address(name, things, NOTHING)):
            gate = GATES[name]
            ask = client.get if method == "GET" else client.post
            data = {**gate.data, "password": PASSWORD, "secret": "hunter2"}
            answer = ask(place + gate.query, data if method == "POST" else None)
            pages[f"{method} {place}"] = answer.getvalue().decode("utf-8", "replace")
    told = [
        f"{place} tells {what}"
        for place, text in pages.items()
        for what, secret in known.items()
        if secret in text
    ]
    assert not told, "\n".join(told)
    log = logged.getvalue()
    assert "Not Found" in log, "the log was listened to"
    kept = {what: secret for what, secret in known.items() if "invitation" not in what}
    assert [what for what, secret in kept.items() if secret in log] == []


def test_the_doctor_tells_no_secret(
    request: Any, things: Things, capsys: pytest.CaptureFixture[str]
) -> None:
    known = secrets_of(things, client_of("olga", request))
    with pytest.raises(SystemExit):
        call_command("doctor")
    said = capsys.readouterr().out
    assert "wrong" in said
    assert [what for what, secret in known.items() if secret in said] == []
