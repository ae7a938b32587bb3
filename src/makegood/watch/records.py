"""A domain's records: whether mail gets in, may go out, and comes back, and what to mend.

The DNS is asked by the same door as for incoming mail. Records are foreign text: they are cut
at blanks and semicolons, nothing more.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from makegood.channels.email.verdict import NoAnswer, Resolver, fresh_names
from makegood.channels.models import Inbox
from makegood.watch.asking import Asked, Look, Record, State, is_same_house
from makegood.watch.models import Probe
from makegood.watch.policies import dkim, dmarc, spf

ENDS_SOON_DAYS = 14


def look_at_records(inbox: Inbox, names: Resolver | None = None) -> list[dict[str, Any]]:
    """Every record of an inbox's domain, ready to be kept; none where the DNS is not asked."""
    domain = inbox.address.rpartition("@")[2]
    is_asked = settings.ASKS_DNS or names is not None
    if not domain or inbox.kind != "email" or not is_asked:
        return []
    names = names or fresh_names()
    asked = Asked(inbox=inbox, domain=domain, names=names, proof=_newest_proof(inbox))
    return [asdict(record) for look in LOOKS for record in _looked(look, asked)]


def _looked(look: Look, asked: Asked) -> Sequence[Record]:
    try:
        return list(look(asked))
    except NoAnswer:
        return [Record(name=look.__name__, state=State.UNKNOWN, why="no answer")]


def _newest_proof(inbox: Inbox) -> dict[str, Any]:
    """What the newest test message that came back by mail has proved."""
    back = inbox.probes.filter(way=Probe.Way.ADDRESS, state=Probe.State.CAME).exclude(seen={})
    newest = back.order_by("-pk").first()
    return dict(newest.seen) if newest and newest.seen.get("known") else {}


def mx(asked: Asked) -> Iterator[Record]:
    """Where mail for the domain is led to."""
    found = sorted(
        (int(one[0]), str(one[1]).rstrip(".")) for one in asked.names(f"MX {asked.domain}")
    )
    hosts = [host for _preference, host in found if host]
    shown = ", ".join(f"{preference} {host}" for preference, host in found)
    lost = [host for host in hosts if not asked.has_address(host)]
    imap = asked.server("imap")
    values = {
        "domain": asked.domain, "hosts": ", ".join(hosts), "lost": ", ".join(lost), "imap": imap,
    }  # fmt: skip
    state, why = State.OK, "mx ok"
    if not hosts:
        state, why = State.BROKEN, "mx none"
    elif len(lost) == len(hosts):
        state, why = State.BROKEN, "mx lost"
    elif lost:
        state, why = State.ATTENTION, "mx partly lost"
    elif imap and not any(is_same_house(imap, host) for host in hosts):
        why = "mx elsewhere"
    yield Record(name="mx", state=state, why=why, values=values, found=shown)


def tls(asked: Asked) -> Iterator[Record]:
    """The certificates of the inbox's servers, as they were when we last asked."""
    watched = getattr(asked.inbox, "watched", None)
    for one in watched.certificates if watched else ():
        values: dict[str, Any] = {"host": one["host"], "said": one.get("trouble", "")}
        if one.get("trouble"):
            yield Record(name="tls", state=State.BROKEN, why="tls broken", values=values)
        elif one.get("ends_at"):
            left = datetime.fromisoformat(one["ends_at"]) - timezone.now()
            state = State.OK if left.days >= ENDS_SOON_DAYS else State.ATTENTION
            yield Record(name="tls", state=state, why="tls ok", values={**values, "n": left.days})


def guards(asked: Asked) -> Iterator[Record]:
    """MTA-STS and TLS reports: noted; nobody has to have them."""
    for name, place, starts in (
        ("mta-sts", f"_mta-sts.{asked.domain}", "v=STSv1"),
        ("tls-rpt", f"_smtp._tls.{asked.domain}", "v=TLSRPTv1"),
    ):
        found = " ".join(asked.texts(place, starts))
        yield Record(name=name, state=State.OK, why="there" if found else "not needed", found=found)


def reverse(asked: Asked) -> Iterator[Record]:
    """The name of a sending server that is the shop's own; a provider's is not ours to mend."""
    host = asked.server("smtp")
    if not host or not is_same_house(host, asked.domain):
        return
    for address in [str(one) for one in asked.names(f"A {host}")][:2]:
        pointer = f"{'.'.join(reversed(address.split('.')))}.in-addr.arpa"
        known = [str(one).rstrip(".") for one in asked.names(f"PTR {pointer}")]
        values = {"host": host, "address": address}
        is_known = any(address in map(str, asked.names(f"A {name}")) for name in known[:3])
        state, why = (State.OK, "ptr ok") if is_known else (State.ATTENTION, "ptr none")
        found = ", ".join(known)
        yield Record(name="reverse", state=state, why=why, values=values, found=found)


def reply(asked: Asked) -> Iterator[Record]:
    """Whether answers to the addresses that we give out come back."""
    told = asked.inbox.settings
    if told.get("plus_addresses") is False and not told.get("reply_domain"):
        yield Record(name="reply", state=State.ATTENTION, why="reply plain")
        return
    newest = asked.inbox.probes.filter(way=Probe.Way.REPLY).order_by("-pk").first()
    found = newest.to.replace(newest.to.partition("@")[0][-26:], "…") if newest else ""
    if newest is None or (newest.state == Probe.State.WAITING and newest.due_at > timezone.now()):
        yield Record(name="reply", state=State.UNKNOWN, why="not tried")
    elif newest.state == Probe.State.CAME:
        yield Record(name="reply", state=State.OK, why="reply ok", found=found)
    else:
        yield Record(name="reply", state=State.BROKEN, why="reply lost", found=found)


LOOKS: Sequence[Look] = (mx, spf, dkim, dmarc, reply, tls, reverse, guards)
