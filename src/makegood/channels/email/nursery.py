"""The server process that forks the children. Run as a module by `child`, never imported.

A child reads some mails, one after the other, and is then replaced: at once after anything odd.
"""

import gc
import os
import select
import signal
import socket
import sys
from typing import Any

from . import authentication, framing
from .charsets import preload
from .child import _taker
from .explaining import explanation
from .limits import WALL_SECONDS, Allowance, shut_in
from .reading import read, understand
from .roster import FREE, LEAVING, Roster

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
_MOST_SPARES = 4
"""After a rush the others leave."""

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
    roster = Roster()
    while not reap(roster):
        while roster.count(FREE) < _SPARES and roster.has_room():
            place = roster.enter()
            pid = os.fork()
            if not pid:
                os.close(taken)
                work(control, tell, roster, place)
            roster.pids[place] = pid
        ready, _w, _x = select.select([taken], [], [], 1.0)
        if ready:
            os.read(taken, 64)


def work(control: socket.socket, tell: int, roster: Roster, place: int) -> None:
    """The child: read one mail after the other, until its time has come. Never returns."""
    try:
        server = os.getppid()
        allowance = Allowance()
        while allowance.lasts() and os.getppid() == server:
            told, handles, _flags, _address = socket.recv_fds(control, 1, 1)
            if not told:
                os._exit(_ORPHANED)
            roster.is_busy(place)
            if roster.count(FREE) < _SPARES:
                wake(tell)
            with socket.socket(fileno=handles[0]) as sock, allowance:
                answer(sock, is_fresh=allowance.mails == 1)
            if roster.count(FREE) >= _MOST_SPARES:
                break
            roster.mark(place, FREE)
        roster.mark(place, LEAVING)
        wake(tell)
    finally:
        # Whatever went wrong, the caller sees it: the answer is not complete.
        os._exit(0)


def wake(tell: int) -> None:
    """Have the server look round. It may have died meanwhile: the mail is read all the same."""
    try:
        os.write(tell, b"w")
    except OSError:
        return


def answer(sock: socket.socket, *, is_fresh: bool) -> None:
    """Read one mail and say what it holds. A used child says so, and leaves what wants a fresh."""
    head, blobs = framing.unpack(_taker(sock))
    if head.get("fresh") and not is_fresh:
        sock.sendall(framing.LEFT)
        os._exit(0)
    sock.sendall(framing.FRESH if is_fresh else framing.USED)
    sock.sendall(b"".join(framing.pack(*_understood(head, blobs[0]))))


def _understood(head: dict[str, Any], raw: bytes) -> tuple[dict[str, Any], list[bytes]]:
    """The mail as read, or what its signatures are worth: whichever was asked."""
    if head.get("do") == "authenticate":
        said = authentication.server_says(raw, head["server"])
        found = authentication.authenticate(raw, head["envelope"], head["domain"], head["answers"])
        return {**found, "said": said}, []
    if head.get("do") == "explain":
        return explanation(understand(raw, head["envelope"], careful=head["careful"])), []
    return framing.told(read(raw, head["envelope"], careful=head["careful"]))


def reap(roster: Roster) -> bool:
    """Take leave of children that ended; whether the house has closed its end.

    A child ends itself when its time is over. Should one find a way round that, it is ended.
    """
    orphaned = False
    while roster.pids:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if not pid:
            break
        roster.leave(pid)
        orphaned = orphaned or os.waitstatus_to_exitcode(status) == _ORPHANED
    for pid in roster.late(WALL_SECONDS + 2):
        os.kill(pid, signal.SIGKILL)
    return orphaned


if __name__ == "__main__":
    main()
