"""E-mail: read in a bounded child, sent from the outbox."""

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from makegood.channels.email.child import ReadFailed, read_apart
from makegood.channels.email.troubles import READ_CAREFULLY
from makegood.channels.interface import DeliveryFailed, Incoming, Limits, Outgoing, Unreadable


class Email:
    """One mailbox or mail domain."""

    kind = "email"
    limits = Limits(html=True, subject=True, attachments=20, attachment_bytes=20 * 1024 * 1024)

    def read(self, raw: bytes, envelope: dict[str, Any]) -> Incoming:
        """Understand a mail; where its HTML or files break the reader, without them."""
        try:
            return read_apart(raw, envelope)
        except ReadFailed:
            return _read_carefully(raw, envelope)

    def send(self, settings: dict[str, Any], outgoing: Outgoing) -> str:
        raise DeliveryFailed("Sending mail is not connected yet.", permanent=False)


def _read_carefully(raw: bytes, envelope: dict[str, Any]) -> Incoming:
    try:
        incoming = read_apart(raw, envelope, careful=True)
    except ReadFailed as error:
        raise Unreadable(_words_for(error.reason)) from error
    return replace(incoming, troubles=[*incoming.troubles, READ_CAREFULLY])


def _words_for(reason: str) -> str:
    words = {
        "too slow": _("reading it took too long"),
        "stopped": _("reading it took too much memory or time"),
    }
    return words.get(reason, _("reading it failed"))
