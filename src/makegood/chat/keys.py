"""The keys with which a shop's own server signs who its customers are: two at most, per chat."""

import json
import secrets as chance

from django.db import transaction

from makegood.channels.connecting import renew_secrets
from makegood.channels.models import Inbox
from makegood.chat.events import KeyEnded, KeyMade
from makegood.kit.secrets import Secret
from makegood.ledger.actions import record
from makegood.ledger.actors import Actor

NEWEST, BEFORE = "identity_key", "identity_key_before"


def keys_of(inbox: Inbox) -> list[Secret]:
    """The keys that count now, the newest first."""
    kept = json.loads(inbox.secrets().reveal())
    return [Secret(kept[name]) for name in (NEWEST, BEFORE) if kept.get(name)]


@transaction.atomic
def make_key(inbox: Inbox, *, by: Actor) -> Secret:
    """A new key; the one before it still counts until it is ended."""
    inbox = Inbox.objects.select_for_update().get(pk=inbox.pk)
    kept, fresh = keys_of(inbox), Secret(chance.token_urlsafe(32))
    before = kept[0].reveal() if kept else ""
    renew_secrets(inbox, {NEWEST: fresh.reveal(), BEFORE: before})
    record(KeyMade(), about=[inbox], by=by)
    return fresh


@transaction.atomic
def end_former_key(inbox: Inbox, *, by: Actor) -> None:
    """The key before the newest counts no more."""
    inbox = Inbox.objects.select_for_update().get(pk=inbox.pk)
    if len(keys_of(inbox)) == 2:
        renew_secrets(inbox, {BEFORE: ""})
        record(KeyEnded(), about=[inbox], by=by)
