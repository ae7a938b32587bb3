"""Very many events at once, as if each had been recorded and sealed in its turn.

For sample desks and imports. What reactions and followers would have made of them is the
caller's to have made.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from makegood.kit.bulk import load, moments, next_number, settle_numbers
from makegood.ledger.commitments import commit, new_salt
from makegood.ledger.facts import Fact
from makegood.ledger.followers import follower_names
from makegood.ledger.models import Event, EventSubject, Follower, Personal
from makegood.ledger.reading import newest_position
from makegood.ledger.sealing import leaf_of, seal_leaves, seal_what_waits

EVENT = ("id", "kind", "facts", "by", "at", "recorded_at", "commitment")
SUBJECT = ("id", "event_id", "ref")
PERSONAL = ("event_id", "salt", "content")


@dataclass(frozen=True, slots=True)
class Told:
    """One event to be: the fact, what it is about, who did it, when (seconds since 1970)."""

    fact: Fact
    about: tuple[str, ...]
    by: str
    by_name: str
    at: float


@transaction.atomic
def record_many(told: Sequence[Told]) -> None:
    """Write events in this order, with subjects and commitments, under one seal."""
    seal_what_waits()
    moment = moments()
    number, subject = next_number(Event), next_number(EventSubject)
    events: list[tuple[Any, ...]] = []
    subjects: list[tuple[Any, ...]] = []
    personals: list[tuple[Any, ...]] = []
    leaves: list[tuple[int, bytes]] = []
    for one in told:
        plain, personal = one.fact.split()
        if not one.by.startswith("system:"):
            personal["by"] = one.by_name
        commitment = ""
        if personal:
            salt = new_salt()
            commitment = commit(salt, personal)
            personals.append((number, salt, json.dumps(personal)))
        at, written = datetime.fromtimestamp(one.at, UTC), moment(one.at)
        events.append(
            (number, one.fact.kind, json.dumps(plain), one.by, written, written, commitment)
        )
        for ref in one.about:
            subjects.append((subject, number, ref))
            subject += 1
        content = (number, one.fact.kind, plain, one.by, at, at, commitment)
        leaves.append((number, leaf_of(content, one.about)))
        number += 1
    load(Event, EVENT, events)
    load(EventSubject, SUBJECT, subjects)
    load(Personal, PERSONAL, personals)
    seal_leaves(leaves)
    settle_numbers(Event, EventSubject)


def pass_over() -> None:
    """Set every follower behind the newest event: what they make was made already."""
    newest = newest_position()
    for name in follower_names():
        Follower.objects.update_or_create(
            name=name, defaults={"position": newest}, create_defaults={"position": newest}
        )
