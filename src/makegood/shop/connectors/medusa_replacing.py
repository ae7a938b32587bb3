"""A replacement at Medusa: a claim on the order, begun, filled and then confirmed as a whole.

Only a confirmed claim sends anything. One of ours that was begun and left is taken away first.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from makegood.shop.connectors.asking import Answer
from makegood.shop.connectors.interface import Declined, Done, Wanted
from makegood.shop.connectors.json_said import an_object, number, objects, text

NAME = "makegood"
FIELDS = "id,metadata,canceled_at,*additional_items"
Asks = Callable[..., Answer]
"""With a method, parts of a path, a body and a query."""


def look_for_claim(ask: Asks, wanted: Wanted, key: str) -> Done | None:
    """The claim with this key that was confirmed."""
    marked = _marked(ask, wanted, key)
    sent = [one for one in marked if objects(one.get("additional_items"))]
    return Done(external_id=number(sent[0], "id")) if sent else None


def make_claim(ask: Asks, said: Mapping[str, Any], wanted: Wanted, key: str) -> Done:
    """Send articles of an order once more, for nothing. Raises what asking raises."""
    for left in _marked(ask, wanted, key):
        ask("DELETE", "claims", number(left, "id"), "request")
    body = {"type": "replace", "order_id": wanted.order_id, "metadata": {NAME: key}}
    answer = ask("POST", "claims", body={**body, "internal_note": wanted.reason})
    claim = number(an_object(an_object(answer.said).get("claim")), "id")
    try:
        _fill(ask, said, wanted, claim)
    except Declined:
        ask("DELETE", "claims", claim, "request")  # or nothing else can be done with the order
        raise
    return Done(external_id=claim)


def _fill(ask: Asks, said: Mapping[str, Any], wanted: Wanted, claim: str) -> None:
    bought = {text(one, "id"): one for one in objects(said.get("items"))}
    why, again = [], []
    for line, count in wanted.lines:
        variant = text(bought.get(line, {}), "variant_id")
        if not variant:
            raise Declined(_("The shop has an article of this order no more."))
        why.append({"id": line, "quantity": count, "reason": "other"})
        again.append({"variant_id": variant, "quantity": count, "unit_price": 0})
    ask("POST", "claims", claim, "claim-items", body={"items": why})
    ask("POST", "claims", claim, "outbound", "items", body={"items": again})
    ways = [text(one, "shipping_option_id") for one in objects(said.get("shipping_methods"))]
    if any(ways):
        way = {"shipping_option_id": next(filter(None, ways)), "custom_amount": 0}
        ask("POST", "claims", claim, "outbound", "shipping-method", body=way)
    if not ask("POST", "claims", claim, "request", body={}).is_there:
        raise Declined(_("The shop has no such order any more."))


def _marked(ask: Asks, wanted: Wanted, key: str) -> list[dict[str, Any]]:
    """Claims with our key that were not called off."""
    answer = ask("GET", "claims", order_id=wanted.order_id, fields=FIELDS, limit="100")
    if not answer.is_there:
        raise Declined(_("No Medusa answers at this address."))
    return [
        one
        for one in objects(an_object(answer.said).get("claims"))
        if text(one.get("metadata") or {}, NAME) == key and not one.get("canceled_at")
    ]
