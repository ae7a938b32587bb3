"""What other servers report of mail that we sent: bounces, delays, readings and complaints."""

from collections.abc import Iterable, Sequence
from typing import Any

from makegood.channels.interface import Receipt, ReceiptState
from makegood.kit.rx import rx

from .addresses import addresses, canonical
from .automatic import has_null_sender
from .charsets import clean_name, clean_text, decode
from .mime import Entity, Mail, parse
from .references import message_ids

_ACTIONS = {
    "failed": ReceiptState.BOUNCED,
    "delayed": ReceiptState.QUEUED,
    "delivered": ReceiptState.DELIVERED,
    "relayed": ReceiptState.SENT,
    "expanded": ReceiptState.DELIVERED,
}
_RETURNED = {
    "message/rfc822",
    "message/global",
    "text/rfc822-headers",
    "message/global-headers",
}
_MAX_RECEIPTS = 50
_MAX_REPORT = 200_000

# Words by which old programs, which send no machine-readable part, can be known.
_DIALECTS = (
    "this is the qmail-send program",
    "this message was created automatically by mail delivery software",
    "delivery has failed to these recipients",
    "delivery to the following recipient",
    "your message wasn't delivered to",
    "your message did not reach some or all of the intended recipients",
    "the following addresses had permanent fatal errors",
    "the following message to <",
    "could not be delivered to one or more recipients",
    "undelivered mail returned to sender",
    "unzustellbar",
    "konnte nicht zugestellt werden",
    "n'a pas pu être remis",
    "no se pudo entregar",
)
_MACHINES = ("mailer-daemon@", "postmaster@", "mail-daemon@", "mailerdaemon@")
_CODE = r"\b([245])\.(\d{1,3})\.(\d{1,3})\b"
_REPLY = r"\b([45])\d\d[ -]"


def receipts_in(mail: Mail, envelope: dict[str, Any], text: str) -> list[Receipt]:
    """Every report of ours in a mail; none where the mail is not a report."""
    reports = {child.kind: child for child in _all(mail.root)}
    about = _about(mail, text)
    if status := _one_of(reports, "message/delivery-status", "message/global-delivery-status"):
        return _from_status(_report(mail, status), about)
    if opened := _one_of(
        reports,
        "message/disposition-notification",
        "message/global-disposition-notification",
    ):
        return _from_disposition(_report(mail, opened), about)
    if complaint := reports.get("message/feedback-report"):
        return _from_complaint(_report(mail, complaint), about)
    return _from_words(mail.root, envelope, text, about)


def _all(entity: Entity) -> Iterable[Entity]:
    yield entity
    for child in entity.children:
        yield from _all(child)


def _one_of(reports: dict[str, Entity], *kinds: str) -> Entity | None:
    return next((reports[kind] for kind in kinds if kind in reports), None)


def _report(mail: Mail, entity: Entity) -> list[dict[str, str]]:
    """The groups of fields of a report: the first is of the whole, the others of one recipient."""
    body = clean_text(decode(mail.body(entity)[:_MAX_REPORT]))
    groups = [_fields(group) for group in body.strip().split("\n\n")]
    return [group for group in groups if group][: _MAX_RECEIPTS + 1]


def _fields(group: str) -> dict[str, str]:
    found: dict[str, str] = {}
    name = ""
    for line in group.split("\n"):
        if line[:1] in (" ", "\t") and name:
            found[name] += " " + line.strip()
        elif ":" in line:
            name, _, value = line.partition(":")
            name = name.strip().lower()
            found[name] = value.strip()
    return found


def _from_status(groups: Sequence[dict[str, str]], about: Sequence[str]) -> list[Receipt]:
    return [
        receipt
        for group in groups
        if (receipt := _of_recipient(group, about)) and ("action" in group or "status" in group)
    ]


def _of_recipient(group: dict[str, str], about: Sequence[str]) -> Receipt | None:
    status = group.get("status", "")
    code = _code(status) or _code(group.get("diagnostic-code", ""))
    action = group.get("action", "").split(" ")[0].lower()
    state = _ACTIONS.get(action) or (
        ReceiptState.BOUNCED if code.startswith(("4", "5")) else ReceiptState.DELIVERED
    )
    if not (group.get("final-recipient") or group.get("original-recipient") or code):
        return None
    reason = group.get("diagnostic-code", "").partition(";")
    return Receipt(
        state=state,
        about=about,
        address=_recipient(group),
        is_permanent=state == ReceiptState.BOUNCED and not code.startswith("4"),
        code=code,
        reason=clean_name((reason[2] or reason[0]).strip(), longest=500),
    )


def _recipient(group: dict[str, str]) -> str:
    for name in ("original-recipient", "final-recipient"):
        address = canonical(group.get(name, "").rpartition(";")[2])
        if address:
            return address
    return ""


def _from_disposition(groups: Sequence[dict[str, str]], about: Sequence[str]) -> list[Receipt]:
    fields = {name: value for group in groups for name, value in group.items()}
    if "displayed" not in fields.get("disposition", "").lower():
        return []
    original = message_ids(fields.get("original-message-id", "").encode())
    return [
        Receipt(
            state=ReceiptState.READ,
            about=_unique([*original, *about]),
            address=_recipient(fields),
        )
    ]


def _from_complaint(groups: Sequence[dict[str, str]], about: Sequence[str]) -> list[Receipt]:
    fields = {name: value for group in groups for name, value in group.items()}
    return [
        Receipt(
            state=ReceiptState.COMPLAINED,
            about=about,
            address=canonical(fields.get("original-rcpt-to", "")),
            is_permanent=True,
            reason=clean_name(fields.get("feedback-type", ""), longest=100),
        )
    ]


def _from_words(
    root: Entity, envelope: dict[str, Any], text: str, about: Sequence[str]
) -> list[Receipt]:
    """The dialects without a machine-readable part: qmail, older Exim and Exchange, providers."""
    failed = [a.address for a in addresses(root.first("x-failed-recipients"))]
    start = text[:20_000]
    known = any(words in start.lower() for words in _DIALECTS)
    machine = has_null_sender(root, envelope) or _is_from_machine(root)
    if not failed and not (known and machine):
        return []
    code = _code(start)
    reply = rx(_REPLY).search(start)
    kind = code[:1] or (reply.group(1) if reply else "5")
    return [
        Receipt(
            state=ReceiptState.BOUNCED,
            about=about,
            address=address,
            is_permanent=kind == "5",
            code=code,
            reason=_reason(start),
        )
        for address in (failed or _named(start))[:_MAX_RECEIPTS]
    ]


def _is_from_machine(root: Entity) -> bool:
    return any(a.address.startswith(_MACHINES) for a in addresses(root.first("from")))


def _named(text: str) -> list[str]:
    """The address that the words name, in angle brackets by most programs; or one unknown."""
    for line in text.split("\n")[:100]:
        words = line.strip(" :*\t")
        begin, end = words.find("<"), words.find(">")
        inside = words[begin + 1 : end] if 0 <= begin < end else words
        inside = inside.removeprefix("mailto:")
        if "@" in inside and (address := canonical(inside)):
            return [address]
    return [""]


def _reason(text: str) -> str:
    """The line with the server's answer, else nothing."""
    for line in text.split("\n")[:200]:
        if rx(_CODE).search(line) or rx(_REPLY).search(line):
            return clean_name(line, longest=500)
    return ""


def _code(words: str) -> str:
    found = rx(_CODE).search(words[:5_000])
    return found.group(0) if found else ""


def _about(mail: Mail, text: str) -> list[str]:
    """Message-IDs of the mail that is reported on, surest first."""
    found: list[str] = []
    for entity in _all(mail.root):
        if entity.kind in _RETURNED:
            found += message_ids(_inner(mail, entity).first("message-id"))
    for name in ("x-original-message-id", "in-reply-to", "references"):
        found += reversed(message_ids(mail.root.first(name)))
    for line in text.split("\n")[:2_000]:
        if line.strip("> \t")[:11].lower() == "message-id:":
            found += message_ids(line.partition(":")[2].encode("utf-8", "replace"))
    return _unique(found)[:20]


def _inner(mail: Mail, entity: Entity) -> Entity:
    """The headers of a returned mail. Its parts are not opened."""
    body = mail.body(entity)[:_MAX_REPORT]
    cut = body.find(b"\n\n") if b"\n\n" in body else body.find(b"\n\r\n")
    head = body if cut < 0 else body[: cut + 1]
    return parse(head + b"\n").root


def _unique(ids: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(ids))
