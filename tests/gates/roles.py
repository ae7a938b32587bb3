"""Who asks: nobody at all, Vera who may not, an agent of the team, its lead, the owner."""

import copy
from collections.abc import Callable
from typing import Any

from django.test import Client

from tests.gates.table import Opens
from tests.world import proven

ROLES = ("nobody", "vera", "nora", "tomas", "olga")
MAY: dict[Opens, set[str]] = {
    Opens.EVERYBODY: set(ROLES),
    Opens.ITS_LINK: set(ROLES),
    Opens.AGENTS: set(ROLES) - {"nobody"},
    Opens.ITS_TEAM: {"nora", "tomas", "olga"},
    Opens.OWNERS: {"olga"},
    Opens.LEADS: {"tomas", "olga"},
    Opens.ITS_LEAD: {"tomas"},
    Opens.ITS_AGENT: {"nora"},
}


def client_of(role: str, request: Any, **more: Any) -> Client:
    """A browser of theirs, in which they proved a moment ago who they are."""
    client = Client(**more)
    if role == "nobody":
        return client
    agent = request.getfixturevalue(role)
    client.force_login(agent)
    return proven(client, agent)


def browsers(request: Any, **more: Any) -> Callable[[str], Client]:
    """Each role's browser: signed in once, and given out as it was then, again and again."""
    kept: dict[str, tuple[Client, Any]] = {}

    def browser_of(role: str) -> Client:
        if role not in kept:
            client = client_of(role, request, **more)
            kept[role] = client, client.cookies
        client, cookies = kept[role]
        client.cookies = copy.deepcopy(cookies)
        return client

    return browser_of
