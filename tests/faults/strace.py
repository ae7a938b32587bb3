"""Killing a process at every system call that changes anything, one run a call.

The process is forked from one that has everything loaded, stops itself, is taken up by
strace, and goes on: some 50 ms a run instead of a second.
"""

import os
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

CHANGING = (
    "pwrite64", "write", "writev", "fdatasync", "fsync", "ftruncate", "unlink", "unlinkat",
    "rename", "renameat", "mkdir", "mkdirat", "openat", "sendto", "sendmsg",
)  # fmt: skip


@dataclass(frozen=True)
class Point:
    """The n-th call of one kind."""

    call: str
    number: int


def points_of(act: Callable[[], None], meanwhile: Callable[[int], None], log: Path) -> list[Point]:
    """Run once unharmed, and list every call at which a kill may fall."""
    run(act, meanwhile, ["-e", f"trace={','.join(CHANGING)}", "-o", str(log)])
    counts: Counter[str] = Counter()
    points = []
    for line in log.read_text(errors="replace").splitlines():
        call = line.partition("(")[0].split(" ")[-1]
        if call in CHANGING:
            counts[call] += 1
            points.append(Point(call, counts[call]))
    return points


def kill_at(point: Point, act: Callable[[], None], meanwhile: Callable[[int], None]) -> bool:
    """Run until that call; whether the kill was delivered."""
    inject = f"inject={point.call}:signal=KILL:when={point.number}"
    status = run(act, meanwhile, ["-e", f"trace={point.call}", "-e", inject, "-o", "/dev/null"])
    return os.waitstatus_to_exitcode(status) == -signal.SIGKILL


def run(act: Callable[[], None], meanwhile: Callable[[int], None], options: list[str]) -> int:
    """Fork, trace, let it act, and play the outside world `meanwhile`; its exit status."""
    pid = fork(act, stops=True)
    os.waitpid(pid, os.WUNTRACED)
    tracer = subprocess.Popen(
        ["strace", *options, "-p", str(pid)], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL
    )
    assert tracer.stderr is not None
    said = tracer.stderr.readline()
    assert b"attached" in said, said
    os.kill(pid, signal.SIGCONT)
    try:
        meanwhile(pid)
        return wait_for(pid)
    finally:
        tracer.wait(timeout=120)
        tracer.stderr.close()


def fork(act: Callable[[], None], *, stops: bool = False) -> int:
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        if stops:
            os.kill(os.getpid(), signal.SIGSTOP)
        act()
        code = 0
    finally:
        os._exit(code)


def is_alive(pid: int) -> bool:
    """Whether a child of ours still runs; one that has ended waits to be asked for."""
    stat = Path(f"/proc/{pid}/stat").read_text()
    return stat.rpartition(")")[2].split()[0] not in "ZX"


def wait_for(pid: int, seconds: float = 300) -> int:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return status
        time.sleep(0.002)
    os.kill(pid, signal.SIGKILL)
    return os.waitpid(pid, 0)[1]
