"""E-mail: read in a bounded child, sent from the outbox."""

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from makegood.channels.email.child import ReadFailed, read_apart
from makegood.channels.email.envelopes import is_our_trace, proved
from makegood.channels.email.known_keys import known_keys
from makegood.channels.email.sending import letter_of, transmit
from makegood.channels.email.servers import NoSettings, server_from
from makegood.channels.email.troubles import READ_CAREFULLY
from makegood.channels.email.verdict import judge, proofs
from makegood.channels.interface import (
    DeliveryFailed,
    Incoming,
    Limits,
    Outgoing,
    Unreadable,
    Verdict,
)


class Email:
    """One mailbox or mail domain."""

    kind = "email"
    limits = Limits(
        html=True,
        subject=True,
        attachments=20,
        attachment_bytes=20 * 1024 * 1024,
        undo_seconds=10,
    )

    def read(self, raw: bytes, envelope: dict[str, Any]) -> Incoming:
        """Understand a mail; where its HTML or files break the reader, without them."""
        try:
            incoming = read_apart(raw, {**envelope, "keys": known_keys()})
        except ReadFailed:
            incoming = _read_carefully(raw, envelope)
        return _without_trace(incoming)

    def judge(
        self, raw: bytes, envelope: dict[str, Any], incoming: Incoming, settings: dict[str, Any]
    ) -> Verdict:
        """How sure we are of the sender. Asks the DNS; the mail itself stays in the child."""
        trusted = str(settings.get("authserv_id") or "")
        return judge(raw, envelope, incoming, trusted_server=trusted)

    def proofs(
        self, raw: bytes, envelope: dict[str, Any], domain: str, settings: dict[str, Any]
    ) -> dict[str, Any] | None:
        """What the signatures of a mail prove for a domain; None where nothing can be asked."""
        return proofs(raw, envelope, domain, str(settings.get("authserv_id") or ""))

    def send(self, settings: dict[str, Any], outgoing: Outgoing) -> str:
        """Hand over at once, without the outbox's lease. Secrets come in `settings["secrets"]`."""
        try:
            server = server_from(settings, settings.get("secrets", {}), "smtp")
        except NoSettings as error:
            raise DeliveryFailed(_("No server to send by."), permanent=True) from error
        transmit(server, letter_of(outgoing), lambda: None)
        return outgoing.key


def _without_trace(incoming: Incoming) -> Incoming:
    """Our own mail that came back is marked; a mark that is not ours proves nothing (T03, T17)."""
    facts = {name: value for name, value in incoming.facts.items() if name not in ("trace", "own")}
    if is_our_trace(incoming.facts.get("trace", ""), incoming.external_id):
        facts["own"] = "yes"
    receipts = [proved(receipt) for receipt in incoming.receipts]
    return replace(incoming, facts=facts, receipts=receipts)


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
