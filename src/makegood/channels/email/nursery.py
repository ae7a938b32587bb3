"""The server process that forks one child per mail. Run as a module by `child`, never imported."""

import contextlib
import gc
import os
import select
import signal
import socket
import sys
import time
from typing import Any

from . import authentication, framing
from .charsets import preload
from .child import _taker
from .explaining import explanation
from .limits import WALL_SECONDS, bind_child, shut_in
from .reading import read, understand

_WARM = (
    (
        "From: =?utf-8?q?a?= <a@bücher.example>\nContent-Type: text/html\n\n"
        "<p>warm &amp; <a href='https://example.org'>x</a></p><blockquote>y</blockquote>"
    ).encode(),
    b"From: a@x.example\n\nwarm\n\nOn 2 Mar 2026 at 9:30, b <b@x.example> wrote:\n> x\n-- \na",
    b"From: MAILER-DAEMON@x.example\nReturn-Path: <>\nSubject: failure notice\n\n"
    b"could not be delivered\n\n<a@x.example>: said nothing that anybody knows",
)
"""What makes the expressions ready before the first fork: children inherit that."""


_SPARES = 2
"""Children that wait for a mail, so that nobody waits for a fork."""

_ORPHANED = 3


def main() -> None:
    control = socket.socket(fileno=int(sys.argv[1]))
    preload()
    for mail in _WARM:
        read(mail, {})
    shut_in()
    gc.collect()
    gc.freeze()
    gc.disable()
    control.sendall(b"r")
    serve(control)


def serve(control: socket.socket) -> None:
    """Keep children waiting at the socket until the house closes its end."""
    taken, tell = os.pipe()
    born: dict[int, float] = {}
    while not reap(born):
        # Counted anew each time: a child may have come and gone before it was looked at.
        while list(born.values()).count(0.0) < _SPARES:
            born[bear(control, tell)] = 0.0
        ready, _w, _x = select.select([taken], [], [], 1.0)
        told = os.read(taken, 64) if ready else b""
        for at in range(0, len(told), 4):
            pid = int.from_bytes(told[at : at + 4], "big")
            if pid in born:
                born[pid] = time.monotonic()


def bear(control: socket.socket, tell: int) -> int:
    """Fork a child that waits for one mail and says when it has got it."""
    pid = os.fork()
    if pid:
        return pid
    try:
        told, handles, _flags, _address = socket.recv_fds(control, 1, 1)
        control.close()
        if not told:
            os._exit(_ORPHANED)
        # The server may have died meanwhile: the mail is read all the same.
        with contextlib.suppress(OSError):
            os.write(tell, os.getpid().to_bytes(4, "big"))
        os.close(tell)
        answer(handles[0])
    finally:
        os._exit(0)


def answer(handle: int) -> None:
    """The child: read one mail, say what it holds, and end."""
    try:
        bind_child()
        sock = socket.socket(fileno=handle)
        head, blobs = framing.unpack(_taker(sock))
        for piece in framing.pack(*_understood(head, blobs[0])):
            sock.sendall(piece)
    finally:
        # Whatever went wrong, the caller sees it: the answer is not complete.
        os._exit(0)


def _understood(head: dict[str, Any], raw: bytes) -> tuple[dict[str, Any], list[bytes]]:
    """The mail as read, or what its signatures are worth: whichever was asked."""
    if head.get("do") == "authenticate":
        said = authentication.server_says(raw, head["server"])
        found = authentication.authenticate(raw, head["envelope"], head["domain"], head["answers"])
        return {**found, "said": said}, []
    if head.get("do") == "explain":
        return explanation(understand(raw, head["envelope"], careful=head["careful"])), []
    return framing.told(read(raw, head["envelope"], careful=head["careful"]))


def reap(born: dict[int, float]) -> bool:
    """Take leave of children that ended; whether the house has closed its end.

    A child ends itself when its time is over. Should one find a way round that, it is ended.
    """
    orphaned = False
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            break  # all have ended, and were quicker than we
        if not pid:
            break
        born.pop(pid, None)
        orphaned = orphaned or os.waitstatus_to_exitcode(status) == _ORPHANED
    late = time.monotonic() - WALL_SECONDS - 2
    for pid, begun in born.items():
        if 0 < begun < late:
            os.kill(pid, signal.SIGKILL)
    return orphaned


if __name__ == "__main__":
    main()
