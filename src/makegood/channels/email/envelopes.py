"""What ties a report to the envelope of a mail of ours, and not to the mail.

Everybody whom a mail reaches, or to whom it is passed on, holds all that stands in it, and
could write a report about it. The envelope id (RFC 3461, ENVID) travels beside the mail, from
server to server, and comes back in a report alone. Where our server takes one, the mark in the
mail says so, and a report without it counts for that mail alone and never for an address.
"""

from collections.abc import Sequence
from dataclasses import replace

from makegood.channels.email.references import ENVELOPE
from makegood.channels.interface import Receipt
from makegood.kit.secrets import is_signed, sign

_OPEN, _BOUND = "v1", "v2"
_PURPOSES = {_OPEN: "mail-trace", _BOUND: "mail-trace-bound"}
_LONGEST = 100


def trace_of(key: str, *, is_bound: bool = False) -> str:
    """What we write into our own mail to know it again: bound to its Message-ID."""
    version = _BOUND if is_bound else _OPEN
    return f"{version} {sign(_PURPOSES[version], bracketed(key))}"


def is_our_trace(trace: str, external_id: str) -> bool:
    """Whether this trace is ours, for this Message-ID. A forged or copied one is not."""
    version, _, signature = trace.partition(" ")
    return version in _PURPOSES and is_signed(_PURPOSES[version], external_id, signature)


def bracketed(message_id: str) -> str:
    inside = "".join(c for c in message_id if 32 < ord(c) < 127 and c not in "<>")
    return f"<{inside}>" if inside else ""


def bound(content: bytes, key: str) -> bytes:
    """The mail as it leaves beside an envelope id: its mark alone tells no address gone."""
    old, new = trace_of(key).encode(), trace_of(key, is_bound=True).encode()
    head, gap, body = content.partition(b"\r\n\r\n")
    return head.replace(old, new, 1) + gap + body


def envelope_id(key: str) -> str:
    """The envelope id of a mail: a signature, and the Message-ID where there is room."""
    inside = bracketed(key).strip("<>")
    whole = f"{sign('mail-envelope', bracketed(key))}.{inside}"
    is_plain = not set(inside) & set("+=")
    return whole if is_plain and len(whole) <= _LONGEST else whole[:32]


def proved(receipt: Receipt) -> Receipt:
    """How far a report is believed, by what it gives back.

    A Message-ID stands in every answer and every quote: it proves nothing. A mark in the mail is
    with whoever handled the mail, its readers too: enough to say that this mail did not arrive.
    An envelope id is with the servers on the way alone, and so is the mark of a mail that left
    without one: only they may say that an address is gone.
    """
    shown = [each.removeprefix(ENVELOPE) for each in receipt.traces if each.startswith(ENVELOPE)]
    named = [bracketed(each[33:]) for each in shown]
    about = list(dict.fromkeys([*filter(None, named), *receipt.about]))
    on_the_way = [one for one in about if _is_shown(one, shown) or _is_marked(one, receipt, _OPEN)]
    known = on_the_way or [one for one in about if _is_marked(one, receipt, _BOUND)]
    return replace(
        receipt,
        about=known or receipt.about,
        is_proven=bool(known),
        is_of_the_way=bool(on_the_way),
    )


def _is_shown(external_id: str, shown: Sequence[str]) -> bool:
    return any(is_signed("mail-envelope", external_id, each[:32]) for each in shown)


def _is_marked(external_id: str, receipt: Receipt, version: str) -> bool:
    ours = (each for each in receipt.traces if each.startswith(f"{version} "))
    return any(is_our_trace(each, external_id) for each in ours)
