"""Pages by key: the next page begins after the last row seen, however deep it is."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from django.utils.dateparse import parse_datetime

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Page(Generic[T]):
    """Some rows, and the mark after which the next ones begin (empty at the end)."""

    rows: Sequence[T]
    next: str = ""


def mark(*key: Any) -> str:
    """A key as one word for an address line."""
    return base64.urlsafe_b64encode(json.dumps(key, default=str).encode()).decode().rstrip("=")


def unmark(text: str, length: int) -> list[Any] | None:
    """The key in a mark; None where it is empty, damaged or of another length."""
    if not text or len(text) > 400:
        return None
    try:
        key = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, binascii.Error):
        return None
    return key if isinstance(key, list) and len(key) == length else None


def is_number(value: Any) -> bool:
    """Whether a part of a mark can be a row's number: a damaged mark may hold anything."""
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 1 << 63


def moment_in(value: Any) -> datetime | None:
    """A moment from a mark, in UTC; None where it is none, or none that a calendar holds there."""
    try:
        at = parse_datetime(str(value))
        return at.astimezone(UTC) if at is not None and at.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None
