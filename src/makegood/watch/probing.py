"""Sending test messages to ourselves: to every published address, reply path and form."""

import logging
import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.channels.actions import post
from makegood.channels.interface import Address, Outgoing
from makegood.channels.models import Inbox
from makegood.kit.ids import new_token
from makegood.ledger.actions import record
from makegood.ledger.actors import Actor
from makegood.watch.events import ProbesSwitched
from makegood.watch.models import Probe, Watched
from makegood.watch.posting import Unposted, post_form
from makegood.watch.recognising import new_word

log = logging.getLogger(__name__)

EVERY = timedelta(days=1)
AGAIN = timedelta(hours=1)
"""How soon to try again where the last test message is missing."""
KEPT = timedelta(days=90)
AT_ONCE = 20


def watched(inbox: Inbox) -> Watched:
    """How an inbox is watched; one that is new begins a little later, so that it can settle."""
    now = timezone.now()
    first = now + timedelta(minutes=random.uniform(10, 40))  # noqa: S311  # not a secret
    row, _made = Watched.objects.get_or_create(
        inbox=inbox,
        defaults={
            "next_probe_at": first,
            "next_look_at": now + timedelta(minutes=2),
            "next_records_at": now + timedelta(minutes=3),
        },
    )
    return row


def can_be_probed(inbox: Inbox) -> bool:
    """Whether there is a way to send something to it: its own server, or its own page."""
    if inbox.state == Inbox.State.PAUSED or inbox.settings.get("is_sample"):
        return False
    return inbox.kind == "web" or bool(inbox.address and inbox.settings.get("smtp"))


@transaction.atomic
def switch_probes(inbox: Inbox, *, is_on: bool, by: Actor) -> None:
    """Test this inbox from now on, or no longer."""
    row = Watched.objects.select_for_update().get(pk=watched(inbox).pk)
    if row.sends_probes == is_on:
        return
    row.sends_probes = is_on
    row.save(update_fields=["sends_probes"])
    record(ProbesSwitched(inbox_name=inbox.name, is_on=is_on), about=[inbox], by=by)


def probe_inbox(inbox: Inbox) -> Sequence[Probe]:
    """Send a test message every way that leads into this inbox."""
    row = watched(inbox)
    within = timedelta(minutes=row.within_minutes)
    if inbox.kind == "web":
        sent = [_probe_form(inbox, within)]
    else:
        sent = [_probe_address(inbox, way, to, within) for way, to in addresses_of(inbox)]
    _plan_next(row, EVERY)
    Probe.objects.filter(inbox=inbox, sent_at__lt=timezone.now() - KEPT).delete()
    return sent


def addresses_of(inbox: Inbox) -> Iterator[tuple[str, str]]:
    """Every address that leads into a mailbox, with what kind of way it is."""
    published = [inbox.address, *map(str, inbox.settings.get("aliases", ()))]
    for address in dict.fromkeys(one.strip().lower() for one in published):
        if "@" in address:
            yield Probe.Way.ADDRESS, address
    if reply := _reply_address(inbox):
        yield Probe.Way.REPLY, reply


def _reply_address(inbox: Inbox) -> str:
    """An address such as our answers name for replies, with a token that opens nothing."""
    domain = str(inbox.settings.get("reply_domain") or "")
    if domain:
        return f"r.{new_token()}@{domain}"
    if inbox.settings.get("plus_addresses") is False:
        return ""
    local, _at, own = inbox.address.partition("@")
    return f"{local}+r.{new_token()}@{own}"


@transaction.atomic
def _probe_address(inbox: Inbox, way: str, to: str, within: timedelta) -> Probe:
    word, stored = new_word()
    probe = _new_probe(inbox, way, to, stored, within)
    subject, text = _words(word, inbox)
    domain = inbox.address.rpartition("@")[2] or "localhost"
    outgoing = Outgoing(
        key=f"<p.{word}@{domain}>",
        to=[Address(address=to)],
        sender=Address(address=inbox.address, name="Makegood"),
        subject=subject,
        text=text,
        is_automatic=True,
        probe=word,
    )
    probe.delivery = post(outgoing, inbox=inbox, about=probe.ref)
    probe.save(update_fields=["delivery"])
    return probe


def _probe_form(inbox: Inbox, within: timedelta) -> Probe:
    """The form is asked over the network where it has a public address, as a customer would."""
    word, stored = new_word()
    page = f"{settings.URL}/write/{inbox.public_id}/"
    probe = _new_probe(inbox, Probe.Way.FORM, page, stored, within)
    subject, text = _words(word, inbox)
    try:
        post_form(inbox, page, subject, text)
    except Unposted as error:
        # It may have come in all the same: then it is not marked.
        Probe.objects.filter(pk=probe.pk, came_at=None).update(
            state=Probe.State.FAILED, trouble=str(error)
        )
    return probe


def _new_probe(inbox: Inbox, way: str, to: str, stored: str, within: timedelta) -> Probe:
    now = timezone.now()
    return Probe.objects.create(
        inbox=inbox, way=way, to=to, token_hash=stored, sent_at=now, due_at=now + within
    )


def _words(word: str, inbox: Inbox) -> tuple[str, str]:
    subject = f"Makegood test message [{word}]"
    text = _(
        "This is a test message from Makegood to itself. It shows that what customers write to "
        "%(inbox)s comes in. Nobody needs to do anything; it can be deleted."
    ) % {"inbox": inbox.name}
    return subject, f"{text}\n\n{word}\n"


def due_inboxes(now: datetime) -> Sequence[Inbox]:
    """The inboxes whose next test message is due, or that somebody wants to be tested."""
    is_due = Q(asked_at__lte=now)
    if settings.WATCHES:
        is_due |= Q(sends_probes=True, next_probe_at__lte=now)
    rows = Watched.objects.filter(is_due)
    inboxes = [row.inbox for row in rows.select_related("inbox").order_by("next_probe_at")]
    return [inbox for inbox in inboxes if can_be_probed(inbox)][:AT_ONCE]


def claim(inbox: Inbox) -> bool:
    """Take the next test of an inbox for this process; two workers do not both send it."""
    row = watched(inbox)
    same = Watched.objects.filter(pk=row.pk, next_probe_at=row.next_probe_at, asked_at=row.asked_at)
    is_due = row.asked_at is not None or row.next_probe_at <= timezone.now()
    return is_due and bool(same.update(asked_at=None, next_probe_at=timezone.now() + EVERY))


def _plan_next(row: Watched, after: timedelta) -> None:
    """The next time, up to a tenth earlier or later: a thousand shops do not all ask at once."""
    spread = random.uniform(0.9, 1.1)  # noqa: S311  # not a secret
    Watched.objects.filter(pk=row.pk).update(
        next_probe_at=timezone.now() + after * spread, asked_at=None
    )


def try_sooner(inbox: Inbox) -> None:
    """A test message is missing: look again within the hour, not tomorrow."""
    soon = timezone.now() + AGAIN
    Watched.objects.filter(inbox=inbox, next_probe_at__gt=soon).update(next_probe_at=soon)
