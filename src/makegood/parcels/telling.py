"""What a source tells of a parcel, in our words: every tracker makes this."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class TrackSeen:
    """One scan; `kind` is one of `shop.models.Scan.Kind`."""

    kind: str
    at: datetime
    place: str = ""
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class ParcelSeen:
    """A parcel as its source tells of it; scans that are told again are the same scans."""

    carrier: str
    tracking: str
    expected_at: datetime | None = None
    tracks: tuple[TrackSeen, ...] = ()
