"""A return at Medusa: begun, filled and then confirmed as a whole, sent back at the shop's cost.

Medusa makes no labels: whoever carries the parcel back does, if the store has such a provider.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from makegood.shop.connectors.interface import Declined, Done, Wanted
from makegood.shop.connectors.json_said import an_object, number, objects, text
from makegood.shop.connectors.medusa_replacing import NAME, Asks

FIELDS = "id,metadata,canceled_at,requested_at,*fulfillments,*fulfillments.labels"


def look_for_return(ask: Asks, wanted: Wanted, key: str) -> Done | None:
    """The return with this key that was confirmed, with its label where there is one."""
    confirmed = [one for one in _marked(ask, wanted, key) if one.get("requested_at")]
    return _done(confirmed[0]) if confirmed else None


def make_return(ask: Asks, said: Mapping[str, Any], wanted: Wanted, key: str) -> Done:
    """Let articles of an order come back. Raises what asking raises."""
    for left in _marked(ask, wanted, key):
        ask("DELETE", "returns", number(left, "id"), "request")
    body = {"order_id": wanted.order_id, "metadata": {NAME: key}, "internal_note": wanted.reason}
    answer = ask("POST", "returns", body=body)
    made = number(an_object(an_object(answer.said).get("return")), "id")
    try:
        _fill(ask, said, wanted, made)
    except Declined:
        ask("DELETE", "returns", made, "request")  # or nothing else can be done with the order
        raise
    return look_for_return(ask, wanted, key) or _done({"id": made})


def _fill(ask: Asks, said: Mapping[str, Any], wanted: Wanted, made: str) -> None:
    there = {text(one, "id") for one in objects(said.get("items"))}
    if not wanted.lines or not there.issuperset(line for line, _count in wanted.lines):
        raise Declined(_("The shop has an article of this order no more."))
    items = [{"id": line, "quantity": count} for line, count in wanted.lines]
    ask("POST", "returns", made, "request-items", body={"items": items})
    if way := _way_back(ask):
        body = {"shipping_option_id": way, "custom_amount": 0}
        ask("POST", "returns", made, "shipping-method", body=body)
    if not ask("POST", "returns", made, "request", body={}).is_there:
        raise Declined(_("The shop has no such order any more."))


def _way_back(ask: Asks) -> str:
    """The store's first way of sending things back; empty where it has none."""
    answer = ask("GET", "shipping-options", limit="100")
    found = objects(an_object(answer.said).get("shipping_options")) if answer.is_there else []
    return next((number(one, "id") for one in found if _is_back(one)), "")


def _is_back(option: dict[str, Any]) -> bool:
    return any(
        text(rule, "attribute") == "is_return" and text(rule, "value") == "true"
        for rule in objects(option.get("rules"))
    )


def _done(said: dict[str, Any]) -> Done:
    labels = [label for parcel in objects(said.get("fulfillments"))
              for label in objects(parcel.get("labels"))]  # fmt: skip
    url = next((text(one, "label_url") for one in labels if text(one, "label_url")), "")
    tracking = next((text(one, "tracking_number") for one in labels), "")
    facts = {name: told for name, told in (("url", url), ("tracking", tracking)) if told}
    words = "" if url else _("The return is open in the shop, without a label: it has to be sent.")
    return Done(external_id=number(said, "id"), words=words, facts=facts)


def _marked(ask: Asks, wanted: Wanted, key: str) -> list[dict[str, Any]]:
    """Returns with our key that were not called off."""
    answer = ask("GET", "returns", order_id=wanted.order_id, fields=FIELDS, limit="100")
    if not answer.is_there:
        raise Declined(_("No Medusa answers at this address."))
    return [
        one
        for one in objects(an_object(answer.said).get("returns"))
        if text(one.get("metadata") or {}, NAME) == key and not one.get("canceled_at")
    ]
