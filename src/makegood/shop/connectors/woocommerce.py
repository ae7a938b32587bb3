"""WooCommerce by its REST API v3 and its own webhooks."""

import base64
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
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
    Greeting,
    Head,
    Link,
    Probed,
    Pulled,
    Wanted,
)
from makegood.shop.connectors.json_said import an_object, number, objects, opened, text
from makegood.shop.connectors.woocommerce_goods import coupon_seen, is_simple, product_seen
from makegood.shop.connectors.woocommerce_reading import order_seen
from makegood.shop.connectors.woocommerce_replacing import replacement
from makegood.shop.seen import Seen
from makegood.shop.seen_goods import GoneSeen

API = ("wp-json", "wc", "v3")
PAGE = "50"
MOST_PAGES = 20
MARK = "_makegood_key"
OURS = {
    "first_name": "name", "company": "company", "address_1": "line1", "address_2": "line2",
    "postcode": "postcode", "city": "city", "state": "region", "country": "country",
    "phone": "phone",
}  # fmt: skip


class WooCommerce:
    """Orders come by webhooks and by pages; refunds, addresses and coupons go back."""

    kind = "woocommerce"
    label = "WooCommerce"
    cancel_refunds = False
    abilities = frozenset(
        {Ability.REFUND, Ability.CANCEL, Ability.ADDRESS, Ability.REPLACEMENT, Ability.COUPON}
    )
    brings = ("order", "product", "coupon")
    headers = ("x-wc-webhook-topic", "x-wc-webhook-delivery-id", "x-wc-webhook-source")
    makes_signing = True
    signing_says = gettext_lazy(
        "In WooCommerce under Settings, Advanced, Webhooks: one for “Order created” and one for"
        " “Order updated”, each with this address and this secret; and the same for products and"
        " coupons, created, updated, deleted and restored."
    )
    fields = (
        Field(name="base_url", label=gettext_lazy("Address"), example="https://shop.example.com"),
        Field(
            name="consumer_key", label=gettext_lazy("Consumer key"), is_secret=True,
            help=gettext_lazy("Under Settings, Advanced, REST API: for reading and writing."),
        ),
        Field(name="consumer_secret", label=gettext_lazy("Consumer secret"), is_secret=True),
    )  # fmt: skip

    def probe(self, link: Link) -> Probed:
        has, missing, cannot = [], [], set[Ability]()
        self._ask(link, "GET", "orders", per_page="1")  # without it nothing works: it is raised
        has.append(_("Read orders"))
        try:
            self._ask(link, "POST", "orders", "batch", body={"update": []})
            has.append(_("Give refunds, cancel, change addresses"))
        except Declined:
            missing.append(_("Give refunds, cancel, change addresses"))
            cannot |= self.abilities  # the key is for reading only
        try:
            self._ask(link, "GET", "products", per_page="1")
            has.append(_("Read products"))
        except Declined:
            missing.append(_("Read products"))
        try:
            self._ask(link, "GET", "coupons", per_page="1")
            has.append(_("Make coupons"))
        except Declined:
            missing.append(_("Make coupons"))
            cannot.add(Ability.COUPON)
        return Probed(
            shop_name=link.shop_name, currency=self._currency(link),
            has=tuple(has), missing=tuple(missing), cannot=tuple(cannot),
        )  # fmt: skip

    def verify(self, link: Link, raw: bytes, headers: Mapping[str, str]) -> Head:
        told = headers.get("x-wc-webhook-signature", "")
        if not told and raw.startswith(b"webhook_id=") and len(raw) < 40:
            raise Greeting  # it says hello when a webhook is made, and signs nothing
        keys = [link.secrets.get(name, "") for name in ("signing", "signing_before")]
        standard.refuse_unsigned(keys, raw, told)
        topic = headers.get("x-wc-webhook-topic", "")
        delivery = headers.get("x-wc-webhook-delivery-id", "")
        return Head(event_id=delivery or standard.hash_of(topic.encode(), raw), topic=topic)

    def read(self, link: Link, topic: str, raw: bytes) -> Sequence[Seen | Ask] | None:
        about, _dot, happened = topic.partition(".")
        if happened not in ("created", "updated", "restored", "deleted"):
            return None
        if about in ("product", "coupon"):
            return [self._told(link, about, happened, opened(raw))]
        if about != "order" or happened == "deleted":
            return None
        said = opened(raw)
        if said.get("refunds"):
            return [Ask(what="order", external_id=number(said, "id"))]
        return [order_seen(said, [])]

    def _told(self, link: Link, about: str, happened: str, said: dict[str, Any]) -> Seen | Ask:
        """A product or a coupon. What consists of several kinds is asked for with all of them."""
        each = number(said, "id")
        if happened == "deleted":
            return GoneSeen(external_id=each, what=about, told_at=timezone.now())
        if about == "coupon":
            return coupon_seen(said, link.currency)
        if text(said, "type") == "variation":
            return Ask(what="product", external_id=number(said, "parent_id"))
        if not is_simple(said):
            return Ask(what="product", external_id=each)
        return product_seen(said, [], link.currency)

    def page(self, link: Link, what: str, cursor: str, since: datetime | None) -> Pulled:
        after = since.astimezone(UTC).replace(tzinfo=None).isoformat() if since else None
        answer = self._ask(
            link, "GET", f"{what}s", per_page=PAGE, page=cursor or "1", orderby="id", order="asc",
            modified_after=after, dates_are_gmt="true",
        )  # fmt: skip
        seen, troubles = list[Seen](), []
        for one in objects(answer.said):
            try:
                seen.append(self._whole(link, what, one))
            except Refused as refused:
                troubles.append(f"{text(one, 'number', 'name', 'code', 'id')}: {refused}")
        here, last = int(cursor or "1"), answer.headers.get("x-wp-totalpages", "0")
        more = last.isdigit() and here < int(last)
        return Pulled(seen=seen, next=str(here + 1) if more else "", troubles=troubles, rests=0.2)

    def fetch(self, link: Link, what: str, external_id: str) -> Seen | None:
        answer = self._ask(link, "GET", f"{what}s", external_id)
        return self._whole(link, what, an_object(answer.said)) if answer.is_there else None

    def do(self, link: Link, wanted: Wanted, key: str) -> Done:
        if wanted.what == Ability.COUPON:
            return self._done(self._ask(link, "POST", "coupons", body=coupon(wanted, key)))
        order = ("orders", wanted.order_id)
        if wanted.what == Ability.REFUND:
            answer = self._ask(link, "POST", *order, "refunds", body=refund(wanted, key))
        elif wanted.what == Ability.CANCEL:
            answer = self._ask(link, "PUT", *order, body={"status": "cancelled"})
        elif wanted.what == Ability.ADDRESS:
            answer = self._ask(link, "PUT", *order, body={"shipping": shipping(wanted.address)})
        elif wanted.what == Ability.REPLACEMENT:
            said = self._ask(link, "GET", *order)
            mark = {"key": MARK, "value": key}
            body = replacement(an_object(said.said), wanted, mark) if said.is_there else {}
            answer = self._ask(link, "POST", "orders", body=body) if body else said
        else:
            raise Declined(_("This shop cannot be asked to do that."))
        return self._done(answer)

    def look(self, link: Link, wanted: Wanted, key: str) -> Done | None:
        if wanted.what == Ability.COUPON:
            return self._marked(self._ask(link, "GET", "coupons", code=wanted.code), key)
        if wanted.what == Ability.REFUND:
            answer = self._ask(link, "GET", "orders", wanted.order_id, "refunds", per_page="100")
            return self._marked(answer, key)
        if wanted.what == Ability.REPLACEMENT:
            return self._marked(
                self._ask(link, "GET", "orders", parent=wanted.order_id, per_page="100"), key
            )
        answer = self._ask(link, "GET", "orders", wanted.order_id)
        if not answer.is_there:
            return None
        said = an_object(answer.said)
        if wanted.what == Ability.CANCEL:
            return self._done(answer) if said.get("status") == "cancelled" else None
        there, ours = said.get("shipping") or {}, shipping(wanted.address)
        is_so = all(text(there, name) == value for name, value in ours.items())
        return self._done(answer) if is_so else None

    def _whole(self, link: Link, what: str, said: dict[str, Any]) -> Seen:
        """With what it does not tell by itself: the refunds of an order, a product's variations."""
        if what == "coupon":
            return coupon_seen(said, link.currency)
        each = number(said, "id")
        if what == "product":
            kinds = [] if is_simple(said) else self._more(link, "products", each, "variations")
            return product_seen(said, kinds, link.currency, timezone.now())
        return order_seen(said, self._more(link, "orders", each, "refunds")
                          if said.get("refunds") else [])  # fmt: skip

    def _more(self, link: Link, *parts: str) -> Sequence[dict[str, Any]]:
        """All of a list, page by page: what is left out would be taken to be gone."""
        found = list[dict[str, Any]]()
        for here in range(1, MOST_PAGES + 1):
            answer = self._ask(link, "GET", *parts, per_page="100", page=str(here))
            found += objects(answer.said) if answer.is_there else []
            last = answer.headers.get("x-wp-totalpages", "1")
            if not last.isdigit() or here >= int(last):
                break
        return found

    def _marked(self, answer: Answer, key: str) -> Done | None:
        for one in objects(answer.said) if answer.is_there else []:
            marks = [text(meta, "value") for meta in objects(one.get("meta_data"))
                     if meta.get("key") == MARK]  # fmt: skip
            if key in marks:
                return Done(external_id=number(one, "id"), facts=facts_of(one))
        return None

    def _done(self, answer: Answer) -> Done:
        if not answer.is_there:
            raise Declined(_("The shop has no such order any more."))
        said = an_object(answer.said)
        return Done(external_id=number(said, "id"), facts=facts_of(said))

    def _currency(self, link: Link) -> str:
        try:
            found = self._ask(link, "GET", "settings", "general", "woocommerce_currency").said
        except Declined:
            return ""
        return text(an_object(found), "value")[:3]

    def _ask(
        self, link: Link, method: str, *parts: str, body: Any = None, **query: str | None
    ) -> Answer:
        names = ("consumer_key", "consumer_secret")
        pair = ":".join(link.secrets.get(name, "") for name in names)
        rights = {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}
        url = address(link.base_url, *API, *parts, **query)
        return ask(
            Question(method=method, url=url, headers=rights, body=body, does=method != "GET")
        )


def refund(wanted: Wanted, key: str) -> dict[str, Any]:
    amount = decimal_text(wanted.amount_minor, wanted.currency)
    return {
        "amount": amount, "reason": wanted.reason, "api_refund": True, "api_restock": False,
        "meta_data": [{"key": MARK, "value": key}],
    }  # fmt: skip


def coupon(wanted: Wanted, key: str) -> dict[str, Any]:
    """For one use, by whoever it is for."""
    said: dict[str, Any] = {
        "code": wanted.code, "usage_limit": 1, "individual_use": False,
        "description": wanted.reason, "meta_data": [{"key": MARK, "value": key}],
    }  # fmt: skip
    if wanted.percent:
        said |= {"discount_type": "percent", "amount": str(wanted.percent)}
    else:
        amount = decimal_text(wanted.amount_minor, wanted.currency)
        said |= {"discount_type": "fixed_cart", "amount": amount}
    if wanted.least_minor:
        said["minimum_amount"] = decimal_text(wanted.least_minor, wanted.currency)
    if wanted.valid_until:
        until = wanted.valid_until.astimezone(UTC).replace(tzinfo=None, microsecond=0)
        said["date_expires_gmt"] = until.isoformat()
    if wanted.email:
        said["email_restrictions"] = [wanted.email]
    return said


def shipping(ours: Mapping[str, str]) -> dict[str, str]:
    """An address in its words; the whole name goes where the first name stands."""
    said = {theirs: ours.get(name, "").strip() for theirs, name in OURS.items()}
    return {**said, "last_name": ""}


def facts_of(said: dict[str, Any]) -> dict[str, str]:
    return {"code": text(said, "code")} if text(said, "code") else {}
