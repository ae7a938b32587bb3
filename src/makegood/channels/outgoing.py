"""Outgoing as JSON for the outbox row, and back: the row holds everything there is to send."""

from dataclasses import asdict
from typing import Any

from makegood.channels.interface import Address, Outgoing, OutgoingFile


def as_json(outgoing: Outgoing) -> dict[str, Any]:
    return asdict(outgoing)


def from_json(data: dict[str, Any]) -> Outgoing:
    return Outgoing(
        **{
            **{name: value for name, value in data.items() if name != "text_sha256"},
            "to": tuple(Address(**one) for one in data["to"]),
            "cc": tuple(Address(**one) for one in data["cc"]),
            "sender": Address(**data["sender"]) if data["sender"] else None,
            "references": tuple(data["references"]),
            "files": tuple(OutgoingFile(**one) for one in data["files"]),
        }
    )
