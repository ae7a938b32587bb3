"""Connecting, changing and switching off the ways to shops: what the office does with them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.kit.errors import Refused
from makegood.kit.money import known_currency
from makegood.kit.second import refuses_a_second
from makegood.kit.text import plain_name
from makegood.ledger.actions import record
from makegood.ledger.actors import Actor
from makegood.shop.connecting import CANNOT, link_of
from makegood.shop.connectors import standard
from makegood.shop.connectors.asking import checked_base
from makegood.shop.connectors.interface import Field, Link, Probed
from makegood.shop.connectors.registry import CONNECTORS
from makegood.shop.doors import reader_of
from makegood.shop.events import (
    ConnectionChanged,
    ConnectionMade,
    ConnectionSwitched,
    SecretRotated,
)
from makegood.shop.models import Connection, Pull, Shop
from makegood.shop.pulling import begin_pulls, stop_pulls


@dataclass(frozen=True, kw_only=True)
class Way:
    """A connection as somebody wants it; its secrets do not print."""

    kind: str
    name: str
    currency: str = "EUR"
    time_zone: str = "UTC"
    said: Mapping[str, str] = field(default_factory=dict, repr=False)
    """What was typed into the fields of its kind."""
    found: Probed | None = None
    """What the live test said, where there was one."""


def sorted_out(kind: str, said: Mapping[str, str]) -> tuple[str, dict[str, str], dict[str, str]]:
    """What was typed as address, settings and secrets. Raises `Refused`."""
    asked: Mapping[str, Field] = {one.name: one for one in reader_of(kind).fields}
    secrets = {name: text for name, text in said.items() if text and asked[name].is_secret}
    settings = {name: text for name, text in said.items() if not asked[name].is_secret}
    base = settings.pop("base_url", "")
    return (checked_base(base) if base else ""), settings, secrets


def try_way(wanted: Way, there: Connection | None = None) -> Probed:
    """Look at the shop as it would be connected; nothing is kept. Raises `Declined`."""
    base, settings, secrets = sorted_out(wanted.kind, wanted.said)
    link = Link(
        shop_name=wanted.name, base_url=base, secrets=secrets, settings=settings,
        currency=wanted.currency, time_zone=wanted.time_zone,
    )  # fmt: skip
    if there is not None:
        link = replace(link, secrets={**link_of(there).secrets, **secrets})
    return reader_of(wanted.kind).probe(link)


@refuses_a_second
@transaction.atomic
def connect_shop(wanted: Way, *, by: Actor) -> Connection:
    """Open a way to a shop; what it has is brought in from now on, where it can be asked."""
    base, settings, secrets = sorted_out(wanted.kind, wanted.said)
    is_shop = wanted.kind in CONNECTORS
    shop = _shop_of(wanted) if is_shop else None
    if shop is not None and shop.connections.filter(brings_orders=True).exists():
        raise Refused(_("%(shop)s is connected already.") % {"shop": shop.name})
    made = Connection(
        kind=wanted.kind, name=plain_name(wanted.name, 80), shop=shop, brings_orders=is_shop,
        base_url=base, settings=settings, made_at=timezone.now(),
    )  # fmt: skip
    if reader_of(wanted.kind).makes_signing:
        secrets["signing"] = standard.new_secret()
    _note_what_is_lacking(made, wanted.found)
    made.keep_secrets(secrets)
    made.save()
    record(ConnectionMade(name=made.name, channel=made.kind), about=_about(made), by=by)
    if is_shop and base:
        begin_pulls(made, Pull.Purpose.FIRST)
    return made


def _shop_of(wanted: Way) -> Shop:
    """A shop of this name, perhaps one that files told of before."""
    name = plain_name(wanted.name, 80)
    told = {
        "currency": known_currency(wanted.currency), "time_zone": wanted.time_zone,
        "made_at": timezone.now(),
    }  # fmt: skip
    return Shop.objects.get_or_create(name=name, defaults=told)[0]


@transaction.atomic
def change_way(
    way: Connection, said: Mapping[str, str], *, found: Probed | None = None, by: Actor
) -> None:
    """Other fields, and what was found with them; secrets that are not given stay as they are."""
    row = Connection.objects.select_for_update().get(pk=way.pk)
    base, settings, secrets = sorted_out(row.kind, said)
    before = row.settings.get(CANNOT)
    row.base_url, row.settings = base, settings | ({CANNOT: before} if before else {})
    _note_what_is_lacking(row, found)
    if secrets:
        row.keep_secrets({**row.secrets(), **secrets})
    row.trouble, row.rests_until = "", None
    row.save()
    record(ConnectionChanged(name=row.name), about=_about(row), by=by)


def _note_what_is_lacking(way: Connection, found: Probed | None) -> None:
    if found is not None:
        settings = {name: said for name, said in way.settings.items() if name != CANNOT}
        words = " ".join(sorted(one.value for one in found.cannot))
        way.settings = settings | ({CANNOT: words} if words else {})


@transaction.atomic
def switch_way(way: Connection, *, is_on: bool, by: Actor) -> None:
    """Stop listening and asking, or begin again. What came in stays."""
    row = Connection.objects.select_for_update().get(pk=way.pk)
    state = Connection.State.ACTIVE if is_on else Connection.State.OFF
    if row.state == state:
        return
    row.state, row.trouble, row.rests_until = state, "", None
    row.save(update_fields=["state", "trouble", "rests_until"])
    if not is_on:
        stop_pulls(row)
    record(ConnectionSwitched(name=row.name, is_on=is_on), about=_about(row), by=by)


@transaction.atomic
def rotate_secret(way: Connection, *, by: Actor) -> None:
    """A new secret for its signals; the one before opens for two days more."""
    row = Connection.objects.select_for_update().get(pk=way.pk)
    if not reader_of(row.kind).makes_signing:
        raise Refused(_("Its secret is made over there; put the new one into its fields."))
    secrets = row.secrets()
    before = secrets.get("signing", "")
    row.keep_secrets({**secrets, "signing": standard.new_secret(), "signing_before": before})
    row.rotated_at = timezone.now()
    row.save(update_fields=["sealed", "rotated_at"])
    record(SecretRotated(name=row.name), about=_about(row), by=by)


def begin_import(way: Connection) -> None:
    """Ask once more for everything that the shop has."""
    if not way.base_url or way.state != Connection.State.ACTIVE or way.kind not in CONNECTORS:
        raise Refused(_("This shop only sends: it has no address that we could ask."))
    begin_pulls(way, Pull.Purpose.FIRST)


def signing_secret(way: Connection) -> str:
    """The secret as it is put in over there; for a page behind a second proof, and no other."""
    return way.secrets().get("signing", "")


def _about(way: Connection) -> list[Connection | Shop]:
    return [way, way.shop] if way.shop is not None else [way]
