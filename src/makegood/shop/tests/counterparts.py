"""Shops of a few lines, for tests: they answer as their vendors' documentation says."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

SAMPLES = Path(__file__).with_name("samples")


def sample(name: str) -> Any:
    return json.loads((SAMPLES / f"{name}.json").read_text())


@dataclass
class Asked:
    """One question as it came."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    said: Any


@dataclass
class Counter:
    """A shop at a port of this machine: what it was asked, and how it answers."""

    answer: Callable[["Counter", Asked], tuple[int, Any, dict[str, str]]]
    port: int = 0
    asked: list[Asked] = field(default_factory=list)
    things: dict[str, Any] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def counterpart(
    answer: Callable[[Counter, Asked], tuple[int, Any, dict[str, str]]],
) -> Iterator[Counter]:
    shop = Counter(answer=answer)

    class Handler(BaseHTTPRequestHandler):
        def _any(self) -> None:
            parts = urlsplit(self.path)
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            headers = {name.lower(): value for name, value in self.headers.items()}
            said = json.loads(raw) if raw else None
            one = Asked(
                method=self.command, path=parts.path, query=query, headers=headers, said=said
            )
            shop.asked.append(one)
            status, body, more = answer(shop, one)
            content = json.dumps(body).encode() if body is not None else b""
            self.send_response(status)
            for name, value in {**more, "Content-Length": str(len(content))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = _any

        def log_message(self, *_args: Any) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    shop.port = server.server_port
    threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
    try:
        yield shop
    finally:
        server.shutdown()
        server.server_close()


Reply = tuple[int, Any, dict[str, str]]


def shopify(shop: Counter, one: Asked) -> Reply:
    if one.headers.get("x-shopify-access-token") != "shpat_1":
        return 401, {"errors": "[API] Invalid API key or access token"}, {}
    order, refunds = sample("shopify_order"), shop.things.setdefault("refunds", [])
    bucket = {"X-Shopify-Shop-Api-Call-Limit": "30/40"}
    path = one.path.removeprefix("/admin/api/2026-01")
    if path == "/admin/oauth/access_scopes.json":
        rights = shop.things.get("rights", ["read_orders", "write_price_rules"])
        return 200, {"access_scopes": [{"handle": one} for one in rights]}, {}
    if path == "/shop.json":
        told = {"name": "Lanterns", "currency": "EUR", "iana_timezone": "Europe/Berlin"}
        return 200, {"shop": told}, {}
    if path == "/orders.json" and "since_id" in one.query:
        return 200, {"orders": shop.things.get("later", [])}, bucket
    if path == "/orders.json" and one.method == "POST":
        shop.things["later"] = [{"id": 450789999, "name": "#1010", **one.said["order"]}]
        return 201, {"order": shop.things["later"][0]}, bucket
    if path == "/orders.json":
        following = f'<{shop.url}/x?page_info=two&limit=100>; rel="next"'
        if one.query.get("page_info") == "two":
            return 200, {"orders": [{**order, "id": 2, "name": "#1002"}, {"id": 3}]}, bucket
        return 200, {"orders": [order]}, {**bucket, "Link": following}
    if path == "/products.json":
        return 200, {"products": [sample("shopify_product"), {"id": 4}]}, bucket
    if path == "/price_rules.json" and one.method == "GET":
        return 200, {"price_rules": [sample("shopify_price_rule")]}, bucket
    if path == "/price_rules/507328175/discount_codes.json":
        code = {"id": 507328176, "code": "SORRY5", "usage_count": 4,
                "updated_at": "2026-03-01T10:00:00+01:00"}  # fmt: skip
        return 200, {"discount_codes": [code]}, bucket
    if path == "/inventory_levels.json":
        at = "2026-03-03T10:00:00+01:00"
        levels = [{"inventory_item_id": 39072856, "location_id": place, "available": left,
                   "updated_at": at} for place, left in ((1, 0), (2, 5), (3, None))]  # fmt: skip
        return 200, {"inventory_levels": levels}, bucket
    if path.startswith("/orders/") and one.method == "PUT":
        shop.things["order"] = {"shipping_address": one.said["order"]["shipping_address"]}
        return 200, {"order": order}, bucket
    if path == "/orders/450789469.json":
        return 200, {"order": {**order, **shop.things.get("order", {})}}, bucket
    if path.endswith("/transactions.json"):
        paid = {"id": 1, "kind": "sale", "status": "success", "amount": "29.90",
                "gateway": "shopify_payments", "currency": "EUR"}  # fmt: skip
        back = {"id": 2, "kind": "refund", "status": "success", "amount": "12.50", "parent_id": 1}
        return 200, {"transactions": [paid, back]}, bucket
    if path.endswith("/refunds.json"):
        if one.method == "POST":
            refunds.append({"id": 900 + len(refunds), **one.said["refund"]})
            return 201, {"refund": refunds[-1]}, bucket
        return 200, {"refunds": refunds}, bucket
    if path.endswith("/cancel.json"):
        shop.things["order"] = {"cancelled_at": "2026-03-03T10:00:00Z"}
        return 200, {"order": order}, bucket
    if path == "/price_rules.json":
        return 201, {"price_rule": {"id": 5, **one.said["price_rule"]}}, bucket
    if path == "/price_rules/5/discount_codes.json":
        shop.things["code"] = {"id": 6, **one.said["discount_code"]}
        return 201, {"discount_code": shop.things["code"]}, bucket
    if path == "/discount_codes/lookup.json" and shop.things.get("code"):
        place = "https://lanterns.myshopify.com/admin/price_rules/5/discount_codes/6"
        return 303, None, {**bucket, "Location": place}
    if path == "/price_rules/5/discount_codes/6.json":
        return 200, {"discount_code": shop.things["code"]}, bucket
    return 404, {"errors": "Not Found"}, {}


def woocommerce(shop: Counter, one: Asked) -> Reply:
    if one.headers.get("authorization") != "Basic Y2tfMTpjc18x":
        return 401, {"code": "woocommerce_rest_cannot_view", "message": "Sorry."}, {}
    order = {**sample("woocommerce_order"), **shop.things.get("order", {})}
    refunds = shop.things.setdefault("refunds", list(sample("woocommerce_refunds")))
    coupons = shop.things.setdefault("coupons", [])
    path = one.path.removeprefix("/wp-json/wc/v3")
    if path == "/orders" and one.method == "POST":
        shop.things["later"] = [{"id": 799, **one.said}]
        return 201, shop.things["later"][0], {}
    if path == "/orders" and "parent" in one.query:
        later = shop.things.get("later", [])
        return 200, [two for two in later if str(two["parent_id"]) == one.query["parent"]], {}
    if path == "/orders":
        number = int(one.query.get("page", "1"))
        found = {**order, "id": 727 + number - 1, "number": str(727 + number - 1)}
        return 200, [found, {"number": "x"}], {"X-WP-TotalPages": "2"}
    if path == "/products":
        return 200, [sample("woocommerce_product"), {"id": 4}], {"X-WP-TotalPages": "1"}
    if path == "/products/794":
        return 200, sample("woocommerce_product"), {}
    if path == "/products/794/variations":
        here = int(one.query.get("page", "1")) - 1
        return 200, [sample("woocommerce_variations")[here]], {"X-WP-TotalPages": "2"}
    if path == "/coupons" and one.method == "GET" and "code" not in one.query:
        return 200, [sample("woocommerce_coupon")], {"X-WP-TotalPages": "1"}
    if path == "/orders/batch":
        return 401, {"message": "The API key provided does not have write permissions."}, {}
    if path == "/settings/general/woocommerce_currency":
        return 200, {"id": "woocommerce_currency", "value": "EUR"}, {}
    if path.endswith("/refunds"):
        if one.method == "POST":
            refunds.append({"id": 900, "date_created_gmt": "2026-03-03T09:00:00", **one.said})
            return 201, refunds[-1], {}
        return 200, refunds, {}
    if path == "/coupons":
        if one.method == "POST":
            coupons.append({"id": 5, **one.said})
            return 201, coupons[-1], {}
        return 200, [two for two in coupons if two["code"] == one.query.get("code")], {}
    if path == "/orders/727":
        if one.method == "PUT":
            shop.things["order"] = one.said
        return 200, {**order, **shop.things.get("order", {})}, {}
    return 404, {"code": "rest_no_route", "message": "No route."}, {}


def generic(shop: Counter, one: Asked) -> Reply:
    if one.headers.get("authorization") != "Bearer t":
        return 403, {"message": "No."}, {}
    order, done = sample("generic_order")["data"], shop.things.setdefault("done", {})
    if one.path == "/shop":
        return 200, {"name": "Lanterns", "currency": "EUR", "abilities": ["refund"]}, {}
    if one.path == "/orders":
        second = {**order, "id": "2", "number": "#1002"}
        if one.query.get("cursor") == "2":
            return 200, {"items": [second, {"id": "3"}], "next": ""}, {}
        return 200, {"items": [order], "next": "2"}, {}
    if one.path == "/orders/1":
        return 200, order, {}
    if one.path in ("/products", "/coupons"):
        told = sample(f"generic_{one.path[1:-1]}")["data"]
        return 200, {"items": [told, {"id": "4"}] if "title" in told else [told], "next": ""}, {}
    if one.path == "/errands":
        key = one.headers["idempotency-key"]
        facts = {"code": one.said["code"]} if "code" in one.said else {}
        done.setdefault(key, {"id": f"e{len(done)}", "facts": facts})
        return 200, done[key], {}
    if one.path.removeprefix("/errands/") in done:
        return 200, done[one.path.removeprefix("/errands/")], {}
    return 404, {"message": "Nothing here."}, {}
