"""Addresses in headers: one linear reader and one canonical form, used everywhere."""

import idna

from makegood.channels.interface import Address

from .charsets import clean_name
from .words import decode_words

MAX_ADDRESSES = 500
_LONGEST = 320


def canonical(address: str) -> str:
    """The form in which two addresses are compared: ASCII in lower case, the domain in IDNA.

    Nothing is folded beyond that: `ı` is not `i`. Empty where it is not an address at all.
    """
    address = address.strip().strip("<>").strip()
    local, at, domain = address.rpartition("@")
    if not at or not local or not domain or len(address) > _LONGEST:
        return ""
    if any(ord(char) <= 32 or ord(char) == 127 or not char.isprintable() for char in address):
        return ""
    domain = _ascii_domain(domain.rstrip("."))
    return f"{_lower(local)}@{domain}" if domain else ""


def _lower(text: str) -> str:
    return "".join(chr(ord(c) + 32) if "A" <= c <= "Z" else c for c in text)


def _ascii_domain(domain: str) -> str:
    if domain.isascii():
        return _lower(domain) if not set(domain) & set('<>()[]";,\\') or domain[0] == "[" else ""
    try:
        return idna.encode(domain[:253], uts46=True).decode("ascii")
    except idna.IDNAError:
        return ""


def addresses(header: bytes) -> list[Address]:
    """Every address of a header such as To, at most 500, in order."""
    return [address for address in map(_address, _mailboxes(header)) if address]


def _mailboxes(header: bytes) -> list[bytes]:
    """Cut at commas, semicolons and group names that stand outside quotes and brackets."""
    found: list[bytes] = []
    begun = at = comment = 0
    quoted = angle = False
    while at < len(header) and len(found) < MAX_ADDRESSES:
        char = header[at : at + 1]
        if char == b"\\" and (quoted or comment):
            at += 1
        elif char == b'"' and not comment:
            quoted = not quoted
        elif quoted:
            pass
        elif char == b"(":
            comment += 1
        elif char == b")":
            comment = max(0, comment - 1)
        elif comment:
            pass
        elif char in (b"<", b">"):
            angle = char == b"<"
        elif char == b":" and not angle:
            begun = at + 1
        elif char in (b",", b";") and not angle:
            found.append(header[begun:at])
            begun = at + 1
        at += 1
    if len(found) < MAX_ADDRESSES:
        found.append(header[begun:])
    return [mailbox for mailbox in found if mailbox.strip()]


def _address(mailbox: bytes) -> Address | None:
    begin = mailbox.rfind(b"<")
    if begin >= 0:
        end = mailbox.find(b">", begin)
        inside = mailbox[begin + 1 : end if end >= 0 else None]
        if inside.startswith(b"@") and b":" in inside:
            inside = inside.partition(b":")[2]
        phrase = mailbox[:begin]
        if not phrase.strip() and end >= 0:
            phrase = mailbox[end + 1 :]
        name = _name(phrase)
    else:
        bare, _, comment = mailbox.partition(b"(")
        inside, name = bare, _name(comment.strip().removesuffix(b")"))
    address = canonical(_unquoted(decode_words(inside).strip()))
    if not address:
        address = _last_word_with_at(mailbox) if begin < 0 else ""
    if not address:
        return None
    return Address(address=address, name="" if name.lower() == address else name)


def _unquoted(address: str) -> str:
    """An address that was put in quotes, or behind `mailto:`, as a whole."""
    if address[:7].lower() == "mailto:":
        address = address[7:]
    return address.strip('" ') if address[:1] == '"' == address[-1:] else address.strip("' ")


def _last_word_with_at(mailbox: bytes) -> str:
    """`Ida ida@example.org`: an address without its brackets."""
    words = [word for word in decode_words(mailbox[:2_000]).split() if "@" in word]
    return canonical(words[-1].strip("\"'<>()[]")) if words else ""


def _name(phrase: bytes) -> str:
    phrase = phrase.strip()
    if phrase.startswith(b'"') and phrase.endswith(b'"') and len(phrase) > 1:
        phrase = phrase[1:-1]
    phrase = phrase.replace(b'\\"', b'"').replace(b"\\\\", b"\\")
    return clean_name(decode_words(phrase)).strip("'\" ")
