"""Why a mail did not arrive, in one of our words, from the other server's words or its code."""

import tomllib
from pathlib import Path

from makegood.channels.interface import Receipt
from makegood.kit.rx import rx


def _(words: str) -> str:
    """Mark for translation: the child that reads mail knows no languages."""
    return words


NO_MAILBOX = "no such mailbox"
DISABLED = "mailbox disabled"
FULL = "mailbox full"
TOO_LARGE = "too large"
NO_HOST = "host unknown"
BLOCKED = "blocked"
UNPROVEN = "origin not proved"
SENDER = "sender refused"
RELAYING = "relaying denied"
TIMED_OUT = "timed out"
LOOP = "loop"
LATER = "try again later"
POLICY = "policy"
CONTENT = "content refused"
UNKNOWN = ""

_WORDS = {
    NO_MAILBOX: _("There is no such mailbox."),
    DISABLED: _("The mailbox is closed or suspended."),
    FULL: _("The mailbox is full."),
    TOO_LARGE: _("The mail is too large for the other side."),
    NO_HOST: _("The domain does not exist or takes no mail."),
    BLOCKED: _("The other side took it for spam, or blocks our server."),
    UNPROVEN: _("The other side could not verify that the mail is from us (SPF, DKIM, DMARC)."),
    SENDER: _("The other side does not accept our address as the sender."),
    RELAYING: _("The other server does not take mail for this address."),
    TIMED_OUT: _("The other server could not be reached in time."),
    LOOP: _("The mail went round in circles."),
    LATER: _("The other server asks to try again later."),
    POLICY: _("The other side's rules refuse the mail."),
    CONTENT: _("The other side does not accept what is in the mail."),
    UNKNOWN: _("The other server did not say why."),
}
_HARD = {NO_MAILBOX, DISABLED, NO_HOST, RELAYING}

# In the order of the file: what stands first is surer than what comes after it.
_SAID = tomllib.loads((Path(__file__).parent / "causes.toml").read_text("utf-8"))
_PATTERNS = [
    (cause.partition(",")[0], rx("|".join(found["said"]), ignore_case=True))
    for cause, found in _SAID.items()
]
_FOR_NOW = rx("|".join(_SAID[LATER]["for now"]))
"""Says sooner than the rest of the words what a code for now means."""
_BY_CODE = {
    "1.0": UNKNOWN, "1.1": NO_MAILBOX, "1.2": NO_HOST, "1.3": NO_MAILBOX, "1.4": NO_MAILBOX,
    "1.6": NO_MAILBOX, "1.7": SENDER, "1.8": SENDER, "1.9": RELAYING, "1.10": NO_MAILBOX,
    "2.0": NO_MAILBOX, "2.1": DISABLED, "2.2": FULL, "2.3": TOO_LARGE, "2.4": NO_MAILBOX,
    "3.1": LATER, "3.2": LATER, "3.3": CONTENT, "3.4": TOO_LARGE, "3.5": LATER,
    "4.0": TIMED_OUT, "4.1": TIMED_OUT, "4.2": TIMED_OUT, "4.3": TIMED_OUT, "4.4": NO_HOST,
    "4.5": LATER, "4.6": LOOP, "4.7": TIMED_OUT, "5.3": LATER, "5.4": POLICY, "7.1": POLICY,
    "6.0": CONTENT, "6.1": CONTENT, "6.2": CONTENT, "6.3": CONTENT, "6.5": CONTENT,
    "7.26": UNPROVEN, "7.20": UNPROVEN, "7.21": UNPROVEN, "7.22": UNPROVEN, "7.23": UNPROVEN,
    "7.24": UNPROVEN, "7.25": UNPROVEN, "7.27": SENDER, "7.515": UNPROVEN, "7.28": LATER,
}  # fmt: skip
_SURE = {
    "2.2": FULL, "2.3": TOO_LARGE, "3.4": TOO_LARGE, "4.6": LOOP, "7.26": UNPROVEN,
    "7.515": UNPROVEN, "1.2": NO_HOST, "7.133": POLICY, "7.134": POLICY, "7.135": POLICY,
    "7.136": POLICY, "7.124": POLICY, "7.509": UNPROVEN, "7.510": BLOCKED, "7.511": BLOCKED,
    "7.708": BLOCKED, "1.10": NO_MAILBOX, "4.310": NO_HOST, "4.316": TIMED_OUT,
}  # fmt: skip
_CODES = {
    NO_MAILBOX: "1.1", DISABLED: "2.1", FULL: "2.2", TOO_LARGE: "3.4", NO_HOST: "1.2",
    BLOCKED: "7.1", UNPROVEN: "7.1", SENDER: "1.8", RELAYING: "7.1", TIMED_OUT: "4.1",
    LOOP: "4.6", LATER: "3.0", POLICY: "7.1", CONTENT: "6.0",
}  # fmt: skip
_SOFT_BY_NATURE = {TIMED_OUT, LATER}
_MOST = 4_000


def words_for(cause: str) -> str:
    """A cause in a sentence of ours, still to be translated."""
    return _WORDS.get(cause, _WORDS[UNKNOWN])


def cause_of(said: str, code: str = "") -> str:
    """Why, from what the other server said and its status code (RFC 3463)."""
    detail = code[2:]
    if detail in _SURE:
        return _SURE[detail]
    if detail.startswith("6."):
        return CONTENT
    words = said[:_MOST].lower()
    if code.startswith("4") and _FOR_NOW.search(words):
        return LATER
    for cause, pattern in _PATTERNS:
        if pattern.search(words):
            return cause
    if detail in _BY_CODE:
        return _BY_CODE[detail]
    return POLICY if detail.startswith("7.") else UNKNOWN


def code_for(cause: str, *, reply: str = "") -> str:
    """The status code that a cause stands for, where the other server gave none."""
    if not reply and not cause:
        return "5.0.0"
    first = reply or ("4" if cause in _SOFT_BY_NATURE else "5")
    return f"{first}.{_CODES.get(cause, '0.0')}"


def is_hard(receipt: Receipt) -> bool:
    """Whether the address itself is dead, and not only this mail or this day."""
    if receipt.cause in _HARD:
        return receipt.is_permanent and not (
            receipt.code.startswith("4") and receipt.cause == NO_HOST
        )
    return receipt.cause == UNKNOWN and receipt.is_permanent and not receipt.code.startswith("4")
