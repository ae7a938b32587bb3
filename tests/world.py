"""The cast and their shop, *Lantern & Loom*: built in code, rolled back after each test.

Nora answers on the front team, Tomas leads, Olga owns the shop. Ida waits for a late lamp,
Karim was charged twice. Vera answers for another team and may see none of it.
"""

import json
import time
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

import pytest
from allauth.core.context import request_context
from django.test import Client, RequestFactory

from makegood.channels.actions import RawArrival, take_in
from makegood.channels.connecting import InboxSettings, connect_inbox
from makegood.channels.models import Arrival, Inbox
from makegood.conversations.intake import take_in_arrival
from makegood.conversations.models import Conversation, Message
from makegood.kit.records import ref_id
from makegood.ledger.actors import System
from makegood.portal.chat import rush
from makegood.team.actions import add_agent
from makegood.team.models import Agent, Team

HOUSE = System("setup")
PASSWORD = "a lamp in every window"
EARLIER = datetime(2026, 3, 2, 9, 12, tzinfo=UTC)


def proven(client: Client, agent: Agent) -> Client:
    """A browser in which somebody gave their password again a moment ago."""
    session = client.session
    session["account_authentication_methods_user"] = str(agent.pk)
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time(), "reauthenticated": True}
    ]
    session.save()
    return client


def second_step(agent: Agent) -> str:
    """An agent lets codes be asked for, as their own page does; returns what their app keeps."""
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret  # only with its app

    request, secret = RequestFactory().get("/"), str(generate_totp_secret())
    request.user = agent
    with request_context(request):
        TOTP.activate(agent, secret)
    return secret


@pytest.fixture
def front(db: None) -> Team:
    return Team.objects.create(name="Front")


@pytest.fixture
def back(db: None) -> Team:
    return Team.objects.create(name="Back office")


def _agent(name: str, role: str, *teams: Team) -> Agent:
    address = f"{name.lower()}@lantern.example"
    agent = add_agent(address, name, role=role, password=PASSWORD, by=HOUSE)
    agent.teams.set(teams)
    return agent


@pytest.fixture
def nora(front: Team) -> Agent:
    return _agent("Nora", Agent.Role.AGENT, front)


@pytest.fixture
def tomas(front: Team) -> Agent:
    return _agent("Tomas", Agent.Role.LEAD, front)


@pytest.fixture
def olga(db: None) -> Agent:
    return _agent("Olga", Agent.Role.OWNER)


@pytest.fixture
def vera(back: Team) -> Agent:
    """An agent of another team: nothing of the front team's is hers to see."""
    return _agent("Vera", Agent.Role.AGENT, back)


@pytest.fixture
def mailbox(front: Team) -> Inbox:
    wanted = InboxSettings(
        name="Hello",
        kind="email",
        address="hello@lantern.example",
        sender_name="Lantern & Loom",
        settings={"smtp": {"host": "127.0.0.1", "port": 1, "security": "none"}},
        secrets={"password": "hunter2"},
    )
    return connect_inbox(wanted, teams=[front], by=HOUSE)


@pytest.fixture
def form(front: Team, mailbox: Inbox) -> Inbox:
    wanted = InboxSettings(name="Form", kind="web", mail_inbox=mailbox)
    return connect_inbox(wanted, teams=[front], by=HOUSE)


@pytest.fixture
def chat(front: Team, mailbox: Inbox) -> Inbox:
    """The chat in the shop's own pages, where nobody has called from yet."""
    for one in (rush.ANYTHING, rush.LOOKING, rush.TELLING, rush.NAMING):
        one._counted.clear()
    wanted = InboxSettings(
        name="Chat",
        kind="chat",
        mail_inbox=mailbox,
        settings={"embedded_in": ["https://shop.example"]},
    )
    return connect_inbox(wanted, teams=[front], by=HOUSE)


def mail_bytes(
    text: str,
    *,
    sender: str = "Ida Berg <ida@example.com>",
    to: str = "hello@lantern.example",
    subject: str = "Where is my lamp?",
    **headers: str,
) -> bytes:
    """A plain mail as a client would write it. Headers: `in_reply_to="<…>"`."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail["Date"] = "Mon, 02 Mar 2026 10:12:00 +0100"
    for name, value in headers.items():
        mail[name.replace("_", "-").title()] = value
    mail.set_content(text)
    return mail.as_bytes()


def arrive(inbox: Inbox, raw: bytes, *, at: datetime = EARLIER, **envelope: Any) -> str:
    """Let bytes come in by the real door and be taken in; returns what became of them."""
    arrival = RawArrival(
        inbox_id=inbox.pk, raw=raw, origin="smtp", envelope=envelope, arrived_at=at
    )
    take_in([arrival])
    row = Arrival.objects.get(inbox=inbox, external_id=arrival.unique_id())
    return take_in_arrival(row.pk)


def write_form(inbox: Inbox, text: str, *, at: datetime = EARLIER, **fields: Any) -> str:
    """Let a person's form come in; it needs no mail."""
    content = {"email": "ida@example.com", "name": "Ida Berg", "text": text, **fields}
    arrival = RawArrival(
        inbox_id=inbox.pk, raw=json.dumps(content).encode(), origin="form", arrived_at=at
    )
    take_in([arrival])
    row = Arrival.objects.get(inbox=inbox, external_id=arrival.unique_id())
    return take_in_arrival(row.pk)


def conversation_of(outcome: str) -> Conversation:
    """The conversation that an arrival's outcome (`message:17`) is part of."""
    return Message.objects.select_related("conversation").get(pk=ref_id(outcome)).conversation


@pytest.fixture
def lamp(form: Inbox) -> Conversation:
    """Ida's conversation: the lamp is late."""
    return conversation_of(
        write_form(form, "Where is my lamp?\nIt was due on Friday.", subject="My lamp")
    )
