"""Which children wait for a mail and which read one: a page of memory that they share.

What a child writes there is a hint. One that lies gets itself ended, or another child born.
"""

import mmap
import struct
import time

_PLACES = 64
_ALL = struct.Struct(f"{_PLACES}d")
_ONE = struct.Struct("d")

NOBODY = 0.0
FREE = -1.0
LEAVING = -2.0


class Roster:
    """A place for each child: whether it waits, leaves, or since when it has been reading."""

    def __init__(self) -> None:
        self.page = mmap.mmap(-1, _ALL.size)
        self.pids: dict[int, int] = {}
        """The process of each place. Only the server's copy is kept up."""

    def mark(self, place: int, state: float) -> None:
        _ONE.pack_into(self.page, place * _ONE.size, state)

    def is_busy(self, place: int) -> None:
        self.mark(place, time.monotonic())

    def count(self, state: float) -> int:
        return _ALL.unpack(self.page).count(state)

    def has_room(self) -> bool:
        return len(self.pids) < _PLACES

    def enter(self) -> int:
        """A place for a child that is to be born."""
        place = next(i for i in range(_PLACES) if i not in self.pids)
        self.mark(place, FREE)
        return place

    def leave(self, pid: int) -> None:
        for place in [place for place, its in self.pids.items() if its == pid]:
            del self.pids[place]
            self.mark(place, NOBODY)

    def late(self, seconds: float) -> list[int]:
        """The children that have been at one mail for longer than that."""
        since = _ALL.unpack(self.page)
        latest = time.monotonic() - seconds
        return [pid for place, pid in self.pids.items() if 0 < since[place] < latest]
