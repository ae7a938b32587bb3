"""Moments as the databases give them back."""

from datetime import UTC, datetime
from typing import Any


def in_utc(value: Any) -> datetime:
    """SQLite gives back what it stored: text, in UTC without saying so."""
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    return at if at.tzinfo else at.replace(tzinfo=UTC)
