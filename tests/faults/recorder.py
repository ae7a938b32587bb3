"""What a process did to its folder, call by call with every byte, as strace tells it."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.disk import (
    Disk,
    Event,
    Name,
    Step,
    Sync,
    SyncFolder,
    Truncate,
    Unlink,
    Write,
)
from tests.faults.strace import run

CALLS = (
    "openat", "close", "lseek", "write", "pwrite64", "writev", "pwritev", "ftruncate", "fsync",
    "fdatasync", "rename", "renameat", "renameat2", "link", "linkat", "unlink", "unlinkat",
    "mkdir", "mkdirat", "sendto", "sendmsg",
)  # fmt: skip
IGNORED = ("writev", "pwritev", "link", "linkat", "sendmsg", "renameat", "renameat2", "mkdirat")
"""Not used on what we keep; where one is, the recording fails instead of missing it."""
KEPT, LEFT = b"250 2.0.0 Kept", b".\r\n"


def record(
    act: Callable[[], None], meanwhile: Callable[[int], None], log: Path, root: Path
) -> tuple[Disk, list[Step]]:
    """Run it once; the disk as it was before, and every step from there."""
    recording = Recording(str(root))
    before = recording.look()
    trace = ["-e", f"trace={','.join(CALLS)}", "-xx", "-s", "2000000", "-o", str(log)]
    status = run(act, meanwhile, trace)
    assert os.waitstatus_to_exitcode(status) == 0, status
    for line in log.read_text().splitlines():
        recording.hear(line)
    return before, recording.steps


@dataclass
class Recording:
    """Follows handles to inodes and names, as the process moved them."""

    root: str
    steps: list[Step] = field(default_factory=list)
    names: dict[str, int] = field(default_factory=dict)
    lengths: dict[int, int] = field(default_factory=dict)
    handles: dict[int, int] = field(default_factory=dict)
    folders: dict[int, str] = field(default_factory=dict)
    places: dict[int, int] = field(default_factory=dict)
    """Where the next byte of each handle goes."""

    def look(self) -> Disk:
        """What lies there now is safe, but for folders that are empty: just made, not synced."""
        disk = Disk()
        top = [self.root, *_above(self.root)]
        for path in [*top, *(str(one) for one in Path(self.root).rglob("*"))]:
            if os.path.isdir(path):
                self.names[path] = -1
                if path.startswith(f"{self.root}/files") and not any(
                    map(os.path.isfile, _below(path))
                ):
                    disk.pending.append(Name(path, -1))
                else:
                    disk.names[path] = -1
            elif path.startswith((f"{self.root}/makegood", f"{self.root}/files")):
                inode = self._new(path)
                disk.names[path] = inode
                disk.content[inode] = bytearray(Path(path).read_bytes())
                self.lengths[inode] = len(disk.content[inode])
        return disk

    def _new(self, path: str) -> int:
        inode = len(self.lengths)
        self.names[path], self.lengths[inode] = inode, 0
        return inode

    def hear(self, line: str) -> None:
        call, _, rest = line.partition("(")
        said, _, result = rest.rpartition(" = ")
        if not said or result.startswith(("-1", "?")):
            return
        words = said.rstrip().removesuffix(")").split(", ")
        heard = getattr(self, f"_{call}", None)
        if heard is not None:
            heard(words, int(result.split()[0]))
        elif call in IGNORED:
            assert not any(self.root in _text(word) for word in words), line[:200]

    # ── One for each call ─────────────────────────────────────────────────────

    def _openat(self, words: list[str], handle: int) -> None:
        path = _text(words[1])
        self._close([str(handle)], 0)
        if not path.startswith(self.root) or path.endswith("-shm"):
            return
        if self.names.get(path) == -1:
            self.folders[handle] = path
            return
        if path not in self.names:
            self.steps.append(Name(path, self._new(path)))
        inode = self.names[path]
        self.handles[handle] = inode
        if "O_TRUNC" in words[2]:
            self._cut(inode, 0)
        self.places[handle] = self.lengths[inode] if "O_APPEND" in words[2] else 0

    def _close(self, words: list[str], _result: int) -> None:
        for known in (self.handles, self.folders, self.places):
            known.pop(int(words[0]), None)

    def _lseek(self, words: list[str], result: int) -> None:
        self.places[int(words[0])] = result

    def _write(self, words: list[str], written: int) -> None:
        handle = int(words[0])
        if handle in self.handles:
            self._put(self.handles[handle], self.places[handle], _bytes(words[1])[:written])
            self.places[handle] += written

    def _pwrite64(self, words: list[str], written: int) -> None:
        if int(words[0]) in self.handles:
            inode = self.handles[int(words[0])]
            self._put(inode, int(words[3]), _bytes(words[1])[:written])

    def _put(self, inode: int, offset: int, data: bytes) -> None:
        if self._is_said(inode):
            self.steps.append(Event("said"))
            return
        self.steps.append(Write(inode, offset, data))
        self.lengths[inode] = max(self.lengths[inode], offset + len(data))

    def _is_said(self, inode: int) -> bool:
        return self.names.get(f"{self.root}/said") == inode

    def _ftruncate(self, words: list[str], _result: int) -> None:
        if int(words[0]) in self.handles:
            self._cut(self.handles[int(words[0])], int(words[1]))

    def _cut(self, inode: int, length: int) -> None:
        self.steps.append(Truncate(inode, length))
        self.lengths[inode] = length

    def _fsync(self, words: list[str], _result: int) -> None:
        handle = int(words[0])
        if handle in self.handles:
            self.steps.append(Sync(self.handles[handle]))
        elif handle in self.folders:
            self.steps.append(SyncFolder(self.folders[handle]))

    _fdatasync = _fsync

    def _rename(self, words: list[str], _result: int) -> None:
        old, new = _text(words[0]), _text(words[1])
        if old in self.names:
            inode = self.names[new] = self.names.pop(old)
            self.steps.append(Name(new, inode, old))

    def _unlink(self, words: list[str], _result: int) -> None:
        if self.names.pop(_text(words[-1]), None) is not None:
            self.steps.append(Unlink(_text(words[-1])))

    def _unlinkat(self, words: list[str], _result: int) -> None:
        self._unlink(words[1:2], 0)

    def _mkdir(self, words: list[str], _result: int) -> None:
        path = _text(words[0])
        if path.startswith(self.root):
            self.names[path] = -1
            self.steps.append(Name(path, -1))

    def _sendto(self, words: list[str], _result: int) -> None:
        data = _bytes(words[1])
        self.steps.extend(Event("kept") for _each in range(data.count(KEPT)))
        if data == LEFT:
            self.steps.append(Event("left"))


def _below(path: str) -> Iterator[str]:
    return (str(one) for one in Path(path).rglob("*"))


def _above(path: str) -> Iterator[str]:
    while (path := os.path.dirname(path)) not in ("", "/"):
        yield path


def _bytes(word: str) -> bytes:
    return bytes.fromhex(word.partition('"')[2].rpartition('"')[0].replace("\\x", ""))


def _text(word: str) -> str:
    return os.fsdecode(_bytes(word)) if word.startswith('"') else word
