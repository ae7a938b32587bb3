"""Keys that mail is checked by, S/MIME and OpenPGP: known or not, and who said so."""

from collections.abc import Sequence

from django.db import transaction

from makegood.channels.email.known_keys import (
    KnownKey,
    add_known_keys,
    describe_known_keys,
    forget_known_key,
)
from makegood.ledger.actions import record
from makegood.office.events import KeyAdded, KeyRemoved
from makegood.team.models import Agent


def known() -> Sequence[KnownKey]:
    """Every key, whichever its kind, by whose it is."""
    return sorted(describe_known_keys(), key=lambda key: (key.owner.lower(), key.name))


@transaction.atomic
def add_keys(given: bytes, *, by: Agent) -> Sequence[str]:
    """Trust the keys of a file; whose they are."""
    owners = add_known_keys(given)
    for owner in owners:
        record(KeyAdded(owner=owner), about=[by], by=by)
    return owners


@transaction.atomic
def remove_key(name: str, *, by: Agent) -> None:
    """Trust a key no more."""
    gone = forget_known_key(name)
    fact = KeyRemoved(owner=gone.owner, fingerprint=gone.fingerprint)
    record(fact, about=[by], by=by)
