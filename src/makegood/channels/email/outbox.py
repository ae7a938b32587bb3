"""The outbox of mail: each delivery goes out once, or is held where nobody can know.

A try leases the row with a new fencing number. While the row is `queued`, nothing of the
mail has left, so a process that dies is simply followed by another. `sending` is committed
before the first byte; whoever finds it after the lease ran out marks it in doubt, and a
person decides.
"""

import logging
from collections import Counter
from datetime import datetime, timedelta

from django.db import DatabaseError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.channels.actions import settle_delivery
from makegood.channels.email.condition import note_trouble, note_works
from makegood.channels.email.sending import TakenBack, letter_of, transmit
from makegood.channels.email.servers import NoSettings, server_of
from makegood.channels.interface import DeliveryFailed
from makegood.channels.models import Delivery, Inbox
from makegood.channels.outgoing import from_json
from makegood.channels.troubles import UNSETTLED
from makegood.kit.text import fit_for_storage

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
SLOTS = 2
"""How many deliveries of one inbox may be under way: a slow server holds up nobody else."""

_PAUSES = [timedelta(seconds=s) for s in (30, 120, 300, 900, 1800, 3600, 7200, 14400)]
_GIVE_UP = timedelta(days=3)
_ODD_TRIES = 4


def send_next() -> int:
    """Send the delivery that is due first; how many were tried. Run by any number of threads."""
    _put_in_doubt()
    delivery = lease_next(timezone.now())
    if delivery is None:
        return 0
    try:
        refused = _send(delivery)
    except TakenBack:
        return 1
    except DeliveryFailed as failure:
        _settle_failure(delivery, failure)
    except DatabaseError:
        raise  # says nothing of this delivery; its lease runs out, and it is looked at again
    except Exception as error:
        log.exception("A delivery failed in a way of its own.", extra={"delivery": delivery.pk})
        _settle_failure(delivery, _odd_failure(delivery, error))
    else:
        sent = Delivery.State.SENT
        fence, key = delivery.fence, delivery.key
        settle_delivery(delivery, state=sent, fence=fence, reason=refused, external_id=key)
        if delivery.inbox.state == Inbox.State.TROUBLE:
            note_works(delivery.inbox, "SMTP")
    return 1


def lease_next(now: datetime) -> Delivery | None:
    """Take the delivery that is due first, for this process alone."""
    return _lease(now) if _due(now).exists() else None


def _due(now: datetime) -> "QuerySet[Delivery]":
    queued = Delivery.objects.filter(UNSETTLED, state=Delivery.State.QUEUED)
    return queued.filter(send_after__lte=now, inbox__kind="email")


@transaction.atomic
def _lease(now: datetime) -> Delivery | None:
    is_free = Q(leased_until=None) | Q(leased_until__lt=now)
    under_way = Delivery.objects.filter(
        UNSETTLED, state__in=["queued", "sending"], leased_until__gte=now
    )
    slots = Counter(under_way.values_list("inbox", flat=True))
    busy = [inbox for inbox, taken in slots.items() if taken >= SLOTS]
    row = (
        _due(now)
        .select_for_update(skip_locked=True, of=("self",))
        .select_related("inbox")
        .filter(is_free)
        .exclude(inbox__in=busy)
        .order_by("send_after", "pk")
        .first()
    )
    if row is not None:
        row.fence += 1
        row.attempts += 1
        row.leased_until = now + LEASE
        row.save(update_fields=["fence", "attempts", "leased_until"])
    return row


def _send(delivery: Delivery) -> str:
    """Compose and hand over. Raises `DeliveryFailed` or `TakenBack`."""
    try:
        server = server_of(delivery.inbox, "smtp")
        letter = letter_of(from_json(delivery.outgoing), delivery.queued_at)
    except NoSettings as error:
        reason = _("This inbox has no server to send by. Add one in the office.")
        raise DeliveryFailed(reason, permanent=False, credentials=True) from error
    except OSError as error:
        reason = _("An attachment could not be read, so nothing was sent.")
        raise DeliveryFailed(reason, permanent=True) from error
    return transmit(server, letter, lambda: _mark_sending(delivery))


def _mark_sending(delivery: Delivery) -> None:
    """Write down that the mail is about to leave. Raises `TakenBack` where it may not."""
    now = timezone.now()
    held = Delivery.objects.filter(
        pk=delivery.pk,
        fence=delivery.fence,
        state=Delivery.State.QUEUED,
        leased_until__gt=now,
    )
    if not held.update(state=Delivery.State.SENDING, leased_until=now + LEASE):
        raise TakenBack


def _odd_failure(delivery: Delivery, error: Exception) -> DeliveryFailed:
    """What nobody foresaw: tried a few times, then shown; in doubt where it had begun to leave."""
    has_begun = Delivery.objects.filter(pk=delivery.pk, state=Delivery.State.SENDING).exists()
    reason = _("It could not be sent (%(why)s).") % {"why": type(error).__name__}
    is_last = delivery.attempts >= _ODD_TRIES
    return DeliveryFailed(reason, permanent=is_last, in_doubt=has_begun)


def _settle_failure(delivery: Delivery, failure: DeliveryFailed) -> None:
    state = Delivery.State.FAILED
    if failure.in_doubt:
        state = Delivery.State.IN_DOUBT
    elif not failure.permanent and timezone.now() - delivery.queued_at < _GIVE_UP:
        _try_later(delivery, failure.reason)
        state = Delivery.State.QUEUED
    if state != Delivery.State.QUEUED:
        fence, reason = delivery.fence, failure.reason
        settle_delivery(delivery, state=state, fence=fence, reason=reason)
    if failure.credentials:
        note_trouble(delivery.inbox, "SMTP", failure.reason)


def _try_later(delivery: Delivery, reason: str) -> None:
    pause = _PAUSES[min(delivery.attempts, len(_PAUSES)) - 1]
    held = Delivery.objects.filter(pk=delivery.pk, fence=delivery.fence)
    held.filter(state__in=["queued", "sending"]).update(
        state=Delivery.State.QUEUED,
        send_after=timezone.now() + pause,
        leased_until=None,
        trouble=fit_for_storage(reason)[:2000],
    )


def _put_in_doubt() -> None:
    """What was about to leave when its process died may have left: a person decides."""
    now = timezone.now()
    stuck = Delivery.objects.filter(
        UNSETTLED, state=Delivery.State.SENDING, leased_until__lt=now, inbox__kind="email"
    )
    for delivery in stuck.select_related("inbox")[:20]:
        log.warning("A delivery is in doubt.", extra={"delivery": delivery.pk})
        settle_delivery(
            delivery,
            state=Delivery.State.IN_DOUBT,
            fence=delivery.fence,
            reason=_("The link or the program stopped after the mail had begun to leave."),
        )
