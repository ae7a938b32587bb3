"""What the worker does: one loop a kind of work, and the helpers that hold connections."""

import threading
from collections.abc import Callable

from django.utils import timezone

from makegood.config.worker import Loop
from makegood.conversations.actions import wake_due
from makegood.conversations.intake import take_in_arrival, waiting_arrivals
from makegood.ledger.followers import Following, LeaseLost, follower_names, note_trouble, take_up


def take_in_what_arrived() -> int:
    """Give every waiting arrival its place, the oldest first."""
    waiting = waiting_arrivals()
    for pk in waiting:
        take_in_arrival(pk)
    return len(waiting)


def wake_what_slept() -> int:
    return wake_due(timezone.now())


class FollowerLoop:
    """Steps every follower in turn; a follower in trouble holds up none of the others."""

    def __init__(self) -> None:
        self._held: dict[str, Following] = {}

    def step(self) -> int:
        return sum(self._step(name) for name in follower_names())

    def _step(self, name: str) -> int:
        following = self._held.get(name) or take_up(name)
        if following is None:
            return 0
        self._held[name] = following
        try:
            return following.step()
        except LeaseLost:
            del self._held[name]
            return 0
        except Exception as error:  # told on the health page, then raised
            del self._held[name]
            note_trouble(name, f"{type(error).__name__}: {error}")
            raise


def loops() -> list[Loop]:
    return [
        Loop("intake", take_in_what_arrived),
        Loop("followers", FollowerLoop().step),
        Loop("clock", wake_what_slept, pause=5.0),
    ]


def helpers() -> list[Callable[[threading.Event], None]]:
    return []
