"""One folder over IMAP: what is new in it since a cursor, without leaving a trace there.

The folder is opened read-only and only peeked into. The cursor is a UID under a UIDVALIDITY;
neither `\\Seen` nor any date decides what is new. Only the first look begins a day back,
unless the inbox says `"start": "all"`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from makegood.channels.email.mime import MAX_BYTES

BATCH = 25
BATCH_BYTES = 20 * 1024 * 1024
_FIRST_LOOK = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Cursor:
    """How far a folder was read: every UID up to `uid`, from `start` on; `taken` of them."""

    validity: int
    uid: int
    start: int = 0
    taken: int = 0

    @classmethod
    def of(cls, stored: dict[str, Any], folder: str) -> "Cursor | None":
        known = stored.get(folder)
        return cls(**known) if isinstance(known, dict) else None

    def after(self, uid: int, taken: int) -> "Cursor":
        return Cursor(
            validity=self.validity,
            uid=max(uid, self.uid),
            start=self.start,
            taken=self.taken + taken,
        )


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """One mail as the server handed it over."""

    uid: int
    raw: bytes
    arrived_at: datetime | None


class Folder:
    """A folder that is open for reading."""

    def __init__(self, client: IMAPClient, name: str, *, start: str = "recent") -> None:
        self.client = client
        self.name = name
        self.start = start
        opened = client.select_folder(name, readonly=True)
        self.validity = int(opened[b"UIDVALIDITY"])

    def begin(self, stored: dict[str, Any]) -> Cursor:
        """Where to go on. Another UIDVALIDITY means that every UID is a new one: read all."""
        cursor = Cursor.of(stored, self.name)
        if cursor is not None and cursor.validity == self.validity:
            return cursor
        first = 0
        if cursor is None and self.start != "all":
            since = (datetime.now(UTC) - _FIRST_LOOK).date()
            recent = self.client.search(["SINCE", since])
            newest = self.client.search(["UID", "1:*"])
            first = (min(recent) - 1) if recent else max(newest, default=0)
        return Cursor(validity=self.validity, uid=first, start=first)

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
        """What lies in the range that was read, where it is more than was taken from it.

        Some servers show a mail only after others with a higher UID.
        """
        if cursor.uid <= cursor.start:
            return []
        found = self.client.search(["UID", f"{cursor.start + 1}:{cursor.uid}"])
        inside = sorted(uid for uid in found if cursor.start < uid <= cursor.uid)
        return inside if len(inside) > cursor.taken else []

    def batches(self, uids: Sequence[int]) -> Iterator[list[Fetched]]:
        """The mails with these UIDs, a few at a time."""
        for some in _sized(uids, self._sizes(uids)):
            yield self._fetch(some)

    def _sizes(self, uids: Sequence[int]) -> dict[int, int]:
        sizes: dict[int, int] = {}
        for at in range(0, len(uids), 500):
            answer = self.client.fetch(uids[at : at + 500], ["RFC822.SIZE"])
            sizes |= {uid: int(data.get(b"RFC822.SIZE", 0)) for uid, data in answer.items()}
        return sizes

    def _fetch(self, uids: Sequence[int]) -> list[Fetched]:
        try:
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
    return Fetched(uid=uid, raw=raw.encode(), arrived_at=None)
