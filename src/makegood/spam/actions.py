from django.db import transaction
from django.utils import timezone

from makegood.customers.models import Handle
from makegood.kit.records import Record
from makegood.ledger.actions import record
from makegood.ledger.actors import Actor
from makegood.spam.events import SenderCalledSpam, SenderCleared
from makegood.spam.models import SpamSender


@transaction.atomic
def remember_sender(handle: Handle, *, because: Record, by: Actor) -> None:
    """Let later mail of this address go to spam. Asked twice, it is remembered once."""
    handle = Handle.objects.select_for_update().get(pk=handle.pk)
    if SpamSender.objects.filter(handle=handle, lifted_at=None).exists():
        return
    SpamSender.objects.create(handle=handle, since=timezone.now(), because=because.ref)
    fact = SenderCalledSpam(address=handle.address)
    record(fact, about=[because, handle, handle.customer], by=by)


@transaction.atomic
def clear_sender(handle: Handle, *, because: Record, by: Actor) -> None:
    """Hear this address again."""
    handle = Handle.objects.select_for_update().get(pk=handle.pk)
    held = SpamSender.objects.filter(handle=handle, lifted_at=None)
    if not held.update(lifted_at=timezone.now()):
        return
    fact = SenderCleared(address=handle.address)
    record(fact, about=[because, handle, handle.customer], by=by)
