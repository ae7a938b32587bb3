"""The built-in mail server: a mail is acknowledged once its bytes are on the disk.

One thread speaks with every connection and writes for all of them. While it waits for the
disk, other connections go on sending; whatever they finished meanwhile shares the next
transaction, so that many wait for one fsync.
"""

import contextlib
import logging
import selectors
import socket
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection
from django.utils import timezone

from makegood.channels.actions import RawArrival, take_in
from makegood.channels.email.mime import MAX_BYTES
from makegood.channels.email.recipients import AddressBook
from makegood.channels.email.smtp_session import KEPT, NO_ROOM, NOT_NOW, Session
from makegood.files.room import has_room
from makegood.kit.disk import is_full

log = logging.getLogger(__name__)

MAX_CONNECTIONS = 500
MAX_OF_ONE_PEER = 100
"""A relay in front of us opens about twenty; nobody alone may take every place."""
MAX_HELD = 256 * 1024 * 1024
"""Bytes of unfinished mails, of all connections together."""
IDLE_SECONDS = 300
MAIL_SECONDS = 1800
"""How long a connection may go on without finishing a mail, however busy it looks."""
_CHUNK = 256 * 1024


def listen_for_mail(stop: threading.Event) -> None:
    """Serve SMTP and LMTP where the settings say, until asked to stop."""
    server = MailServer()
    try:
        if _open_doors(server, stop):
            server.run(stop)
    finally:
        server.close()
        connection.close()


def _open_doors(server: "MailServer", stop: threading.Event) -> bool:
    """Open what the settings name; an address that is still taken is tried again."""
    wanted = [(settings.SMTP_LISTEN, False), (settings.LMTP_LISTEN, True)]
    doors = [(place, is_lmtp) for place, is_lmtp in wanted if place]
    while doors and not stop.is_set():
        place, is_lmtp = doors[0]
        try:
            server.open(place, is_lmtp=is_lmtp)
        except OSError as error:
            log.error("The mail server cannot open its door.", extra={"reason": f"{place} {error}"})
            stop.wait(5)
        else:
            doors.pop(0)
    return bool(server.doors)


class HouseRules:
    """What a sender is told before the mail: whom we know, and whether there is room."""

    max_bytes = MAX_BYTES

    def __init__(self) -> None:
        self.book = AddressBook()
        self._room_until = 0.0
        self._room = True

    def knows(self, recipient: str) -> bool:
        return self.book.inbox_of(recipient) is not None

    def has_room(self) -> bool:
        now = time.monotonic()
        if now > self._room_until:
            self._room, self._room_until = has_room(), now + 1
        return self._room


class NobodyThere(LookupError):
    """An inbox was taken away between its address and the end of its mail."""


@dataclass(eq=False)
class _Link:
    """One connection: its socket, what is said on it, and when it last said something."""

    sock: socket.socket
    session: Session
    peer: str
    heard_at: float = field(default_factory=time.monotonic)
    begun_at: float = field(default_factory=time.monotonic)
    held: int = 0
    wanted: int = selectors.EVENT_READ


class MailServer:
    """Opens doors, serves them with `run`, and closes them again."""

    def __init__(self) -> None:
        self.selector = selectors.DefaultSelector()
        self.rules = HouseRules()
        self.hostname = socket.gethostname()
        self.links: set[_Link] = set()
        self.finished: list[_Link] = []
        self.doors: list[socket.socket] = []
        self.held = 0

    def open(self, place: str, *, is_lmtp: bool = False) -> str:
        """Listen at `host:port` or `unix:/path`; returns where, with the port it got."""
        if place.startswith("unix:"):
            path = place.removeprefix("unix:")
            Path(path).unlink(missing_ok=True)
            door = socket.socket(socket.AF_UNIX)
            door.bind(path)
            door.listen(256)
        else:
            host, _, port = place.rpartition(":")
            host = host.strip("[]")
            family = socket.AF_INET6 if ":" in host else socket.AF_INET
            door = socket.create_server((host, int(port)), family=family, backlog=256)
            place = f"{host}:{door.getsockname()[1]}"
        door.setblocking(False)
        self.doors.append(door)
        self.selector.register(door, selectors.EVENT_READ, is_lmtp)
        return place

    def run(self, stop: threading.Event) -> None:
        """Serve until asked to stop; what is not acknowledged then, the sender keeps."""
        swept_at = time.monotonic()
        while not stop.is_set():
            for key, events in self.selector.select(0.5):
                if isinstance(key.data, _Link):
                    self._attend(key.data, events)
                else:
                    self._welcome(key.fileobj, is_lmtp=key.data)  # type: ignore[arg-type]
            if self.finished:
                self._keep()
            if time.monotonic() - swept_at > 10:
                swept_at = time.monotonic()
                self._sweep()
                close_old_connections()

    def close(self) -> None:
        for link in list(self.links):
            self._part(link)
        for door in self.doors:
            door.close()
        self.selector.close()

    def _welcome(self, door: socket.socket, *, is_lmtp: bool) -> None:
        try:
            sock, address = door.accept()
        except OSError:
            return
        sock.setblocking(False)
        peer = str(address[0]) if address else ""
        if not self._has_place(peer):
            with contextlib.suppress(OSError):
                sock.send(b"421 4.7.0 Too many connections, try again later\r\n")
            sock.close()
            return
        if sock.family != socket.AF_UNIX:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        session = Session(self.rules, hostname=self.hostname, is_lmtp=is_lmtp)
        link = _Link(sock, session, peer)
        self.links.add(link)
        self.selector.register(sock, selectors.EVENT_READ, link)
        self._speak(link)

    def _has_place(self, peer: str) -> bool:
        of_peer = sum(link.peer == peer for link in self.links)
        return len(self.links) < MAX_CONNECTIONS and of_peer < MAX_OF_ONE_PEER

    def _attend(self, link: _Link, events: int) -> None:
        """Go on writing what did not fit before, and read what came."""
        if events & selectors.EVENT_WRITE:
            self._speak(link)
        if link in self.links and events & selectors.EVENT_READ:
            self._hear(link)

    def _hear(self, link: _Link) -> None:
        try:
            data = link.sock.recv(_CHUNK)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._part(link)
            return
        link.heard_at = time.monotonic()
        was_finished = link.session.finished is not None
        try:
            link.session.receive(data)
        except Exception:
            # Whatever went wrong with one sender, the others must be heard.
            log.exception("Mail cannot be taken in now.")
            connection.close()
            self._part(link)
            return
        if link.session.finished is not None and not was_finished:
            self.finished.append(link)
        self._weigh(link)
        self._speak(link)

    def _weigh(self, link: _Link) -> None:
        """Count what is held for unfinished mails; where it is too much, the largest goes."""
        self.held += link.session.held - link.held
        link.held = link.session.held
        if self.held > MAX_HELD:
            largest = max(self.links, key=lambda one: one.held)
            log.warning("Too much mail comes in at once; a sender is asked to try again.")
            largest.session.give_up()
            self._speak(largest)
            self._part(largest)

    def _speak(self, link: _Link) -> None:
        """Send what the session wants to say, as much as fits now."""
        if link not in self.links:
            return
        out = link.session.out
        try:
            while out:
                del out[: link.sock.send(out)]
        except BlockingIOError:
            pass
        except OSError:
            self._part(link)
            return
        if link.session.is_over and not out:
            self._part(link)
            return
        # Nothing more is read from someone who does not listen: what we say would pile up.
        wanted = selectors.EVENT_WRITE if out else selectors.EVENT_READ
        if wanted != link.wanted:
            link.wanted = wanted
            self.selector.modify(link.sock, wanted, link)

    def _keep(self) -> None:
        """Put every finished mail on the disk with one commit, and only then say so."""
        links, self.finished = self.finished, []
        answer = self._try_to_keep(links)
        for link in links:
            said = answer
            if answer != KEPT and len(links) > 1:
                said = self._try_to_keep([link])
            if link in self.links:
                link.begun_at = time.monotonic()
                link.session.answer(said)
                if link.session.finished is not None:
                    self.finished.append(link)
                self._speak(link)

    def _try_to_keep(self, links: list[_Link]) -> str:
        """What may be said to their senders."""
        try:
            take_in([arrival for link in links for arrival in self._arrivals(link)])
        except (DatabaseError, OSError, NobodyThere) as error:
            log.exception("Mail could not be kept; the sender is asked to try again.")
            connection.close()
            return NO_ROOM if is_full(error) else NOT_NOW
        return KEPT

    def _arrivals(self, link: _Link) -> list[RawArrival]:
        """One arrival for each inbox that a mail is for."""
        mail = link.session.finished
        assert mail is not None
        by_inbox: dict[int, list[str]] = {}
        for recipient in mail.recipients:
            inbox = self.rules.book.inbox_of(recipient)
            if inbox is None:
                raise NobodyThere(recipient)  # never acknowledge what would be kept nowhere
            by_inbox.setdefault(inbox, []).append(recipient)
        now = timezone.now()
        return [
            RawArrival(
                inbox_id=inbox,
                raw=mail.content,
                origin="lmtp" if link.session.is_lmtp else "smtp",
                envelope={
                    "from": mail.sender,
                    "to": recipients,
                    "peer": link.peer,
                    "helo": mail.helo,
                    "received_at": now.isoformat(),
                },
                arrived_at=now,
            )
            for inbox, recipients in by_inbox.items()
        ]

    def _sweep(self) -> None:
        """Part with those who were silent for too long, and those who only seem busy."""
        now = time.monotonic()
        for link in list(self.links):
            if link.heard_at < now - IDLE_SECONDS or link.begun_at < now - MAIL_SECONDS:
                self._part(link)

    def _part(self, link: _Link) -> None:
        if link in self.links:
            self.links.discard(link)
            self.held -= link.held
            self.selector.unregister(link.sock)
            link.sock.close()
