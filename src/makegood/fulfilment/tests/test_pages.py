"""What agents see of promised orders, and how the office states times."""

import pytest
import time_machine
from django.test import Client

from makegood.fulfilment.models import TermsVersion
from makegood.promises.models import Promise
from makegood.promises.ticking import tick
from makegood.team.models import Agent
from tests.parcelled import DAY, MONDAY, parcel, seen, stated, told

pytestmark = pytest.mark.django_db
SAID = {
    "name": "Usual", "cut_off": "14:00", "handling_days": "1", "scan_days": "1",
    "transit_from": "2", "transit_to": "3", "looks_back": "3", "position": "0",
}  # fmt: skip


def browser(agent: Agent) -> Client:
    client = Client()
    client.force_login(agent)
    return client


def test_orders_at_risk_say_what_is_wrong(olga, vera):
    stated(olga)
    with time_machine.travel(MONDAY, tick=False):
        order = told(seen(MONDAY, parcel(label_at=MONDAY)))
    tick(MONDAY + 9 * DAY)
    with time_machine.travel(MONDAY + 9 * DAY, tick=False):
        client = browser(vera)
        assert "label made, not yet handed over" in client.get("/orders/late/").text
        assert "not yet handed over" in client.get(f"/orders/{order.pk}/").text
        listed = client.get("/promises/").text
        assert "Order #1001" in listed
        pk = Promise.objects.get(kind="delivered").pk
        assert "The carrier takes 3 working days at most." in client.get(f"/promises/{pk}/").text
        assert client.get("/day/").status_code == 200
        assert browser(olga).get("/lead/").status_code == 200


def test_the_office_states_times_and_tries_them_first(olga):
    client = browser(olga)
    assert "No times are stated yet" in client.get("/office/terms/").text
    with time_machine.travel(MONDAY, tick=False):
        told(seen(MONDAY, parcel(("picked_up", MONDAY + DAY))))
    tried = client.post("/office/terms/new/", {**SAID, "do": "try"}).text
    assert "Of the last 1 orders 1 follow it." in tried
    assert not TermsVersion.objects.exists()
    assert client.post("/office/terms/new/", {**SAID, "do": "save"}).status_code == 302
    version = TermsVersion.objects.get()
    wrong = client.post(f"/office/terms/{version.terms_id}/", {**SAID, "transit_to": "1"})
    assert wrong.status_code == 422
    client.post(f"/office/terms/{version.terms_id}/", {**SAID, "handling_days": "2"})
    assert list(
        TermsVersion.objects.order_by("number").values_list("handling_days", flat=True)
    ) == [1, 2]
    client.post(f"/office/terms/{version.terms_id}/switching/", {"is_on": "no"})
    assert "switched off" in client.get("/office/terms/").text
