"""Fetching mail by IMAP: one collector per mailbox, leased to one process, woken by IDLE.

Mails and the cursor are stored in one transaction, guarded by a fencing number: a process
that slept past its lease cannot move the cursor of another.
"""

import contextlib
import hashlib
import logging
import threading
import time
from dataclasses import asdict
from datetime import timedelta

from django.db import DatabaseError, connection, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext
from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

from makegood.channels.actions import RawArrival, take_in
from makegood.channels.email.condition import note_trouble, note_works
from makegood.channels.email.mailbox import Breaks, Cursor, Fetched, Folder
from makegood.channels.email.servers import (
    NoSettings,
    has_spoken,
    in_its_own_words,
    open_imap,
    server_of,
)
from makegood.channels.models import Inbox
from makegood.files.room import NoRoom, refuse_without_room
from makegood.kit.disk import is_full
from makegood.ledger.followers import process_name

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
RENEW_SECONDS = 20.0
LOOK_AGAIN_SECONDS = 5.0
IDLE_SECONDS = 8 * 60.0
GAPS_SECONDS = 15 * 60.0
NO_ROOM_RESTS = 5.0
_PAUSES = (2.0, 5.0, 15.0, 30.0, 60.0)


class LeaseLost(Exception):
    """Another process fetches this mailbox now, or its settings have changed."""


def fetch_mail(stop: threading.Event) -> None:
    """Keep a collector for every mailbox that says where to fetch, until asked to stop."""
    threads: dict[int, threading.Thread] = {}
    while not stop.is_set():
        try:
            wanted = _mailboxes()
        except DatabaseError:
            log.warning("The mailboxes cannot be listed now.", exc_info=True)
            connection.close()
            wanted = []
        for pk in wanted:
            if pk not in threads or not threads[pk].is_alive():
                collector = Collector(pk, stop)
                threads[pk] = threading.Thread(target=collector.run, name=f"imap {pk}", daemon=True)
                threads[pk].start()
        stop.wait(LOOK_AGAIN_SECONDS)
    for thread in threads.values():
        thread.join(timeout=10)
    connection.close()


def _mailboxes() -> list[int]:
    inboxes = Inbox.objects.filter(kind="email").exclude(state=Inbox.State.PAUSED)
    return [inbox.pk for inbox in inboxes if (inbox.settings.get("imap") or {}).get("host")]


class Collector:
    """Fetches one mailbox for as long as it may."""

    def __init__(self, pk: int, stop: threading.Event) -> None:
        self.pk = pk
        self.stop = stop
        self.inbox = Inbox()
        self.gaps_at = 0.0
        self.breaks = Breaks()
        self.looked_at = 0.0
        self.renewed_at = 0.0

    def run(self) -> None:
        """Until the mailbox is another's, is paused, or the house closes."""
        failures = 0
        try:
            while not self.stop.is_set() and self.lease():
                try:
                    self.collect()
                    failures = 0
                except LeaseLost:
                    return
                except DatabaseError:
                    raise
                except Exception as error:
                    if not isinstance(error, OSError | IMAPClientError | NoSettings | NoRoom):
                        # A server that answers nonsense must not stop in silence (osTicket #5645).
                        log.exception("Fetching failed oddly.", extra={"inbox": self.pk})
                    self.say(error)
                    has_no_room = isinstance(error, NoRoom) or is_full(error)
                    pause = _PAUSES[min(failures, len(_PAUSES) - 1)]
                    self.rest(NO_ROOM_RESTS if has_no_room else pause)
                    failures += 1
        except (DatabaseError, LeaseLost):
            log.warning("A mailbox is let go for now.", exc_info=True, extra={"inbox": self.pk})
        finally:
            self.release()
            connection.close()

    def say(self, error: Exception) -> None:
        """What the owner reads about it: the server's own words, or ours."""
        words = in_its_own_words(error)
        if isinstance(error, NoRoom):
            words = gettext("The disk is nearly full: mail stays with its server until it is not.")
        note_trouble(self.inbox, "IMAP", words)

    def rest(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while not self.stop.is_set() and time.monotonic() < until:
            self.stop.wait(min(1.0, seconds))
            self.renew()

    def collect(self) -> None:
        """One connection: take what is there, then wait for more."""
        server = server_of(self.inbox, "imap")
        client = open_imap(server)
        try:
            start = str((self.inbox.settings.get("imap") or {}).get("start") or "recent")
            folder = Folder(client, server.folder, start=start, breaks=self.breaks)
            cursor = folder.begin(self.inbox.cursor)
            # Kept even where there is nothing new: after a long absence it is from here on.
            self.move(folder.name, cursor)
            cursor = self.take_new(folder, cursor)
            while not self.stop.is_set():
                if folder.was_told() or self.wait(client):
                    cursor = self.take_new(folder, cursor)
        except BaseException:
            # What was asked for meanwhile may be a gap by now.
            self.gaps_at = 0.0
            # A line that was cut, or hangs, hears no good-bye; waiting for one takes a minute.
            with contextlib.suppress(OSError):
                client.shutdown()
            raise
        with contextlib.suppress(OSError, IMAPClientError):
            client.logout()

    def take_new(self, folder: Folder, cursor: Cursor) -> Cursor:
        """Store everything beyond the cursor, and what has turned up in the gaps before it."""
        for batch in folder.batches(folder.new_uids(cursor)):
            refuse_without_room()
            cursor = self.store(folder.name, batch, cursor)
        if time.monotonic() - self.gaps_at > GAPS_SECONDS or not self.gaps_at:
            missed = folder.missed_uids(cursor)
            if missed:
                log.warning("Mails were passed over; they are read.", extra={"inbox": self.pk})
            for batch in folder.batches(missed):
                cursor = self.store(folder.name, folder.insist(batch), cursor)
            self.gaps_at = time.monotonic()
        note_works(self.inbox, "IMAP")
        return cursor

    def store(self, folder: str, mails: list[Fetched], cursor: Cursor) -> Cursor:
        """Mails and cursor in one transaction: neither is ever ahead of the other.

        What the server would not hand over stays a gap, and is asked for again.
        """
        refuse_without_room()
        moved = cursor.after(mails)
        with transaction.atomic():
            take_in(self.arrival(mail, folder, cursor) for mail in mails if mail.raw)
            self.move(folder, moved)
        return moved

    def arrival(self, mail: Fetched, folder: str, cursor: Cursor) -> RawArrival:
        now = timezone.now()
        envelope = {
            "uid": mail.uid,
            "validity": cursor.validity,
            "folder": folder,
            "received_at": (mail.arrived_at or now).isoformat(),
        }
        authserv = self.inbox.settings.get("authserv_id")
        if authserv:
            envelope["authserv_id"] = str(authserv)
        return RawArrival(
            inbox_id=self.pk,
            raw=mail.raw,
            origin="imap",
            envelope=envelope,
            external_id="" if mail.is_whole else _stand_in(folder, cursor.validity, mail.uid),
            arrived_at=min(mail.arrived_at or now, now),
        )

    def move(self, folder: str, cursor: Cursor) -> None:
        self.inbox.cursor = {**self.inbox.cursor, folder: asdict(cursor)}
        self.hold(cursor=self.inbox.cursor)

    def wait(self, client: IMAPClient) -> bool:
        """Until the server tells of something, or it is time to look anyway."""
        if not client.has_capability("IDLE"):
            self.rest(30)
            client.noop()
            return True
        until = time.monotonic() + IDLE_SECONDS
        client.idle()
        try:
            while not self.stop.is_set() and time.monotonic() < until:
                if has_spoken(client, 1.0):
                    break
                self.renew()
        finally:
            client.idle_done()
        return True

    # ── The lease ─────────────────────────────────────────────────────────────

    def lease(self) -> bool:
        """Take the mailbox for this process, or leave it to the one that has it."""
        now = timezone.now()
        me = process_name()
        free = Q(leased_until=None) | Q(leased_until__lt=now) | Q(leased_by=me)
        taken = (
            Inbox.objects.filter(free, pk=self.pk, kind="email")
            .exclude(state=Inbox.State.PAUSED)
            .update(leased_by=me, leased_until=now + LEASE, fence=F("fence") + 1)
        )
        if taken:
            self.inbox = Inbox.objects.get(pk=self.pk)
            self.renewed_at = time.monotonic()
        return bool(taken) and self.inbox.leased_by == me

    def renew(self) -> None:
        """Keep the lease, and see whether the mailbox was paused or got other settings."""
        now = time.monotonic()
        if now - self.looked_at < LOOK_AGAIN_SECONDS:
            return
        self.looked_at = now
        fresh = Inbox.objects.filter(pk=self.pk).first()
        mine = self.inbox
        if fresh is None or fresh.state == Inbox.State.PAUSED:
            raise LeaseLost
        if (fresh.settings, fresh.sealed) != (mine.settings, mine.sealed):
            raise LeaseLost
        if now - self.renewed_at > RENEW_SECONDS:
            self.hold()

    def hold(self, **changes: object) -> None:
        """Write under the lease. Raises `LeaseLost` where another process has taken over."""
        held = Inbox.objects.filter(pk=self.pk, fence=self.inbox.fence)
        if not held.update(leased_until=timezone.now() + LEASE, **changes):
            raise LeaseLost
        self.renewed_at = time.monotonic()

    def release(self) -> None:
        with contextlib.suppress(DatabaseError):
            Inbox.objects.filter(pk=self.pk, fence=self.inbox.fence).update(leased_until=None)


def _stand_in(folder: str, validity: int, uid: int) -> str:
    """Whatever the server says of a mail that it does not hand over, it is said once."""
    return hashlib.sha256(f"not handed over {folder} {validity} {uid}".encode()).hexdigest()
