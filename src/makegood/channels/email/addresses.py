"""Addresses in headers: one linear reader and one canonical form, used everywhere."""

import idna

from makegood.channels.interface import Address

from .charsets import clean_name
from .words import decode_words, end_of_word

MAX_ADDRESSES = 500
_LONGEST = 320
_SPECIAL = set('()<>[]:;@\\,." \t') - {"."}


def canonical(address: str) -> str:
    """The form in which two addresses are compared: ASCII in lower case, the domain in IDNA.

    Nothing is folded beyond that: `ı` is not `i`. Empty where it is not an address at all.
    """
    address = address.strip().strip("<>").strip()
    local, at, domain = address.rpartition("@")
    if local[:1] == '"' == local[-1:] and _is_plain(local[1:-1]):
        local = local[1:-1]
    if not at or not local or not domain or len(address) > _LONGEST:
        return ""
    if any(ord(char) <= 32 or ord(char) == 127 or not char.isprintable() for char in address):
        return ""
    domain = _ascii_domain(domain.rstrip("."))
    return f"{_lower(local)}@{domain}" if domain else ""


def _is_plain(local: str) -> bool:
    """Whether a local part says the same without its quotes (RFC 5322, 3.4.1)."""
    return bool(local) and local[0] != "." != local[-1] and not set(local) & _SPECIAL


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
    found: list[Address] = []
    waiting: list[bytes] = []
    for mailbox in _mailboxes(header):
        if b"@" not in mailbox and b"=" not in mailbox:
            # `Berg, Ida <ida@example.org>`: half a name that nobody put in quotes.
            waiting.append(mailbox)
            continue
        whole = b",".join([*waiting[-2:], mailbox]) if b"<" in mailbox else mailbox
        waiting = []
        found += filter(None, map(_address, _words_of_addresses(whole)))
    return found[:MAX_ADDRESSES]


def _words_of_addresses(mailbox: bytes) -> list[bytes]:
    """`a@example.org b@example.org`: two, with nothing between them but a space."""
    words = mailbox.split() if not set(mailbox) & set(b'<"(') else []
    return words if len(words) > 1 and all(b"@" in word[1:-1] for word in words) else [mailbox]


def _mailboxes(header: bytes, *, heeds_quotes: bool = True) -> list[bytes]:
    """Cut at commas, semicolons and group names that stand outside quotes and brackets."""
    found: list[bytes] = []
    begun = at = comment = 0
    quoted = angle = comma = -1
    while at < len(header) and len(found) < MAX_ADDRESSES:
        char = header[at : at + 1]
        if char == b"\\" and (quoted >= 0 or comment):
            at += 1
        elif char == b'"' and not comment and heeds_quotes:
            quoted = -1 if quoted >= 0 else at
        elif char == b"(" and quoted < 0:
            comment += 1
        elif char == b")" and comment:
            comment -= 1
        elif quoted >= 0 or comment:
            pass
        elif char == b"=" and angle < 0:
            at = max(at, end_of_word(header, at) - 1)  # a comma in there belongs to a name
        elif char == b"<":
            if comma >= 0:  # the bracket before was never closed
                found.append(header[begun:comma])
                begun = comma + 1
            angle, comma = at, -1
        elif char == b">":
            angle = comma = -1
        elif char == b":" and angle < 0:
            begun = at + 1
        elif char in (b",", b";"):
            if angle < 0:
                found.append(header[begun:at])
                begun = at + 1
            elif comma < 0:
                comma = at
        at += 1
    if quoted >= 0 and heeds_quotes:
        return _mailboxes(header[:quoted] + header[quoted + 1 :], heeds_quotes=False)
    if comma >= 0:
        found.append(header[begun:comma])
        begun = comma + 1
    return [mailbox for mailbox in [*found, header[begun:]] if mailbox.strip()]


def _without_comments(mailbox: bytes) -> tuple[bytes, bytes]:
    """What stands outside round brackets, and what the last of them said."""
    if b"(" not in mailbox:
        return mailbox, b""
    outside: list[bytes] = []
    begun = depth = 0
    comment = b""
    quoted = False
    for at, byte in enumerate(mailbox):
        if byte == 0x22 and not depth:
            quoted = not quoted
        elif quoted:
            continue
        elif byte == 0x28:
            if not depth:
                outside.append(mailbox[begun:at])
                begun = at + 1
            depth += 1
        elif byte == 0x29 and depth:
            depth -= 1
            if not depth:
                comment = mailbox[begun:at]
                begun = at + 1
    rest = mailbox[begun:]
    return (b"".join(outside), rest) if depth else (b"".join([*outside, rest]), comment)


def _address(mailbox: bytes, *, is_decoded: bool = False) -> Address | None:
    mailbox, comment = _without_comments(mailbox)
    begin = mailbox.rfind(b"<")
    end = mailbox.find(b">", begin) if begin >= 0 else -1
    inside, phrase = mailbox, b""
    if begin >= 0:
        inside = mailbox[begin + 1 : end if end >= 0 else None]
        if inside.startswith(b"@") and b":" in inside:
            inside = inside.partition(b":")[2]
        phrase = mailbox[:begin].rstrip(b"< \t")
        if not phrase.strip() and end >= 0:
            phrase = mailbox[end + 1 :]
    bare = _unquoted(decode_words(inside).strip())
    address = canonical(bare) or (canonical("".join(bare.split())) if begin >= 0 else "")
    name = _name(phrase) or _name(comment)
    if not address and begin < 0:
        address, before = _last_word_with_at(mailbox)
        name = name or before
    if not address and b"=?" in mailbox and not is_decoded:
        return _address(decode_words(mailbox).encode("utf-8", "replace"), is_decoded=True)
    if not address:
        return None
    return Address(address=address, name="" if name.lower() == address else name)


def _unquoted(address: str) -> str:
    """An address that was put in quotes, or behind `mailto:`, as a whole."""
    scheme, colon, rest = address.partition(":")
    if colon and scheme.lower() in ("mailto", "smtp"):
        address = rest
    return address.strip('" ') if address[:1] == '"' == address[-1:] else address.strip("' ")


def _last_word_with_at(mailbox: bytes) -> tuple[str, str]:
    """`Ida ida@example.org`: an address without its brackets, and the name before it."""
    words = decode_words(mailbox[:2_000]).split()
    last = next((i for i in range(len(words) - 1, -1, -1) if "@" in words[i]), -1)
    if last < 0:
        return "", ""
    before = clean_name(" ".join(words[:last])).strip("'\" [(<-")
    return canonical(words[last].strip("\"'<>()[]")), "" if "@" in before else before


def _name(phrase: bytes) -> str:
    phrase = phrase.strip()
    if phrase.startswith(b'"') and phrase.endswith(b'"') and len(phrase) > 1:
        phrase = phrase[1:-1]
    phrase = phrase.replace(b'\\"', b'"').replace(b"\\\\", b"\\")
    return clean_name(decode_words(phrase)).strip("'\" ")
