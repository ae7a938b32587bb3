"""What a store sells, and customers who buy of it."""

from dataclasses import dataclass
from typing import Any

from tests.stores.medusa_store import Store

ANN = {
    "first_name": "Ann", "last_name": "Lee", "address_1": "Lamp Street 1", "city": "Berlin",
    "postal_code": "10117", "country_code": "de", "phone": "+49301234567",
}  # fmt: skip


STOCK = 500


@dataclass(frozen=True)
class Market:
    """One region with its currency, and how things are sent there."""

    region: str
    sending: str


@dataclass(frozen=True)
class Goods:
    """All that was put in."""

    euros: Market
    yen: Market
    lamp: str
    """The variant."""
    item: str
    """What of it is counted."""
    place: str


def stocked(store: Store) -> Goods:
    """Lamps at 12.50 EUR or 1500 JPY, fifty of them, sent for 4.90 EUR or 500 JPY."""
    channel = store.admin("/sales-channels", {"name": "Shop"})["sales_channel"]["id"]
    key = store.admin("/api-keys", {"title": "Front", "type": "publishable"})["api_key"]
    store.admin(f"/api-keys/{key['id']}/sales-channels", {"add": [channel]})
    store.front.headers["x-publishable-api-key"] = key["token"]
    _currencies(store)
    place = _place(store, channel)
    profile = store.admin("/shipping-profiles", {"name": "Usual", "type": "default"})
    markets = _markets(store, place, profile["shipping_profile"]["id"])
    lamp, item = _lamp(store, channel, profile["shipping_profile"]["id"], place)
    return Goods(euros=markets["eur"], yen=markets["jpy"], lamp=lamp, item=item, place=place)


def _currencies(store: Store) -> None:
    row = store.admin("/stores")["stores"][0]
    money = [{"currency_code": "eur", "is_default": True}, {"currency_code": "jpy"}]
    store.admin(f"/stores/{row['id']}", {"name": "Lamps", "supported_currencies": money})


def _place(store: Store, channel: str) -> str:
    where = {"address_1": "Dock 1", "city": "Berlin", "country_code": "de", "postal_code": "10117"}
    made = store.admin("/stock-locations", {"name": "Dock", "address": where})["stock_location"]
    store.admin(f"/stock-locations/{made['id']}/sales-channels", {"add": [channel]})
    store.admin(f"/stock-locations/{made['id']}/fulfillment-providers", {"add": ["manual_manual"]})
    return str(made["id"])


def _markets(store: Store, place: str, profile: str) -> dict[str, Market]:
    regions = {}
    for currency, country in (("eur", "de"), ("jpy", "jp")):
        wanted = {"name": country, "currency_code": currency, "countries": [country],
                  "payment_providers": ["pp_system_default"]}  # fmt: skip
        regions[currency] = store.admin("/regions", wanted)["region"]["id"]
    wanted = {"name": "By post", "type": "shipping"}
    found = store.admin(
        f"/stock-locations/{place}/fulfillment-sets?fields=*fulfillment_sets", wanted
    )
    group = found["stock_location"]["fulfillment_sets"][0]["id"]
    both = [{"type": "country", "country_code": one} for one in ("de", "jp")]
    zone = store.admin(
        f"/fulfillment-sets/{group}/service-zones", {"name": "All", "geo_zones": both}
    )
    rules = [{"attribute": "enabled_in_store", "operator": "eq", "value": "true"},
             {"attribute": "is_return", "operator": "eq", "value": "false"}]  # fmt: skip
    said = {
        "name": "By post", "price_type": "flat", "provider_id": "manual_manual", "rules": rules,
        "service_zone_id": zone["fulfillment_set"]["service_zones"][0]["id"],
        "shipping_profile_id": profile, "data": {"id": "manual-fulfillment"},
        "type": {"label": "By post", "description": "-", "code": "post"},
        "prices": [
            {"currency_code": "eur", "amount": 4.9}, {"currency_code": "jpy", "amount": 500},
        ],
    }  # fmt: skip
    option = store.admin("/shipping-options", said)["shipping_option"]["id"]
    back = [rules[0], {**rules[1], "value": "true"}]
    store.admin("/shipping-options", {**said, "name": "Back to us", "rules": back})
    return {currency: Market(region, option) for currency, region in regions.items()}


def _lamp(store: Store, channel: str, profile: str, place: str) -> tuple[str, str]:
    prices = [{"currency_code": "eur", "amount": 12.5}, {"currency_code": "jpy", "amount": 1500}]
    made = store.admin("/products?fields=*variants,*variants.inventory_items", {
        "title": "Lamp", "status": "published", "shipping_profile_id": profile,
        "sales_channels": [{"id": channel}], "options": [{"title": "Colour", "values": ["Red"]}],
        "variants": [{"title": "Red", "sku": "L-1", "options": {"Colour": "Red"},
                      "manage_inventory": True, "prices": prices}],
    })["product"]["variants"][0]  # fmt: skip
    item = made["inventory_items"][0]["inventory_item_id"]
    level = {"location_id": place, "stocked_quantity": STOCK}
    store.admin(f"/inventory-items/{item}/location-levels", level)
    return str(made["id"]), str(item)


def free(store: Store, goods: Goods, left: int) -> None:
    """Let so many lamps be on the shelf that are nobody's yet."""
    place = f"/inventory-items/{goods.item}/location-levels"
    level = store.admin(place)["inventory_levels"][0]
    there = {"stocked_quantity": int(level["reserved_quantity"]) + left}
    store.admin(f"{place}/{goods.place}", there)


def a_cart(store: Store, goods: Goods, market: Market, quantity: int = 2, **more: Any) -> str:
    country = "jp" if market == goods.yen else "de"
    made = store.shop("/carts", {
        "region_id": market.region, "email": "ann@example.com",
        "shipping_address": {**ANN, "country_code": country},
        "billing_address": {**ANN, "country_code": country}, **more,
    })["cart"]["id"]  # fmt: skip
    line = {"variant_id": goods.lamp, "quantity": quantity}
    store.shop(f"/carts/{made}/line-items", line)
    store.shop(f"/carts/{made}/shipping-methods", {"option_id": market.sending})
    return str(made)


def bought(store: Store, cart: str) -> dict[str, Any]:
    """Through the front, to its end: the order."""
    pays = store.shop("/payment-collections", {"cart_id": cart})["payment_collection"]["id"]
    store.shop(
        f"/payment-collections/{pays}/payment-sessions", {"provider_id": "pp_system_default"}
    )
    done = store.shop(f"/carts/{cart}/complete", {})
    assert done["type"] == "order", done
    found: dict[str, Any] = done["order"]
    return found


def an_order(store: Store, goods: Goods, quantity: int = 2, *, in_yen: bool = False) -> str:
    market = goods.yen if in_yen else goods.euros
    return str(bought(store, a_cart(store, goods, market, quantity))["id"])


def captured(store: Store, order: str) -> str:
    """The money of an order is taken; its payment."""
    whole = store.admin(f"/orders/{order}?fields=*payment_collections.payments")["order"]
    payment = str(whole["payment_collections"][0]["payments"][0]["id"])
    store.admin(f"/payments/{payment}/capture", {})
    return payment


def sent(store: Store, order: str, goods: Goods, tracking: str) -> None:
    """Packed, labelled and handed over."""
    whole = store.admin(f"/orders/{order}?fields=*items")["order"]
    items = [{"id": one["id"], "quantity": one["quantity"]} for one in whole["items"]]
    packed = store.admin(
        f"/orders/{order}/fulfillments?fields=*fulfillments",
        {"items": items, "location_id": goods.place},
    )["order"]
    label = {"tracking_number": tracking, "tracking_url": "https://dhl.example.com/x",
             "label_url": "https://dhl.example.com/y"}  # fmt: skip
    parcel = packed["fulfillments"][0]["id"]
    store.admin(f"/orders/{order}/fulfillments/{parcel}/shipments",
                {"items": items, "labels": [label]})  # fmt: skip
