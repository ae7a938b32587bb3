"""Shopify by its Admin API, with the token of an app that the shop made for itself."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makegood.kit.errors import Refused
from makegood.shop.connectors import standard
from makegood.shop.connectors.asking import Answer, Question, address, ask
from makegood.shop.connectors.decimals import decimal_text, exact, moment
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
    Unsure,
    Wanted,
)
from makegood.shop.connectors.json_said import an_object, number, objects, opened, text
from makegood.shop.connectors.shopify_coupons import place_of, rule
from makegood.shop.connectors.shopify_goods import (
    cart_seen,
    coupons_seen,
    product_seen,
    stock_seen,
)
from makegood.shop.connectors.shopify_reading import order_seen
from makegood.shop.connectors.shopify_replacing import FOUND_IN, MOST_PAGES, replacement
from makegood.shop.seen import Seen
from makegood.shop.seen_goods import GoneSeen

VERSION = "2026-01"
PAGE = "100"
PAGES: Mapping[str, tuple[str, dict[str, str]]] = {
    "order": ("orders", {"limit": PAGE, "status": "any", "order": "updated_at asc"}),
    "product": ("products", {"limit": PAGE}),
    "coupon": ("price_rules", {"limit": "10"}),
}
"""By what they bring: where they are, and how they are asked for."""
HALF, DRIPS = 0.5, 2.0
"""How full its bucket may get, and how many questions drip out of it in a second."""
RIGHTS = {
    "read_orders": gettext_lazy("Read orders (read_orders)"),
    "read_all_orders": gettext_lazy("Read orders older than 60 days (read_all_orders)"),
    "write_orders": gettext_lazy("Give refunds, cancel, change addresses (write_orders)"),
    "write_price_rules": gettext_lazy("Make coupons (write_price_rules)"),
    "read_products": gettext_lazy("Read products (read_products)"),
    "read_inventory": gettext_lazy("Read how many are left (read_inventory)"),
}
NEEDS = {Ability.COUPON: "write_price_rules"}
"""Everything else needs `write_orders`."""
OURS = {
    "name": "name", "company": "company", "address1": "line1", "address2": "line2",
    "zip": "postcode", "city": "city", "province": "region", "country_code": "country",
    "phone": "phone",
}  # fmt: skip


class Shopify:
    """Orders come by webhooks and by pages; refunds, cancellations and coupons go back."""

    kind = "shopify"
    label = "Shopify"
    cancel_refunds = False
    abilities = frozenset(
        {Ability.REFUND, Ability.CANCEL, Ability.ADDRESS, Ability.REPLACEMENT, Ability.COUPON}
    )
    brings = ("order", "product", "coupon")
    headers = ("x-shopify-topic", "x-shopify-webhook-id", "x-shopify-event-id",
               "x-shopify-triggered-at", "x-shopify-api-version")  # fmt: skip
    makes_signing = False
    signing_says = gettext_lazy(
        "Let the app send orders/create, orders/updated, orders/cancelled, refunds/create and"
        " fulfillments/create to this address, as JSON; and products/create, products/update,"
        " products/delete, inventory_levels/update, checkouts/create, checkouts/update and"
        " checkouts/delete for what is left of its goods and for carts left behind."
    )
    fields = (
        Field(name="base_url", label=gettext_lazy("Address"),
              example="https://lanterns.myshopify.com"),
        Field(name="token", label=gettext_lazy("Admin API access token"), is_secret=True,
              help=gettext_lazy("Of an app that you made in your shop’s settings.")),
        Field(name="signing", label=gettext_lazy("Client secret of the app"), is_secret=True,
              help=gettext_lazy("Shopify signs with it what it sends.")),
    )  # fmt: skip

    def probe(self, link: Link) -> Probed:
        rights = address(link.base_url, "admin", "oauth", "access_scopes.json")
        found = objects(an_object(self._at(link, "GET", rights).said).get("access_scopes"))
        held = {text(one, "handle") for one in found}
        held |= {f"read_{one.removeprefix('write_')}" for one in held if one.startswith("write_")}
        shop = an_object(an_object(self._ask(link, "GET", "shop.json").said).get("shop"))
        return Probed(
            shop_name=text(shop, "name")[:80], currency=text(shop, "currency")[:3],
            time_zone=text(shop, "iana_timezone")[:64],
            has=tuple(str(words) for right, words in RIGHTS.items() if right in held),
            missing=tuple(str(words) for right, words in RIGHTS.items() if right not in held),
            cannot=tuple(one for one in self.abilities
                         if NEEDS.get(one, "write_orders") not in held),
        )  # fmt: skip

    def verify(self, link: Link, raw: bytes, headers: Mapping[str, str]) -> Head:
        keys = [link.secrets.get(name, "") for name in ("signing", "signing_before")]
        standard.refuse_unsigned(keys, raw, headers.get("x-shopify-hmac-sha256", ""))
        topic = headers.get("x-shopify-topic", "")
        told = headers.get("x-shopify-webhook-id", "")
        try:
            at = moment(headers.get("x-shopify-triggered-at", ""))
        except Refused:
            at = None  # only the bytes are signed: this is a hint
        event_id = told or standard.hash_of(topic.encode(), raw)
        return Head(event_id=event_id, topic=topic, happened_at=at)

    def read(self, link: Link, topic: str, raw: bytes) -> Sequence[Seen | Ask] | None:
        if topic.startswith("orders/") and topic not in (
            "orders/delete",
            "orders/risk_assessment_changed",
        ):
            return [order_seen(opened(raw))]
        if topic.startswith(("refunds/", "fulfillments/")):
            return [Ask(what="order", external_id=number(opened(raw), "order_id"))]
        if topic in GOODS:
            return [GOODS[topic](link, opened(raw))]
        return None

    def page(self, link: Link, what: str, cursor: str, since: datetime | None) -> Pulled:
        path, asked = PAGES[what]
        if cursor:
            answer = self._ask(link, "GET", f"{path}.json", limit=asked["limit"], page_info=cursor)
        else:
            after = since.isoformat() if since else None
            answer = self._ask(link, "GET", f"{path}.json", updated_at_min=after, **asked)
        seen, troubles = list[Seen](), []
        for one in objects(an_object(answer.said).get(path)):
            try:
                seen += self._seen(link, what, one)
            except Refused as refused:
                troubles.append(f"{text(one, 'name', 'title', 'id')}: {refused}")
        following = next_page(answer.headers.get("link", ""))
        return Pulled(seen=seen, next=following, troubles=troubles, rests=breath(answer))

    def _seen(self, link: Link, what: str, said: dict[str, Any]) -> Sequence[Seen]:
        """One thing of a page; a price rule has codes of its own, which are asked for."""
        if what == "product":
            return [product_seen(said, link.base_url, link.currency, timezone.now())]
        if what == "order":
            return [order_seen(said)]
        answer = self._ask(
            link, "GET", "price_rules", number(said, "id"), "discount_codes.json", limit="250"
        )
        codes = objects(an_object(answer.said).get("discount_codes")) if answer.is_there else []
        return coupons_seen(said, codes, link.currency)

    def fetch(self, link: Link, what: str, external_id: str) -> Seen | None:
        if what == "stock":
            asked = {"inventory_item_ids": external_id, "limit": "250"}
            answer = self._ask(link, "GET", "inventory_levels.json", **asked)
            levels = objects(an_object(answer.said).get("inventory_levels"))
            return stock_seen(external_id, levels)
        answer = self._ask(link, "GET", f"{what}s", f"{external_id}.json")
        if not answer.is_there:
            return None
        return self._seen(link, what, an_object(an_object(answer.said).get(what)))[0]

    def do(self, link: Link, wanted: Wanted, key: str) -> Done:
        if wanted.what == Ability.REFUND:
            return self._refund(link, wanted, key)
        if wanted.what == Ability.COUPON:
            return self._coupon(link, wanted, key)
        if wanted.what == Ability.REPLACEMENT:
            return self._replace(link, wanted, key)
        order = wanted.order_id
        if wanted.what == Ability.CANCEL:
            body = {"email": wanted.notify, "reason": "other"}
            answer = self._ask(link, "POST", "orders", order, "cancel.json", body=body)
        elif wanted.what == Ability.ADDRESS:
            body = {"order": {"id": int(order), "shipping_address": shipping(wanted.address)}}
            answer = self._ask(link, "PUT", "orders", f"{order}.json", body=body)
        else:
            raise Declined(_("This shop cannot be asked to do that."))
        said = an_object(_there(answer).get("order"))
        return Done(external_id=number(said, "id"))

    def look(self, link: Link, wanted: Wanted, key: str) -> Done | None:
        if wanted.what == Ability.REFUND:
            answer = self._ask(link, "GET", "orders", wanted.order_id, "refunds.json")
            found = objects(an_object(answer.said).get("refunds")) if answer.is_there else []
            marked = [one for one in found if _has_mark(text(one, "note"), key)]
            return Done(external_id=number(marked[0], "id")) if marked else None
        if wanted.what == Ability.COUPON:
            return self._look_for_code(link, wanted)
        if wanted.what == Ability.REPLACEMENT:
            return self._look_among_later(link, wanted, key)
        answer = self._ask(link, "GET", "orders", f"{wanted.order_id}.json")
        if not answer.is_there:
            return None
        said = an_object(an_object(answer.said).get("order"))
        if wanted.what == Ability.CANCEL:
            return Done(external_id=number(said, "id")) if said.get("cancelled_at") else None
        there, ours = said.get("shipping_address") or {}, shipping(wanted.address)
        is_so = all(text(there, name) == value for name, value in ours.items())
        return Done(external_id=number(said, "id")) if is_so else None

    def _replace(self, link: Link, wanted: Wanted, key: str) -> Done:
        answer = self._ask(link, "GET", "orders", f"{wanted.order_id}.json")
        before = an_object(_there(answer).get("order"))
        body = replacement(before, wanted, _mark(key))
        answer = self._ask(link, "POST", "orders.json", body=body)
        said = an_object(_there(answer).get("order"))
        return Done(external_id=number(said, "id"), words=text(said, "name"))

    def _look_among_later(self, link: Link, wanted: Wanted, key: str) -> Done | None:
        """Through all orders that came after; Shopify's own search lags, and would say no."""
        after = wanted.order_id
        for _page in range(MOST_PAGES):
            query = {"since_id": after, "status": "any", "limit": "250", "fields": FOUND_IN}
            answer = self._ask(link, "GET", "orders.json", **query)
            found = objects(an_object(answer.said).get("orders"))
            for one in found:
                if _has_mark(text(one, "note"), key):
                    return Done(external_id=number(one, "id"), words=text(one, "name"))
            if len(found) < int(query["limit"]):
                return None
            after = number(found[-1], "id")
        raise Unsure(_("Too many orders came since: look in the shop."))

    def _refund(self, link: Link, wanted: Wanted, key: str) -> Done:
        """Against the payments that have something left, until the amount is covered."""
        answer = self._ask(link, "GET", "orders", wanted.order_id, "transactions.json")
        paid = objects(_there(answer).get("transactions"))
        parts = _parts(paid, wanted.amount_minor, wanted.currency)
        lines = [{"line_item_id": int(line), "quantity": many, "restock_type": "no_restock"}
                 for line, many in wanted.lines]  # fmt: skip
        body = {"refund": {
            "currency": wanted.currency, "notify": wanted.notify, "transactions": parts,
            "note": f"{wanted.reason} {_mark(key)}".strip(), "refund_line_items": lines,
        }}  # fmt: skip
        answer = self._ask(link, "POST", "orders", wanted.order_id, "refunds.json", body=body)
        return Done(external_id=number(an_object(_there(answer).get("refund")), "id"))

    def _coupon(self, link: Link, wanted: Wanted, key: str) -> Done:
        """A rule, then its code. A rule without its code gives nobody anything."""
        answer = self._ask(
            link, "POST", "price_rules.json", body={"price_rule": rule(wanted, _mark(key))}
        )
        made = number(an_object(_there(answer).get("price_rule")), "id")
        said = {"discount_code": {"code": wanted.code}}
        answer = self._ask(link, "POST", "price_rules", made, "discount_codes.json", body=said)
        said = an_object(_there(answer).get("discount_code"))
        return Done(external_id=number(said, "id"), facts={"code": text(said, "code")})

    def _look_for_code(self, link: Link, wanted: Wanted) -> Done | None:
        """By the code: it is ours alone, and stands once in a shop, which says where."""
        query = {"code": wanted.code}
        answer = self._ask(link, "GET", "discount_codes", "lookup.json", **query)
        if not answer.is_there:
            return None
        rules, code = place_of(answer.headers.get("location", ""))
        answer = self._ask(link, "GET", "price_rules", rules, "discount_codes", f"{code}.json")
        if not answer.is_there:
            return None
        said = an_object(an_object(answer.said).get("discount_code"))
        return Done(external_id=number(said, "id"), facts={"code": text(said, "code")})

    def _ask(
        self, link: Link, method: str, *parts: str, body: Any = None, **query: str | None
    ) -> Answer:
        url = address(link.base_url, "admin", "api", VERSION, *parts, **query)
        return self._at(link, method, url, body)

    def _at(self, link: Link, method: str, url: str, body: Any = None) -> Answer:
        rights = {"X-Shopify-Access-Token": link.secrets.get("token", "")}
        does = method != "GET"
        return ask(Question(method=method, url=url, headers=rights, body=body, does=does))


def _product(link: Link, said: dict[str, Any]) -> Seen:
    return product_seen(said, link.base_url, link.currency)


def _stock(_link: Link, said: dict[str, Any]) -> Ask:
    """It tells of one place: how many there are at all of them is asked."""
    return Ask(what="stock", external_id=number(said, "inventory_item_id"))


def _gone(what: str) -> Callable[[Link, dict[str, Any]], Seen]:
    return lambda _link, said: GoneSeen(
        external_id=number(said, "id"), what=what, told_at=timezone.now()
    )


GOODS: Mapping[str, Callable[[Link, dict[str, Any]], Seen | Ask]] = {
    "products/create": _product, "products/update": _product, "products/delete": _gone("product"),
    "inventory_levels/update": _stock, "inventory_levels/connect": _stock,
    "checkouts/create": lambda _link, said: cart_seen(said),
    "checkouts/update": lambda _link, said: cart_seen(said),
    "checkouts/delete": _gone("cart"),
}  # fmt: skip


def next_page(link: str) -> str:
    """The cursor in a Link header's next page, or nothing."""
    for part in link.split(","):
        place, _semicolon, relation = part.partition(";")
        if 'rel="next"' in relation:
            query = parse_qs(urlsplit(place.strip().strip("<>")).query)
            return query.get("page_info", [""])[0]
    return ""


def breath(answer: Answer) -> float:
    """How long to wait so that its bucket stays half empty for others."""
    used, _slash, most = answer.headers.get("x-shopify-shop-api-call-limit", "").partition("/")
    if not (used.isdigit() and most.isdigit()):
        return 0.0
    return max(0.0, (int(used) - HALF * int(most)) / DRIPS)


def _there(answer: Answer) -> dict[str, Any]:
    if not answer.is_there:
        raise Declined(_("The shop has no such order any more."))
    if answer.said is None:
        raise Unsure(_("The shop answers without a number of its own."))
    return an_object(answer.said)


def _parts(paid: Sequence[dict[str, Any]], amount: int, currency: str) -> list[dict[str, Any]]:
    parts, left = list[dict[str, Any]](), amount
    for one in paid:
        if text(one, "kind") in ("sale", "capture") and text(one, "status") == "success" and left:
            some = min(left, _rest_of(one, paid, currency))
            if some > 0:
                parts.append({
                    "parent_id": int(number(one, "id")), "kind": "refund",
                    "gateway": text(one, "gateway"), "amount": decimal_text(some, currency),
                })  # fmt: skip
                left -= some
    if left:
        raise Declined(_("Less was paid for this order, or more went back, than is asked for."))
    return parts


def _rest_of(one: dict[str, Any], paid: Sequence[dict[str, Any]], currency: str) -> int:
    """What of a payment did not go back yet."""
    if text(one, "currency") not in ("", currency):
        return 0
    back = [two for two in paid if text(two, "parent_id") == text(one, "id") and _is_back(two)]
    went = sum(exact(two.get("amount"), currency) for two in back)
    return exact(one.get("amount"), currency) - went


def _is_back(one: dict[str, Any]) -> bool:
    return text(one, "kind") == "refund" and text(one, "status") in ("success", "pending")


def shipping(ours: Mapping[str, str]) -> dict[str, str]:
    return {theirs: ours[name].strip() for theirs, name in OURS.items() if ours.get(name)}


def _mark(key: str) -> str:
    return f"[{key}]"


def _has_mark(note: str, key: str) -> bool:
    """Whether a note ends with our mark; whole, so that no key is found within another."""
    return note.endswith(_mark(key))
