"""Medusa (version 2) by its admin API; its store tells of orders by a subscriber of ours."""

import base64
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makegood.kit.errors import Refused
from makegood.shop.connectors import standard
from makegood.shop.connectors.asking import Answer, Question, address, ask
from makegood.shop.connectors.decimals import decimal_text
from makegood.shop.connectors.interface import (
    Ability,
    Ask,
    Declined,
    Done,
    Field,
    Head,
    Link,
    Probed,
    Pulled,
    Wanted,
)
from makegood.shop.connectors.json_said import an_object, number, objects, opened, text
from makegood.shop.connectors.medusa_goods import PRODUCT, coupon_seen, product_seen
from makegood.shop.connectors.medusa_reading import MARK, left_to_refund, order_seen, payments_of
from makegood.shop.connectors.medusa_replacing import look_for_claim, make_claim
from makegood.shop.connectors.medusa_returning import look_for_return, make_return
from makegood.shop.seen import Seen
from makegood.shop.seen_goods import GoneSeen

PAGE = 50
CHANGES_FOR = timedelta(days=90)
"""A refund or a parcel leaves an order's own time as it was: the nightly look goes by age."""
FIELDS = (
    "+currency_code,+email,+customer_id,+custom_display_id,*items,*items.adjustments,*items.detail,"
    "*shipping_methods,*shipping_address,*billing_address,*payment_collections.payments,"
    "*payment_collections.payments.captures,*payment_collections.payments.refunds,"
    "*fulfillments,*fulfillments.labels,+total,+original_total,+discount_total,+tax_total,"
    "+original_shipping_total"
)

PAGES = {
    "order": ("orders", FIELDS),
    "product": ("products", PRODUCT),
    "coupon": ("promotions", ""),
}
"""By what they bring: where they are, and what of them is asked for."""
AS_A_WHOLE = {
    Ability.REPLACEMENT: (look_for_claim, make_claim),
    Ability.RETURN_LABEL: (look_for_return, make_return),
}
"""What is begun, filled and confirmed: how it is looked for, and made."""


class Medusa:
    """Signals name an order, which is fetched; refunds, addresses and coupons go back."""

    kind = "medusa"
    label = "Medusa"
    cancel_refunds = True
    abilities = frozenset(Ability) - {Ability.RESEND}
    brings = ("order", "product", "coupon")
    headers = standard.HEADERS
    makes_signing = True
    signing_says = gettext_lazy(
        "Put our subscriber into your store (docs/connectors/medusa.md), with this address as"
        " MAKEGOOD_URL and this secret as MAKEGOOD_SECRET."
    )
    fields = (
        Field(name="base_url", label=gettext_lazy("Address"), example="https://store.example.com"),
        Field(
            name="token", label=gettext_lazy("Secret API key"), is_secret=True,
            help=gettext_lazy("In Medusa’s admin pages under Settings, Secret API Keys."),
        ),
    )  # fmt: skip

    def probe(self, link: Link) -> Probed:
        stores = self._list(link, "stores", fields="name,*supported_currencies")
        self._list(link, "orders", limit="1")
        self._list(link, "promotions", limit="1")
        self._list(link, "products", limit="1")
        said = stores[0] if stores else {}
        money = [one for one in objects(said.get("supported_currencies")) if one.get("is_default")]
        currency = text(money[0], "currency_code").upper() if money else ""
        return Probed(
            shop_name=text(said, "name")[:80] or link.shop_name, currency=currency[:3],
            has=(_("Read orders"), _("Give refunds, cancel, change addresses"), _("Make coupons"),
                 _("Read products")),
        )  # fmt: skip

    def verify(self, link: Link, raw: bytes, headers: Mapping[str, str]) -> Head:
        keys = [link.secrets.get(name, "") for name in ("signing", "signing_before")]
        event_id, at = standard.verified(keys, raw, headers)
        try:
            topic = text(opened(raw), "topic")[:120]
        except Refused:
            topic = ""  # genuine, and told as trouble when it is read
        return Head(event_id=event_id, topic=topic, happened_at=at)

    def read(self, link: Link, topic: str, raw: bytes) -> Sequence[Seen | Ask] | None:
        said = opened(raw)
        if "product" not in said:
            return [Ask(what="order", external_id=number(said, "order"))]
        each = number(said, "product")
        if topic == "product.deleted":
            return [GoneSeen(external_id=each, what="product", told_at=timezone.now())]
        return [Ask(what="product", external_id=each)]

    def page(self, link: Link, what: str, cursor: str, since: datetime | None) -> Pulled:
        first, (path, fields) = int(cursor or "0"), PAGES[what]
        query = {"created_at[$gte]": _utc(since - CHANGES_FOR)} if since else {}
        query |= {"fields": fields} if fields else {}
        found = self._list(
            link, path, limit=str(PAGE), offset=str(first), order="created_at", **query
        )
        seen, troubles = list[Seen](), []
        for one in found:
            if what == "coupon" and one.get("is_automatic"):
                continue  # nobody types a code for it
            try:
                seen.append(self._seen(link, what, one))
            except Refused as refused:
                troubles.append(f"{text(one, 'display_id', 'title', 'code', 'id')}: {refused}")
        following = str(first + PAGE) if len(found) == PAGE else ""
        return Pulled(seen=seen, next=following, troubles=troubles, rests=0.2)

    def _seen(self, link: Link, what: str, said: dict[str, Any]) -> Seen:
        if what == "product":
            return product_seen(said, link.currency, timezone.now())
        return coupon_seen(said, link.currency) if what == "coupon" else order_seen(said)

    def fetch(self, link: Link, what: str, external_id: str) -> Seen | None:
        path, fields = PAGES[what]
        query = {"fields": fields} if fields else {}
        answer = self._ask(link, "GET", path, external_id, **query)
        if not answer.is_there:
            return None
        return self._seen(link, what, an_object(an_object(answer.said).get(path[:-1])))

    def do(self, link: Link, wanted: Wanted, key: str) -> Done:
        """Medusa takes no key of ours with a refund: it is looked for first."""
        done = self.look(link, wanted, key)
        if done is not None:
            return done
        if wanted.what == Ability.COUPON:
            said = self._act(link, "promotions", body=coupon(wanted, key))["promotion"]
            return Done(external_id=number(said, "id"), facts={"code": wanted.code})
        if wanted.what == Ability.REFUND:
            return self._refund(link, wanted, key)
        if wanted.what in AS_A_WHOLE:
            _look, make = AS_A_WHOLE[wanted.what]
            said = self._order(link, wanted.order_id) or {}
            return make(partial(self._ask, link), said, wanted, key)
        if wanted.what == Ability.CANCEL:
            self._act(link, "orders", wanted.order_id, "cancel", body={})
        elif wanted.what == Ability.ADDRESS:
            there = {"shipping_address": shipping(wanted.address)}
            self._act(link, "orders", wanted.order_id, body=there)
        else:
            raise Declined(_("This shop cannot be asked to do that."))
        return Done(external_id=wanted.order_id)

    def look(self, link: Link, wanted: Wanted, key: str) -> Done | None:
        if wanted.what == Ability.COUPON:
            for one in self._list(link, "promotions", code=wanted.code):
                campaign = one.get("campaign") or {}
                if text(campaign, "campaign_identifier") == _coupon_mark(wanted, key):
                    return Done(external_id=number(one, "id"), facts={"code": wanted.code})
            return None
        if wanted.what in AS_A_WHOLE:
            return AS_A_WHOLE[wanted.what][0](partial(self._ask, link), wanted, key)
        said = self._order(link, wanted.order_id)
        if said is None:
            return None
        if wanted.what == Ability.REFUND:
            return _marked(said, key)
        if wanted.what == Ability.CANCEL:
            is_so = text(said, "status") == "canceled"
        else:
            there = said.get("shipping_address") or {}
            ours = shipping(wanted.address)
            is_so = all(text(there, name) == value for name, value in ours.items())
        return Done(external_id=wanted.order_id) if is_so else None

    def _refund(self, link: Link, wanted: Wanted, key: str) -> Done:
        said = self._order(link, wanted.order_id)
        if said is None:
            raise Declined(_("The shop has no such order any more."))
        currency = text(said, "currency_code").upper()
        if currency != wanted.currency:
            raise Declined(_("The order is in %(currency)s.") % {"currency": currency})
        fits = [one for one in payments_of(said)
                if left_to_refund(one, currency) >= wanted.amount_minor]  # fmt: skip
        if not fits:
            raise Declined(_("No payment of this order has that much left to give back."))
        amount = Decimal(decimal_text(wanted.amount_minor, currency))
        body = {"amount": amount, "note": f"{wanted.reason} [{MARK}{key}]".strip()}
        self._act(link, "payments", number(fits[0], "id"), "refund", body=body)
        done = self.look(link, wanted, key)
        return done or Done(external_id=number(fits[0], "id"))

    def _order(self, link: Link, external_id: str) -> dict[str, Any] | None:
        answer = self._ask(link, "GET", "orders", external_id, fields=FIELDS)
        return an_object(an_object(answer.said).get("order")) if answer.is_there else None

    def _list(self, link: Link, what: str, **query: str) -> Sequence[dict[str, Any]]:
        answer = self._ask(link, "GET", what, **query)
        if not answer.is_there:
            raise Declined(_("No Medusa answers at this address."))
        return objects(an_object(answer.said).get(what))

    def _act(self, link: Link, *parts: str, body: Any) -> dict[str, Any]:
        answer = self._ask(link, "POST", *parts, body=body)
        if not answer.is_there:
            raise Declined(_("The shop has no such order any more."))
        return an_object(answer.said)

    def _ask(self, link: Link, method: str, *parts: str, body: Any = None, **query: str) -> Answer:
        pair = base64.b64encode(f"{link.secrets.get('token', '')}:".encode()).decode()
        raw = b"" if body is None else written(body).encode()
        url = address(link.base_url, "admin", *parts, **query)
        rights = {"Authorization": f"Basic {pair}"}
        return ask(Question(method=method, url=url, headers=rights, raw=raw, does=method != "GET"))


def _marked(said: dict[str, Any], key: str) -> Done | None:
    for pay in payments_of(said):
        for one in objects(pay.get("refunds")):
            if text(one, "note").endswith(f"[{MARK}{key}]"):
                return Done(external_id=number(one, "id"))
    return None


def coupon(wanted: Wanted, key: str) -> dict[str, Any]:
    """For one use; the campaign around it holds that, its end, and our mark, which is unique."""
    campaign: dict[str, Any] = {
        "name": wanted.code, "campaign_identifier": _coupon_mark(wanted, key),
        "budget": {"type": "usage", "limit": 1},
    }  # fmt: skip
    if wanted.valid_until:
        campaign["ends_at"] = _utc(wanted.valid_until)
    method: dict[str, Any] = {"target_type": "order", "allocation": "across"}
    if wanted.percent:
        method |= {"type": "percentage", "value": wanted.percent}
    else:
        amount = Decimal(decimal_text(wanted.amount_minor, wanted.currency))
        method |= {"type": "fixed", "value": amount, "currency_code": wanted.currency.lower()}
    said = {
        "code": wanted.code, "type": "standard", "status": "active", "is_automatic": False,
        "campaign": campaign, "application_method": method,
    }  # fmt: skip
    rules = []
    if wanted.least_minor:
        least = decimal_text(wanted.least_minor, wanted.currency)
        rules.append({"attribute": "item_total", "operator": "gte", "values": [least]})
        rules.append(
            {"attribute": "currency_code", "operator": "eq", "values": [wanted.currency.lower()]}
        )
    if wanted.email:
        rules.append({"attribute": "email", "operator": "eq", "values": [wanted.email]})
    return {**said, "rules": rules} if rules else said


def _coupon_mark(wanted: Wanted, key: str) -> str:
    """A store takes a mark once for ever: a desk that was set up anew may count its keys anew."""
    return f"{MARK}{key}:{wanted.code}"


def shipping(ours: Mapping[str, str]) -> dict[str, str]:
    """An address in its words; the last word of a name is the last name."""
    first, _blank, last = ours.get("name", "").strip().rpartition(" ")
    names = {
        "company": "company", "address_1": "line1", "address_2": "line2", "postal_code": "postcode",
        "city": "city", "province": "region", "phone": "phone",
    }  # fmt: skip
    said = {theirs: ours.get(name, "").strip() for theirs, name in names.items()}
    country = ours.get("country", "").strip().lower()
    return {**said, "first_name": first, "last_name": last, "country_code": country}


def written(said: Any) -> str:
    """JSON in which a decimal is a number, digit by digit."""
    if isinstance(said, Decimal):
        return format(said, "f")
    if isinstance(said, dict):
        parts = [f"{json.dumps(name)}: {written(value)}" for name, value in said.items()]
        return "{" + ", ".join(parts) + "}"
    if isinstance(said, list):
        return "[" + ", ".join(map(written, said)) + "]"
    return json.dumps(said)


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()
