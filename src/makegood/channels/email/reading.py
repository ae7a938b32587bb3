"""Reading a mail: any bytes at all become an `Incoming`. No network, no database, no clock.

The envelope says how the mail came: `from` and `to` (list) of the transport, `peer`, `helo` and
`received_at` (ISO 8601), each where known.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from makegood.channels.interface import Address, Incoming, Receipt, ReceiptState

from .addresses import MAX_ADDRESSES, addresses
from .automatic import AUTOMATIC, Machine, Said, machine_behind, writes_by_itself
from .bodies import Contents, contents
from .bounces import receipts_in
from .causes import is_hard
from .charsets import clean_name, hidden_signs
from .dates import sent_at
from .forwards import forwarded_in
from .mime import Entity, Mail, parse
from .openpgp import pgp_signature_of
from .phrases import FORWARD_PREFIXES
from .quoting import Split
from .references import PROBE_HEADER, TRACE_HEADER, message_ids, references_of, reply_tokens
from .signatures import State, signature_of
from .telling import told_by
from .troubles import BROKEN_SIGNATURE, NO_SENDER, SEVERAL_SENDERS, TOO_MANY_ADDRESSES
from .words import decode_words

_SUBJECT_LONGEST = 500
_NAMELESS = Address(address="")

# Header → the name under which it may be worth showing.
_FACTS = {
    "x-mailer": "mailer",
    "user-agent": "mailer",
    "content-language": "language",
    "accept-language": "language",
    "list-id": "list",
    "importance": "importance",
    "x-priority": "priority",
    "disposition-notification-to": "wants_receipt",
    TRACE_HEADER: "trace",
    PROBE_HEADER: "probe",
}


@dataclass(frozen=True, slots=True)
class Understood:
    """A mail as the house takes it in, and what only `makegood mail explain` tells beside it."""

    incoming: Incoming
    split: Split
    has_html: bool
    machine: Machine


def read(raw: bytes, envelope: dict[str, Any], *, careful: bool = False) -> Incoming:
    """Understand a mail. `careful` leaves HTML and files alone, for mail that broke the reader."""
    return understand(raw, envelope, careful=careful).incoming


def understand(raw: bytes, envelope: dict[str, Any], *, careful: bool = False) -> Understood:
    """Everything that can be told of a mail."""
    mail = parse(raw)
    root = mail.root
    subject = decode_words(root.first("subject"))
    subject = clean_name(subject, longest=_SUBJECT_LONGEST, is_name=False)
    told = contents(mail, careful=careful, is_forward=is_forward(subject))
    receipts = receipts_in(mail, envelope, told.split.whole)
    machine = machine_behind(root, envelope, receipts, Said(subject, told))
    to, cc = _recipients(mail, "to"), _recipients(mail, "cc")
    sender = _sender(mail, envelope)
    _look_at_signature(mail, envelope, sender, told)
    incoming = Incoming(
        external_id=next(iter(message_ids(root.first("message-id"))), ""),
        sender=sender,
        text=told.split.written,
        quoted=told.split.quoted,
        html=told.html,
        subject=subject,
        sent_at=sent_at(root.first("date"), _received_at(envelope)),
        reply_to=next(iter(addresses(root.first("reply-to"))), None),
        to=to,
        cc=cc,
        reply_tokens=reply_tokens(root, envelope),
        references=references_of(root),
        parts=told.parts,
        automatic=AUTOMATIC[machine],
        receipts=[replace(one, is_hard=_is_hard(one)) for one in receipts],
        troubles=_troubles(mail, told),
        forwarded=forwarded_in(told, is_forward=is_forward(subject)),
        facts=_facts(root, told) | _told_by_machine(root, machine, told),
    )
    return Understood(incoming, told.split, told.has_html, machine)


def _look_at_signature(
    mail: Mail, envelope: dict[str, Any], sender: Address, told: Contents
) -> None:
    """Say beside the text how the mail is signed, and what that is worth."""
    signer = (sender.address, envelope.get("keys", ()), _received_at(envelope))
    signed = signature_of(mail, *signer) or pgp_signature_of(mail, *signer)
    if signed is None:
        return
    told.facts |= {"signed": signed.kind, "signature": signed.state.value, "signed_by": signed.by}
    if signed.state == State.BROKEN:
        told.troubles.append(BROKEN_SIGNATURE)


def _told_by_machine(root: Entity, machine: Machine, told: Contents) -> dict[str, str]:
    facts = told_by(machine, told.split.written)
    if machine == Machine.REPLY and writes_by_itself(root):
        facts["by_itself"] = "yes"
    return facts


def _is_hard(receipt: Receipt) -> bool:
    return receipt.state == ReceiptState.BOUNCED and is_hard(receipt)


def _sender(mail: Mail, envelope: dict[str, Any]) -> Address:
    """Who the mail says wrote it: From, else Sender, else the envelope; else nobody."""
    named = [a for value in mail.root.all("from") for a in addresses(value)]
    if len(named) > 1:
        mail.troubles.append(SEVERAL_SENDERS)
    if not named:
        named = addresses(mail.root.first("sender")) or addresses(mail.root.first("return-path"))
    if not named:
        named = addresses(str(envelope.get("from") or "").encode("utf-8", "replace"))
    if not named:
        mail.troubles.append(NO_SENDER)
    return named[0] if named else _nameless(mail.root)


def _nameless(root: Entity) -> Address:
    """A From that holds no address may still hold a name."""
    name = clean_name(decode_words(root.first("from")[:1_000])).strip("<>\"' ")
    return Address(address="", name=name) if name else _NAMELESS


def _recipients(mail: Mail, name: str) -> list[Address]:
    found = [a for value in mail.root.all(name) for a in addresses(value)]
    if len(found) >= MAX_ADDRESSES:
        mail.troubles.append(TOO_MANY_ADDRESSES)
    return found[:MAX_ADDRESSES]


def _received_at(envelope: dict[str, Any]) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(envelope.get("received_at", "")))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _troubles(mail: Mail, told: Contents) -> list[str]:
    return list(dict.fromkeys([*mail.troubles, *told.troubles]))


def is_forward(subject: str) -> bool:
    """Whether the subject says that the mail below was passed on, and not answered."""
    first, colon, _rest = subject.strip().lower().partition(":")
    return bool(colon) and first.strip("[( ") in FORWARD_PREFIXES


def _facts(root: Entity, told: Contents) -> dict[str, str]:
    facts = dict(told.facts)
    if hidden := hidden_signs(decode_words(root.first("from")[:1_000])):
        facts["hidden"] = hidden
    for header, name in _FACTS.items():
        value = clean_name(decode_words(root.first(header)[:1_000]))
        if value:
            facts.setdefault(name, value)
    return facts
