"""An `Incoming` as a frame of bytes: JSON for what is said, then the files as they are.

No pickle: what comes back from a child that read foreign bytes is itself foreign.
"""

import json
import struct
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from makegood.channels.interface import (
    Address,
    Automatic,
    Forwarded,
    Incoming,
    Part,
    Receipt,
    ReceiptState,
)

MAX_JSON = 64 * 1024 * 1024
MAX_FILES = 128 * 1024 * 1024
_LENGTH = struct.Struct(">Q")

FRESH, USED, LEFT = b"f", b"u", b"l"
"""What a child says first: this is its first mail, it has read others, or it leaves this one."""


class BadFrame(Exception):
    """What came back is no `Incoming`."""


def pack(head: dict[str, Any], blobs: list[bytes]) -> list[bytes]:
    """A frame: length, JSON with the blobs' sizes, blobs."""
    told = json.dumps({**head, "blobs": [len(blob) for blob in blobs]}).encode()
    return [_LENGTH.pack(len(told)), told, *blobs]


def unpack(take: Callable[[int], bytes]) -> tuple[dict[str, Any], list[bytes]]:
    """Read one frame with `take(n)`, which returns exactly n bytes or raises."""
    (length,) = _LENGTH.unpack(take(_LENGTH.size))
    if length > MAX_JSON:
        raise BadFrame("json")
    try:
        head = json.loads(take(length))
        sizes = [int(size) for size in head["blobs"]]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BadFrame("json") from error
    if any(size < 0 for size in sizes) or sum(sizes) > MAX_FILES:
        raise BadFrame("blobs")
    return head, [take(size) for size in sizes]


def told(incoming: Incoming) -> tuple[dict[str, Any], list[bytes]]:
    """An `Incoming` as JSON and blobs. The verdict is left out: it is made elsewhere."""
    head = {
        "external_id": incoming.external_id,
        "sender": asdict(incoming.sender),
        "text": incoming.text,
        "quoted": incoming.quoted,
        "html": incoming.html,
        "subject": incoming.subject,
        "sent_at": incoming.sent_at.isoformat() if incoming.sent_at else None,
        "reply_to": asdict(incoming.reply_to) if incoming.reply_to else None,
        "to": [asdict(each) for each in incoming.to],
        "cc": [asdict(each) for each in incoming.cc],
        "reply_tokens": list(incoming.reply_tokens),
        "references": list(incoming.references),
        "parts": [_without_content(part) for part in incoming.parts],
        "automatic": incoming.automatic.value,
        "receipts": [asdict(receipt) for receipt in incoming.receipts],
        "troubles": list(incoming.troubles),
        "forwarded": _told_forward(incoming.forwarded),
        "facts": incoming.facts,
    }
    return head, [part.content for part in incoming.parts]


def understood(head: dict[str, Any], blobs: list[bytes]) -> Incoming:
    """The `Incoming` of a frame. Every field is checked: raises `BadFrame`."""
    try:
        return _understood(head, blobs)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise BadFrame("fields") from error


def _understood(head: dict[str, Any], blobs: list[bytes]) -> Incoming:
    sent_at = head["sent_at"]
    reply_to = head["reply_to"]
    return Incoming(
        external_id=_text(head["external_id"]),
        sender=_address(head["sender"]),
        text=_text(head["text"]),
        quoted=_text(head["quoted"]),
        html=_text(head["html"]),
        subject=_text(head["subject"]),
        sent_at=datetime.fromisoformat(sent_at) if sent_at else None,
        reply_to=_address(reply_to) if reply_to else None,
        to=[_address(each) for each in head["to"]],
        cc=[_address(each) for each in head["cc"]],
        reply_tokens=_texts(head["reply_tokens"]),
        references=_texts(head["references"]),
        parts=[_part(each, blob) for each, blob in zip(head["parts"], blobs, strict=True)],
        automatic=Automatic(head["automatic"]),
        receipts=[_receipt(each) for each in head["receipts"]],
        troubles=_texts(head["troubles"]),
        forwarded=_forwarded(head["forwarded"]) if head["forwarded"] else None,
        facts={_text(name): _text(value) for name, value in head["facts"].items()},
    )


def _told_forward(forwarded: Forwarded | None) -> dict[str, Any] | None:
    if forwarded is None:
        return None
    at = forwarded.sent_at
    return {**asdict(forwarded), "sent_at": at.isoformat() if at else None}


def _forwarded(given: dict[str, Any]) -> Forwarded:
    sent_at = given["sent_at"]
    return Forwarded(
        sender=_address(given["sender"]),
        sent_at=datetime.fromisoformat(sent_at) if sent_at else None,
        subject=_text(given["subject"]),
        text=_text(given["text"]),
        quoted=_text(given["quoted"]),
        is_attached=given["is_attached"] is True,
    )


def _without_content(part: Part) -> dict[str, Any]:
    return {
        "name": part.name,
        "content_type": part.content_type,
        "cid": part.cid,
        "is_inline": part.is_inline,
    }


def _part(given: dict[str, Any], content: bytes) -> Part:
    return Part(
        name=_text(given["name"]),
        content_type=_text(given["content_type"]),
        content=content,
        cid=_text(given["cid"]),
        is_inline=given["is_inline"] is True,
    )


def _receipt(given: dict[str, Any]) -> Receipt:
    return Receipt(
        state=ReceiptState(given["state"]),
        about=_texts(given["about"]),
        address=_text(given["address"]),
        is_permanent=given["is_permanent"] is True,
        code=_text(given["code"]),
        reason=_text(given["reason"]),
        traces=_texts(given["traces"]),
        cause=_text(given["cause"]),
        is_hard=given["is_hard"] is True,
    )


def _address(given: dict[str, Any]) -> Address:
    return Address(address=_text(given["address"]), name=_text(given["name"]))


def _texts(given: list[Any]) -> list[str]:
    return [_text(each) for each in given]


def _text(given: Any) -> str:
    """Text that a database can hold. Raises where it is none."""
    if not isinstance(given, str) or "\0" in given:
        raise TypeError(type(given).__name__)
    given.encode()
    return given
