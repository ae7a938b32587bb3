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
from makegood.channels.email.guessing import Names, guess
from makegood.channels.email.trying import Tried, try_receiving, try_sending
from makegood.channels.models import Inbox
from makegood.channels.queries import inbox_for
from makegood.team.models import Agent, Team


@dataclass(frozen=True, kw_only=True)
class Trial:
    """One thing tried for real: what it was, whether it works, what the other side said."""

    what: str | Promise
    is_kept: bool
    said: str = ""


def guessed(address: str) -> dict[str, Any]:
    """What the form about a mailbox begins with, from its address alone."""
    found = guess(address, Names()).settings
    servers = {
        f"{kind}_{name}": found[kind][name]
        for kind in ("imap", "smtp")
        for name in ("host", "port", "security")
    }
    return {"login": address, "auth": found["auth"], **servers}


def as_typed(inbox: Inbox) -> dict[str, Any]:
    """What the form about an inbox's servers begins with; secrets are never shown again."""
    kept = inbox.settings
    smtp, imap = kept.get("smtp", {}), kept.get("imap", {})
    return {
        "login": smtp.get("username") or imap.get("username", ""),
        "auth": kept.get("auth", "password"),
        "aliases": "\n".join(kept.get("aliases", ())),
        "reply_domain": kept.get("reply_domain", ""),
        **{
            f"smtp_{name}": value
            for name, value in smtp.items()
            if name in ("host", "port", "security")
        },
        **{
            f"imap_{name}": value
            for name, value in imap.items()
            if name in ("host", "port", "security")
        },
    }


def trials(settings: dict[str, Any], secrets: dict[str, str]) -> Sequence[Trial]:
    """Sign in where mail comes in and where it leaves, for real; nothing is sent or changed."""
    found = []
    if "imap" in settings:
        received = try_receiving(settings, secrets)
        found.append(Trial(what=_("Receiving"), is_kept=received.works, said=_words(received)))
    sent = try_sending(settings, secrets, str(settings["smtp"].get("username") or ""))
    found.append(Trial(what=_("Sending"), is_kept=sent.works, said=sent.said))
    return found


def _words(tried: Tried) -> str:
    return "\n".join([tried.said, *tried.notes])


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
