"""To a shop and back: which connector speaks with it, and what it is asked to do."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.kit.text import one_line
from makegood.shop.connectors.interface import (
    Ability,
    Connector,
    Declined,
    Done,
    Link,
    TryLater,
    Wanted,
)
from makegood.shop.connectors.registry import CONNECTORS, connector
from makegood.shop.models import Connection, Shop
from makegood.shop.models.connections import BOTH_COUNT_FOR

LONGEST_REST = 3600.0
CANNOT = "cannot"
"""Among the settings of a connection: the abilities for which it lacks the right."""

R = TypeVar("R")


def connection_of(shop: Shop) -> Connection | None:
    """The way by which a shop tells of its orders, where it has one that is not switched off."""
    found = shop.connections.filter(brings_orders=True, state=Connection.State.ACTIVE).first()
    return found if found is not None and found.kind in CONNECTORS else None


def connector_of(shop: Shop) -> tuple[Connector, Link] | None:
    """Who speaks with a shop, and with what; None for shops that only files tell of."""
    connection = connection_of(shop)
    return None if connection is None else (connector(connection.kind), link_of(connection))


def link_of(connection: Connection) -> Link:
    """Everything that is needed to speak with whoever is behind a connection."""
    secrets = connection.secrets()
    rotated = connection.rotated_at
    if rotated is None or rotated + BOTH_COUNT_FOR < timezone.now():
        secrets.pop("signing_before", None)
    shop = connection.shop
    return Link(
        shop_name=connection.name, base_url=connection.base_url, secrets=secrets,
        settings=connection.settings, currency=shop.currency if shop else "",
        time_zone=shop.time_zone if shop else "UTC",
    )  # fmt: skip


def abilities_of(shop: Shop) -> frozenset[Ability]:
    """What a shop can be asked to do; nothing where only files tell of it."""
    connection = connection_of(shop)
    if connection is None:
        return frozenset()
    able = connector(connection.kind).abilities - lacking(connection)
    told = connection.settings.get("abilities")  # where a person named them
    return able if told is None else frozenset(one for one in able if one.value in told.split())


def cancel_refunds(shop: Shop) -> bool:
    """Whether cancelling an order there pays back what was paid for it."""
    connection = connection_of(shop)
    return connection is not None and connector(connection.kind).cancel_refunds


def lacking(connection: Connection | None) -> frozenset[Ability]:
    """What a shop could be asked to do if our key had the right: as its live test found."""
    told = connection.settings.get(CANNOT, "") if connection is not None else ""
    return frozenset(one for one in Ability if one.value in told.split())


def do(shop: Shop, wanted: Wanted, key: str) -> Done:
    """Have the shop do something, once for this key.

    Raises `Declined` (it said no), `TryLater` (nothing happened) or `Unsure` (it may have).
    Speaks over the network: never inside a transaction.
    """
    connection = _to_ask(shop)
    speaks = connector(connection.kind)
    if wanted.what not in abilities_of(shop):
        raise Declined(_("%(shop)s cannot be asked to do that.") % {"shop": shop.name})
    return asked(connection, lambda: speaks.do(link_of(connection), wanted, key))


def look(shop: Shop, wanted: Wanted, key: str) -> Done | None:
    """Whether the shop did what was wanted under this key. Raises `TryLater` where it is dumb."""
    connection = _to_ask(shop)
    speaks = connector(connection.kind)
    return asked(connection, lambda: speaks.look(link_of(connection), wanted, key))


def _to_ask(shop: Shop) -> Connection:
    connection = connection_of(shop)
    if connection is None:
        raise Declined(_("%(shop)s is not connected.") % {"shop": shop.name})
    return connection


def asked(connection: Connection, question: Callable[[], R]) -> R:
    """Ask whoever is behind a connection, unless they asked us to wait; remember if they do."""
    now = timezone.now()
    if connection.rests_until is not None and connection.rests_until > now:
        raise TryLater((connection.rests_until - now).total_seconds(), connection.trouble)
    try:
        answer = question()
    except TryLater as later:
        _rest(connection, later)
        raise
    if connection.rests_until is not None or connection.trouble:
        Connection.objects.filter(pk=connection.pk).update(rests_until=None, trouble="")
    return answer


def _rest(connection: Connection, later: TryLater) -> None:
    seconds = min(max(later.seconds, 1.0), LONGEST_REST)
    Connection.objects.filter(pk=connection.pk).update(
        rests_until=timezone.now() + timedelta(seconds=seconds), trouble=one_line(str(later), 250)
    )


def pause(seconds: float) -> None:
    """Let a shop breathe between two questions of one turn."""
    time.sleep(min(seconds, 2.0))
