"""What is asked again and again in one short step, asked once: inside `remembering()` alone.

A step is one transaction of the worker, or the making of one page that changes nothing.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

T = TypeVar("T")
_kept: ContextVar[dict[Hashable, Any] | None] = ContextVar("kept", default=None)


@contextmanager
def remembering() -> Iterator[None]:
    """Inside, every question has one answer; never longer than a step."""
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


def remembered(key: Hashable, ask: Callable[[], T]) -> T:
    """The answer from before, or else asked now."""
    kept = _kept.get()
    if kept is None:
        return ask()
    if key not in kept:
        kept[key] = ask()
    answer: T = kept[key]
    return answer


def is_remembering() -> bool:
    """Whether an answer for many is worth asking for."""
    return _kept.get() is not None


def forget_answers() -> None:
    """What was rolled back is not so any more."""
    kept = _kept.get()
    if kept is not None:
        kept.clear()
