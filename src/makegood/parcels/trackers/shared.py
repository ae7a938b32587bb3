"""What the readers of trackers have in common: bytes in, scans out, nothing believed unseen."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _

from makegood.kit.errors import Refused
from makegood.kit.text import one_line
from makegood.ledger.actors import System
from makegood.parcels.actions import hear_from_carrier
from makegood.parcels.models import Parcel, Track
from makegood.parcels.telling import ParcelSeen, TrackSeen
from makegood.shop.connectors.interface import Field, Head, Link, Probed
from makegood.shop.models import Connection, Signal

BY = System("carriers")
MOST_SCANS = 500
Says = Mapping[str, Any]


def said_in(raw: bytes) -> Says:
    """The JSON object in these bytes. Raises `Refused`."""
    try:
        said = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise Refused(_("It is not the JSON that was expected.")) from error
    if not isinstance(said, dict):
        raise Refused(_("It is not the JSON that was expected."))
    return said


def inside(said: Any, *names: str) -> Any:
    """What stands below these names; None where one of them is missing."""
    for name in names:
        said = said.get(name) if isinstance(said, dict) else None
    return said


def word(said: Any, *names: str) -> str:
    found = inside(said, *names)
    return one_line(str(found), 250) if isinstance(found, (str, int)) else ""


def moment(text: Any) -> datetime | None:
    """A time as trackers write it; without a zone it is taken for UTC."""
    try:
        found = parse_datetime(text) if isinstance(text, str) else None
    except ValueError:
        return None
    if found is None:
        return None
    try:
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except OverflowError:
        return None


def place(*words: str) -> str:
    return ", ".join(filter(None, words))


def scans(rows: Any, read: Callable[[Says], TrackSeen | None]) -> tuple[TrackSeen, ...]:
    """What can be read of them; a line that means nothing to us is left out."""
    some = [one for one in rows if isinstance(one, dict)] if isinstance(rows, list) else []
    return tuple(found for one in some[-MOST_SCANS:] if (found := read(one)) is not None)


def hear(seen: Sequence[ParcelSeen], source: Track.Source) -> bool:
    """Keep what a tracker told; whether anything of it was a parcel."""
    heard = [hear_from_carrier(one, source, by=BY) for one in seen]
    return any(one is not None for one in heard)


class TrackerReader:
    """Reads the signals of a tracker; each kind says how in its own module."""

    makes_signing = False
    signing_says: str | Lazy = ""
    source: Track.Source
    label: str | Lazy
    fields: Sequence[Field]
    headers: Sequence[str]

    def probe(self, link: Link) -> Probed:
        """A live test when it is connected."""
        raise NotImplementedError

    def verify(self, link: Link, raw: bytes, headers: Mapping[str, str]) -> Head:
        """On the raw bytes, in constant time; raises `NotGenuine`."""
        raise NotImplementedError

    def read(self, raw: bytes) -> Sequence[ParcelSeen] | None:
        """The parcels of a signal; None where it speaks of something else."""
        raise NotImplementedError

    def fetch(self, link: Link, parcel: Parcel) -> Sequence[ParcelSeen]:
        """What the service knows of one parcel now; asked over the network."""
        raise NotImplementedError

    def take(self, connection: Connection, signal: Signal) -> bool:
        seen = self.read(bytes(signal.raw))
        return seen is not None and hear(seen, self.source)
