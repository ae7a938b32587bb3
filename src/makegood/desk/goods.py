"""What was bought, as pages show it: what is left, how often it came late, what it cost us."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from makegood.conversations.models import Conversation
from makegood.makegoods.queries import given_for
from makegood.parcels.lateness import rates_of
from makegood.parcels.rates import Rate
from makegood.shop.goods import carts_left_by, coupons_of, variants_of
from makegood.shop.models import Cart, Coupon, Order, Product, Variant
from makegood.team.models import Agent
from makegood.wanted.queries import wanted_in

LATE_WITHIN = timedelta(days=365)
MOST_MAKEGOODS = 10
SEES_CARTS = "orders.change"


def left_of(variant: Variant) -> str:
    """How many there are, in words; empty where the shop does not count."""
    if variant.is_gone or variant.product.is_gone:
        return _("not sold any more")
    if not variant.is_counted or variant.stock is None:
        return ""
    if variant.stock > 0:
        return ngettext("%(n)s left", "%(n)s left", variant.stock) % {"n": variant.stock}
    if variant.stock < 0:
        return _("none left, %(n)s too many sold") % {"n": -variant.stock}
    return _("none left")


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """What a line is of, and how many there are."""

    variant: Variant
    left: str
    is_out: bool


def _shelf(variant: Variant) -> Shelf:
    is_gone = variant.is_gone or variant.product.is_gone
    return Shelf(variant=variant, left=left_of(variant), is_out=variant.is_out or is_gone)


class WantedForm(forms.Form):
    """Until which day they are told that something is there again."""

    order = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)
    day = forms.DateField(
        label=gettext_lazy("By which day"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )


def goods_of(order: Order, about: Conversation | None) -> dict[str, Any]:
    """What the page of an order says of its goods and codes, and of what somebody waits for."""
    shelves: Mapping[str, Shelf] = {
        line: _shelf(variant) for line, variant in variants_of(order).items()
    }
    coupons: Mapping[str, Coupon] = coupons_of(order)
    out = {one.variant.pk: one.variant for one in shelves.values() if one.variant.is_out}
    waits = wanted_in(about, list(out)) if about is not None and out else {}
    free = [one for pk, one in out.items() if pk not in waits] if about is not None else []
    return {
        "shelves": shelves, "codes": [(code, coupons.get(code)) for code in order.codes],
        "waits": waits, "sold_out": free,
        "wanted_form": WantedForm(initial={"order": order.pk}),
    }  # fmt: skip


def carts_beside(agent: Agent, addresses: Sequence[str]) -> Sequence[Cart]:
    """What they left behind, for whoever may change what they ordered."""
    return carts_left_by(addresses) if agent.may(SEES_CARTS) else []


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One variant on the page of its product."""

    variant: Variant
    left: str
    is_out: bool
    rate: Rate | None


def product_context(agent: Agent, product: Product) -> dict[str, Any]:
    variants = list(product.variants.all())
    for one in variants:
        one.product = product
    skus = [one.sku for one in variants if one.sku]
    rates = rates_of(skus, (timezone.now() - LATE_WITHIN).date())
    kinds = [
        Kind(variant=one, left=left_of(one), is_out=_shelf(one).is_out, rate=rates.get(one.sku))
        for one in variants
    ]
    names = [*skus, product.external_id]
    return {
        "product": product, "kinds": kinds,
        "makegoods": given_for(agent, names, MOST_MAKEGOODS + 1), "most": MOST_MAKEGOODS,
    }  # fmt: skip
