"""Whether mail gets to an address: what was refused there, and when that is enough to say so.

One word that the address itself is gone is enough. Any other final refusal may have been about
one mail or one bad day of a server: it takes two, of different mails, within thirty days.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import BigAutoField
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.customers.events import HandleBounced, HandleComplained, HandleWorks
from makegood.customers.models import Handle, Refusal
from makegood.kit.compiled import Compiled
from makegood.kit.text import fit_for_storage, one_line
from makegood.ledger.actions import record
from makegood.ledger.actors import Actor

SURE_CAUSES = ("no such mailbox", "host unknown")
"""Said once, these say it of the address and not of the mail."""
ENOUGH = 2
WITHIN = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class RefusedMail:
    """What another server said of one mail of ours to one address."""

    about: str
    is_final: bool
    cause: str = ""
    reason: str = ""
    """Why, in a sentence of ours."""
    said: str = ""


@transaction.atomic
def note_refusal(handle: Handle, refused: RefusedMail, *, at: datetime, by: Actor) -> bool:
    """Count one refusal, once; whether the address is undeliverable from now on."""
    handle = Handle.objects.select_for_update(of=("self",)).get(pk=handle.pk)
    known = Refusal.objects.filter(handle=handle, about=refused.about).first()
    if known is not None and (known.is_final or not refused.is_final):
        return False
    Refusal.objects.update_or_create(
        handle=handle,
        about=refused.about,
        defaults={
            "is_final": refused.is_final,
            "cause": refused.cause[:40],
            "said": one_line(fit_for_storage(refused.said), 500),
            "at": at,
            "forgiven_at": None,
        },
    )
    if handle.bounced_at is not None or not _is_enough(handle, refused, at):
        return False
    reason = one_line(refused.reason or refused.said or _("The other server did not say why."), 250)
    handle.bounced_at, handle.bounced_because = at, reason
    handle.save(update_fields=["bounced_at", "bounced_because"])
    about = [handle, handle.customer]
    record(HandleBounced(address=handle.address, reason=reason), about=about, by=by)
    return True


def _is_enough(handle: Handle, refused: RefusedMail, at: datetime) -> bool:
    if not refused.is_final:
        return False
    if refused.cause in SURE_CAUSES:
        return True
    counted = Refusal.objects.filter(handle=handle, is_final=True, forgiven_at=None)
    return counted.filter(at__gt=at - WITHIN).count() >= ENOUGH


_COUNTED: Compiled[tuple[int]] = Compiled(
    lambda handle: Refusal.objects.filter(handle=handle, forgiven_at=None).values_list("pk")[:1],
    BigAutoField(),
)


def hear_from(handle: Handle, *, by: Actor) -> None:
    """Somebody wrote from an address: what was refused there before counts no more."""
    if handle.bounced_at is not None:
        trust_handle_again(handle, by=by)
    elif _COUNTED.all(handle.pk):
        _forgive(handle)


def _forgive(handle: Handle) -> None:
    waiting = Refusal.objects.filter(handle=handle, forgiven_at=None)
    waiting.update(forgiven_at=timezone.now())


@transaction.atomic
def trust_handle_again(handle: Handle, *, by: Actor) -> bool:
    """Write to an address again: somebody says that it works, or it wrote to us itself."""
    handle = Handle.objects.select_for_update(of=("self",)).get(pk=handle.pk)
    _forgive(handle)
    if handle.bounced_at is None:
        return False
    handle.bounced_at, handle.bounced_because = None, ""
    handle.save(update_fields=["bounced_at", "bounced_because"])
    about = [handle, handle.customer]
    record(HandleWorks(address=handle.address), about=about, by=by)
    return True


@transaction.atomic
def note_complaint(handle: Handle, *, at: datetime, by: Actor) -> None:
    """The owner called our mail spam. Said twice, it is noted once."""
    if Handle.objects.filter(pk=handle.pk, complained_at=None).update(complained_at=at):
        about = [handle, handle.customer]
        record(HandleComplained(address=handle.address), about=about, by=by)
