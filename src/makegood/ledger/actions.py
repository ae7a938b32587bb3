from collections.abc import Iterable
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from makegood.kit.records import Record
from makegood.ledger.actors import Actor
from makegood.ledger.causes import cause_now
from makegood.ledger.commitments import commit, new_salt
from makegood.ledger.events import Forgotten
from makegood.ledger.facts import Fact
from makegood.ledger.gathering import Telling, tell
from makegood.ledger.models import Event, Personal


def record(
    fact: Fact,
    *,
    about: Iterable[Record | str],
    by: Actor,
    at: datetime | None = None,
    bringing: Iterable[Record] = (),
) -> Event:
    """Write one event, in the same transaction as the change it tells of.

    What it is `bringing` are rows as they stand now, whole: whoever reacts need not read them.
    """
    if not connection.in_atomic_block:
        raise RuntimeError(f"{fact.kind} was recorded outside a transaction.")
    now = timezone.now()
    plain, personal = fact.split()
    if not by.ref.startswith("system:"):
        personal["by"] = by.name
    salt = new_salt()
    event = Event(
        kind=fact.kind,
        facts=plain,
        by=by.ref,
        at=at or now,
        recorded_at=now,
        commitment=commit(salt, personal) if personal else "",
    )
    event.brought = {one.ref: one for one in bringing}
    named = [thing if isinstance(thing, str) else thing.ref for thing in about]
    refs = dict.fromkeys([*named, *cause_now()])
    tell(Telling(event, tuple(refs), salt, personal))
    return event


@transaction.atomic
def forget_all(refs: Iterable[str], *, by: Actor) -> int:
    """The same for many things at once, told by one event that names none of them."""
    wanted, events = list(dict.fromkeys(refs)), set[int]()
    for start in range(0, len(wanted), 500):
        known = Personal.objects.filter(event__subjects__ref__in=wanted[start : start + 500])
        events |= set(known.values_list("event_id", flat=True))
    if not events:
        return 0
    numbers = sorted(events)
    for start in range(0, len(numbers), 500):
        Personal.objects.filter(event_id__in=numbers[start : start + 500]).delete()
    record(Forgotten(events=numbers), about=[], by=by)
    return len(numbers)


@transaction.atomic
def forget_events(numbers: Iterable[int], *, by: Actor) -> int:
    """Delete the personal content of these events alone. The proof stays."""
    known = Personal.objects.filter(event_id__in=list(numbers))
    events = sorted(known.values_list("event_id", flat=True))
    if not events:
        return 0
    known.delete()
    record(Forgotten(events=events), about=[], by=by)
    return len(events)


@transaction.atomic
def forget(subject: Record | str, *, by: Actor) -> int:
    """Delete the personal content of every event about one thing. The proof stays."""
    ref = subject if isinstance(subject, str) else subject.ref
    known = Personal.objects.filter(event__subjects__ref=ref)
    events = sorted(known.values_list("event_id", flat=True))
    if not events:
        return 0
    Personal.objects.filter(event_id__in=events).delete()
    record(Forgotten(events=events), about=[ref], by=by)
    return len(events)
