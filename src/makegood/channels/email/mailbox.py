"""One folder over IMAP: what is new in it since a cursor, without leaving a trace there.

The folder is opened read-only and only peeked into. The cursor is a UID under a UIDVALIDITY;
neither `\\Seen` nor any date decides what is new. Only the first look begins a day back,
unless the inbox says `"start": "all"`.
"""

import contextlib
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from makegood.channels.email import gaps
from makegood.channels.email.mime import MAX_BYTES

BATCH = 100
BATCH_BYTES = 8 * 1024 * 1024
_FIRST_LOOK = timedelta(days=1)
_GAPS_AT_ONCE = 200
_LEFT_ALONE = 24 * 3600.0


@dataclass(frozen=True, kw_only=True)
class Cursor:
    """How far a folder was read: every UID up to `uid`, from `start` on, but for the gaps."""

    validity: int
    uid: int
    start: int = 0
    gaps: str = ""

    @classmethod
    def of(cls, stored: dict[str, Any], folder: str) -> "Cursor | None":
        known = stored.get(folder)
        if not isinstance(known, dict):
            return None
        cursor = cls(
            **{name: known[name] for name in ("validity", "uid", "start") if name in known}
        )
        # Who only counted does not know which ones: all of them are looked at once more.
        everything = f"{cursor.start + 1}:{cursor.uid}" if cursor.uid > cursor.start else ""
        return replace(cursor, gaps=str(known.get("gaps", everything)))

    def after(self, mails: Iterable["Fetched"]) -> "Cursor":
        """The cursor once these were asked for; who did not come whole is left as a gap."""
        asked = {mail.uid: mail.is_whole for mail in mails}
        whole = sorted(uid for uid, is_whole in asked.items() if is_whole)
        last = max([self.uid, *asked])
        beyond = gaps.between(self.uid, [uid for uid in whole if uid > self.uid] + [last + 1])
        inside = gaps.without(gaps.as_gaps(self.gaps), [uid for uid in whole if uid <= self.uid])
        return replace(self, uid=last, gaps=gaps.as_text([*inside, *beyond][-gaps.LIMIT :]))


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """One mail as the server handed it over; or what it said instead, or nothing."""

    uid: int
    raw: bytes = b""
    arrived_at: datetime | None = None
    is_whole: bool = True


class Breaks:
    """Mails that were being asked for when the line broke: they are asked for one by one.

    Some servers hang up at a mail that they cannot read, and would at every try: all other
    mail would wait behind it. Who broke the line alone, twice, is left alone for a day.
    """

    def __init__(self) -> None:
        self.validity = 0
        self.suspects: set[int] = set()
        self.alone: Counter[int] = Counter()
        self.last_at: dict[int, float] = {}

    def of(self, validity: int) -> "Breaks":
        """What is known under this UIDVALIDITY."""
        if validity != self.validity:
            self.validity = validity
            self.suspects.clear()
            self.alone.clear()
        return self

    @contextlib.contextmanager
    def asking(self, uids: Sequence[int]) -> Iterator[Sequence[int]]:
        try:
            yield uids
        except (OSError, IMAPClientAbortError):
            self.suspects.update(uids)
            if len(uids) == 1:
                self.alone.update(uids)
                self.last_at[uids[0]] = time.monotonic()
            raise

    def is_hopeless(self, uid: int) -> bool:
        return self.alone[uid] > 1 and time.monotonic() - self.last_at[uid] < _LEFT_ALONE


class Folder:
    """A folder that is open for reading."""

    def __init__(
        self, client: IMAPClient, name: str, *, start: str = "recent", breaks: Breaks | None = None
    ) -> None:
        self.client = client
        self.name = name
        self.start = start
        opened = client.select_folder(name, readonly=True)
        self.validity = int(opened[b"UIDVALIDITY"])
        self.breaks = (breaks or Breaks()).of(self.validity)
        self.next = int(opened.get(b"UIDNEXT") or 0)

    def begin(self, stored: dict[str, Any]) -> Cursor:
        """Where to go on. Another UIDVALIDITY means that every UID is a new one: read all."""
        cursor = Cursor.of(stored, self.name)
        if cursor is not None and cursor.validity == self.validity and self.counts_up(cursor):
            return cursor
        first = 0
        if cursor is None and self.start != "all":
            # In this order: what comes between the two questions is among the recent ones.
            newest = self.client.search(["UID", "1:*"])
            recent = self.client.search(["SINCE", (datetime.now(UTC) - _FIRST_LOOK).date()])
            first = (min(recent) - 1) if recent else max(newest, default=0)
        return Cursor(validity=self.validity, uid=first, start=first)

    def counts_up(self, cursor: Cursor) -> bool:
        """Whether the folder still is the one that was read: some are made anew and begin again.

        The server would have to say so by another UIDVALIDITY, and not every one does.
        """
        if not 0 < self.next <= cursor.uid:
            return True
        return max(self.client.search(["UID", "*"]), default=0) >= cursor.uid

    def new_uids(self, cursor: Cursor) -> list[int]:
        # `n:*` always names the last mail, even where its UID is smaller than n.
        found = self.client.search(["UID", f"{cursor.uid + 1}:*"])
        return sorted(uid for uid in found if uid > cursor.uid)

    def was_told(self) -> bool:
        """Whether the server told of mail beside its answer to another command.

        It tells once: in IDLE it would not say the same again, and the mail would lie there
        until the next look.
        """
        _code, told = self.client._imap.response("EXISTS")
        return bool(told != [None])

    def missed_uids(self, cursor: Cursor) -> list[int]:
        """What has turned up in the gaps of the range that was read."""
        passed_over = gaps.as_gaps(cursor.gaps)
        found: set[int] = set()
        for at in range(0, len(passed_over), _GAPS_AT_ONCE):
            some = passed_over[at : at + _GAPS_AT_ONCE]
            told = self.client.search(["UID", gaps.as_text(some)])
            found.update(uid for uid in told if gaps.contains(some, uid))
        return sorted(found)

    def batches(self, uids: Sequence[int]) -> Iterator[list[Fetched]]:
        """The mails with these UIDs, a few at a time; at whom the line broke, alone and last."""
        harmless = [uid for uid in uids if uid not in self.breaks.suspects]
        for some in _sized(harmless, self._sizes(harmless)):
            yield self._fetch(some)
        for uid in uids:
            if uid in self.breaks.suspects:
                yield self._fetch([uid])

    def insist(self, mails: Sequence[Fetched]) -> list[Fetched]:
        """What was asked for again, lies there still and did not come is told of in its place."""
        silent = [mail.uid for mail in mails if not mail.raw]
        there = self.client.search(["UID", ",".join(map(str, silent))]) if silent else []
        words = IMAPClientError("nothing")
        return [
            _could_not_be_fetched(mail.uid, words) if mail.uid in silent else mail
            for mail in mails
            if mail.raw or mail.uid in there
        ]

    def _sizes(self, uids: Sequence[int]) -> dict[int, int]:
        sizes: dict[int, int] = {}
        for at in range(0, len(uids), 500):
            with self.breaks.asking(uids[at : at + 500]) as some:
                answer = self.client.fetch(some, ["RFC822.SIZE"])
            sizes |= {uid: int(data.get(b"RFC822.SIZE", 0)) for uid, data in answer.items()}
        return sizes

    def _fetch(self, uids: Sequence[int]) -> list[Fetched]:
        if len(uids) == 1 and self.breaks.is_hopeless(uids[0]):
            return [_could_not_be_fetched(uids[0], IMAPClientError("good-bye"))]
        try:
            with self.breaks.asking(uids):
                return self._ask_for(uids)
        except IMAPClientAbortError:
            raise
        except (IMAPClientError, ValueError, KeyError) as error:
            # One odd mail must not hold up the others, nor be passed over in silence.
            if len(uids) == 1:
                return [_could_not_be_fetched(uids[0], error)]
            return [mail for uid in uids for mail in self._fetch([uid])]

    def _ask_for(self, uids: Sequence[int]) -> list[Fetched]:
        part = f"BODY.PEEK[]<0.{MAX_BYTES + 1}>" if len(uids) == 1 else "BODY.PEEK[]"
        answer = self.client.fetch(uids, [part, "INTERNALDATE"])
        mails = []
        for uid in uids:
            data = answer.get(uid, {})
            raw = next((v for k, v in data.items() if k.startswith(b"BODY[]")), None)
            if isinstance(raw, bytes):
                mails.append(Fetched(uid=uid, raw=raw, arrived_at=_moment(data)))
            else:
                mails.append(Fetched(uid=uid, is_whole=False))
        return mails


def _sized(uids: Sequence[int], sizes: dict[int, int]) -> Iterator[list[int]]:
    """Cut a list of UIDs into batches of bounded count and size; large ones stand alone."""
    batch: list[int] = []
    total = 0
    for uid in uids:
        size = sizes.get(uid, 0)
        if batch and (len(batch) >= BATCH or total + size > BATCH_BYTES):
            yield batch
            batch, total = [], 0
        batch.append(uid)
        total += size
    if batch:
        yield batch


def _moment(data: dict[bytes, Any]) -> datetime | None:
    moment = data.get(b"INTERNALDATE")
    if not isinstance(moment, datetime):
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.astimezone().astimezone(UTC)


def _could_not_be_fetched(uid: int, error: Exception) -> Fetched:
    words = " ".join(str(error).split())[:500].encode("ascii", "replace").decode()
    raw = (
        f"Subject: A mail that the server could not hand over (UID {uid})\r\n"
        "Auto-Submitted: auto-generated\r\n\r\n"
        f"It lies in the mailbox still. The server said: {words}\r\n"
    )
    return Fetched(uid=uid, raw=raw.encode(), is_whole=False)
