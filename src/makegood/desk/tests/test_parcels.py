from typing import Any

import pytest
from django.test import Client

from makegood.desk.tests.asking import signed_in
from makegood.parcels.models import Parcel, Track
from makegood.team.roles import save_role
from tests.ordered import an_order


@pytest.fixture
def as_nora(nora: Any) -> Client:
    return signed_in(nora)


def _page(client: Client, path: str) -> str:
    return client.get(path).content.decode()


def _give(client: Client, pk: int, tracking: str, carrier: str = "DHL") -> Any:
    said = {"give-carrier": carrier, "give-tracking": tracking}
    return client.post(f"/orders/{pk}/parcel/", said)


def test_an_agent_says_where_a_parcel_is_and_their_name_stands_beside_it(
    as_nora: Client, nora: Any
) -> None:
    order = an_order()
    assert "No parcel is known yet" in _page(as_nora, f"/orders/{order.pk}/")
    assert _give(as_nora, order.pk, "JD 0199").status_code == 302
    shown = _page(as_nora, f"/orders/{order.pk}/")
    assert "JD 0199" in shown
    assert f"given by {nora.name}" in shown
    said = {
        "tell-shipment": f"hand:{Parcel.objects.get().pk}", "tell-kind": "delivered",
        "tell-at": "2026-03-05T10:30", "tell-words": "the neighbour has it",
    }  # fmt: skip
    assert as_nora.post(f"/orders/{order.pk}/scan/", said).status_code == 302
    shown = _page(as_nora, f"/orders/{order.pk}/")
    assert "the neighbour has it" in shown
    assert Track.objects.get().agent == nora
    order.refresh_from_db()
    assert order.handed == "delivered"


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("parcel", {"give-tracking": " - "}),
        ("parcel", {}),
        ("scan", {"tell-shipment": "nothing"}),
        ("scan", {"tell-shipment": "hand:1", "tell-kind": "flown", "tell-at": "tomorrow"}),
    ],
)
def test_what_cannot_be_is_said_beside_the_field(
    as_nora: Client, path: str, said: dict[str, str]
) -> None:
    order = an_order()
    _give(as_nora, order.pk, "JD 0199")
    shown = as_nora.post(f"/orders/{order.pk}/{path}/", said)
    assert shown.status_code == 200
    assert "field__wrong" in shown.content.decode()
    assert Parcel.objects.count() == 1
    assert not Track.objects.exists()


@pytest.mark.parametrize("shipment", ["nothing", "hand:", "hand:99999", "hand:x"])
def test_a_parcel_of_another_order_is_not_there(as_nora: Client, shipment: str) -> None:
    order = an_order()
    said = {"tell-shipment": shipment, "tell-kind": "delivered", "tell-at": "2026-03-05T10:30"}
    assert as_nora.post(f"/orders/{order.pk}/scan/", said).status_code == 404


def test_who_may_not_tell_is_not_asked(nora: Any, olga: Any) -> None:
    order = an_order()
    nora.own_role = save_role(None, name="Reader", words="", permissions=["answer"], by=olga)
    nora.save()
    client = signed_in(nora)
    assert "give-tracking" not in _page(client, f"/orders/{order.pk}/")
    assert _give(client, order.pk, "1").status_code == 403
