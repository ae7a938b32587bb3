"""Vendure (version 3) by its admin GraphQL API; its store tells of orders by a plugin of ours."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makegood.kit.errors import Refused
from makegood.shop.connectors import standard
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
from makegood.shop.connectors.json_said import an_object, count, number, objects, opened, text
from makegood.shop.connectors.vendure_asking import NotAllowed, acted, asked
from makegood.shop.connectors.vendure_goods import (
    PRODUCT,
    PROMOTION,
    SETTINGS,
    coupon_seen,
    product_seen,
)
from makegood.shop.connectors.vendure_moving import is_there, move
from makegood.shop.connectors.vendure_reading import (
    DIGITS,
    MARK,
    ORDER,
    is_placed,
    left_to_refund,
    order_seen,
    refunds_of,
    theirs,
)
from makegood.shop.seen import Seen
from makegood.shop.seen_goods import GoneSeen

PAGE = 50
CHANGES_FOR = timedelta(days=90)
"""A refund or a parcel leaves an order's own time as it was: the nightly look goes by age."""
SHOP = """query { activeChannel { code defaultCurrencyCode defaultLanguageCode }
  globalSettings { serverConfig { moneyStrategyPrecision } } }"""
ORDERS = "query { orders(options: {take: 1}) { totalItems } }"
MAY_CHANGE = """mutation { cancelPayment(id: "0") { __typename } }"""
"""A payment that no store has: whoever may not is told so before it is looked for."""
MAY_GIVE = """mutation { createPromotion(input: {enabled: false, conditions: [], actions: [],
  translations: [{languageCode: en, name: "-"}]}) { __typename } }"""
"""One without a condition and a code, which no store takes."""
PAGES = {
    "order": f"""query($options: OrderListOptions) {{
  found: orders(options: $options) {{ totalItems items {{ {ORDER} }} }} }}""",
    "product": f"""query($options: ProductListOptions) {{ {SETTINGS}
  found: products(options: $options) {{ totalItems items {{ {PRODUCT} }} }} }}""",
    "coupon": f"""query($options: PromotionListOptions) {{
  found: promotions(options: $options) {{ totalItems items {{ {PROMOTION} }} }} }}""",
}
ONE = f"query($id: ID!) {{ order(id: $id) {{ {ORDER} }} }}"
ONE_PRODUCT = f"query($id: ID!) {{ {SETTINGS} product(id: $id) {{ {PRODUCT} }} }}"
CATALOGUE = "query { products(options: {take: 1}) { totalItems } }"
REFUND = """mutation($input: RefundOrderInput!) { did: refundOrder(input: $input) {
  __typename ... on Refund { id state } ... on ErrorResult { message } } }"""
CANCEL = """mutation($input: CancelOrderInput!) { did: cancelOrder(input: $input) {
  __typename ... on Order { id } ... on ErrorResult { message } } }"""
PROMOTE = """mutation($input: CreatePromotionInput!) { did: createPromotion(input: $input) {
  __typename ... on Promotion { id } ... on ErrorResult { message } } }"""
PROMOTIONS = """query($code: String!) { promotions(options: {filter: {couponCode: {eq: $code}}}) {
  items { id description couponCode } } activeChannel { defaultLanguageCode pricesIncludeTax } }"""


class Vendure:
    """Signals name an order or a product, which is fetched; refunds and coupons go back."""

    kind = "vendure"
    label = "Vendure"
    cancel_refunds = False
    abilities = frozenset({Ability.REFUND, Ability.CANCEL, Ability.ADDRESS, Ability.COUPON})
    brings = ("order", "product", "coupon")
    headers = standard.HEADERS
    makes_signing = True
    signing_says = gettext_lazy(
        "Put our plugin into your store (docs/connectors/vendure.md), with this address as"
        " MAKEGOOD_URL and this secret as MAKEGOOD_SECRET."
    )
    fields = (
        Field(name="base_url", label=gettext_lazy("Address"), example="https://store.example.com"),
        Field(
            name="token", label=gettext_lazy("API key"), is_secret=True,
            help=gettext_lazy("Of an administrator who may read and update orders, read the"
                              " catalogue, and make promotions."),
        ),
        Field(
            name="channel", label=gettext_lazy("Token of its channel"), is_optional=True,
            help=gettext_lazy("Where the store has more than one channel."),
        ),
    )  # fmt: skip

    def probe(self, link: Link) -> Probed:
        said = asked(link, SHOP)
        channel = an_object(said.get("activeChannel"))
        config = an_object(an_object(said.get("globalSettings")).get("serverConfig"))
        if count(config, "moneyStrategyPrecision") != DIGITS:
            raise Declined(_("This store counts money in other parts than hundredths."))
        asked(link, ORDERS)  # without it nothing works: it is raised
        has, missing, cannot = [_("Read orders")], [], set[Ability]()
        for may, words, acts in (
            (MAY_CHANGE, _("Give refunds, cancel, change addresses"),
             {Ability.REFUND, Ability.CANCEL, Ability.ADDRESS}),
            (MAY_GIVE, _("Make coupons"), {Ability.COUPON}),
            (CATALOGUE, _("Read products"), set()),
        ):  # fmt: skip
            if _may(link, may):
                has.append(words)
            else:
                missing.append(words)
                cannot |= acts
        return Probed(
            shop_name=link.shop_name, currency=text(channel, "defaultCurrencyCode")[:3],
            has=tuple(has), missing=tuple(missing), cannot=tuple(cannot),
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
        first = int(cursor or "0")
        options = {"skip": first, "take": PAGE, "sort": {"createdAt": "ASC"},
                   "filter": _only(what, since)}  # fmt: skip
        answer = asked(link, PAGES[what], {"options": options})
        said = an_object(answer.get("found"))
        found, seen, troubles = objects(said.get("items")), list[Seen](), []
        for one in found:
            try:
                seen.append(_seen(link, what, one, answer))
            except Refused as refused:
                troubles.append(f"{text(one, 'code', 'name', 'couponCode', 'id')}: {refused}")
        here = first + len(found)
        following = str(here) if found and here < count(said, "totalItems") else ""
        return Pulled(seen=seen, next=following, troubles=troubles, rests=0.2)

    def fetch(self, link: Link, what: str, external_id: str) -> Seen | None:
        if what == "product":
            answer = asked(link, ONE_PRODUCT, {"id": external_id})
            product = answer.get("product")
            return None if product is None else _seen(link, what, an_object(product), answer)
        said = self._order(link, external_id)
        return order_seen(said) if said is not None and is_placed(said) else None

    def do(self, link: Link, wanted: Wanted, key: str) -> Done:
        if wanted.what == Ability.COUPON:
            said = asked(link, PROMOTIONS, {"code": wanted.code})
            channel = an_object(said.get("activeChannel"))
            if not wanted.percent and not channel.get("pricesIncludeTax"):
                words = _("This store takes an amount off before tax, so it would give more than"
                          " was meant: choose a part in percent.")  # fmt: skip
                raise Declined(words)
            tongue = text(channel, "defaultLanguageCode") or "en"
            made = acted(link, PROMOTE, {"input": coupon(wanted, key, tongue)})
            return Done(external_id=number(made, "id"), facts={"code": wanted.code})
        if wanted.what == Ability.REFUND:
            return self._refund(link, wanted, key)
        if wanted.what == Ability.ADDRESS:
            return move(link, self._needed(link, wanted), wanted, _mark(key))
        if wanted.what != Ability.CANCEL:
            raise Declined(_("This shop cannot be asked to do that."))
        said = {"orderId": wanted.order_id, "reason": wanted.reason, "cancelShipping": True}
        return Done(external_id=number(acted(link, CANCEL, {"input": said}), "id"))

    def look(self, link: Link, wanted: Wanted, key: str) -> Done | None:
        if wanted.what == Ability.COUPON:
            said = an_object(asked(link, PROMOTIONS, {"code": wanted.code}).get("promotions"))
            for one in objects(said.get("items")):
                if text(one, "description").endswith(_mark(key)):
                    return Done(external_id=number(one, "id"), facts={"code": wanted.code})
            return None
        order = self._order(link, wanted.order_id)
        if order is None:
            return None
        if wanted.what == Ability.CANCEL:
            is_so = text(order, "state") == "Cancelled"
            return Done(external_id=number(order, "id")) if is_so else None
        if wanted.what == Ability.ADDRESS:
            return Done(external_id=number(order, "id")) if is_there(order, wanted) else None
        for one in refunds_of(order):
            if text(one, "reason").endswith(_mark(key)) and text(one, "state") != "Failed":
                return Done(external_id=number(one, "id"))
        return None

    def _refund(self, link: Link, wanted: Wanted, key: str) -> Done:
        """Of one payment; a refund that its provider refused stands there as failed."""
        order = self._needed(link, wanted)
        if text(order, "currencyCode") != wanted.currency:
            told = {"currency": text(order, "currencyCode")}
            raise Declined(_("The order is in %(currency)s.") % told)
        fits = [one for one in objects(order.get("payments"))
                if left_to_refund(one, wanted.currency) >= wanted.amount_minor]  # fmt: skip
        if not fits:
            raise Declined(_("No payment of this order has that much left to give back."))
        said = {
            "paymentId": number(fits[0], "id"), "reason": f"{wanted.reason} {_mark(key)}".strip(),
            "amount": theirs(wanted.amount_minor, wanted.currency),
            "lines": [], "shipping": 0, "adjustment": 0,  # out of use, and asked for all the same
        }  # fmt: skip
        made = acted(link, REFUND, {"input": said})
        if text(made, "state") == "Failed":
            raise Declined(_("The payment provider of the store refused to give it back."))
        waits = _("In the store it waits until somebody there says that it was given back.")
        words = waits if text(made, "state") == "Pending" else ""
        return Done(external_id=number(made, "id"), words=words)

    def _needed(self, link: Link, wanted: Wanted) -> dict[str, Any]:
        order = self._order(link, wanted.order_id)
        if order is None:
            raise Declined(_("The shop has no such order any more."))
        return order

    def _order(self, link: Link, external_id: str) -> dict[str, Any] | None:
        said = asked(link, ONE, {"id": external_id}).get("order")
        return None if said is None else an_object(said)


def _only(what: str, since: datetime | None) -> dict[str, Any]:
    """What of all that there is: orders that were placed, and promotions with a code."""
    if what == "product":
        return {}
    if what == "coupon":
        return {"couponCode": {"isNull": False}}
    if since is None:
        return {"orderPlacedAt": {"isNull": False}}
    return {"orderPlacedAt": {"after": (since - CHANGES_FOR).astimezone(UTC).isoformat()}}


def _seen(link: Link, what: str, said: dict[str, Any], answer: Mapping[str, Any]) -> Seen:
    if what == "product":
        return product_seen(said, an_object(answer.get("globalSettings")), timezone.now())
    return coupon_seen(said, link.currency) if what == "coupon" else order_seen(said)


def coupon(wanted: Wanted, key: str, tongue: str) -> dict[str, Any]:
    """For one use; our key stands in its description, because customers are shown its name."""
    if wanted.percent:
        act = _operation("order_percentage_discount", discount=str(wanted.percent))
    else:
        worth = theirs(wanted.amount_minor, wanted.currency)
        act = _operation("order_fixed_discount", discount=str(worth))
    told = {"name": wanted.code, "description": f"{wanted.reason} {_mark(key)}".strip()}
    said: dict[str, Any] = {
        "enabled": True, "couponCode": wanted.code, "usageLimit": 1, "perCustomerUsageLimit": 1,
        "conditions": [], "actions": [act],
        "translations": [{"languageCode": tongue, **told}],
    }  # fmt: skip
    if wanted.least_minor:
        least = str(theirs(wanted.least_minor, wanted.currency))
        said["conditions"] = [_operation("minimum_order_amount", amount=least, taxInclusive="true")]
    if wanted.valid_until:
        said["endsAt"] = wanted.valid_until.astimezone(UTC).isoformat()
    return said


def _operation(code: str, **values: str) -> dict[str, Any]:
    told = [{"name": name, "value": value} for name, value in values.items()]
    return {"code": code, "arguments": told}


def _mark(key: str) -> str:
    return f"[{MARK}{key}]"


def _may(link: Link, attempt: str) -> bool:
    """Whether our key has a right, by something that cannot succeed."""
    try:
        asked(link, attempt)
    except NotAllowed:
        return False
    except (Declined, Unsure):
        return True  # it was let in, and could not succeed
    return True
