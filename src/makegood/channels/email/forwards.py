"""A mail that somebody passed on: who wrote it first, when, and what it said.

Attached whole, or set below a block of From, Date and Subject in any language we know.
"""

from collections.abc import Sequence

from makegood.channels.interface import Address, Forwarded

from .addresses import addresses
from .bodies import Contents, contents
from .charsets import clean_name
from .dates import sent_at
from .introductions import header_block, label_kinds, plain
from .languages import LABEL_KINDS
from .mime import parse
from .quoting import split
from .words import decode_words

_MOST_LINES = 2_000
_LONGEST = 500_000


def forwarded_in(told: Contents, *, is_forward: bool) -> Forwarded | None:
    """The mail that was passed on; None where there is none, or nobody can say whose."""
    attached = [part for part in told.parts if part.content_type == "message/rfc822"]
    if len(attached) == 1:
        return _attached(attached[0].content)
    return _in_text(told.split.whole) if is_forward and not attached else None


def _attached(raw: bytes) -> Forwarded | None:
    mail = parse(raw)
    sender = next(iter(addresses(mail.root.first("from"))), None)
    if sender is None:
        return None
    inner = contents(mail, depth=1)
    return Forwarded(
        sender=sender,
        sent_at=sent_at(mail.root.first("date"), None),
        subject=clean_name(decode_words(mail.root.first("subject")), longest=500, is_name=False),
        text=inner.split.written[:_LONGEST],
        quoted=inner.split.quoted[:_LONGEST],
        is_attached=True,
    )


def _in_text(text: str) -> Forwarded | None:
    lines = text.split("\n")[:_MOST_LINES]
    for at in range(len(lines)):
        if "from" not in label_kinds(lines[at]) and "date" not in label_kinds(lines[at]):
            continue
        length = header_block(lines, at, sure=True)
        if length:
            return _below(lines, at, length)
    return None


def _below(lines: Sequence[str], at: int, length: int) -> Forwarded | None:
    said = _labelled(lines[at : at + length])
    sender = _sender(said.get("from", ""))
    if sender is None:
        return None
    body = "\n".join(_unmarked(lines[at + length :])).strip("\n")
    parts = split(body)
    return Forwarded(
        sender=sender,
        sent_at=sent_at(said.get("date", "").replace(" at ", " ").encode(), None),
        subject=clean_name(said.get("subject", ""), longest=500, is_name=False),
        text=parts.written[:_LONGEST],
        quoted=parts.quoted[:_LONGEST],
        is_attached=False,
    )


def _labelled(block: Sequence[str]) -> dict[str, str]:
    """The values of a block by what their labels mean; the first of each counts."""
    found: dict[str, str] = {}
    for line in block:
        name, _colon, value = plain(line).lstrip("*>_ |").partition(":")
        kinds = LABEL_KINDS.get(name.strip("* _\t|").lower(), frozenset())
        for kind in ("from", "date", "to", "subject"):
            if kind in kinds and kind not in found:
                found[kind] = value.strip("* \t")
                break
    return found


def _sender(value: str) -> Address | None:
    """`Ida <ida@example.org>`, `Ida [mailto:ida@example.org]`, `ida@example.org`."""
    tidy = value.replace("[mailto:", "<").replace("<mailto:", "<").replace("]", ">")
    words = tidy.replace("(", "<", 1).replace(")", ">", 1) if "<" not in tidy else tidy
    return next(iter(addresses(words.encode("utf-8", "replace"))), None)


def _unmarked(lines: Sequence[str]) -> list[str]:
    """Without the marks of a quote, where every line has one."""
    said = [line for line in lines if line.strip()]
    if said and all(line.startswith(">") for line in said):
        return [line.removeprefix(">").removeprefix(" ") for line in lines]
    return list(lines)
