"""`{order.eta}`: between which days an order is foreseen to arrive, as the language writes it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine

from makegood.acts.filling import Setting, fill
from makegood.parcels.weighing import weigh_all
from makegood.shop.models import Order
from makegood.shop.seen import Buyer
from tests.parcelled import DAY, MONDAY, parcel, seen, told

pytestmark = pytest.mark.django_db
TELLS = "It comes {order.eta|soon}."
LATER = MONDAY + 7 * DAY


def _ordered(number: int, placed: datetime, days: float | None, email: str = "") -> Order:
    scans = [("picked_up", placed + DAY / 5)]
    scans += [("delivered", placed + days * DAY)] if days is not None else []
    return told(
        seen(
            placed, parcel(*scans, label_at=placed), external_id=str(number),
            number=f"#{number}", placed_at=placed,
            buyer=Buyer(email=email, country="DE", address="79098 Freiburg"),
        )
    )  # fmt: skip


def _said(lamp: Any, nora: Any, language: str, at: datetime = LATER + DAY / 4) -> str:
    with time_machine.travel(at, tick=False):
        return fill(TELLS, Setting(conversation=lamp, agent=nora, language=language)).text


def test_it_says_between_which_days_an_order_comes(lamp: Any, nora: Any) -> None:
    for number in range(60):
        _ordered(number, MONDAY + number % 3 * DAY, 2 + number % 10 / 5)
    with time_machine.travel(LATER, tick=False):
        weigh_all()
    assert _said(lamp, nora, "en") == "It comes soon."
    order = _ordered(1001, LATER, None, email="ida@example.com")
    said = _said(lamp, nora, "en")
    assert said == "It comes between 12 and 13 March."
    assert _said(lamp, nora, "de") == "It comes zwischen dem 12. und dem 13. März."
    assert _said(lamp, nora, "en", LATER + timedelta(days=60)) == "It comes soon."
    Order.objects.filter(pk=order.pk).update(standing="cancelled")
    assert _said(lamp, nora, "en") == "It comes soon."
