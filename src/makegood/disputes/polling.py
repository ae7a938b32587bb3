"""Providers are asked themselves, each hour: signals get lost, and a deadline must not."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from django.db import connection as database
from django.db import transaction
from django.utils import timezone

from makegood.customers.actions import canonical_address
from makegood.disputes import telling
from makegood.disputes.actions import apply_dispute, match_again, match_order
from makegood.disputes.models import Asked, Dispute
from makegood.disputes.opening import follow
from makegood.disputes.providers import paypal_calls, stripe_calls
from makegood.disputes.seen import DisputeSeen
from makegood.kit.errors import Refused
from makegood.ledger.actors import System
from makegood.ledger.gathering import gathered
from makegood.shop.connecting import asked, link_of
from makegood.shop.connectors.interface import Link, TryLater, Unsure
from makegood.shop.models import Connection

log = logging.getLogger(__name__)

EVERY = timedelta(hours=1)
LEASE = timedelta(minutes=15)
CALLS = {"stripe": stripe_calls, "paypal": paypal_calls}
MOST_CLOSER = 20


def ask_next_provider() -> int:
    """Ask the provider that was not asked for longest; how many disputes it told of."""
    found = match_again()
    row = _leased(timezone.now())
    if row is None:
        return found
    link, kind = link_of(row.connection), row.connection.kind
    if CALLS[kind].may_ask(link):
        try:
            found += take_all(row.connection, link)
        except (TryLater, Unsure, Refused) as silent:
            log.warning("A provider could not be asked: %s", type(silent).__name__)
    Asked.objects.filter(pk=row.pk).update(next_at=timezone.now() + EVERY)
    return found


def _leased(now: datetime) -> Asked | None:
    """One connection whose time has come, ours for a while."""
    there = Connection.objects.filter(kind__in=CALLS, state=Connection.State.ACTIVE)
    for pk in there.exclude(pk__in=Asked.objects.values("connection")).values_list("pk", flat=True):
        Asked.objects.get_or_create(connection_id=pk, defaults={"next_at": now})
    skip = database.features.has_select_for_update_skip_locked
    with transaction.atomic():
        rows = Asked.objects.select_for_update(of=("self",), skip_locked=skip)
        rows = rows.filter(next_at__lte=now, connection__state=Connection.State.ACTIVE)
        row = rows.select_related("connection__shop").order_by("next_at", "pk").first()
        if row is not None:
            Asked.objects.filter(pk=row.pk).update(next_at=now + LEASE)
    return row


def take_all(connection: Connection, link: Link) -> int:
    """Everything that a provider tells when asked; and what it was not asked before."""
    at = timezone.now()
    told: Sequence[DisputeSeen] = asked(
        connection, lambda: CALLS[connection.kind].disputes_since(link, at)
    )
    for one in told:
        apply_dispute(one, by=System(connection.kind), connection=connection)
    if connection.kind == "stripe":
        _look_closer(connection, link)
    return len(told)


def _look_closer(connection: Connection, link: Link) -> None:
    """Of which order it is, stands beside the payment and not beside the dispute."""
    waiting = Dispute.objects.filter(connection=connection, order=None, ended_at=None)
    names = waiting.exclude(charge="").order_by("-pk").values_list("pk", "charge")
    for pk, charge in list(names[:MOST_CLOSER]):
        number, email = asked(connection, partial(stripe_calls.number_of, link, charge))
        with transaction.atomic(), gathered():
            dispute = Dispute.objects.select_for_update().get(pk=pk)
            dispute.order_number = dispute.order_number or number
            dispute.email = dispute.email or (canonical_address("email", email) if email else "")
            dispute.save(update_fields=["order_number", "email"])
            match_order(dispute, by=telling.HOUSE)
            follow(dispute, by=telling.HOUSE)
