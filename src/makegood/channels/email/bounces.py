"""What other servers report of mail that we sent: bounces, delays, readings and complaints."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from makegood.channels.interface import Receipt, ReceiptState

from .addresses import canonical
from .causes import POLICY, cause_of, code_for
from .charsets import clean_name, clean_text, decode
from .dialects import (
    before_the_copy,
    best_code,
    code_in,
    is_from_server,
    reason_in,
    receipts_from_words,
    says_failed,
)
from .mime import Entity, Mail, parse
from .phrases import FORWARD_PREFIXES
from .references import ENVELOPE, TRACE_HEADER, message_ids
from .words import decode_words

_ACTIONS = {
    "failed": ReceiptState.BOUNCED,
    "delayed": ReceiptState.QUEUED,
    "delivered": ReceiptState.DELIVERED,
    "relayed": ReceiptState.SENT,
    "expanded": ReceiptState.DELIVERED,
}
_PASSED_ON = FORWARD_PREFIXES | {"re", "aw", "sv", "antw", "odp"}
_TROUBLED = (ReceiptState.BOUNCED, ReceiptState.QUEUED)
_RETURNED = {
    "message/rfc822",
    "message/global",
    "text/rfc822-headers",
    "message/global-headers",
}
_STATUS = ("message/delivery-status", "message/global-delivery-status")
_MAX_RECEIPTS = 50
_MAX_REPORT = 200_000


def receipts_in(mail: Mail, envelope: dict[str, Any], text: str) -> list[Receipt]:
    """Every report of ours in a mail; none where the mail is not a report."""
    found = _receipts(mail, envelope, text)
    traces = _traces(mail, text) if found else []
    return [replace(receipt, traces=traces) for receipt in found]


def _traces(mail: Mail, text: str) -> list[str]:
    """The marks of our own mail that a report gives back: whoever has them had the whole mail."""
    found = []
    for entity in _all(mail.root):
        if entity.kind in _RETURNED:
            found.append(decode(_inner(mail, entity).first(TRACE_HEADER)).strip())
        elif entity.kind in _STATUS:
            fields = next(iter(_report(mail, entity)), {})
            if given := fields.get("original-envelope-id", ""):
                found.append(ENVELOPE + clean_text(given).strip())
    for line in text.split("\n")[:2_000]:
        name, _colon, value = line.strip("> \t").partition(":")
        if name.lower() == TRACE_HEADER:
            found.append(clean_text(value).strip())
    return [each[:300] for each in _unique(found) if each][:20]


def _receipts(mail: Mail, envelope: dict[str, Any], text: str) -> list[Receipt]:
    is_enclosed = _is_enclosed(mail.root, envelope)
    reports = {} if is_enclosed else {child.kind: child for child in _all(mail.root)}
    about = _about(mail, text)
    if status := _one_of(reports, *_STATUS):
        return _from_status(_report(mail, status), about, text)
    if opened := _one_of(
        reports,
        "message/disposition-notification",
        "message/global-disposition-notification",
    ):
        return _from_disposition(_report(mail, opened), about)
    if complaint := reports.get("message/feedback-report"):
        return _from_complaint(_report(mail, complaint), about)
    return receipts_from_words(mail, envelope, text, about)


def _is_enclosed(root: Entity, envelope: dict[str, Any]) -> bool:
    """Whether a report only lies in a person's mail, who asks what it is: that mail is no report.

    Careful: some servers put their own reports into any container.
    """
    if root.kind != "multipart/mixed" or is_from_server(root, envelope):
        return False
    if any(root.first(name) for name in ("auto-submitted", "x-failed-recipients")):
        return False
    subject = decode_words(root.first("subject"))
    first = subject.partition(":")[0].strip("[( ").lower()
    return first in _PASSED_ON or not says_failed(subject)


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


def _from_status(
    groups: Sequence[dict[str, str]], about: Sequence[str], text: str
) -> list[Receipt]:
    found = []
    for group in groups:
        receipt = _of_recipient(group, about)
        if receipt and ("action" in group or "status" in group):
            found.append(_with_words(receipt, text) if len(groups) <= 2 else receipt)
    return found


def _of_recipient(group: dict[str, str], about: Sequence[str]) -> Receipt | None:
    said = _said(group)
    code = best_code(code_in(group.get("status", "")), code_in(said))
    action = (group.get("action", "").split() or [""])[0].strip(";.").lower()
    state = _ACTIONS.get(action) or (
        ReceiptState.BOUNCED if code.startswith(("4", "5")) else ReceiptState.DELIVERED
    )
    if not (group.get("final-recipient") or group.get("original-recipient") or code):
        return None
    cause = cause_of(said, code) if state in _TROUBLED else ""
    is_final = action == "failed" or not code.startswith("4")
    return Receipt(
        state=state,
        about=about,
        address=_recipient(group),
        is_permanent=state == ReceiptState.BOUNCED and is_final,
        code=code,
        reason=clean_name(said, longest=500),
        cause=cause,
    )


def _said(group: dict[str, str]) -> str:
    """The other server's words: `smtp; 550 No such user` without the kind of their code."""
    for name in ("diagnostic-code", "x-supplementary-info", "status"):
        kind, _semicolon, words = group.get(name, "").partition(";")
        if (words or kind).strip():
            return (words or kind).strip()
    return ""


def _with_words(receipt: Receipt, text: str) -> Receipt:
    """A report that gives no reason leaves it to the text beside it."""
    if receipt.state not in _TROUBLED or receipt.cause not in ("", POLICY):
        return receipt
    told = before_the_copy(text)
    said = reason_in(told)
    code = best_code(receipt.code, code_in(said))
    cause = cause_of(said or told, code) or cause_of(told, code) or receipt.cause
    if not code:
        code = code_for(cause, reply="4" if receipt.state == ReceiptState.QUEUED else "")
    if len(receipt.reason) > 12:
        said = receipt.reason
    return replace(receipt, code=code, cause=cause, reason=said or receipt.reason)


def _recipient(group: dict[str, str]) -> str:
    for name in ("original-recipient", "final-recipient", "x-actual-recipient"):
        given = group.get(name, "").rpartition(";")[2]
        for word in [given, *given.replace("<", " ").replace(">", " ").split()]:
            if address := canonical(word):
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
            address=canonical(
                fields.get("original-rcpt-to") or fields.get("removal-recipient", "")
            ),
            is_permanent=True,
            reason=clean_name(fields.get("feedback-type", ""), longest=100),
        )
    ]


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
