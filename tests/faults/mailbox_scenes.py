"""The fetcher against a real Dovecot: what is killed and cut, and what must hold after."""

import atexit
import imaplib
import json
import threading
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import connection
from django.utils import timezone

from makegood.bench.dovecot import PASSWORD, Dovecot, dovecot
from makegood.channels.actions import take_in
from makegood.channels.email import gaps, mailbox
from makegood.channels.email.fetching import Collector
from makegood.channels.email.mailbox import Cursor, Fetched
from makegood.channels.models import Arrival, Inbox
from makegood.channels.queries import raw_bytes
from makegood.kit.secrets import seal
from tests.faults.strace import fork, wait_for
from tests.faults.tally import Tally

LARGE = 150_000
"""More than a row keeps: these bytes become a file."""
ACCOUNT = "support"


def mails(count: int) -> list[bytes]:
    """Every fourth is large, and has lines that look like what a server says."""
    made = []
    for number in range(count):
        head = f"From: ida@customer.test\r\nMessage-ID: <{number}@customer.test>\r\n"
        body = f"Subject: Lamp {number}\r\n\r\nWhere is it?\r\n* 1 EXISTS\r\nA1 OK done\r\n)\r\n"
        made.append(
            (head + body).encode() + (b"x" * 70 + b"\r\n") * (LARGE // 72) * (number % 4 == 1)
        )
    return made


class Looks(threading.Event):
    """Tells the collector to stop once it has asked so often whether it should."""

    def __init__(self, times: int = 1) -> None:
        super().__init__()
        self.left = times

    def is_set(self) -> bool:
        self.left -= 1
        return self.left < 0

    def wait(self, _timeout: float | None = None) -> bool:
        """Something went wrong: whoever plays the scene looks again."""
        self.left = 0
        return True


ONE_LOOK = 1
WITH_IDLE = 3


def look(inbox: Inbox, times: int = ONE_LOOK) -> None:
    """Fetch as the house does, once."""
    Collector(inbox.pk, Looks(times)).run()


def connect(server: Dovecot, inbox: Inbox, **more: object) -> None:
    """Have the inbox fetch from there."""
    inbox.settings = server.settings(ACCOUNT, **more)
    inbox.sealed = seal("inbox", inbox.place, json.dumps({"password": PASSWORD}))
    inbox.save(update_fields=["settings", "sealed"])


def let_the_lease_run_out() -> None:
    """As time does after a crash."""
    Inbox.objects.update(leased_until=timezone.now() - timedelta(seconds=1))


@dataclass
class Truth:
    """What lies on the server, asked of it directly."""

    server: Dovecot
    mails: dict[int, bytes] = field(default_factory=dict)
    folder: str = "INBOX"

    def look(self) -> "Truth":
        client = imaplib.IMAP4("127.0.0.1", self.server.port)
        client.login(ACCOUNT, PASSWORD)
        client.select(self.folder, readonly=True)
        _ok, [found] = client.uid("SEARCH", "ALL")
        for uid in found.split():
            _ok, data = client.uid("FETCH", uid.decode(), "(BODY.PEEK[])")
            self.mails[int(uid)] = data[0][1]
        client.logout()
        return self

    def is_untouched(self) -> bool:
        """Whether every mail is there still, and none is marked."""
        client = imaplib.IMAP4("127.0.0.1", self.server.port)
        client.login(ACCOUNT, PASSWORD)
        client.select(self.folder, readonly=True)
        _ok, [there] = client.uid("SEARCH", "UNSEEN UNFLAGGED UNDELETED UNANSWERED")
        client.logout()
        return {int(uid) for uid in there.split()} == set(self.mails)

    def promised(self, inbox: Inbox) -> list[bytes]:
        """The mails that our cursor calls taken: they would not be fetched again."""
        cursor = Cursor.of(inbox.cursor, self.folder)
        if cursor is None:
            return []
        left = gaps.as_gaps(cursor.gaps)
        return [
            mail
            for uid, mail in self.mails.items()
            if uid <= cursor.uid and not gaps.contains(left, uid)
        ]

    def judge(self, inbox: Inbox, tally: Tally) -> None:
        """What was taken in, against what lies there: every mail, once, byte for byte."""
        kept = Counter(raw_bytes(arrival) for arrival in inbox.arrivals.all())
        tally.lost += sum(not kept[mail] for mail in self.mails.values())
        tally.duplicated += sum(count - 1 for count in kept.values())
        tally.corrupt += sum(mail not in self.mails.values() for mail in kept)
        tally.stored_once += sum(count == 1 for count in kept.values())

    def judge_promises(self, inbox: Inbox, tally: Tally) -> None:
        """Before anything is fetched again: what is called taken is there."""
        kept = {raw_bytes(arrival) for arrival in inbox.arrivals.all()}
        promised = self.promised(inbox)
        tally.acknowledged += len(promised)
        tally.unacknowledged += len(kept) - len(promised)
        tally.lost += sum(mail not in kept for mail in promised)


class Fetching:
    """R01: a mail that a server holds becomes an arrival exactly once, and is left as it is."""

    def __init__(self, count: int = 0, *, is_control: bool = False) -> None:
        self.count = count or 5
        self.collector = _MarksTooEarly if is_control else Collector

    def prepare(self) -> None:
        # Many small steps: more places to be killed at.
        mailbox.BATCH = 2
        with ExitStack() as kept:
            server = kept.enter_context(dovecot())
            atexit.register(kept.pop_all().close)
        server.fill(ACCOUNT, mails(self.count))
        self.truth = Truth(server).look()
        connect(server, Inbox.objects.get(kind="email"))

    def act(self) -> None:
        self.collector(Inbox.objects.get(kind="email").pk, Looks(WITH_IDLE)).run()

    def meanwhile(self, _pid: int) -> None:
        """Nobody is asked."""

    def judge(self, tally: Tally) -> None:
        self.truth.judge_promises(Inbox.objects.get(kind="email"), tally)
        let_the_lease_run_out()
        connection.close()
        wait_for(fork(self.act))
        self.truth.judge(Inbox.objects.get(kind="email"), tally)
        tally.corrupt += not self.truth.is_untouched()


class _MarksTooEarly(Collector):
    """The positive control: says how far it has come, and stores the mails afterwards."""

    def store(self, folder: str, mails: list[Fetched], cursor: Cursor) -> Cursor:
        moved = cursor.after(mails)
        self.move(folder, moved)
        take_in(self.arrival(mail, folder, cursor) for mail in mails)
        return moved


def forget(inbox: Inbox) -> None:
    """As if nothing had been fetched."""
    Arrival.objects.filter(inbox=inbox).delete()
    Inbox.objects.filter(pk=inbox.pk).update(cursor={}, state="active", trouble="")
