"""Connecting a mailbox: what its servers may be, and whether they work, in their own words."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from makegood.channels.connecting import InboxSettings, change_inbox, connect_inbox, pause_inbox
from makegood.channels.email.guessing import Guess, Names, guess
from makegood.channels.email.trying import try_receiving, try_sending
from makegood.channels.models import Inbox
from makegood.channels.queries import inbox_for
from makegood.team.models import Agent, Team


@dataclass(frozen=True, kw_only=True)
class Trial:
    """One thing tried for real: what it was, whether it works, what the other side said."""

    what: str | Promise
    is_kept: bool
    said: str = ""
    notes: Sequence[str] = ()


def guessed(address: str) -> Guess:
    """What the servers of an address may be; the name service is asked, nobody else."""
    return guess(address, Names())


def first_values(guess: Guess) -> dict[str, Any]:
    """What the form about a mailbox begins with."""
    return {**_values(guess.settings), "auth": guess.settings["auth"]}


def as_typed(inbox: Inbox) -> dict[str, Any]:
    """What the form about an inbox's servers begins with; secrets are never shown again."""
    kept = inbox.settings
    return {
        **_values(kept),
        "auth": kept.get("auth", "password"),
        "aliases": "\n".join(kept.get("aliases", ())),
        "reply_domain": kept.get("reply_domain", ""),
    }


def _values(settings: dict[str, Any]) -> dict[str, Any]:
    smtp, imap = settings.get("smtp", {}), settings.get("imap", {})
    asked = ("host", "port", "security")
    return {
        "login": smtp.get("username") or imap.get("username", ""),
        **{f"smtp_{name}": smtp.get(name) for name in asked if name in smtp},
        **{f"imap_{name}": imap.get(name) for name in asked if name in imap},
    }


def trials(settings: dict[str, Any], secrets: dict[str, str], address: str) -> Sequence[Trial]:
    """Sign in where mail comes in and where it leaves, for real; nothing is sent or changed."""
    tried = {_("Sending"): try_sending(settings, secrets, address)}
    if "imap" in settings:
        tried = {_("Receiving"): try_receiving(settings, secrets), **tried}
    return [
        Trial(what=what, is_kept=found.works, said=found.said, notes=found.notes)
        for what, found in tried.items()
    ]


def mailbox_for(owner: Agent, pk: int) -> Inbox:
    """An inbox that has servers, as its owner may change it, or 404."""
    inbox = inbox_for(owner, pk)
    if inbox.kind != "email":
        raise Http404
    return inbox


def secrets_of(inbox: Inbox) -> dict[str, str]:
    """Only for trying them: they never reach a page."""
    kept: dict[str, str] = json.loads(inbox.secrets().reveal())
    return kept


@transaction.atomic
def begin_mailbox(
    address: str, settings: dict[str, Any], secrets: dict[str, str], *, by: Agent
) -> Inbox:
    """A mailbox whose servers work, resting until it has a name and somebody who sees it."""
    wanted = InboxSettings(
        name=address, kind="email", address=address, settings=settings, secrets=secrets
    )
    made = connect_inbox(wanted, by=by)
    pause_inbox(made, is_paused=True, by=by)
    return made


@transaction.atomic
def open_inbox(inbox: Inbox, wanted: InboxSettings, teams: Iterable[Team], *, by: Agent) -> None:
    """The last step of connecting: from now on mail comes in."""
    change_inbox(inbox, wanted, teams=teams, by=by)
    pause_inbox(inbox, is_paused=False, by=by)


def change_servers(
    inbox: Inbox, settings: dict[str, Any], secrets: dict[str, str], *, by: Agent
) -> None:
    """Other servers, or another password, for a mailbox that keeps its face."""
    wanted = InboxSettings(
        name=inbox.name,
        kind=inbox.kind,
        address=inbox.address,
        sender_name=inbox.sender_name,
        signature=inbox.signature,
        language=inbox.language,
        mail_inbox=inbox.mail_inbox,
        settings=settings,
        secrets=secrets,
    )
    change_inbox(inbox, wanted, by=by)
