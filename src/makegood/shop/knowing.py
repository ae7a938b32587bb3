"""What the office wants to know of the ways to shops."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.http import Http404

from makegood.shop.connectors.registry import CONNECTORS, connector
from makegood.shop.models import Connection, Product, Pull, Signal
from makegood.team.models import Agent

SHOWN = 20
TROUBLES = 20


def all_ways() -> Sequence[Connection]:
    return list(Connection.objects.select_related("shop"))


def way_for(agent: Agent, pk: int) -> Connection:
    """A way to a shop, for whoever looks after shops, or 404."""
    found = Connection.objects.select_related("shop").filter(pk=pk).first()
    if found is None or not agent.may("office.shop"):
        raise Http404
    return found


def signal_for(agent: Agent, pk: int) -> Signal:
    """A signal, for whoever looks after shops, or 404."""
    found = Signal.objects.filter(pk=pk).first()
    if found is None or not agent.may("office.shop"):
        raise Http404
    return found


def told_of(way: Connection) -> Mapping[str, Any]:
    """Where its signals go, what came lately, what cannot be read, how far the pulls are."""
    signals = way.signals.defer("raw")
    unread = signals.filter(state=Signal.State.TROUBLE)
    return {
        "address": f"{settings.URL}/signals/{way.public_id}/",
        "newest": list(signals.order_by("-came_at")[:SHOWN]),
        "troubles": list(unread.order_by("-came_at")[:TROUBLES]),
        "waiting": signals.filter(state=Signal.State.WAITING).count(),
        "pulls": list(way.pulls.order_by("-pk")[:5]),
        "drift": _drift(way),
        "is_busy": way.pulls.filter(state=Pull.State.RUNNING).exists(),
    }  # fmt: skip


def _drift(way: Connection) -> Sequence[Mapping[str, Any]]:
    """What the newest nightly look found to be otherwise; products with their page here."""
    told = [dict(one) for look in _newest_looks(way) for one in look.drift]
    numbers = [one["product"] for one in told if "product" in one]
    rows = Product.objects.filter(shop=way.shop, external_id__in=numbers)
    pages = dict(rows.values_list("external_id", "pk"))
    return [one | {"page": pages.get(one.get("product", ""))} for one in told]


def _newest_looks(way: Connection) -> Sequence[Pull]:
    """Of each kind of things the newest look that was made by night, orders first."""
    nightly = way.pulls.filter(purpose=Pull.Purpose.NIGHT, state=Pull.State.DONE)
    kinds = connector(way.kind).brings if way.kind in CONNECTORS else ()
    found = (nightly.filter(what=kind).order_by("-pk").first() for kind in kinds)
    return [look for look in found if look is not None]


def oldest_signal_waiting(now: datetime) -> datetime | None:
    """Since when the oldest signal that could be read waits to be."""
    due = Signal.objects.filter(
        state=Signal.State.WAITING, next_at__lte=now, connection__state=Connection.State.ACTIVE
    )
    return due.order_by("next_at").values_list("came_at", flat=True).first()


def ways_in_trouble() -> int:
    """How many ways need somebody: they fail when asked, or signals of theirs cannot be read."""
    active = Connection.objects.filter(state=Connection.State.ACTIVE)
    unread = Signal.objects.filter(state=Signal.State.TROUBLE).values("connection")
    return active.filter(~Q(trouble="") | Q(pk__in=unread)).count()


def newest_drift() -> Sequence[tuple[Connection, int]]:
    """The ways whose newest nightly look found something, and how much."""
    found = []
    for way in Connection.objects.filter(state=Connection.State.ACTIVE, brings_orders=True):
        count = sum(look.counts.get("drift", 0) for look in _newest_looks(way))
        if count:
            found.append((way, count))
    return found
