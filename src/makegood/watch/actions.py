"""What somebody who looks after the ways in may ask for."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.channels.models import Inbox
from makegood.kit.errors import Refused
from makegood.ledger.actions import record
from makegood.ledger.actors import Actor
from makegood.watch.events import ReadAgain
from makegood.watch.models import Watched
from makegood.watch.probing import can_be_probed, switch_probes, watched

__all__ = ["look_again", "read_range_again", "send_probe_soon", "switch_probes"]

MOST = 2_000


@transaction.atomic
def send_probe_soon(inbox: Inbox, *, by: Actor) -> None:
    """Have the worker send a test message now. A page does not wait for a mail server."""
    del by  # asked for, but nothing of the shop changes: no event tells of it
    if not can_be_probed(inbox):
        raise Refused(_("This inbox has no server to send a test message by."))
    Watched.objects.filter(pk=watched(inbox).pk).update(asked_at=timezone.now())


@transaction.atomic
def look_again(inbox: Inbox, *, by: Actor) -> None:
    """Have the worker ask the mail server and the domain now."""
    del by  # see above
    now = timezone.now()
    Watched.objects.filter(pk=watched(inbox).pk).update(next_look_at=now, next_records_at=now)


@transaction.atomic
def read_range_again(inbox: Inbox, first: int, last: int, *, by: Actor) -> None:
    """Have the worker fetch these UIDs once more. What we have already is not doubled."""
    if not inbox.settings.get("imap"):
        raise Refused(_("Nothing is fetched for this inbox."))
    if not 0 < first <= last:
        raise Refused(_("Give the first and the last number of the mails to read again."))
    last = min(last, first + MOST - 1)
    wanted = {"first": first, "last": last}
    Watched.objects.filter(pk=watched(inbox).pk).update(read_again=wanted)
    record(ReadAgain(inbox_name=inbox.name, first=first, last=last), about=[inbox], by=by)
