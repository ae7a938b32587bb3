"""Stated times are said, said otherwise, and switched; what was promised keeps its version."""

from dataclasses import dataclass, fields
from datetime import time

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.calendars.models import Calendar
from makegood.fulfilment.events import TermsSaved
from makegood.fulfilment.models import Terms, TermsVersion
from makegood.fulfilment.rereading import ask_again
from makegood.kit.errors import Refused
from makegood.kit.text import one_line, plain_name
from makegood.ledger.actions import record
from makegood.shop.models import Shop
from makegood.team.models import Agent

MOST = 100


@dataclass(frozen=True, kw_only=True)
class Wish:
    """How stated times shall read."""

    name: str
    shop: Shop | None = None
    methods: str = ""
    countries: str = ""
    cut_off: time = time(14)
    handling_days: int = 1
    scan_days: int | None = None
    transit_from: int | None = None
    transit_to: int | None = None
    refund_days: int | None = None
    waits_for_money: bool = False
    acknowledge_minutes: int | None = None
    paid_minutes: int | None = None
    sends_itself: bool = False
    looks_back: int = 3
    warehouse: Calendar | None = None
    carrier: Calendar | None = None
    position: int = 0


@transaction.atomic
def state_terms(terms: Terms | None, wish: Wish, *, by: Agent) -> TermsVersion:
    """Say times, or say them otherwise: from now on, for what is placed from now on."""
    everything = list(Terms.objects.select_for_update().order_by("pk"))
    if terms is not None:
        terms = next(one for one in everything if one.pk == terms.pk)
    name = plain_name(wish.name, 80)
    _refuse(wish, name, [one for one in everything if one != terms])
    before = _told(terms.versions.order_by("-number")[0]) if terms else {}
    terms = terms or Terms()
    terms.name, terms.position = name, wish.position
    terms.save()
    number = terms.versions.aggregate(newest=Max("number"))["newest"] or 0
    names = {one.name for one in fields(wish)} - {"name", "position"}
    said = {one: getattr(wish, one) for one in names}
    said |= {"methods": one_line(wish.methods, 250), "countries": one_line(wish.countries, 250)}
    version = TermsVersion.objects.create(
        terms=terms, number=number + 1, published_at=timezone.now(), published_by=by, **said
    )
    ask_again(version.published_at)
    _tell(terms, "said otherwise" if before else "said", before, _told(version), by)
    return version


@transaction.atomic
def switch_terms(terms: Terms, *, is_on: bool, by: Agent) -> None:
    """Promise nothing more by them, or again. What was promised stays."""
    terms = Terms.objects.select_for_update().get(pk=terms.pk)
    if terms.is_on == is_on:
        return
    terms.is_on = is_on
    terms.save(update_fields=["is_on"])
    ask_again(timezone.now())
    words = {True: "on", False: "off"}
    what = "switched on" if is_on else "switched off"
    _tell(terms, what, {"is": words[not is_on]}, {"is": words[is_on]}, by)


def _refuse(wish: Wish, name: str, others: list[Terms]) -> None:
    if not name:
        raise Refused(_("Say what they are called."))
    if any(one.name.casefold() == name.casefold() for one in others):
        raise Refused(_("There are stated times of that name already."))
    if len(others) >= MOST:
        raise Refused(_("There are many already: change one of them instead."))
    if wish.sends_itself and wish.acknowledge_minutes is None and wish.paid_minutes is None:
        raise Refused(_("Say first within what time an order or a payment is confirmed."))
    if wish.transit_from is not None and wish.transit_to is None:
        raise Refused(_("Say how many days the carrier takes at most."))
    if (wish.transit_from or 0) > (wish.transit_to or 0):
        raise Refused(_("The carrier cannot take fewer days at most than at least."))


def _told(version: TermsVersion) -> dict[str, str]:
    """For the ledger: all that it says."""
    words = (
        "shop_id", "methods", "countries", "cut_off", "handling_days", "scan_days",
        "transit_from", "transit_to", "refund_days", "waits_for_money", "looks_back",
        "acknowledge_minutes", "paid_minutes", "sends_itself",
        "warehouse_id", "carrier_id",
    )  # fmt: skip
    said = {word.removesuffix("_id"): getattr(version, word) for word in words}
    return {word: str(value) for word, value in said.items() if value not in (None, "")}


def _tell(
    terms: Terms, what: str, before: dict[str, str], after: dict[str, str], by: Agent
) -> None:
    fact = TermsSaved(terms=terms.pk, name=terms.name, what=what, before=before, after=after)
    record(fact, about=[terms.ref], by=by)
