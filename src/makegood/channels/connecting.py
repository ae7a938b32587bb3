"""Opening and changing ways in: what `office` does with inboxes."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from makegood.channels.events import InboxChanged, InboxConnected
from makegood.channels.models import Inbox
from makegood.channels.queries import may_see
from makegood.kit.errors import Refused
from makegood.kit.second import refuses_a_second
from makegood.kit.secrets import seal
from makegood.kit.text import plain_name
from makegood.ledger.actions import record
from makegood.ledger.actors import Actor
from makegood.team.models import Agent, Team


@dataclass(frozen=True, kw_only=True)
class InboxSettings:
    """Everything that describes an inbox; secrets travel apart and do not print."""

    name: str
    kind: str
    address: str = ""
    sender_name: str = ""
    signature: str = ""
    language: str = "en"
    mail_inbox: Inbox | None = None
    settings: dict[str, Any] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict, repr=False)


@refuses_a_second
@transaction.atomic
def connect_inbox(wanted: InboxSettings, *, teams: Iterable[Team] = (), by: Actor) -> Inbox:
    """Open a new way in."""
    inbox = Inbox(kind=wanted.kind)
    _refuse_clashes(inbox, wanted)
    _fill(inbox, wanted)
    inbox.save()
    inbox.teams.set(teams)
    record(InboxConnected(inbox_name=inbox.name, channel=inbox.kind), about=[inbox], by=by)
    return inbox


@refuses_a_second
@transaction.atomic
def change_inbox(
    inbox: Inbox, wanted: InboxSettings, *, teams: Iterable[Team] | None = None, by: Actor
) -> Inbox:
    """Give an inbox other settings; secrets that are not given stay as they are."""
    inbox = Inbox.objects.select_for_update().get(pk=inbox.pk)
    _refuse_clashes(inbox, wanted)
    before = _told(inbox)
    _fill(inbox, wanted)
    inbox.save()
    if teams is not None:
        _give_to(inbox, list(teams), by)
    after = _told(inbox) | ({"secrets": "given anew"} if wanted.secrets else {})
    if before != after:
        fact = InboxChanged(inbox_name=inbox.name, before=before, after=after)
        record(fact, about=[inbox], by=by)
    return inbox


def _give_to(inbox: Inbox, teams: list[Team], by: Actor) -> None:
    """Whose inbox it is; only who sees what it holds lets others see it, or themselves."""
    if set(teams) == set(inbox.teams.all()):
        return
    if isinstance(by, Agent) and not may_see(by, inbox.pk):
        raise Refused(_("You do not see what came here, so you cannot say who does."))
    inbox.teams.set(teams)


def _told(inbox: Inbox) -> dict[str, str]:
    """An inbox as events tell it, without anything secret."""
    settings = {name: json.dumps(said) for name, said in sorted(inbox.settings.items())}
    return {
        "name": inbox.name,
        "address": inbox.address,
        "sender": inbox.sender_name,
        "signature": inbox.signature,
        "language": inbox.language,
        "answered from": inbox.mail_inbox.name if inbox.mail_inbox else "",
        "teams": ", ".join(inbox.teams.order_by("name").values_list("name", flat=True)),
        **settings,
    }


@transaction.atomic
def pause_inbox(inbox: Inbox, *, is_paused: bool, by: Actor) -> None:
    """Stop fetching and taking in, or begin again. What is queued to leave still leaves."""
    state = Inbox.State.PAUSED if is_paused else Inbox.State.ACTIVE
    row = Inbox.objects.select_for_update().get(pk=inbox.pk)
    if row.state == state:
        return
    before = row.state
    row.state, row.trouble = state, ""
    row.save(update_fields=["state", "trouble"])
    told = {"before": {"state": str(before)}, "after": {"state": str(state)}}
    record(InboxChanged(inbox_name=row.name, **told), about=[row], by=by)


@transaction.atomic
def renew_secrets(inbox: Inbox, fresh: dict[str, str]) -> None:
    """Put a renewed token beside the secrets that stay. It happens every hour: no event."""
    row = Inbox.objects.select_for_update().get(pk=inbox.pk)
    kept = json.loads(row.secrets().reveal())
    row.sealed = seal("inbox", row.place, json.dumps({**kept, **fresh}))
    row.save(update_fields=["sealed"])


def _fill(inbox: Inbox, wanted: InboxSettings) -> None:
    inbox.name = plain_name(wanted.name, 80)
    inbox.address = wanted.address.strip().lower()
    inbox.sender_name = plain_name(wanted.sender_name)
    inbox.signature = wanted.signature
    inbox.language = wanted.language
    inbox.mail_inbox = wanted.mail_inbox
    inbox.settings = wanted.settings
    if wanted.secrets:
        kept = json.loads(inbox.secrets().reveal())
        inbox.sealed = seal("inbox", inbox.place, json.dumps({**kept, **wanted.secrets}))


def _refuse_clashes(inbox: Inbox, wanted: InboxSettings) -> None:
    """An inbox must not be another inbox, nor an agent: they would write to each other (T17)."""
    address = wanted.address.strip().lower()
    if not address:
        return
    if Inbox.objects.filter(kind=wanted.kind, address=address).exclude(pk=inbox.pk).exists():
        raise Refused(_("Another inbox already has this address."))
    if Agent.objects.filter(email__iexact=address).exists():
        raise Refused(_("An agent signs in with this address; an inbox needs one of its own."))
