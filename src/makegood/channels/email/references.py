"""Message-IDs, reply tokens and our own trace: what ties a mail to what was said before.

Ids are written with their angle brackets everywhere in the house.
"""

from typing import Any

from makegood.kit.ids import is_token

from .addresses import addresses
from .mime import Entity

MAX_REFERENCES = 100
TRACE_HEADER = "makegood-trace"
PROBE_HEADER = "makegood-probe"
ENVELOPE = "envelope "
"""How an envelope id is told from a mark of the mail, among what a report gives back."""

_RECIPIENT_HEADERS = (
    "delivered-to",
    "x-original-to",
    "envelope-to",
    "x-envelope-to",
    "x-rcpt-to",
    "x-forwarded-to",
    "to",
    "cc",
    "resent-to",
)


def message_ids(header: bytes) -> list[str]:
    """The Message-IDs of a header, in its order."""
    text = header.decode("utf-8", "replace")
    found = []
    for piece in text.split("<")[1:]:
        inside, closed, _rest = piece.partition(">")
        if closed:
            found.append(_clean_id(inside))
    if not found:
        # Some programs forget the brackets.
        found = [_clean_id(word) for word in text.split() if "@" in word]
    return [each for each in found if each]


def _clean_id(text: str) -> str:
    kept = "".join(char for char in text if char.isprintable() and not char.isspace())
    bare = kept.strip("<>\"'")
    return f"<{bare}>" if 0 < len(bare) <= 240 else ""


def references_of(root: Entity) -> list[str]:
    """The mails that this one answers, nearest first."""
    nearest: list[str] = []
    for value in root.all("in-reply-to"):
        nearest += message_ids(value)
    further: list[str] = []
    for value in root.all("references"):
        further += message_ids(value)
    return list(dict.fromkeys([*nearest, *reversed(further)]))[:MAX_REFERENCES]


def reply_tokens(root: Entity, envelope: dict[str, Any]) -> list[str]:
    """Opaque tokens among the recipients (`r.<26>@…` or `support+r.<26>@…`), envelope first."""
    recipients = [str(each) for each in envelope.get("to", ())]
    for name in _RECIPIENT_HEADERS:
        for value in root.all(name):
            recipients += [a.address for a in addresses(value)]
    return list(dict.fromkeys(filter(None, map(token_in, recipients))))


def token_in(address: str) -> str:
    """The reply token that an address carries; empty where it carries none."""
    local = address.strip("<> ").lower().rpartition("@")[0]
    _before, plus, after = local.rpartition("+")
    candidate = after if plus else local
    prefix, token = candidate[:2], candidate[2:]
    return token if prefix == "r." and is_token(token) else ""
