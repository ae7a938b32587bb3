"""E-mail: read in a bounded child, sent from the outbox."""

from typing import Any

from makegood.channels.interface import DeliveryFailed, Incoming, Limits, Outgoing


class Email:
    """One mailbox or mail domain."""

    kind = "email"
    limits = Limits(html=True, subject=True, attachments=20, attachment_bytes=20 * 1024 * 1024)

    def read(self, raw: bytes, envelope: dict[str, Any]) -> Incoming:
        from makegood.channels.email.reading import read  # the wires are laid next

        return read(raw, envelope)

    def send(self, settings: dict[str, Any], outgoing: Outgoing) -> str:
        raise DeliveryFailed("Sending mail is not connected yet.", permanent=False)
