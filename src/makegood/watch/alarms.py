"""Alarms without flapping: raised once it lasts, closed once it is well for a while.

A look at the house yields sightings: of one cause in one place, wrong, well, or neither. What
is neither leaves everything as it was, so that a mailbox at 93 per cent does not come and go.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db import transaction

from makegood.channels.models import Inbox
from makegood.kit.text import fit_for_storage
from makegood.ledger.actions import record
from makegood.ledger.actors import System
from makegood.watch.events import AlarmClosed, AlarmRaised
from makegood.watch.models import Alarm
from makegood.watch.sayings import ALARMS, in_words

Cause = Alarm.Cause
BY = System("watch")


class Shows(StrEnum):
    """What a look shows of one cause."""

    WRONG = "wrong"
    WELL = "well"
    NEITHER = "neither"


@dataclass(frozen=True, kw_only=True)
class Sighting:
    """One cause in one place, as it looks now."""

    cause: str
    shows: Shows
    inbox: Inbox | None = None
    about: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    said: str = ""
    """The other side's own words, where it said any."""

    @property
    def key(self) -> str:
        return f"{self.inbox.pk if self.inbox else 0} {self.about}"[:350]


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How long something must be wrong before it is said, and well before it is over."""

    lasts: timedelta = timedelta(0)
    rests: timedelta = timedelta(0)


NO_PATIENCE = Patience()
PATIENCE = {
    Cause.LOGIN: Patience(lasts=timedelta(minutes=2), rests=timedelta(minutes=2)),
    Cause.NETWORK: Patience(lasts=timedelta(minutes=10), rests=timedelta(minutes=5)),
    Cause.FOLDER: Patience(lasts=timedelta(minutes=10), rests=timedelta(0)),
    Cause.OUTBOX: Patience(lasts=timedelta(minutes=2), rests=timedelta(minutes=5)),
    Cause.DISK: Patience(lasts=timedelta(minutes=2), rests=timedelta(minutes=10)),
    Cause.RECORD: Patience(lasts=timedelta(minutes=5), rests=timedelta(0)),
    Cause.FOLLOWER: Patience(),
}


def keep_alarms(sightings: Iterable[Sighting], now: datetime) -> int:
    """Raise what lasts, close what is over; how many changed. Where all is well, no write."""
    seen = {(sighting.cause, sighting.key): sighting for sighting in sightings}
    is_wrong = any(sighting.shows == Shows.WRONG for sighting in seen.values())
    if not is_wrong and not Alarm.objects.filter(closed_at=None).exists():
        return 0
    return _keep(seen, now)


@transaction.atomic
def _keep(seen: Mapping[tuple[str, str], Sighting], now: datetime) -> int:
    kept = {(row.cause, row.key): row for row in _open_rows()}
    changed = 0
    for place, sighting in seen.items():
        if sighting.shows == Shows.WRONG:
            changed += _see_wrong(kept.get(place), sighting, now)
        elif sighting.shows == Shows.WELL and place in kept:
            changed += _see_well(kept[place], now)
    for place, row in kept.items():
        if place not in seen:
            changed += _see_well(row, now)  # nobody looks there any more
    return changed


def _open_rows() -> Iterable[Alarm]:
    return Alarm.objects.select_for_update(of=("self",)).filter(closed_at=None)


def _see_wrong(row: Alarm | None, sighting: Sighting, now: datetime) -> int:
    inbox = sighting.inbox
    if row is None:
        row = Alarm(cause=sighting.cause, inbox=inbox, key=sighting.key, first_seen_at=now)
    row.values = {"inbox": inbox.name if inbox else "", **sighting.values}
    row.said = fit_for_storage(sighting.said)[:2000]
    row.last_seen_at, row.well_since = now, None
    is_new = row.raised_at is None and now - row.first_seen_at >= _patience(row).lasts
    if is_new:
        row.raised_at = now
    row.save()
    if is_new:
        record(AlarmRaised(cause=row.cause, words=_words(row)), about=_about(row), by=BY)
    return int(is_new)


def _words(row: Alarm) -> str:
    said = f" {row.said}" if row.said else ""
    return f"{in_words(ALARMS[row.cause], row.values)}.{said}"


def _see_well(row: Alarm, now: datetime) -> int:
    if row.raised_at is None:
        row.delete()  # it did not last: nobody was told
        return 0
    row.well_since = row.well_since or now
    is_over = now - row.well_since >= _patience(row).rests
    if is_over:
        row.closed_at = now
        record(AlarmClosed(cause=row.cause, words=_words(row)), about=_about(row), by=BY)
    row.save(update_fields=["well_since", "closed_at"])
    return int(is_over)


def _patience(row: Alarm) -> Patience:
    return PATIENCE.get(Cause(row.cause), NO_PATIENCE)


def _about(row: Alarm) -> list[Alarm | Inbox]:
    return [row, row.inbox] if row.inbox else [row]
