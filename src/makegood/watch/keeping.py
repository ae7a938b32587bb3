"""What the worker does here: send what is due, look where it is time, and keep the alarms."""

import logging
import time
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.channels.models import Delivery, Inbox
from makegood.watch.alarms import keep_alarms
from makegood.watch.looking import sightings
from makegood.watch.models import Probe, Watched
from makegood.watch.probing import claim, due_inboxes, probe_inbox, try_sooner, watched
from makegood.watch.proving import what_it_proved
from makegood.watch.records import look_at_records
from makegood.watch.servers import NotRead, look_at_certificates, look_at_mailbox, read_again
from makegood.watch.tokens import keep_tokens_fresh

log = logging.getLogger(__name__)

ASK_SECONDS, SWEEP_SECONDS = 4.0, 30.0
LOOK_EVERY = timedelta(minutes=15)
LOOK_SOON = timedelta(minutes=5)
RECORDS_EVERY = timedelta(days=1)
GIVEN_UP = (Delivery.State.FAILED, Delivery.State.BOUNCED)


class Watch:
    """One round after another, not oftener than it makes sense: every commit wakes the worker."""

    def __init__(self) -> None:
        self._asked_at = self._swept_at = float("-inf")

    def step(self) -> int:
        """Send, follow and look every few seconds; sweep for alarms every half minute."""
        now = time.monotonic()
        if now - self._asked_at < ASK_SECONDS:
            return 0
        self._asked_at = now
        did = tend(timezone.now())
        if did or now - self._swept_at > SWEEP_SECONDS:
            self._swept_at = now
            did += sweep()
        return did


def watch_over() -> int:
    """Everything once, here and now."""
    did = tend(timezone.now())
    return did + sweep()


def sweep() -> int:
    """Look at everything that is known, and keep the alarms by it."""
    now = timezone.now()
    return keep_alarms(sightings(now), now)


def tend(now: datetime) -> int:
    """Send what is due, follow what is under way, ask the servers; how much there was to do."""
    if not settings.WATCHES:
        return keep_tokens_fresh(now) + _send_probes(now) + _follow_probes(now)
    for inbox in Inbox.objects.exclude(state=Inbox.State.PAUSED).filter(watched=None):
        watched(inbox)
    did = keep_tokens_fresh(now) + _send_probes(now) + _follow_probes(now)
    return did + _look_at_inboxes(now)


def _send_probes(now: datetime) -> int:
    inboxes = [inbox for inbox in due_inboxes(now) if claim(inbox)]
    for inbox in inboxes:
        probe_inbox(inbox)
    return len(inboxes)


def _follow_probes(now: datetime) -> int:
    """What became of test messages: lost on the way, late, or back with their signatures."""
    lost = Probe.objects.filter(state=Probe.State.WAITING, delivery__state__in=GIVEN_UP)
    for probe in lost.select_related("delivery", "inbox"):
        words = probe.delivery.trouble if probe.delivery else ""
        changed = Probe.objects.filter(pk=probe.pk, came_at=None)
        changed.update(state=Probe.State.FAILED, trouble=words or _("It was returned."))
        try_sooner(probe.inbox)
    late = Probe.objects.filter(state=Probe.State.WAITING, due_at__lt=now)
    for inbox in Inbox.objects.filter(pk__in=late.values("inbox")):
        try_sooner(inbox)
    back = Probe.objects.filter(state=Probe.State.CAME, seen={}).exclude(arrival=None)
    for probe in back.select_related("arrival", "inbox")[:20]:
        probe.seen = what_it_proved(probe)
        probe.save(update_fields=["seen"])
        _look_at_records_of(probe.inbox)
    return lost.count() + len(back)


def _look_at_inboxes(now: datetime) -> int:
    """Servers every quarter of an hour, records once a day, a range that somebody asked for."""
    rows = Watched.objects.exclude(inbox__state=Inbox.State.PAUSED).filter(inbox__kind="email")
    rows = rows.select_related("inbox")
    for row in (asked := list(rows.exclude(read_again={}))):
        _read_again(row)
    for row in (due := list(rows.filter(next_look_at__lte=now)[:10])):
        _look_at_servers(row, now)
    for row in (stale := list(rows.filter(next_records_at__lte=now)[:10])):
        _look_at_records_of(row.inbox)
    return len(asked) + len(due) + len(stale)


def _look_at_servers(row: Watched, now: datetime) -> None:
    if row.inbox.settings.get("is_sample"):
        mailbox, certificates = {}, []
    else:
        mailbox = look_at_mailbox(row.inbox)
        certificates = list(look_at_certificates(row.inbox))
    soon = LOOK_SOON if mailbox.get("unfetched") or mailbox.get("trouble") else LOOK_EVERY
    Watched.objects.filter(pk=row.pk).update(
        mailbox=mailbox, certificates=certificates, looked_at=now, next_look_at=now + soon
    )


def _look_at_records_of(inbox: Inbox) -> None:
    now = timezone.now()
    Watched.objects.filter(inbox=inbox).update(
        records=look_at_records(inbox), records_at=now, next_records_at=now + RECORDS_EVERY
    )


def _read_again(row: Watched) -> None:
    wanted = row.read_again
    Watched.objects.filter(pk=row.pk).update(read_again={}, next_look_at=timezone.now())
    try:
        read_again(row.inbox, int(wanted["first"]), int(wanted["last"]))
    except NotRead as error:
        log.warning("A range was not read again.", extra={"inbox": row.inbox_id, "why": str(error)})
