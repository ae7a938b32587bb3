"""What is done while the kill falls, what the world does meanwhile, and what must hold after.

Each scene is played by a process that is killed, restarted as in life, and then looked at by
one that knows what went in.
"""

import hashlib
import json
import os
import socket
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

from django.db import connection
from django.utils import timezone

from makegood.channels.actions import RawArrival, take_in
from makegood.channels.email import child, outbox
from makegood.channels.email.listener import MailServer
from makegood.channels.email.smtp_session import KEPT
from makegood.channels.models import Arrival, Delivery, Inbox
from makegood.channels.queries import raw_bytes
from makegood.conversations.intake import take_in_arrival, waiting_arrivals
from makegood.conversations.models import Conversation, Message
from makegood.conversations.queries import conversation_for
from makegood.conversations.replying import Reply, reply_to
from makegood.files import storage
from makegood.team.models import Agent
from tests.faults.strace import fork, is_alive, wait_for
from tests.faults.tally import Tally

LARGE = 200_000
"""More than a row keeps: these bytes become a file."""


class Scene(Protocol):
    def prepare(self) -> None:
        """Set the scene once; every run begins from here."""
        ...

    def act(self) -> None:
        """In the process that is killed."""
        ...

    def meanwhile(self, pid: int) -> None:
        """Outside of it, at the same time."""
        ...

    def judge(self, tally: Tally) -> None:
        """After the kill: restart, let it recover, and count."""
        ...


def sample_mails(count: int = 3) -> list[bytes]:
    """Some mails, every third of them large, and no two of the large ones alike."""
    mails = [
        f"From: ida@customer.test\r\nSubject: Mail {number}\r\n\r\nWhere is it?\r\n".encode()
        for number in range(count)
    ]
    for number in range(1, count, 3):
        mails[number] += (b"x" * 70 + b"\r\n") * (LARGE // 72)
    return mails


def is_whole() -> bool:
    """Whether the database is sound, by its own word. PostgreSQL's was never touched."""
    if connection.vendor != "sqlite":
        return True
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        sound = cursor.fetchone()[0] == "ok"
        cursor.execute("PRAGMA foreign_key_check")
        return bool(sound and not cursor.fetchall())


def mailbox() -> Inbox:
    return Inbox.objects.get(kind="email")


class Accepting:
    """R02: a mail that was acknowledged over SMTP is kept, and resent it is kept once."""

    def __init__(self, folder: Path, mails: int = 0, *, is_control: bool = False) -> None:
        self.door = folder / "smtp"
        self.is_control = is_control
        self.mails = sample_mails(mails or 3)
        self.acknowledged: set[int] = set()

    def prepare(self) -> None:
        """Nothing more than the mailbox."""

    def act(self) -> None:
        server = _AnswersTooEarly() if self.is_control else MailServer()
        server.open(f"unix:{self.door}")
        server.run(_WhileSomebodyIsThere(server))  # type: ignore[arg-type]

    def meanwhile(self, pid: int) -> None:
        self.acknowledged = set()
        self._send(set(range(len(self.mails))), pid)

    def _send(self, wanted: set[int], pid: int) -> None:
        """Send like any mail server: what is not acknowledged is sent again another time."""
        try:
            with socket.socket(socket.AF_UNIX) as link:
                link.settimeout(120)
                _connect(link, self.door, pid)
                stream = link.makefile("rwb")
                _hear(stream)
                _say(stream, b"EHLO customer.test")
                for number in sorted(wanted):
                    _say(stream, b"MAIL FROM:<ida@customer.test>")
                    _say(stream, b"RCPT TO:<support@shop.test>")
                    _say(stream, b"DATA")
                    if _say(stream, self.mails[number] + b".").startswith(b"250"):
                        self.acknowledged.add(number)
                _say(stream, b"QUIT")
        except (OSError, EOFError):
            return

    def judge(self, tally: Tally) -> None:
        kept = self._kept()
        tally.acknowledged += len(self.acknowledged)
        tally.lost += sum(not kept[self.mails[number]] for number in self.acknowledged)
        tally.unacknowledged += sum(kept.values()) - len(self.acknowledged)
        connection.close()
        pid = fork(self.act)
        self._send(set(range(len(self.mails))) - self.acknowledged, pid)
        wait_for(pid)
        kept = self._kept()
        tally.lost += sum(not kept[mail] for mail in self.mails)
        tally.stored_once += sum(kept[mail] == 1 for mail in self.mails)
        tally.duplicated += sum(count - 1 for count in kept.values() if count > 1)

    def _kept(self) -> Counter[bytes]:
        return Counter(raw_bytes(arrival) for arrival in Arrival.objects.all())


class _AnswersTooEarly(MailServer):
    """The positive control: acknowledges first and writes afterwards."""

    def _keep(self) -> None:
        links, self.finished = self.finished, []
        for link in links:
            arrivals = self._arrivals(link)
            link.session.answer(KEPT)
            self._speak(link)
            take_in(arrivals)


class _WhileSomebodyIsThere:
    """Tells the server to stop when the first visitor has gone."""

    def __init__(self, server: MailServer) -> None:
        self.server = server
        self.somebody_came = False

    def is_set(self) -> bool:
        self.somebody_came = self.somebody_came or bool(self.server.links)
        return self.somebody_came and not self.server.links


def _connect(link: socket.socket, door: Path, pid: int) -> None:
    until = time.monotonic() + 120
    while True:
        try:
            link.connect(str(door))
            return
        except OSError:
            if time.monotonic() > until or not is_alive(pid):
                raise
            time.sleep(0.002)


def _say(stream: Any, line: bytes) -> bytes:
    stream.write(line + b"\r\n")
    stream.flush()
    return _hear(stream)


def _hear(stream: Any) -> bytes:
    while line := stream.readline():
        if line[3:4] == b" ":
            return bytes(line)
    raise EOFError


class TakingIn:
    """R03, R04: an arrival becomes exactly one message, with all of its files."""

    def __init__(self, mails: int = 0) -> None:
        self.mails = mails or 1

    def prepare(self) -> None:
        child.read_apart(b"", {})
        for number in range(self.mails):
            raw = mail_with_file(number)
            take_in([RawArrival(inbox_id=mailbox().pk, raw=raw, origin="smtp")])

    def act(self) -> None:
        # The reader is warm already, and is not the one that is killed.
        child._server.owner = os.getpid()
        for pk in waiting_arrivals():
            take_in_arrival(pk)

    def meanwhile(self, _pid: int) -> None:
        """Nobody is asked."""

    def judge(self, tally: Tally) -> None:
        done = Arrival.objects.exclude(taken_at=None)
        tally.acknowledged += done.count()
        tally.lost += sum(not Message.objects.filter(arrival=one).exists() for one in done)
        connection.close()
        wait_for(fork(self.act))
        for arrival in Arrival.objects.all():
            messages = list(Message.objects.filter(arrival=arrival))
            tally.lost += not messages
            tally.stored_once += len(messages) == 1
            tally.duplicated += max(0, len(messages) - 1)
            tally.lost += sum(_lacks_a_file(message) for message in messages)
        tally.duplicated += Conversation.objects.count() - Arrival.objects.count()


def mail_with_file(number: int = 0) -> bytes:
    """A mail that brings a file, unlike that of any other number."""
    head = f"From: ida@customer.test\r\nSubject: With file {number}\r\n".encode()
    parts = (
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nSee the picture.\r\n--b\r\n"
        b'Content-Type: image/png; name="a.png"\r\n\r\npicture %d\r\n--b--\r\n' % number
    )
    return head + parts


def _lacks_a_file(message: Message) -> bool:
    files = [one.file.sha256 for one in message.attachments.select_related("file")]
    broken = [one for one in files if hashlib.sha256(storage.load(one)).hexdigest() != one]
    return len(files) != 1 or bool(broken)


class Replying:
    """R05: an answer that the agent saw accepted stands in the outbox, whole."""

    def __init__(self, folder: Path, mails: int = 0) -> None:
        self.said = folder / "said"
        self.mails = mails or 2

    def prepare(self) -> None:
        child.read_apart(b"", {})
        for number in range(self.mails):
            raw = f"From: ida@customer.test\r\nSubject: {number}\r\n\r\nHello?\r\n".encode()
            take_in([RawArrival(inbox_id=mailbox().pk, raw=raw, origin="smtp")])
        TakingIn().act()

    def act(self) -> None:
        nora = Agent.objects.get()
        for number, pk in enumerate(Conversation.objects.order_by("pk").values_list("pk")):
            reply_to(conversation_for(nora, pk[0]), Reply(text=f"Answer {number}"), by=nora)
            with self.said.open("a") as file:
                file.write(f"{number}\n")

    def meanwhile(self, _pid: int) -> None:
        """Nobody is asked."""

    def judge(self, tally: Tally) -> None:
        said = self.said.read_text().split() if self.said.exists() else []
        self.said.unlink(missing_ok=True)
        answers = {one.text: one for one in Message.objects.filter(direction="outgoing")}
        queued = Counter(Delivery.objects.values_list("about", flat=True))
        tally.acknowledged += len(said)
        tally.unacknowledged += len(answers) - len(said)
        tally.lost += sum(f"Answer {number}" not in answers for number in said)
        tally.lost += sum(queued[message.ref] != 1 for message in answers.values())
        tally.lost += sum(count for ref, count in queued.items() if ref not in _refs(answers))
        tally.stored_once += sum(queued[message.ref] == 1 for message in answers.values())


def _refs(answers: dict[str, Message]) -> set[str]:
    return {message.ref for message in answers.values()}


class Sending:
    """R06: a mail leaves once, or is in doubt and held; what is marked sent was taken."""

    def __init__(self, taken: Path, port: int, mails: int = 0, *, is_control: bool = False) -> None:
        self.taken = taken
        self.port = port
        self.mails = mails
        self.is_control = is_control

    def prepare(self) -> None:
        smtp = {"host": "127.0.0.1", "port": self.port, "security": "none"}
        Inbox.objects.update(settings={"smtp": smtp})
        Replying(self.taken.parent, self.mails).prepare()
        Replying(self.taken.parent, self.mails).act()

    def act(self) -> None:
        if self.is_control:
            # The positive control: nothing is written down before the mail leaves.
            outbox._mark_sending = lambda _delivery: None
        while outbox.send_next():
            pass

    def meanwhile(self, _pid: int) -> None:
        """The server that takes the mails runs by itself."""

    def judge(self, tally: Tally) -> None:
        tally.acknowledged += Delivery.objects.filter(state="sent").count()
        for _restart in range(8):
            if not Delivery.objects.filter(state__in=["queued", "sending"]).exists():
                break
            self._let_the_leases_run_out()
            connection.close()
            wait_for(fork(self.act))
        copies = Counter(json.loads(line) for line in self.taken.read_text().splitlines())
        self.taken.write_text("")
        for delivery in Delivery.objects.all():
            count = copies[delivery.key]
            tally.duplicated += max(0, count - 1)
            tally.stored_once += count == 1
            if delivery.state == Delivery.State.IN_DOUBT:
                tally.in_doubt += 1
                tally.in_doubt_arrived += bool(count)
            elif delivery.state != Delivery.State.SENT or not count:
                tally.lost += 1

    def _let_the_leases_run_out(self) -> None:
        past = timezone.now() - timedelta(seconds=1)
        Delivery.objects.exclude(leased_until=None).update(leased_until=past)
        Delivery.objects.filter(state="queued").update(send_after=past)
