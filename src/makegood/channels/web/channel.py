"""What a person typed into our own form: JSON that we wrote ourselves, read like any other."""

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


class Web:
    """A contact form. It cannot send: its mailbox answers for it."""

    kind = "web"
    limits = Limits(attachments=10, attachment_bytes=25 * 1024 * 1024, subject=True)

    def read(self, raw: bytes, envelope: dict[str, Any]) -> Incoming:
        form = json.loads(raw)
        return Incoming(
            external_id="",
            sender=Address(address=form["email"], name=form.get("name", "")),
            subject=form.get("subject", ""),
            text=form["text"],
            reply_tokens=[form["token"]] if form.get("token") else [],
            parts=[
                Part(
                    name=file["name"],
                    content_type=file["content_type"],
                    content=storage.load(file["sha256"]),
                )
                for file in form.get("files", ())
            ],
            verdict=Verdict(
                trust=Trust(envelope.get("trust") or Trust.UNVERIFIED),
                reason=envelope.get("why", ""),
            ),
            facts=form.get("facts", {}),
        )

    def send(self, settings: dict[str, Any], outgoing: Outgoing) -> str:
        raise DeliveryFailed("A form cannot send.", permanent=True)
