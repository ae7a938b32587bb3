"""What a look at the house shows: each function tells of one cause, from rows alone."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from makegood.channels.models import Delivery, Inbox
from makegood.channels.troubles import UNSETTLED, oldest_delivery_waiting
from makegood.files.room import reserve
from makegood.ledger.followers import held_by_follower
from makegood.watch.alarms import Cause, Shows, Sighting
from makegood.watch.marks import is_full, is_refused_login
from makegood.watch.models import Probe, Watched

FULL, ROOMY = 0.95, 0.9
CERTIFICATE_ENDS, CERTIFICATE_LASTS = 14, 20
OUTBOX_WITHIN = timedelta(minutes=15)
ROOM_AGAIN = 1.25
NEWEST = 30
HAVE_THEIR_OWN = ("tls", "reply")


def sightings(now: datetime) -> Sequence[Sighting]:
    """Everything that is looked at, as it looks now."""
    inboxes = list(Inbox.objects.exclude(state=Inbox.State.PAUSED).select_related("watched"))
    found = [sighting for inbox in inboxes for look in OF_AN_INBOX for sighting in look(inbox, now)]
    return [*found, *_outbox(now), *_disk(), *_followers()]


def _shows(is_wrong: bool, is_well: bool = True) -> Shows:
    if is_wrong:
        return Shows.WRONG
    return Shows.WELL if is_well else Shows.NEITHER


def _servers(inbox: Inbox, _now: datetime) -> Iterator[Sighting]:
    """The inbox's own trouble, told apart: refused, full, or no answer at all."""
    said = inbox.trouble if inbox.state == Inbox.State.TROUBLE else ""
    refused, full = is_refused_login(said), is_full(said)
    others = bool(said) and not refused and not full
    yield Sighting(cause=Cause.LOGIN, inbox=inbox, shows=_shows(refused), said=said)
    yield Sighting(cause=Cause.NETWORK, inbox=inbox, shows=_shows(others), said=said)
    quota = _mailbox(inbox).get("quota") or {}
    share = quota["used"] / quota["limit"] if quota.get("limit") else 0.0
    values = {"share": int(share * 100) or "100"}
    shows = _shows(full or share >= FULL, share < ROOMY)
    yield Sighting(cause=Cause.FULL, inbox=inbox, shows=shows, values=values, said=said)


def _folder(inbox: Inbox, _now: datetime) -> Iterator[Sighting]:
    mailbox = _mailbox(inbox)
    if "unfetched" in mailbox:
        count = int(mailbox["unfetched"])
        shows = _shows(count > 0)
        yield Sighting(cause=Cause.FOLDER, inbox=inbox, shows=shows, values={"n": count})


def _certificates(inbox: Inbox, now: datetime) -> Iterator[Sighting]:
    watched = _watched(inbox)
    for one in watched.certificates if watched else ():
        ends = datetime.fromisoformat(one["ends_at"]) if one.get("ends_at") else None
        days = (ends - now).days if ends else CERTIFICATE_LASTS
        is_wrong = bool(one.get("trouble")) or days < CERTIFICATE_ENDS
        yield Sighting(
            cause=Cause.CERTIFICATE,
            inbox=inbox,
            about=f"{one['host']}:{one['port']}",
            shows=_shows(is_wrong, days >= CERTIFICATE_LASTS),
            values={"host": one["host"], "n": days},
            said=one.get("trouble", ""),
        )


def _probes(inbox: Inbox, now: datetime) -> Iterator[Sighting]:
    """The newest word of each way in: late or lost is wrong, one on its way says nothing."""
    watched = _watched(inbox)
    if watched is None or not watched.sends_probes:
        return
    ways: dict[tuple[str, str], Sighting] = {}
    for probe in inbox.probes.order_by("-pk")[:NEWEST]:
        is_reply = probe.way == Probe.Way.REPLY
        cause, about = (Cause.REPLY, "") if is_reply else (Cause.PROBE, probe.to)
        known = ways.get((cause, about))
        if known is None or known.shows == Shows.NEITHER:
            ways[cause, about] = Sighting(
                cause=cause,
                inbox=inbox,
                about=about,
                shows=_state_of(probe, now),
                values={"to": probe.to},
                said=probe.trouble,
            )
    yield from ways.values()


def _state_of(probe: Probe, now: datetime) -> Shows:
    if probe.state == Probe.State.CAME:
        return Shows.WELL
    is_lost = probe.state == Probe.State.FAILED or probe.due_at < now
    return _shows(is_lost, is_well=False)


def _records(inbox: Inbox, _now: datetime) -> Iterator[Sighting]:
    watched = _watched(inbox)
    for one in watched.records if watched else ():
        name, state = one["name"], one["state"]
        if name not in HAVE_THEIR_OWN:
            shows = _shows(state == "broken", state != "unknown")
            values = {"record": name.upper()}
            yield Sighting(cause=Cause.RECORD, inbox=inbox, about=name, shows=shows, values=values)


def _outbox(now: datetime) -> Iterator[Sighting]:
    since = oldest_delivery_waiting(now)
    stands = since is not None and now - since > OUTBOX_WITHIN
    waiting = Delivery.objects.filter(UNSETTLED, state="queued", send_after__lte=now)
    count = waiting.count() if stands else 0
    yield Sighting(cause=Cause.OUTBOX, shows=_shows(stands), values={"n": count})


def _disk() -> Iterator[Sighting]:
    disk = shutil.disk_usage(settings.DATA)
    kept = reserve(disk.total)
    shows = _shows(disk.free <= kept, disk.free > kept * ROOM_AGAIN)
    yield Sighting(cause=Cause.DISK, shows=shows, values={"mb": disk.free // 1_000_000})


def _followers() -> Iterator[Sighting]:
    for name, count in held_by_follower().items():
        values = {"name": name, "n": count}
        yield Sighting(cause=Cause.FOLLOWER, about=name, shows=Shows.WRONG, values=values)


def _watched(inbox: Inbox) -> Watched | None:
    return getattr(inbox, "watched", None)


def _mailbox(inbox: Inbox) -> dict[str, Any]:
    watched = _watched(inbox)
    return watched.mailbox if watched else {}


OF_AN_INBOX: Sequence[Callable[[Inbox, datetime], Iterator[Sighting]]] = (
    _servers, _folder, _certificates, _probes, _records,
)  # fmt: skip
