"""A Vendure of a few lines: it answers as its published schema says."""

from typing import Any

from makegood.shop.tests.counterparts import Asked, Counter, Reply, sample

FORBIDDEN = {
    "errors": [{"message": "You are not currently authorized to perform this action",
                "extensions": {"code": "FORBIDDEN"}}],
    "data": None,
}  # fmt: skip
NOBODY = {"errors": [{"message": "No Payment", "extensions": {"code": "ENTITY_NOT_FOUND"}}]}
SETTINGS = {"trackInventory": True, "outOfStockThreshold": 0,
            "serverConfig": {"moneyStrategyPrecision": 2}}  # fmt: skip
CHANNEL = {"code": "__default_channel__", "defaultCurrencyCode": "EUR", "pricesIncludeTax": True,
           "defaultLanguageCode": "en"}  # fmt: skip


def vendure(shop: Counter, one: Asked) -> Reply:
    """Its key may do all but make promotions, as far as its live test goes."""
    if one.path != "/admin-api" or one.headers.get("vendure-api-key") != "lookup:key":
        return 200, FORBIDDEN, {}
    query, values = one.said["query"], one.said["variables"]
    for word, answer in ANSWERS:
        if word in query:
            found = answer(shop, values)
            return 200, found if "errors" in found else {"data": found}, {}
    return 400, {"errors": [{"message": "Syntax Error"}]}, {}


def _order(shop: Counter) -> Any:
    order = sample("vendure_order")
    order["payments"][0]["refunds"] += shop.things.get("refunds", [])
    return {**order, **shop.things.get("order", {})}


def _settings(_shop: Counter, _values: Any) -> Any:
    return {"activeChannel": CHANNEL, "globalSettings": SETTINGS}


def _page(shop: Counter, values: Any) -> Any:
    options = values.get("options") or {"skip": 0}
    found = _order(shop)
    if options["skip"]:
        return {"found": {"totalItems": 3, "items": [{**found, "id": "452"}, {"id": "9"}]}}
    return {"found": {"totalItems": 3, "items": [found]}}


def _products(_shop: Counter, _values: Any) -> Any:
    items = [sample("vendure_product"), {"id": "4"}]
    return {"globalSettings": SETTINGS, "found": {"totalItems": 2, "items": items}}


def _product(_shop: Counter, values: Any) -> Any:
    there = {"1": sample("vendure_product")}
    return {"globalSettings": SETTINGS, "product": there.get(values["id"])}


def _codes(_shop: Counter, _values: Any) -> Any:
    return {"found": {"totalItems": 1, "items": [sample("vendure_promotion")]}}


def _one(shop: Counter, values: Any) -> Any:
    return {"order": _order(shop) if values["id"] == "451" else None}


def _refund(shop: Counter, values: Any) -> Any:
    said, made = values["input"], shop.things.setdefault("refunds", [])
    made.append({"id": f"9{len(made)}", "createdAt": "2026-03-03T09:00:00Z", "state": "Pending",
                 "updatedAt": "2026-03-03T09:00:00Z", "total": said["amount"], "lines": [],
                 "reason": said["reason"]})  # fmt: skip
    return {"did": {"__typename": "Refund", **made[-1]}}


def _cancel(shop: Counter, values: Any) -> Any:
    if shop.things.get("order"):
        words = "At least one OrderLine must be specified"
        return {"did": {"__typename": "EmptyOrderLineSelectionError", "message": words}}
    shop.things["order"] = {"state": "Cancelled"}
    return {"did": {"__typename": "Order", "id": values["input"]["orderId"]}}


def _move(shop: Counter, values: Any) -> Any:
    """All three at once: what is tried only is not kept, and it stands as before."""
    said = values["input"]
    total = _order(shop)["totalWithTax"] + shop.things.get("dearer", 0)
    did = {"__typename": "Order", "id": said["orderId"], "totalWithTax": total}
    if shop.things.get("breaks"):
        return {"errors": [{"message": "Broken", "extensions": {"code": "USER_INPUT_ERROR"}}]}
    if not said["dryRun"]:
        there = {**_order(shop)["shippingAddress"], **said["updateShippingAddress"]}
        shop.things["order"] = {"shippingAddress": there}
    return {"open": {"__typename": "Order"}, "did": did, "back": {"__typename": "Order"}}


def _promote(shop: Counter, values: Any) -> Any:
    said = values["input"]
    told = said["translations"][0]["description"]
    made = {"id": "5", "couponCode": said["couponCode"], "description": told}
    shop.things.setdefault("promotions", []).append(made)
    return {"did": {"__typename": "Promotion", "id": "5"}}


def _promotions(shop: Counter, values: Any) -> Any:
    made = shop.things.get("promotions", [])
    found = [one for one in made if one["couponCode"] == values["code"]]
    return {"promotions": {"items": found}, "activeChannel": CHANNEL}


ANSWERS = (
    ("moneyStrategyPrecision", _settings),
    ("did: modifyOrder", _move),
    ("back: transition", lambda _shop, _values: {"back": {"__typename": "Order"}}),
    ("found: products(", _products),
    ("found: promotions(", _codes),
    ("products(", lambda _shop, _values: {"products": {"totalItems": 1}}),
    ("product(", _product),
    ("cancelPayment", lambda _shop, _values: NOBODY),
    ("did: refundOrder", _refund),
    ("did: cancelOrder", _cancel),
    ("did: createPromotion", _promote),
    ("createPromotion", lambda _shop, _values: FORBIDDEN),
    ("promotions(", _promotions),
    ("orders(", _page),
    ("order(", _one),
)
