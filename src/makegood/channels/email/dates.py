"""When a mail says that it was written."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_tz

from .words import decode_words

_FARTHEST_ZONE = 15 * 3600


def sent_at(header: bytes, received_at: datetime | None) -> datetime | None:
    """When the sender says it was written, UTC; None where missing, unreadable or absurd."""
    moment = _moment(decode_words(header[:200]))
    if moment is None:
        return None
    latest = received_at + timedelta(days=2) if received_at else datetime(2100, 1, 1, tzinfo=UTC)
    return moment if datetime(1990, 1, 1, tzinfo=UTC) <= moment <= latest else None


def _moment(words: str) -> datetime | None:
    if words[4:5] == "-" and words[:4].isdigit():
        return _iso_moment(words)
    try:
        parts = parsedate_tz(words.replace("GMT+", "+").replace("UTC+", "+"))
        if parts is None or abs(parts[9] or 0) > _FARTHEST_ZONE:
            return None
        return datetime(*parts[:6], tzinfo=UTC) - timedelta(seconds=parts[9] or 0)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _iso_moment(words: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(words.strip())
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
