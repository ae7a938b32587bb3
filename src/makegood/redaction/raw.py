"""The raw mail behind a message: its body goes as a whole, what it said of its way stays.

A mail that is cut proves nothing any more, and a passage may stand in it in ways that no search
finds. So nothing of it is kept but the lines of its head that say who, when and by which way.
"""

import json
from collections.abc import Iterable
from typing import Any

from makegood.channels.models import Arrival
from makegood.channels.queries import raw_bytes
from makegood.redaction.passages import Passage

WEB_ORIGINS = ("form", "link")
KEPT = (
    b"date", b"from", b"to", b"cc", b"message-id", b"in-reply-to", b"references", b"received",
    b"return-path", b"delivered-to", b"authentication-results",
)  # fmt: skip


def empty_arrivals(
    arrivals: Iterable[Arrival], passage: Passage | None, mark: str
) -> tuple[int, set[int]]:
    """How many there were, and the files that nobody here needs any more."""
    files: set[int] = set()
    count = 0
    for arrival in arrivals:
        raw = raw_bytes(arrival)
        if arrival.origin in WEB_ORIGINS:
            left = _without(raw, passage, mark)
        else:
            left = _head_of(raw, passage) + b"\r\n" + mark.encode() + b"\r\n"
        if arrival.file_id:
            files.add(arrival.file_id)
        arrival.raw, arrival.file = left, None
        arrival.trouble = _clean(arrival.trouble, passage, mark)
        arrival.envelope = (
            passage.taken_out_of(arrival.envelope, mark) if passage else arrival.envelope
        )
        arrival.save(update_fields=["raw", "file", "trouble", "envelope"])
        count += 1
    return count, files


def _clean(text: str, passage: Passage | None, mark: str) -> str:
    return passage.taken_out(text, mark) if passage else text


def _head_of(raw: bytes, passage: Passage | None) -> bytes:
    """The lines of the head that are kept, none of them holding the passage."""
    head = raw.replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    lines = head.replace(b"\n ", b" ").replace(b"\n\t", b" ").split(b"\n")
    kept = [line for line in lines if line.partition(b":")[0].strip().lower() in KEPT]
    clean = [
        line
        for line in kept
        if passage is None or not passage.stands_in(line.decode("utf-8", "replace"))
    ]
    return b"".join(line + b"\r\n" for line in [*clean, b"Content-Type: text/plain; charset=utf-8"])


def _without(raw: bytes, passage: Passage | None, mark: str) -> bytes:
    """What a form brought: the same without the passage."""
    try:
        held: Any = json.loads(raw or b"{}")
    except ValueError:
        return mark.encode()
    return json.dumps(passage.taken_out_of(held, mark) if passage else held).encode()
