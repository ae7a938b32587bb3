"""Everything of a shop, page by page: when it is connected, and a look every night.

A page is asked for outside of any transaction and taken in one, together with the cursor of the
next: killed anywhere, it goes on with the page that was not taken yet, and what comes twice
changes nothing.
"""

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from makegood.kit.errors import Refused
from makegood.kit.text import one_line
from makegood.shop.actions import put_orders, tell_of
from makegood.shop.applying import BY, apply_page, fitted
from makegood.shop.connecting import asked, link_of
from makegood.shop.connectors.interface import Declined, Pulled, TryLater
from makegood.shop.connectors.registry import CONNECTORS, connector
from makegood.shop.models import Connection, Pull, Shop
from makegood.shop.offers import forget_old_carts, mark_unheard
from makegood.shop.seen import OrderSeen, Seen
from makegood.shop.seen_goods import ProductSeen

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
NIGHT = range(2, 6)
"""By the shop's own clock."""
EVERY = timedelta(hours=20)
AT_LEAST_EVERY = timedelta(hours=36)
LOOKS_BACK = timedelta(days=3)
MARGIN = timedelta(hours=1)
ON_ITS_WAY = timedelta(minutes=15)
"""What changed so lately is no drift: its signal may still come."""
MOST_PAGES = 50_000
MOST_TOLD = 50
GIVES_UP_AFTER = 30
ORDERS = "order"

State = Pull.State


@transaction.atomic
def begin_pulls(
    connection: Connection, purpose: Pull.Purpose, since: datetime | None = None
) -> None:
    """Ask for everything that this kind of shop brings; what runs already goes on running.

    Orders are asked for since a moment; goods always all, because counting moves no time of
    theirs, and what is not there any more is found by asking for all.
    """
    now = timezone.now()
    for place, what in enumerate(connector(connection.kind).brings):
        said = {"purpose": purpose, "since": since if what == ORDERS else None, "begun_at": now}
        Pull.objects.get_or_create(
            connection=connection, what=what, state=State.RUNNING,
            defaults={**said, "next_at": now + timedelta(milliseconds=place)},
        )  # fmt: skip


@transaction.atomic
def stop_pulls(connection: Connection) -> None:
    running = Pull.objects.select_for_update().filter(connection=connection, state=State.RUNNING)
    running.update(state=State.STOPPED, ended_at=timezone.now())


def pull_next() -> int:
    """One page of the pull that waits longest; how many were taken. Run by any number."""
    pull = _lease(timezone.now())
    if pull is None:
        return begin_nightly(timezone.now()) or forget_old_carts()
    connection = pull.connection
    speaks = connector(connection.kind)
    try:
        page = asked(
            connection,
            lambda: speaks.page(link_of(connection), pull.what, pull.cursor, pull.since),
        )
    except TryLater as later:
        _put_off(pull, later.seconds, str(later))
    except Declined as declined:
        if pull.what == ORDERS:
            _put_off(pull, 60.0 * 2**pull.attempts, str(declined))
        else:  # many shops give no right to their goods: that is told, and no reason to go on
            take_page(pull, Pulled(seen=(), troubles=(str(declined),)))
    except Refused as refused:
        _put_off(pull, 60.0 * 2**pull.attempts, str(refused))
    else:
        take_page(pull, page)
    return 1


@transaction.atomic
def _lease(now: datetime) -> Pull | None:
    is_free = Q(leased_until=None) | Q(leased_until__lt=now)
    due = Pull.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        is_free, state=State.RUNNING, next_at__lte=now,
        connection__state=Connection.State.ACTIVE, connection__kind__in=list(CONNECTORS),
    )  # fmt: skip
    pull = due.select_related("connection__shop").order_by("next_at").first()
    if pull is not None:
        pull.fence += 1
        pull.attempts += 1
        pull.leased_until = now + LEASE
        pull.save(update_fields=["fence", "attempts", "leased_until"])
    return pull


@transaction.atomic
def _put_off(pull: Pull, seconds: float, words: str) -> None:
    """It could not be asked now. After a day or so it ends with its trouble told."""
    row = Pull.objects.select_for_update().get(pk=pull.pk)
    if row.fence != pull.fence or row.state != State.RUNNING:
        return
    now = timezone.now()
    row.trouble, row.leased_until = one_line(words, 250), None
    row.next_at = now + timedelta(seconds=min(max(seconds, 1.0), 3600.0))
    if row.attempts > GIVES_UP_AFTER:
        row.state, row.ended_at = State.STOPPED, now
    row.save()


@transaction.atomic
def take_page(pull: Pull, page: Pulled) -> None:
    """Take what a page holds and remember the next one, together or not at all."""
    row = Pull.objects.select_for_update().get(pk=pull.pk)
    if row.fence != pull.fence or row.state != State.RUNNING:
        return  # another took it over, or it was stopped
    now, shop = timezone.now(), pull.connection.shop
    counts: Counter[str] = Counter(row.counts)
    troubles = [one_line(one, 250) for one in page.troubles]
    if shop is not None:
        counts += _take(row, shop, page.seen, troubles)
    counts["refused"] += len(troubles)
    row.counts, row.pages, row.attempts = dict(+counts), row.pages + 1, 0
    row.trouble = troubles[0] if troubles else row.trouble
    is_over = not page.next or page.next == row.cursor or row.pages >= MOST_PAGES
    row.cursor, row.leased_until = page.next, None
    row.next_at = now + timedelta(seconds=min(max(page.rests, 0.0), 60.0))
    if is_over:
        row.state, row.ended_at = State.DONE, now
        is_whole = not page.next and row.counts.get("taken") and not row.counts.get("refused")
        if shop is not None and is_whole:
            mark_unheard(shop, row.what, row.begun_at)
    row.save()


def _take(row: Pull, shop: Shop, seen: Sequence[Seen], troubles: list[str]) -> Counter[str]:
    counts: Counter[str] = Counter()
    orders, others = dict[str, OrderSeen](), list[Seen]()
    for one in seen:
        try:
            fits = fitted(one)
            if isinstance(fits, OrderSeen):
                there = orders.get(fits.external_id)
                if there is None or there.told_at < fits.told_at:
                    orders[fits.external_id] = fits
            else:
                others.append(fits)
        except Refused as refused:
            troubles.append(f"{one_line(one.external_id, 40)}: {refused}")
    applied = apply_page(shop, others)
    counts["taken"] += applied.taken
    for one in others:
        if one.external_id in applied.otherwise and isinstance(one, ProductSeen):
            is_new, name = applied.otherwise[one.external_id], one_line(one.title, 120)
            told = {"product": one.external_id, "number": name, "is_new": is_new}
            _drifted(row, counts, one, told)
    for put in put_orders(shop, list(orders.values())):
        if put.is_new or put.is_changed:
            tell_of(put, BY)
        counts["made" if put.is_new else "altered" if put.is_changed else "kept"] += 1
        if put.is_new or put.is_changed:
            said = {"order": put.order.pk, "number": put.order.number, "is_new": put.is_new}
            _drifted(row, counts, put.seen, said)
    return counts


def _drifted(row: Pull, counts: Counter[str], seen: Seen, said: Mapping[str, object]) -> None:
    """By night something was found otherwise, and no signal of it can be on its way any more."""
    if row.purpose != Pull.Purpose.NIGHT or seen.told_at >= row.begun_at - ON_ITS_WAY:
        return
    counts["drift"] += 1
    if len(row.drift) < MOST_TOLD:
        row.drift = [*row.drift, said]


def begin_nightly(now: datetime) -> int:
    """Begin the nightly look where it is night and none was made; how many begun."""
    begun = 0
    shops = Connection.objects.select_related("shop").filter(
        state=Connection.State.ACTIVE, brings_orders=True, kind__in=list(CONNECTORS)
    )
    for connection in shops.exclude(base_url=""):
        newest = connection.pulls.order_by("-begun_at").first()
        if newest is None or not _is_due(connection, newest, now):
            continue
        since = min(now - LOOKS_BACK, newest.begun_at - MARGIN)
        begin_pulls(connection, Pull.Purpose.NIGHT, since)
        begun += 1
    return begun


def _is_due(connection: Connection, newest: Pull, now: datetime) -> bool:
    age = now - newest.begun_at
    zone = ZoneInfo(connection.shop.time_zone if connection.shop else "UTC")
    is_night = now.astimezone(zone).hour in NIGHT
    return age > AT_LEAST_EVERY or (age > EVERY and is_night)
