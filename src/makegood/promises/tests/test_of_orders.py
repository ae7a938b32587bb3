"""Promises of orders without a conversation: ticked, shown, explained and seen like any other."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from makegood.kit.errors import Refused
from makegood.ledger.models import Event
from makegood.promises.actions import hand_promise, keep_promise
from makegood.promises.causes import say_why
from makegood.promises.escalating import whom
from makegood.promises.events import PromiseBroken, PromiseWarned
from makegood.promises.explaining import explain
from makegood.promises.models import Cause, Promise
from makegood.promises.queries import open_promises, promises_of_order, seen_by
from makegood.promises.shown import shown
from makegood.promises.ticking import tick
from tests.ordered import an_order
from tests.promised import MONDAY, H

pytestmark = pytest.mark.django_db


def of_an_order(kind: str = "shipped", **more: object) -> Promise:
    wanted = {
        "made_by": "terms:1", "made_at": MONDAY, "since": MONDAY, "clock": "always",
        "due_at": MONDAY + 8 * H, "warn_at": MONDAY + 6 * H, "next_at": MONDAY + 6 * H,
    }  # fmt: skip
    return Promise.objects.create(order=an_order(), kind=kind, **{**wanted, **more})


def test_it_comes_to_risk_and_breaks_at_its_time():
    promise = of_an_order()
    assert tick(MONDAY + 5 * H) == 0
    assert tick(MONDAY + 7 * H) == 1
    assert tick(MONDAY + 9 * H) == 1
    promise.refresh_from_db()
    assert (promise.state, promise.broken_at) == ("broken", MONDAY + 8 * H)
    told = Event.objects.about(f"order:{promise.order_id}")
    kinds = [PromiseWarned.kind, PromiseBroken.kind]
    assert [one.kind for one in told.in_order() if one.kind in kinds] == kinds


def test_every_agent_sees_it(vera):
    promise = of_an_order()
    assert list(seen_by(vera)) == list(open_promises(vera)) == [promise]
    assert list(promises_of_order(promise.order or an_order())) == [promise]
    assert shown(promise, MONDAY).owner == ""
    assert whom(promise, "owner") == whom(promise, "leads")


def test_it_is_explained_without_a_policy():
    told = explain(of_an_order(), MONDAY + H)
    assert "#1001" in told.sentences[0]
    assert told.as_json()["conversation"] is None
    assert told.as_json()["order"]


def test_somebody_says_why_it_broke_and_takes_it_on(vera):
    promise, agent = of_an_order(), vera
    tick(MONDAY + 9 * H)
    promise = say_why(promise, cause=Cause.objects.order_by("pk")[0], words="", by=agent)
    assert promise.asks_since is None
    assert hand_promise(promise, owner=agent, by=agent).owner == agent
    with pytest.raises(Refused, match="order"):
        keep_promise(promise, by=agent)


def test_a_thing_is_promised_once_of_an_order():
    of_an_order(state="kept", settled_at=MONDAY + timedelta(hours=1))
    with pytest.raises(IntegrityError), transaction.atomic():
        of_an_order()


def test_a_promise_is_of_something():
    promise = of_an_order()
    with pytest.raises(IntegrityError), transaction.atomic():
        Promise.objects.filter(pk=promise.pk).update(order=None)
