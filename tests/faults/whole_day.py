"""All that a desk does with mail, once: it comes by SMTP, is taken in, answered, and leaves."""

import hashlib
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from django.db import DatabaseError, connection
from django.http import Http404

from makegood.channels.email import outbox
from makegood.channels.models import Arrival, Delivery, Inbox
from makegood.channels.queries import raw_bytes
from makegood.conversations.models import Message
from makegood.files import storage
from makegood.files.models import File
from tests.faults.scenes import (
    Accepting,
    Replying,
    TakingIn,
    is_whole,
    mail_with_file,
)
from tests.faults.sink import start_sink
from tests.faults.strace import fork, wait_for
from tests.faults.tally import Tally

OFTEN = 40
"""Pages of the log after which it is worked into the database: a day of it in a minute."""


class WholeDay:
    """`without` leaves out a safeguard: the sync of `folder`s, of a `blob`, of the database."""

    def __init__(self, folder: Path, *, without: str = "") -> None:
        self.folder = folder
        self.without = without
        self.accepting = Accepting(folder, 6)
        self.accepting.mails[3:] = [mail_with_file(number) for number in (7, 8, 9)]
        self.replying = Replying(folder / "data")
        self.contents: set[str] = set()

    def prepare(self) -> None:
        taken = self.folder / "taken"
        taken.write_text("")
        smtp = {"host": "127.0.0.1", "port": start_sink(taken), "security": "none"}
        Inbox.objects.update(settings={"smtp": smtp})
        TakingIn(1).prepare()
        # Somebody began to keep the large mail, made its folders, and died before the sync.
        large = hashlib.sha256(self.accepting.mails[1]).hexdigest()
        storage.path_of(large).parent.mkdir(parents=True)

    def act(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA wal_autocheckpoint={OFTEN}")
            if self.without in ("sync", "full"):
                level = {"sync": "OFF", "full": "NORMAL"}[self.without]
                cursor.execute(f"PRAGMA synchronous={level}")
        if self.without == "folder":
            storage._sync_folder = lambda _folder: None
        elif self.without == "blob":
            storage.os = _WithoutSync()  # type: ignore[assignment]
        self.accepting.act()
        TakingIn().act()
        self.replying.act()
        while outbox.send_next():
            pass
        connection.close()

    def meanwhile(self, pid: int) -> None:
        self.accepting.meanwhile(pid)

    def know(self) -> None:
        """What went in, to be told from halves: asked while nothing is broken yet."""
        assert len(self.accepting.acknowledged) == len(self.accepting.mails)
        assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}
        self.contents = set(File.objects.values_list("sha256", flat=True))
        connection.close()

    def judge(self, tally: Tally, events: Counter[str], *, recovers: bool) -> None:
        """Look at one disk: what was promised is there, and nothing is there by half."""
        tally.acknowledged += events.total()
        try:
            tally.corrupt += not is_whole()
            kept = Counter(raw_bytes(one) for one in Arrival.objects.all())
            tally.lost += sum(not kept[mail] for mail in self._promised(events))
            tally.stored_once += sum(kept[mail] == 1 for mail in self.accepting.mails)
            tally.duplicated += sum(count - 1 for count in kept.values())
            tally.corrupt += len(list(self._halves()))
            tally.lost += self._lost_answers(events)
            if recovers:
                self._recover(tally)
        except (DatabaseError, OSError, Http404):
            tally.corrupt += 1

    def _promised(self, events: Counter[str]) -> list[bytes]:
        """The first so many: they were sent one after the other."""
        return self.accepting.mails[: events["kept"]]

    def _halves(self) -> Iterator[object]:
        """Rows whose bytes are not there, or whose other half is missing."""
        for file in File.objects.all():
            content = storage.load(file.sha256)
            if hashlib.sha256(content).hexdigest() != file.sha256 or len(content) != file.size:
                yield file
        for message in Message.objects.filter(direction="incoming"):
            if message.arrival is None or message.arrival.taken_at is None:
                yield message
        for arrival in Arrival.objects.exclude(taken_at=None):
            if Message.objects.filter(arrival=arrival).count() != 1:
                yield arrival

    def _lost_answers(self, events: Counter[str]) -> int:
        """Answers that were said to be queued and are not, or have left and are not marked."""
        answers = Message.objects.filter(direction="outgoing")
        queued = Counter(Delivery.objects.values_list("about", flat=True))
        states = list(Delivery.objects.order_by("pk").values_list("state", flat=True))
        would_leave_again = states[: events["left"]].count("queued")
        halves = sum(queued[one.ref] != 1 for one in answers)
        return halves + max(0, events["said"] - len(answers)) + would_leave_again

    def _recover(self, tally: Tally) -> None:
        """Start as after a real cut: whatever waits is taken in, once."""
        connection.close()
        status = wait_for(fork(TakingIn().act))
        tally.corrupt += os.waitstatus_to_exitcode(status) != 0
        for arrival in Arrival.objects.all():
            count = Message.objects.filter(arrival=arrival).count()
            tally.lost += not count
            tally.duplicated += max(0, count - 1)
        tally.corrupt += not is_whole()


class _WithoutSync:
    """The `os` of somebody who forgot to wait for the disk."""

    def __getattr__(self, name: str) -> object:
        return (lambda _handle: None) if name == "fsync" else getattr(os, name)
