"""Another address at Vendure: a placed order is taken into *Modifying*, changed and taken back.

All three stand in one request, which the store carries out to its end, one after the other: whoever
asked may be killed meanwhile. Before that the same is tried without keeping it, and where the order
would cost something else by it, nothing is changed.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from makegood.kit.text import one_line
from makegood.shop.connectors.interface import Declined, Done, Link, TryLater, Unsure, Wanted
from makegood.shop.connectors.json_said import an_object, text
from makegood.shop.connectors.vendure_asking import asked

OPEN = "Modifying"
BACK = """back: transitionOrderToState(id: $order, state: $state) {
  __typename ... on OrderStateTransitionError { transitionError } }"""
MOVE = f"""mutation($order: ID!, $state: String!, $input: ModifyOrderInput!) {{
  open: transitionOrderToState(id: $order, state: "{OPEN}") {{
    __typename ... on OrderStateTransitionError {{ transitionError }} }}
  did: modifyOrder(input: $input) {{
    __typename ... on Order {{ id totalWithTax }} ... on ErrorResult {{ message }} }}
  {BACK} }}"""
GO_BACK = f"mutation($order: ID!, $state: String!) {{ {BACK} }}"
THEIRS = {
    "fullName": "name", "company": "company", "streetLine1": "line1", "streetLine2": "line2",
    "postalCode": "postcode", "city": "city", "province": "region", "phoneNumber": "phone",
}  # fmt: skip


def is_there(said: Mapping[str, Any], wanted: Wanted) -> bool:
    """Whether an order goes to this address, and nobody is changing it any more."""
    there, ours = said.get("shippingAddress") or {}, shipping(wanted.address)
    return text(dict(said), "state") != OPEN and all(
        text(there, name) == value for name, value in ours.items()
    )


def move(link: Link, said: dict[str, Any], wanted: Wanted, mark: str) -> Done:
    """Let an order go elsewhere. Raises what asking raises."""
    state, there = text(said, "state"), said.get("shippingAddress") or {}
    if state == OPEN:
        raise Declined(_("Somebody is changing this order in the store just now."))
    country = wanted.address.get("country", "").strip().upper()
    if country and country != text(there, "countryCode").upper():
        raise Declined(_("Another country may mean another tax and another way of sending."))
    change: dict[str, Any] = {
        "dryRun": True, "orderId": wanted.order_id, "options": {"recalculateShipping": False},
        "updateShippingAddress": shipping(wanted.address),
        "note": f"{wanted.reason} {mark}".strip(),
    }  # fmt: skip
    values = {"order": wanted.order_id, "state": state, "input": change}
    tried = _moved(link, values)
    if tried.get("totalWithTax") != said.get("totalWithTax"):
        raise Declined(_("The order would cost something else by it: change it in the store."))
    change["dryRun"] = False
    return Done(external_id=text(_moved(link, values), "id") or wanted.order_id)


def _moved(link: Link, values: dict[str, Any]) -> dict[str, Any]:
    """What became of the order, which stands as it stood before."""
    try:
        said = asked(link, MOVE, values)
    except (Declined, Unsure) as wrong:
        _go_back(link, values)
        raise wrong
    opened, did, back = (an_object(said.get(name) or {}) for name in ("open", "did", "back"))
    words = text(opened, "transitionError") or text(did, "message")
    if words:
        raise Declined(_("The shop says no: %(words)s") % {"words": one_line(words, 200)})
    if text(back, "transitionError"):
        raise Unsure(one_line(text(back, "transitionError"), 200))
    return did


def _go_back(link: Link, values: Mapping[str, Any]) -> None:
    """An act that broke in the store leaves out what stands behind it."""
    try:
        asked(link, GO_BACK, {"order": values["order"], "state": values["state"]})
    except (Declined, TryLater, Unsure):
        return  # what went wrong first is told


def shipping(ours: Mapping[str, str]) -> dict[str, str]:
    """An address in its words, without the country, which stays."""
    return {theirs: ours.get(name, "").strip() for theirs, name in THEIRS.items()}
