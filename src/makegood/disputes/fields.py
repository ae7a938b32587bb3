"""A packet as Stripe takes it: its own names for what has one, the rest as one text."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from makegood.disputes.checklist import Kind
from makegood.disputes.packet import Packet
from makegood.disputes.pieces import Piece
from makegood.kit.errors import Refused

LONGEST = 20_000
"""Of one field, as Stripe says."""


def evidence_of(packet: Packet) -> Mapping[str, str]:
    """What goes, by Stripe's names. Raises `Refused` where it is longer than Stripe takes."""
    dispute, order = packet.dispute, packet.dispute.order
    going = packet.going
    kinds = {one.kind for one in going}
    found = {"product_description": _of(going, Kind.ORDER)}
    if order is not None and Kind.CUSTOMER in kinds:
        found |= {
            "customer_name": order.name, "customer_email_address": order.email,
            "shipping_address": ", ".join(filter(None, (order.address, order.country))),
        }  # fmt: skip
    if order is not None and Kind.DELIVERY in kinds:
        found |= _shipping(packet)
    found["refund_policy_disclosure"] = _of(going, Kind.TERMS)
    named = (Kind.ORDER, Kind.CUSTOMER, Kind.TERMS)
    rest = [_text(one) for one in going if one.kind not in named]
    found["uncategorized_text"] = "\n\n".join(filter(None, (dispute.statement, *rest)))
    for name, text in found.items():
        if len(text) > LONGEST:
            over = {"n": len(text) - LONGEST, "name": name}
            raise Refused(_("%(name)s is %(n)s characters longer than Stripe takes.") % over)
    return {name: text for name, text in found.items() if text}


def _shipping(packet: Packet) -> Mapping[str, str]:
    order = packet.dispute.order
    going = {one.name for one in packet.going}
    sent = [
        one for one in order.shipments.all() if f"parcel:{one.external_id}"[:40] in going
    ] if order else []  # fmt: skip
    labels = [one.label_at for one in sent if one.label_at]
    return {
        "shipping_carrier": ", ".join(dict.fromkeys(one.carrier for one in sent if one.carrier)),
        "shipping_tracking_number": ", ".join(one.tracking for one in sent if one.tracking),
        "shipping_date": min(labels).date().isoformat() if labels else "",
    }


def _of(going: Sequence[Piece], kind: str) -> str:
    return "\n\n".join(_text(one) for one in going if one.kind == kind)


def _text(piece: Piece) -> str:
    lines = [piece.title, *(f"{name}: {value}" for name, value in piece.rows)]
    return "\n".join([*lines, piece.text] if piece.text else lines)
