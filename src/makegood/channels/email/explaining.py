"""A mail told as plain data, for people who look at mails and for tests: `makegood mail explain`.

The names in here are promised in docs/mail-explain.md: add, and never rename.
"""

from collections.abc import Sequence
from typing import Any

from makegood.channels.interface import Address, Part, Receipt, ReceiptState

from .causes import is_hard, words_for
from .reading import Understood

_TROUBLED = (ReceiptState.BOUNCED, ReceiptState.QUEUED)


def explanation(understood: Understood) -> dict[str, Any]:
    """Everything that was understood, as JSON can say it."""
    incoming = understood.incoming
    return {
        "message_id": incoming.external_id,
        "from": _person(incoming.sender),
        "reply_to": _person(incoming.reply_to) if incoming.reply_to else None,
        "to": [_person(each) for each in incoming.to],
        "cc": [_person(each) for each in incoming.cc],
        "subject": incoming.subject,
        "date": incoming.sent_at.isoformat() if incoming.sent_at else None,
        "references": list(incoming.references),
        "kind": understood.machine.value,
        "reply": incoming.text,
        "folded": [
            {"kind": piece.kind.value, "text": piece.text} for piece in understood.split.folded
        ],
        "text": understood.split.whole,
        "html": understood.has_html,
        "attachments": [_file(part) for part in incoming.parts],
        "recipients": _reports(incoming.receipts),
        "facts": dict(incoming.facts),
        "signature": _signature(incoming.facts),
        "troubles": list(incoming.troubles),
    }


def _signature(facts: dict[str, str]) -> dict[str, str] | None:
    """How the mail is signed, what that is worth, and whom the certificate names."""
    if not facts.get("signed"):
        return None
    return {
        "kind": facts["signed"],
        "state": facts.get("signature", "not checked"),
        "by": facts.get("signed_by", ""),
    }


def _person(address: Address) -> dict[str, str]:
    return {"name": address.name, "address": address.address}


def _file(part: Part) -> dict[str, Any]:
    return {
        "name": part.name,
        "type": part.content_type,
        "size": len(part.content),
        "cid": part.cid,
        "inline": part.is_inline,
    }


def _reports(receipts: Sequence[Receipt]) -> list[dict[str, Any]]:
    return [
        {
            "state": receipt.state.value,
            "address": receipt.address,
            "status": receipt.code,
            "severity": _severity(receipt),
            "reason": words_for(receipt.cause) if receipt.state in _TROUBLED else "",
            "cause": receipt.cause,
            "said": receipt.reason,
            "final": receipt.is_permanent,
            "about": list(receipt.about),
        }
        for receipt in receipts
    ]


def _severity(receipt: Receipt) -> str | None:
    """Whether the address itself is at fault, and will be the next time."""
    if receipt.state == ReceiptState.BOUNCED:
        return "hard" if is_hard(receipt) else "soft"
    return "soft" if receipt.state == ReceiptState.QUEUED else None
