"""What a disk may hold after the power went: a model of files, names and what was synced.

Whatever was synced stays. Of all else any part may be there or not: single writes, torn at
sectors of 512 bytes; names in a folder that was not synced; lengths. A rename is there whole
or not at all. That is what POSIX leaves open, and more than a kind file system does.
"""

import os
import random
from collections.abc import Iterator
from dataclasses import dataclass, field

SECTOR = 512


@dataclass(frozen=True)
class Write:
    inode: int
    offset: int
    data: bytes = field(repr=False)


@dataclass(frozen=True)
class Truncate:
    inode: int
    length: int


@dataclass(frozen=True)
class Name:
    """In a folder, `path` now leads to this inode (-1: to a folder); `old` led there before."""

    path: str
    inode: int
    old: str = ""


@dataclass(frozen=True)
class Unlink:
    path: str


@dataclass(frozen=True)
class Sync:
    inode: int


@dataclass(frozen=True)
class SyncFolder:
    path: str


@dataclass(frozen=True)
class Event:
    """Something was promised, or left for another machine: `kept`, `said`, `left`."""

    what: str


Change = Write | Truncate | Name | Unlink
Step = Change | Sync | SyncFolder | Event


@dataclass
class Disk:
    """What is safe, and what is on its way."""

    names: dict[str, int] = field(default_factory=dict)
    content: dict[int, bytearray] = field(default_factory=dict)
    pending: list[Change] = field(default_factory=list)

    def take(self, step: Step) -> None:
        if isinstance(step, Sync | SyncFolder):
            waiting, self.pending = self.pending, []
            for change in waiting:
                if _is_synced_by(change, step):
                    self.apply(change)
                else:
                    self.pending.append(change)
        elif not isinstance(step, Event):
            self.pending.append(step)

    def apply(self, change: Change) -> None:
        if isinstance(change, Name):
            self.names.pop(change.old, None)
            self.names[change.path] = change.inode
        elif isinstance(change, Unlink):
            self.names.pop(change.path, None)
        elif isinstance(change, Truncate):
            file = self.content.setdefault(change.inode, bytearray())
            del file[change.length :]
            file.extend(bytes(change.length - len(file)))
        else:
            file = self.content.setdefault(change.inode, bytearray())
            end = change.offset + len(change.data)
            file.extend(bytes(max(0, end - len(file))))
            file[change.offset : end] = change.data

    def files(self) -> dict[str, bytes]:
        """What can be reached by its name, through folders that are there."""
        return {
            path: bytes(self.content.get(inode, b""))
            for path, inode in self.names.items()
            if inode >= 0 and all(above in self.names for above in _folders(path))
        }

    def after_a_cut(self, rng: random.Random, kind: int) -> "Disk":
        """One of the disks that may be found: 0 keeps nothing unsynced, 1 everything."""
        content = {inode: bytearray(file) for inode, file in self.content.items()}
        found = Disk(dict(self.names), content)
        share = rng.choice((0.2, 0.5, 0.8))
        for change in self.pending if kind else ():
            if kind == 1 or rng.random() < share:
                found.apply(change)
            elif isinstance(change, Write) and rng.random() < 0.5:
                for part in _torn(change, rng):
                    found.apply(part)
        return found


def _is_synced_by(change: Change, step: Sync | SyncFolder) -> bool:
    if isinstance(step, Sync):
        return isinstance(change, Write | Truncate) and change.inode == step.inode
    return isinstance(change, Name | Unlink) and os.path.dirname(change.path) == step.path


def _folders(path: str) -> Iterator[str]:
    while (path := os.path.dirname(path)) not in ("", "/"):
        yield path


def _torn(write: Write, rng: random.Random) -> Iterator[Write]:
    """Some of the sectors that a write touches."""
    at = 0
    while at < len(write.data):
        size = SECTOR - (write.offset + at) % SECTOR
        if rng.random() < 0.5:
            yield Write(write.inode, write.offset + at, write.data[at : at + size])
        at += size
