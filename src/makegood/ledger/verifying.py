"""Recompute every seal and commitment, and name the first row that does not fit."""

from collections.abc import Iterator
from dataclasses import dataclass

from makegood.ledger.commitments import commit
from makegood.ledger.events import Forgotten
from makegood.ledger.models import Event, Personal, Seal
from makegood.ledger.sealing import (
    chain_digest,
    is_signed_by,
    leaf,
    merkle_root,
    public_key,
    unpack,
)


@dataclass(frozen=True, kw_only=True)
class Verified:
    """What a verification found. `trouble` is empty where everything fits."""

    seals: int = 0
    sealed: int = 0
    unsealed: int = 0
    forgotten: int = 0
    trouble: str = ""


class DoesNotFit(Exception):
    """A row is not what was sealed; the words name it."""


def verify_ledger(key: str = "") -> Verified:
    """Check the whole ledger against its seals, with our own key or one kept elsewhere."""
    key = key or public_key()
    told = _told_forgotten()
    seals = sealed = forgotten = last = 0
    try:
        previous = ""
        for seal in Seal.objects.order_by("pk").iterator(chunk_size=20):
            _check_seal(seal, previous, key)
            forgotten += _check_events(seal, last, told)
            seals, sealed = seals + 1, sealed + len(unpack(bytes(seal.leaves)))
            previous, last = seal.digest, seal.last
        unsealed, more = _check_unsealed(last, told)
    except DoesNotFit as found:
        return Verified(seals=seals, sealed=sealed, trouble=str(found))
    return Verified(seals=seals, sealed=sealed, unsealed=unsealed, forgotten=forgotten + more)


def _told_forgotten() -> set[int]:
    lists = Event.objects.filter(kind=Forgotten.kind).values_list("facts__events", flat=True)
    return {number for numbers in lists for number in numbers or ()}


def _check_seal(seal: Seal, previous: str, key: str) -> None:
    leaves = unpack(bytes(seal.leaves))
    if seal.previous != previous:
        raise DoesNotFit(f"seal {seal.pk} does not follow the seal before it")
    if merkle_root([value for _number, value in leaves]).hex() != seal.root:
        raise DoesNotFit(f"seal {seal.pk} does not hold its own leaves")
    if chain_digest(seal) != seal.digest:
        raise DoesNotFit(f"seal {seal.pk} was altered")
    if not is_signed_by(key, seal):
        raise DoesNotFit(f"seal {seal.pk} is not signed by this key")


def _check_events(seal: Seal, last: int, told: set[int]) -> int:
    expected = dict(unpack(bytes(seal.leaves)))
    forgotten, seen = 0, set()
    for event in _events(last, seal.last):
        if event.pk not in expected:
            raise DoesNotFit(f"event {event.pk} was slipped in before seal {seal.pk}")
        if leaf(event) != expected[event.pk]:
            raise DoesNotFit(f"event {event.pk} is not what was sealed")
        forgotten += _check_personal(event, told)
        seen.add(event.pk)
    missing = sorted(expected.keys() - seen)
    if missing:
        raise DoesNotFit(f"event {missing[0]} is gone")
    return forgotten


def _check_unsealed(last: int, told: set[int]) -> tuple[int, int]:
    count = forgotten = 0
    for event in _events(last, None):
        count += 1
        forgotten += _check_personal(event, told)
    return count, forgotten


def _check_personal(event: Event, told: set[int]) -> int:
    """1 where the personal content was forgotten, and the forgetting is told of."""
    personal: Personal | None = getattr(event, "personal", None)
    if not event.commitment:
        return 0
    if personal is None:
        if event.pk not in told:
            raise DoesNotFit(f"the personal content of event {event.pk} is gone without a word")
        return 1
    if commit(bytes(personal.salt), personal.content) != event.commitment:
        raise DoesNotFit(f"the personal content of event {event.pk} was altered")
    return 0


def _events(after: int, upto: int | None) -> Iterator[Event]:
    events = Event.objects.filter(pk__gt=after).order_by("pk")
    if upto is not None:
        events = events.filter(pk__lte=upto)
    rows = events.select_related("personal").prefetch_related("subjects")
    yield from rows.iterator(chunk_size=2000)
