"""SPF, DKIM and DMARC of one mail, computed from the raw bytes and from given DNS answers.

Pure, and run only in the bounded child: signatures and records are foreign text. The child
has no network, so it is told the answers it has asked for, and asked again until it misses
none (`verdict.judge`). RFC 7208 (SPF), RFC 6376 (DKIM), RFC 7489 (DMARC).
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import dkim
import spf
from publicsuffix2 import get_sld

from . import mime

MOST_SIGNATURES = 4
_LONGEST_RESULTS = 10_000
Answers = Mapping[str, list[Any]]


@dataclass
class Asking:
    """The DNS as the child sees it: what it was told, and what it still has to ask."""

    answers: Answers
    missing: set[str] = field(default_factory=set)

    def ask(self, kind: str, name: str) -> list[Any]:
        key = f"{kind} {name.rstrip('.').lower()}"
        if key not in self.answers:
            self.missing.add(key)
            return []
        return list(self.answers[key])

    def text(self, name: str) -> str:
        """The first TXT record that there is, joined."""
        return next(iter(self.ask("TXT", name)), "")


def authenticate(
    raw: bytes, envelope: Mapping[str, Any], domain: str, answers: Answers
) -> dict[str, Any]:
    """What can be said of the sender's domain; `missing` lists the DNS names still to ask."""
    logging.disable(logging.CRITICAL)
    asking = Asking(answers)
    selectors: list[str] = []
    signed = _signing_domains(raw, asking, selectors)
    passed = _envelope_domain(envelope, asking)
    policy = _policy(domain, asking) if domain else {}
    strict_dkim = policy.get("adkim", "r") == "s"
    strict_spf = policy.get("aspf", "r") == "s"
    return {
        "missing": sorted(asking.missing),
        "dkim": [each for each in signed if is_aligned(each, domain, strict=strict_dkim)],
        "signed": signed,
        "selectors": selectors,
        "spf": passed if is_aligned(passed, domain, strict=strict_spf) else "",
        "policy": policy.get("p", "") if policy else "",
    }


def server_says(raw: bytes, server: str) -> str:
    """What the named server says of DMARC in the first such header; else an empty word.

    Only the first counts: whatever stands further down may have come with the mail.
    """
    if not server:
        return ""
    first = mime.parse(raw).root.first("authentication-results")
    text = first.decode("ascii", "replace").lower()
    name, *results = _bare(text[:_LONGEST_RESULTS]).split(";")
    if (name.split() or [""])[0] != server.lower():
        return ""
    for result in results:
        method, _is, said = result.partition("=")
        if method.strip() == "dmarc":
            return (said.split() or [""])[0]
    return ""


def _bare(text: str) -> str:
    """Without comments and quoted strings: what a stranger chose is repeated in those."""
    kept: list[str] = []
    depth, is_quoted, is_escaped = 0, False, False
    for sign in text:
        if is_escaped or (sign == "\\" and (depth or is_quoted)):
            is_escaped = not is_escaped
        elif sign == '"' and not depth:
            is_quoted = not is_quoted
        elif sign == "(" and not is_quoted:
            depth += 1
        elif sign == ")" and depth:
            depth -= 1
        elif not depth and not is_quoted:
            kept.append(sign)
    return "".join(kept)


def is_aligned(one: str, other: str, *, strict: bool = False) -> bool:
    """RFC 7489, 3.1: the same domain, or (relaxed) the same organisation's."""
    one, other = one.lower().rstrip("."), other.lower().rstrip(".")
    if not one or not other:
        return False
    return one == other or (not strict and organisation(one) == organisation(other) != "")


def organisation(domain: str) -> str:
    """The organisational domain by the public suffix list that comes with the library."""
    found = get_sld(domain, strict=True)
    return str(found) if found and "." in str(found) else ""


def _signing_domains(raw: bytes, asking: Asking, selectors: list[str]) -> list[str]:
    """The domains whose signatures over the whole body hold; `selectors` gets every key's name."""
    domains = []
    try:
        mail = dkim.DKIM(raw, minkey=1024)
    except dkim.DKIMException:
        return []
    count = sum(name.lower() == b"dkim-signature" for name, _value in mail.headers)
    for index in range(min(count, MOST_SIGNATURES)):
        try:
            holds = mail.verify(
                idx=index,
                dnsfunc=lambda name, timeout=0: _key(name, asking),
            )
        except (dkim.DKIMException, ValueError, IndexError, KeyError, TypeError):
            continue
        selectors.append(_key_name(mail.signature_fields))
        # `l=` signs only the beginning: what follows could be anybody's.
        if holds and b"l" not in mail.signature_fields:
            domains.append(mail.signature_fields[b"d"].decode("ascii", "replace").lower())
    return domains


def _key_name(fields: Mapping[bytes, bytes]) -> str:
    selector, domain = fields.get(b"s", b""), fields.get(b"d", b"")
    return f"{selector.decode('ascii', 'replace')} {domain.decode('ascii', 'replace')}".lower()


def _key(name: Any, asking: Asking) -> bytes:
    text = name.decode("ascii", "replace") if isinstance(name, bytes) else str(name)
    return asking.text(text).encode()


def _envelope_domain(envelope: Mapping[str, Any], asking: Asking) -> str:
    """The envelope's domain where SPF lets the peer send for it; else an empty word."""
    peer, sender = str(envelope.get("peer") or ""), str(envelope.get("from") or "")
    domain = sender.rpartition("@")[2]
    if not peer or not domain:
        return ""

    def look_up(name: str, kind: str, *_rest: Any, **_more: Any) -> list[Any]:
        found = asking.ask(kind, name)
        shaped = [(each.encode(),) if kind in ("TXT", "SPF") else each for each in found]
        return [((name, kind), tuple(one) if isinstance(one, list) else one) for one in shaped]

    spf.DNSLookup = look_up
    try:
        query = spf.query(i=peer, s=sender, h=str(envelope.get("helo") or ""), timeout=2)
        result = query.check()[0]
    except (spf.PermError, spf.TempError, ValueError, IndexError, TypeError, UnicodeError):
        return ""
    return domain.lower() if result == "pass" else ""


def _policy(domain: str, asking: Asking) -> dict[str, str]:
    """The DMARC record of a domain, or of its organisation where it has none."""
    for place in dict.fromkeys([domain, organisation(domain)]):
        for record in asking.ask("TXT", f"_dmarc.{place}") if place else []:
            tags = _tags(str(record))
            if tags.get("v") == "DMARC1":
                if place != domain and "sp" in tags:
                    tags["p"] = tags["sp"]
                return tags
    return {}


def _tags(record: str) -> dict[str, str]:
    pairs = (piece.partition("=") for piece in record.split(";"))
    return {name.strip().lower(): value.strip() for name, _is, value in pairs if name.strip()}
