"""What is asked again and again and may be some seconds old: kept by each process for itself."""

import time
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from django.conf import settings

T = TypeVar("T")
MOST = 1_000
_KEPT: dict[Hashable, tuple[float, Any]] = {}


def kept_for(seconds: float, key: Hashable, ask: Callable[[], T]) -> T:
    """The answer of so many seconds ago at most. In tests, where time jumps, it is asked anew."""
    now = time.monotonic()
    known = _KEPT.get(key)
    if known is not None and known[0] > now and not settings.TESTING:
        answer: T = known[1]
        return answer
    if len(_KEPT) >= MOST:
        _KEPT.clear()
    fresh = ask()
    _KEPT[key] = now + seconds, fresh
    return fresh


def forget() -> None:
    """Everything is asked anew."""
    _KEPT.clear()
