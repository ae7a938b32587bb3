"""Bounces in plain words: mail servers that send no machine-readable report (RFC 3464).

First it must be sure that a mail server wrote. Then the same few rules read every dialect:
what stands above the copy of our mail names who did not get it, and the lines beside the
address say why.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from makegood.channels.interface import Receipt, ReceiptState
from makegood.kit.rx import rx

from .addresses import addresses, canonical
from .causes import UNKNOWN, cause_of, code_for
from .charsets import clean_name, clean_text, decode
from .mime import Entity, Mail
from .phrases import COPIES, DAEMON_NAMES, DAEMONS, FAILED, WAITS
from .senders import has_null_sender
from .words import decode_words

_MAX_RECEIPTS = 50
_MOST = 20_000
_LINES = 300
_CODE = rx(r"(?:^|[^\d.])([245]\.\d{1,2}\.\d{1,3})(?:[^\d.]|\.\s|\.?$)")
_REPLY = rx(r"(?:^|[\s:(<#\"'=\]>])([45][0-7]\d)(?:[ \-:.,)#>]|$)")
_MAIL = rx(r"[^S]+@[^S]+\.[^S]+".replace("S", r"\s<>()\[\]\"',;:|：；，。（）「」【】"))


def receipts_from_words(
    mail: Mail, envelope: dict[str, Any], text: str, about: Sequence[str]
) -> list[Receipt]:
    """What a mail server without a report says of a mail of ours; nothing for all other mail."""
    root = mail.root
    failed = [a.address for a in addresses(root.first("x-failed-recipients"))]
    subject = clean_name(decode_words(root.first("subject")), longest=300).lower()
    told = before_the_copy(text)
    if not told.strip() and failed:
        told = text[:_MOST]
    lowered = f"{subject}\n{told[:4_000].lower()}"
    says_so = any(words in lowered for words in FAILED)
    waits = any(words in lowered for words in WAITS)
    if not failed and not ((says_so or waits) and is_from_server(root, envelope)):
        return []
    state = ReceiptState.QUEUED if _only_waits(subject, told) and waits else ReceiptState.BOUNCED
    found = _recipients(root, told, failed) or [("", told)]
    if not found[0][0]:
        found = [(_addressee(mail, text) or _sender_named(root, told), told)]
    if not found[0][0] and not _has_reason(told) and not about:
        return []
    return [_receipt(state, about, *each) for each in found[:_MAX_RECEIPTS]]


def _receipt(state: ReceiptState, about: Sequence[str], address: str, beside: str) -> Receipt:
    code = code_in(beside)
    said = reason_in(beside) or _first_sentence(beside)
    reply = _REPLY.search(said)
    first = code[:1] or (reply.group(1)[:1] if reply else "")
    cause = cause_of(said, code) or cause_of(beside, code)
    if state == ReceiptState.QUEUED:
        first = "4"
    return Receipt(
        state=state,
        about=about,
        address=address,
        is_permanent=state == ReceiptState.BOUNCED,
        code=code or code_for(cause, reply=first),
        reason=clean_name(said, longest=500),
        cause=cause,
    )


def is_from_server(root: Entity, envelope: dict[str, Any]) -> bool:
    """Whether a mail server wrote: a person who tells of a bounce is not one."""
    if has_null_sender(root, envelope):
        return True
    for sender in addresses(root.first("from")):
        local = sender.address.rpartition("@")[0].lower()
        if local.startswith(DAEMONS) or sender.name.lower().startswith(DAEMON_NAMES):
            return True
    bare = root.first("from").strip().lower()
    return bare.startswith((b"mailer-daemon", b"postmaster", b"<>", b"mail delivery")) or not bare


def says_failed(subject: str) -> bool:
    """Whether a subject speaks of mail that did not arrive, or not yet."""
    lowered = clean_name(subject, longest=300).lower()
    return any(words in lowered for words in (*FAILED, *WAITS))


def _only_waits(subject: str, told: str) -> bool:
    """`Delayed` wins over `could not be delivered`, unless somebody gave up."""
    lowered = f"{subject}\n{told[:4_000].lower()}"
    gave_up = (
        "permanent",
        "giving up",
        "gave up",
        "failed permanently",
        "will not be",
        "no further",
    )
    return not any(words in lowered for words in gave_up)


def before_the_copy(text: str) -> str:
    """What the server says, without the mail of ours that it sends back."""
    kept: list[str] = []
    for line in text[:_MOST].split("\n")[:_LINES]:
        words = line.strip(" >*\t").lower()
        framed = words.startswith(("--", "==", "__", "**")) or words.endswith((":", "--", "=="))
        bare = words.strip("-=_*: .")
        if kept and framed and len(bare) < 90 and bare.startswith(COPIES):
            break
        if kept and words.startswith(("received: from ", "return-path: <", "received: by ")):
            break
        kept.append(line)
    return "\n".join(kept)


def _recipients(root: Entity, told: str, failed: Sequence[str]) -> list[tuple[str, str]]:
    """(address, the words beside it) of each one that did not get the mail."""
    ours = {a.address for name in ("to", "from") for a in addresses(root.first(name))}
    lines = told.split("\n")
    sure: dict[str, list[int]] = {}
    others: dict[str, list[int]] = {}
    for i, line in enumerate(lines):
        for address in _addresses_in(line):
            if address not in ours and not address.startswith(("postmaster@", "mailer-daemon@")):
                found = sure if _names_one(line, address) else others
                found.setdefault(address, []).append(i)
    if failed:
        places = {a: sure.get(a) or others.get(a) or [] for a in failed}
    else:
        places = sure or dict(list(others.items())[:1])
    return [(a, _best_beside(lines, at, told)) for a, at in places.items()]


def _best_beside(lines: Sequence[str], places: Sequence[int], told: str) -> str:
    """The words beside one of the places that give the server's answer, else all of them."""
    beside = [_beside(lines, at) for at in places[:10]]
    for choice in [*beside, told]:
        if _has_answer(choice):
            return choice
    return next((each for each in beside if cause_of(each) != UNKNOWN), told)


def _addresses_in(line: str) -> list[str]:
    if "@" not in line or len(line) > 2_000:
        return []
    found = [
        canonical(match.removeprefix("mailto:").strip(".*'`")) for match in _MAIL.findall(line)
    ]
    return [address for address in found if address]


def _names_one(line: str, address: str) -> bool:
    """Whether the line is there to name somebody: the address is its first or its only word."""
    words = line.strip(" \t<*-•'\"`>(:=").lower()
    words = words.removeprefix("mailto:")
    if words.startswith(address):
        rest = words[len(address) :].lstrip(">'\")* ")
        return not rest or rest[0] in ":;,.<([…-" or len(words) < 200
    before = words.partition(address)[0].rstrip(" <'\"(:;=")
    named = ("to", "rcpt to", "recipient", "for", "user", "address", "an", "recipient address",
             "unknown user", "user unknown", "unknown", "rfc822", "account", "mailbox", "à",
             "empfänger", "final-recipient", "original-recipient", "failed recipient")  # fmt: skip
    return before in named or before.endswith((" to", " rfc822", "rcpt to", " an", " recipient"))


def _beside(lines: Sequence[str], at: int) -> str:
    """The lines beside an address: its own, and those below it, up to the next address."""
    kept = [lines[at]]
    blank = False
    for line in lines[at + 1 : at + 16]:
        if not line.strip():
            blank = True
            continue
        if blank and (
            _has_answer("\n".join(kept)) or any(_names_one(line, a) for a in _addresses_in(line))
        ):
            break
        kept.append(line)
    return "\n".join(kept)


def _has_answer(text: str) -> bool:
    return bool(code_in(text) or _REPLY.search(text))


def _has_reason(text: str) -> bool:
    return _has_answer(text) or cause_of(text) != UNKNOWN


def _addressee(mail: Mail, text: str) -> str:
    """To whom the mail of ours went that is sent back."""
    for line in _copy_lines(mail, text):
        name, _colon, value = line.strip("> \t").partition(":")
        if name.lower() in ("to", "x-original-to", "delivered-to", "final-recipient"):
            found = addresses(value.rpartition(";")[2].encode("utf-8", "replace"))
            if found:
                return found[0].address
    return ""


def _sender_named(root: Entity, told: str) -> str:
    """Who complains in their own name: `The mailbox of ida@example.org is full.`"""
    named = {address for line in told.split("\n") for address in _addresses_in(line)}
    senders = [a.address for a in addresses(root.first("from"))]
    return next((one for one in senders if one in named), "")


def _copy_lines(mail: Mail, text: str) -> Iterable[str]:
    for child in mail.root.children:
        if child.kind in ("message/rfc822", "text/rfc822-headers", "message/global"):
            body = mail.body(child)[:20_000]
            yield from clean_text(decode(body)).split("\n")
    yield from text[:_MOST].split("\n")


def reason_in(text: str) -> str:
    """The line with the server's answer, and those that carry it on; else nothing."""
    lines = text.split("\n")[:_LINES]
    for at, line in enumerate(lines):
        if not line.lstrip(" >").startswith(">>>") and (code_in(line) or _REPLY.search(line)):
            carried = [words for words in lines[at + 1 : at + 3] if words.strip()]
            stops = len(line) < 60 or line.rstrip().endswith((".", ")"))
            return clean_name(" ".join([line, *([] if stops else carried)]), longest=500)
    for line in lines:
        is_headline = line.strip().startswith("**")
        if cause_of(line) != UNKNOWN and len(line.strip()) > 8 and not is_headline:
            return clean_name(line, longest=500)
    return ""


def _first_sentence(text: str) -> str:
    return clean_name(next((line for line in text.split("\n") if line.strip()), ""), longest=300)


def code_in(words: str) -> str:
    """The first status code (RFC 3463) in these words."""
    found = _CODE.search(words[:5_000])
    return found.group(1) if found else ""


def best_code(given: str, said: str) -> str:
    """The report's code, unless it says nothing and the server's answer says more."""
    vague = not given or given.endswith(".0.0")
    return said if vague and said and not (given and said[0] == "2") else given
