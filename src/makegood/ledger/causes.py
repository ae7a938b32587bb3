"""What an event follows from: told as one more thing that it is about, and so sealed with it.

Whoever acts alone says here because of what. All that is recorded meanwhile, by reactions of
other apps as well, is then found by it: a chain of causes can be followed, and ended.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_CAUSE: ContextVar[str] = ContextVar("cause", default="")


@contextmanager
def because_of(ref: str) -> Iterator[None]:
    """Every event that is recorded inside is also about this."""
    token = _CAUSE.set(ref)
    try:
        yield
    finally:
        _CAUSE.reset(token)


def cause_now() -> tuple[str, ...]:
    """What is recorded now follows from this; nothing where nobody said so."""
    cause = _CAUSE.get()
    return (cause,) if cause else ()
