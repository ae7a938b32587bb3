"""How sure we are of a mail's sender, in one of four words and a reason (security.md D03).

The bounded child computes SPF, DKIM and DMARC; here is the only place that asks the DNS on
its behalf. Another server's `Authentication-Results` count only where the inbox names that
server and they stand first in the mail (RFC 8601, 5).
"""

import ipaddress
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import dns.exception
import dns.resolver
from django.conf import settings
from django.utils.translation import gettext as _

from makegood.channels.email.child import ReadFailed, ask_apart
from makegood.channels.email.signatures import State
from makegood.channels.interface import Incoming, Trust, Verdict

ROUNDS = 12
MOST_NAMES = 40
PATIENCE = 3.0
REST_AFTER_TIMEOUT = 60.0
Resolver = Callable[[str], list[Any]]


class NoAnswer(Exception):
    """The DNS did not answer in time: nothing can be said."""


class _Names:
    """A small memory of DNS answers, and a rest after a server did not answer."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, tuple[float, list[Any]]] = OrderedDict()
        self._rests_until = 0.0

    def __call__(self, key: str) -> list[Any]:
        now = time.monotonic()
        known = self._known.get(key)
        if known and known[0] > now:
            return known[1]
        if now < self._rests_until:
            raise NoAnswer
        found = self._ask(key)
        self._known[key] = (now + 300, found)
        while len(self._known) > 2000:
            self._known.popitem(last=False)
        return found

    def _ask(self, key: str) -> list[Any]:
        kind, _blank, name = key.partition(" ")
        try:
            answer = dns.resolver.resolve(name, kind, lifetime=PATIENCE, search=False)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer, dns.exception.SyntaxError):
            return []
        except (dns.exception.DNSException, UnicodeError, OSError) as error:
            self._rests_until = time.monotonic() + REST_AFTER_TIMEOUT
            raise NoAnswer from error
        return [_plain(kind, each) for each in answer]


def _plain(kind: str, record: Any) -> Any:
    if kind == "TXT":
        return b"".join(record.strings).decode("utf-8", "replace")
    if kind == "MX":
        return [record.preference, record.exchange.to_text(True)]
    return record.target.to_text(True) if kind == "PTR" else record.address


names = _Names()


def judge(
    raw: bytes,
    envelope: dict[str, Any],
    incoming: Incoming,
    *,
    trusted_server: str = "",
    resolver: Resolver | None = None,
) -> Verdict:
    """Who a mail is from, as far as it can be proved."""
    domain = incoming.sender.address.rpartition("@")[2].lower()
    if not domain:
        return Verdict(trust=Trust.SUSPICIOUS, reason=_("It names no sender"))
    disguise = _disguise(incoming)
    if disguise:
        return Verdict(trust=Trust.SUSPICIOUS, reason=disguise)
    try:
        found = _authenticate(raw, envelope, domain, trusted_server, resolver or names)
    except (NoAnswer, ReadFailed):
        return _with_signature(
            Verdict(reason=_("The sender's domain could not be asked")), incoming
        )
    return _with_signature(_in_words(found, domain), incoming)


def _with_signature(verdict: Verdict, incoming: Incoming) -> Verdict:
    """A signature over the words is told beside the verdict, and does not change it.

    It says who wrote the words, and not who sends them now: a signed mail can be sent again.
    """
    by = incoming.facts.get("signed_by", "")
    words = {
        State.HOLDS.value: _("Signed by %(by)s, whose key you know (%(kind)s)"),
        State.OTHER.value: _("Signed by %(by)s, who is not the sender (%(kind)s)"),
        State.UNKNOWN.value: _("Signed with a key that you do not know (%(kind)s)"),
        State.EXPIRED.value: _("Signed with a key that has expired (%(kind)s)"),
        State.BROKEN.value: _("Its signature does not fit (%(kind)s)"),
    }.get(incoming.facts.get("signature", ""))
    if not words:
        return verdict
    named = {"by": by, "kind": incoming.facts.get("signed", "")}
    return replace(verdict, reason=f"{verdict.reason}. {words % named}")


def fresh_names() -> Resolver:
    """A resolver that remembers nothing from before."""
    return _Names()


def proofs(
    raw: bytes, envelope: dict[str, Any], domain: str, trusted_server: str = ""
) -> dict[str, Any] | None:
    """What the signatures of a mail prove for a domain; None where nothing could be asked."""
    try:
        return _authenticate(raw, envelope, domain, trusted_server, names)
    except (NoAnswer, ReadFailed):
        return None


def _disguise(incoming: Incoming) -> str:
    """A name that shows another address than the mail comes from."""
    name = incoming.sender.name
    if "@" not in name:
        return ""
    shown = next((word.strip("<>()[]\"'.,;") for word in name.split() if "@" in word), "")
    if shown.lower() == incoming.sender.address.lower():
        return ""
    return _("Its name shows another address than it comes from")


def _authenticate(
    raw: bytes, envelope: dict[str, Any], domain: str, trusted_server: str, resolver: Resolver
) -> dict[str, Any]:
    """Ask the child, look up what it misses, and ask again."""
    answers: dict[str, list[Any]] = {}
    told = {
        "envelope": _reachable(envelope),
        "domain": domain,
        "server": trusted_server,
        "answers": answers,
    }
    if not settings.ASKS_DNS and resolver is names:
        raise NoAnswer
    for _round in range(ROUNDS):
        found = ask_apart(raw, told)
        missing = found.get("missing") or []
        if not missing:
            return found
        if len(answers) + len(missing) > MOST_NAMES:
            break
        answers.update({str(key): resolver(str(key)) for key in missing})
    raise NoAnswer


def _reachable(envelope: dict[str, Any]) -> dict[str, str]:
    """The envelope for SPF: a peer inside our own network says nothing about the sender."""
    peer = str(envelope.get("peer") or "")
    try:
        is_outside = ipaddress.ip_address(peer).is_global
    except ValueError:
        is_outside = False
    if not is_outside:
        return {}
    return {name: str(envelope.get(name) or "") for name in ("peer", "from", "helo")}


def _in_words(found: dict[str, Any], domain: str) -> Verdict:
    if found.get("said") == "pass":
        reason = _("Your mail server confirms %(domain)s")
    elif found.get("dkim"):
        reason = _("Signed by %(domain)s (DKIM)")
    elif found.get("spf"):
        reason = _("Sent by a server of %(domain)s (SPF)")
    elif found.get("policy") in ("quarantine", "reject") or found.get("said") == "fail":
        words = _("%(domain)s signs its mail; this one is not signed by it (DMARC)")
        return Verdict(trust=Trust.SUSPICIOUS, reason=words % {"domain": domain})
    else:
        return Verdict(
            reason=_("Nothing proves that it comes from %(domain)s") % {"domain": domain}
        )
    return Verdict(trust=Trust.VERIFIED, reason=reason % {"domain": domain})
