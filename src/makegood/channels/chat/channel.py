"""What a visitor typed into the chat: JSON that we wrote ourselves, read like any other."""

import json
from typing import Any

from makegood.channels.interface import (
    Address,
    DeliveryFailed,
    Incoming,
    Limits,
    Outgoing,
    Part,
    Trust,
    Verdict,
)
from makegood.files import storage

LONGEST = 5_000


class Chat:
    """A chat. Nothing is sent: the visitor's browser fetches what was said to them."""

    kind = "chat"
    limits = Limits(
        characters=LONGEST, attachments=5, attachment_bytes=10 * 1024 * 1024, html=True, live=True
    )

    def read(self, raw: bytes, envelope: dict[str, Any]) -> Incoming:
        said = json.loads(raw)
        return Incoming(
            external_id="",
            sender=Address(address=said["handle"], name=said.get("name", "")),
            subject=said.get("subject", ""),
            text=said["text"],
            parts=[
                Part(
                    name=file["name"],
                    content_type=file["content_type"],
                    content=storage.load(file["sha256"]),
                )
                for file in said.get("files", ())
            ],
            verdict=Verdict(
                trust=Trust(envelope.get("trust") or Trust.UNVERIFIED),
                reason=envelope.get("why", ""),
            ),
            facts=said.get("facts", {}),
        )

    def send(self, settings: dict[str, Any], outgoing: Outgoing) -> str:
        raise DeliveryFailed("A chat is fetched, never sent.", permanent=True)
