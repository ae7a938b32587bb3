"""The door of connected shops: what is genuine is kept once, whatever comes, and read later."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from makegood.ledger.models import Event
from makegood.shop import doors
from makegood.shop.connectors import standard
from makegood.shop.connectors.interface import Head, NotGenuine, Probed, TryLater
from makegood.shop.models import Connection, Order, Signal
from makegood.shop.signals import (
    FORGED,
    KEPT_FOR,
    MOST_BYTES,
    forget_old_signals,
    read_again,
    read_next_signals,
)
from tests.ordered import SIGNING, a_way_to_a_shop

NOW = "2026-03-02T09:00:00Z"
ORDER = {
    "id": "1", "number": "#1001", "placed_at": "2026-03-01T12:00:00Z",
    "updated_at": "2026-03-01T12:00:00Z", "currency": "EUR", "total_minor": 2500,
    "lines": [{"id": "l", "title": "Lamp", "quantity": 2, "unit_minor": 1250}],
}  # fmt: skip

pytestmark = pytest.mark.django_db


def _raw(**more: Any) -> bytes:
    return json.dumps({"type": "order", "data": {**ORDER, **more}}).encode()


def _post(way: Connection, raw: bytes, event_id: str = "e1", key: str = SIGNING, at: Any = None):
    headers = standard.signed(key, event_id, at or timezone.now(), raw)
    return _send(way, raw, headers)


def _send(way: Connection, raw: bytes, headers: dict[str, str]):
    client = Client(enforce_csrf_checks=True)
    place = f"/signals/{way.public_id}/"
    return client.post(place, raw, content_type="application/json", headers=headers)


def test_a_genuine_signal_is_kept_then_read(db: None) -> None:
    way = a_way_to_a_shop()
    assert _post(way, _raw()).status_code == 200
    assert (Signal.objects.get().state, Order.objects.count()) == ("waiting", 0)
    assert read_next_signals() == 1
    assert (Signal.objects.get().state, Order.objects.get().number) == ("done", "#1001")
    assert Connection.objects.get().heard_at is not None


def test_the_same_signal_again_is_taken_and_changes_nothing() -> None:
    way = a_way_to_a_shop()
    for _n in range(3):
        assert _post(way, _raw()).status_code == 200
    assert read_next_signals() == 1
    events = Event.objects.count()
    assert _post(way, _raw(), "e2").status_code == 200
    assert read_next_signals() == 1
    assert (Signal.objects.count(), Event.objects.count()) == (2, events)


def test_older_news_that_come_late_do_not_win() -> None:
    way = a_way_to_a_shop()
    _post(way, _raw(updated_at="2026-03-01T14:00:00Z", total_minor=2600), "newer")
    _post(way, _raw(updated_at="2026-03-01T13:00:00Z"), "older")
    read_next_signals()
    assert Order.objects.get().total_minor == 2600


@pytest.mark.parametrize("place", [0, 10, -1])
def test_one_flipped_bit_is_refused_and_counted(place: int) -> None:
    way, raw = a_way_to_a_shop(), _raw()
    headers = standard.signed(SIGNING, "e1", timezone.now(), raw)
    bent = bytearray(raw)
    bent[place] ^= 1
    FORGED.__init__()  # type: ignore[misc]  # what was written a moment ago for another test's row
    assert _send(way, bytes(bent), headers).status_code == 401
    assert (Signal.objects.count(), Connection.objects.get().forged) == (0, 1)


@pytest.mark.parametrize("key", ["", "whsec_", "whsec_!!", "short", "whsec_c2hvcnQ="])
def test_without_a_good_secret_the_door_is_shut(key: str) -> None:
    way = a_way_to_a_shop()
    way.keep_secrets({"signing": key})
    way.save()
    assert _post(way, _raw(), key=key).status_code == 401
    assert _send(way, _raw(), {}).status_code == 401
    assert not Signal.objects.exists()


@pytest.mark.parametrize("minutes", [-6, 6, 60 * 24 * 365])
def test_what_was_signed_at_another_time_is_refused(minutes: int) -> None:
    way = a_way_to_a_shop()
    assert _post(way, _raw(), at=timezone.now() + timedelta(minutes=minutes)).status_code == 401


@time_machine.travel(NOW, tick=False)
def test_after_a_change_both_secrets_open_for_two_days() -> None:
    way = a_way_to_a_shop()
    fresh = standard.new_secret()
    way.keep_secrets({"signing": fresh, "signing_before": SIGNING})
    way.rotated_at = timezone.now()
    way.save()
    assert [_post(way, _raw(), key=key).status_code for key in (SIGNING, fresh)] == [200, 200]
    with time_machine.travel("2026-03-04T09:00:01Z", tick=False):
        codes = [_post(way, _raw(), key=key).status_code for key in (SIGNING, fresh)]
    assert codes == [401, 200]


def test_the_vector_that_standard_webhooks_publishes() -> None:
    raw, at = b'{"test": 2432232314}', datetime.fromtimestamp(1614265330, UTC)
    headers = standard.signed(SIGNING, "msg_p5jXN8AQM9LWM0D4loKWxJek", at, raw)
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    many = {**headers, "webhook-signature": f"v1,bm90 v2,x {headers['webhook-signature']}"}
    assert standard.verified([SIGNING], raw, many, at)[0] == "msg_p5jXN8AQM9LWM0D4loKWxJek"
    with pytest.raises(NotGenuine):
        standard.verified([], raw, headers, at)


def test_what_is_too_large_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    way = a_way_to_a_shop()
    assert _post(way, b" " * (MOST_BYTES + 1)).status_code == 413
    assert not Signal.objects.exists()


def test_a_way_that_is_switched_off_is_no_way() -> None:
    way = a_way_to_a_shop()
    Connection.objects.update(state="off")
    assert _post(way, _raw()).status_code == 404


@pytest.mark.parametrize(
    ("raw", "state", "says"),
    [
        (b"{", "trouble", "no JSON"),
        (b"[]", "trouble", "“type” and “data”"),
        (b"\xff", "trouble", "no JSON"),
        (b"[" * 100_000, "trouble", "no JSON"),
        (b'{"type": "weather", "data": {}}', "passed", ""),
        (_raw(total_minor=12.5), "trouble", "order.total_minor: a whole number"),
        (_raw(total_minor=True), "trouble", "whole number"),
        (_raw(total_minor=10**16), "trouble", "total_minor cannot be"),
        (_raw(total=1), "trouble", "“total” is not known"),
        (_raw(currency="EURO"), "trouble", "no currency"),
        (_raw(placed_at="2026-03-01"), "trouble", "needs its zone"),
        (_raw(standing="lost"), "trouble", "one of these"),
        (_raw(id="x" * 121), "trouble", "external_id"),
        (_raw(lines=[{"id": "l"}]), "trouble", "order.lines[0].title: it is missing"),
        (_raw(lines=[{**ORDER["lines"][0], "quantity": -1}]), "trouble", "quantity"),  # type: ignore[index]
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_kept_with_its_trouble(raw: bytes, state: str, says: str) -> None:
    assert _post(a_way_to_a_shop(), raw).status_code == 200
    assert read_next_signals() == 1
    signal = Signal.objects.get()
    assert (signal.state, bytes(signal.raw)) == (state, raw)
    assert says in signal.trouble
    assert not Order.objects.exists()
    read_again(signal)
    assert Signal.objects.get().state == "waiting"


class Odd:
    """A reader of an app above: what it does is said by the topic."""

    label = "Odd"
    fields = ()
    headers = ("x-kept",)
    makes_signing = False
    signing_says = ""

    def probe(self, link: Any) -> Probed:
        return Probed(shop_name="")

    def verify(self, link: Any, raw: bytes, headers: Any) -> Head:
        return Head(event_id=raw.decode(), topic=raw.decode())

    def take(self, connection: Connection, signal: Signal) -> bool:
        assert signal.headers == {"x-kept": "yes"}
        if signal.topic == "later":
            raise TryLater(30, "busy")
        if signal.topic == "odd":
            raise KeyError
        return True


def test_other_apps_read_by_the_same_door(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doors, "_READERS", {})
    doors.register("odd", Odd())
    assert "odd" in doors.kinds()
    way = a_way_to_a_shop("odd")
    for word in (b"fine", b"later", b"odd"):
        assert _send(way, word, {"x-kept": "yes", "x-other": "no"}).status_code == 200
    assert read_next_signals() == 3
    told = dict(Signal.objects.values_list("topic", "state"))
    assert told == {"fine": "done", "later": "waiting", "odd": "trouble"}
    assert Signal.objects.get(topic="later").next_at > timezone.now() + timedelta(seconds=25)
    assert "KeyError" in Signal.objects.get(topic="odd").trouble


def test_who_died_in_the_middle_is_followed() -> None:
    _post(a_way_to_a_shop(), _raw())
    from makegood.shop import signals  # its lease, as a process that died leaves it

    assert signals._lease(timezone.now()) is not None
    assert signals._lease(timezone.now()) is None
    later = timezone.now() + signals.LEASE + timedelta(seconds=1)
    assert signals._lease(later) is not None


def test_what_was_read_goes_after_a_week_and_trouble_stays() -> None:
    way = a_way_to_a_shop()
    _post(way, _raw(), "e1")
    _post(way, b"{", "e2")
    read_next_signals()
    forget_old_signals(timezone.now() + KEPT_FOR + timedelta(minutes=1))
    assert Signal.objects.get().event_id == "e2"
