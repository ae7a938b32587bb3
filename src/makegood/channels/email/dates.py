"""When a mail says that it was written."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_tz

from .words import decode_words


def sent_at(header: bytes, received_at: datetime | None) -> datetime | None:
    """When the sender says it was written, UTC; None where missing, unreadable or absurd."""
    words = decode_words(header[:200])
    try:
        parts = parsedate_tz(words)
        if parts is None:
            return None
        offset = timedelta(seconds=parts[9] or 0)
        moment = datetime(*parts[:6], tzinfo=UTC) - offset
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    latest = received_at + timedelta(days=2) if received_at else datetime(2100, 1, 1, tzinfo=UTC)
    return moment if datetime(1990, 1, 1, tzinfo=UTC) <= moment <= latest else None
