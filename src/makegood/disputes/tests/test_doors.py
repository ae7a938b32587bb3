import hashlib
import json
from collections.abc import Mapping
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from makegood.channels.models import Inbox
from makegood.disputes.doors import Certificates, PayPal
from makegood.disputes.models import Dispute
from makegood.disputes.tests.samples import (
    NOW,
    SECRET,
    WEBHOOK,
    Authority,
    paypal_dispute,
    paypal_event,
    paypal_headers,
    stripe_dispute,
    stripe_event,
    stripe_headers,
)
from makegood.disputes.tests.test_taking import an_order
from makegood.shop.connecting import link_of
from makegood.shop.connectors.interface import Link, NotGenuine
from makegood.shop.doors import reader_of
from makegood.shop.models import Connection, Signal
from makegood.shop.signals import read_next_signals


def a_way_to(kind: str, base_url: str = "", **secrets: str) -> Connection:
    """A connection to a provider, as the office makes one."""
    made = Connection(kind=kind, name=kind.title(), base_url=base_url, made_at=NOW)
    made.settings = {"webhook": WEBHOOK, "terms": "https://lantern.example/terms"}
    made.keep_secrets(secrets)
    made.save()
    return made


def tell(client: Client, way: Connection, raw: bytes, headers: Mapping[str, str]) -> int:
    told: dict[str, Any] = {f"HTTP_{k.upper().replace('-', '_')}": v for k, v in headers.items()}
    address = f"/signals/{way.public_id}/"
    return client.post(address, raw, content_type="application/json", **told).status_code


def test_what_stripe_signed_comes_in_by_the_door_once(form: Inbox, client: Client) -> None:
    an_order()
    way = a_way_to("stripe", signing=SECRET)
    raw = stripe_event("charge.dispute.created", stripe_dispute())
    for _again in range(2):
        assert tell(client, way, raw, stripe_headers(raw, timezone.now())) < 300
    assert Signal.objects.count() == 1
    read_next_signals()
    dispute = Dispute.objects.get()
    assert (dispute.connection, dispute.conversation is not None) == (way, True)


def test_what_nobody_signed_leaves_nothing(form: Inbox, client: Client) -> None:
    way = a_way_to("stripe", signing=SECRET)
    raw = stripe_event("charge.dispute.created", stripe_dispute())
    forged = stripe_headers(raw, timezone.now(), "whsec_guessed")
    assert tell(client, way, raw, forged) in (400, 401, 403)
    bent = raw.replace(b"8400", b"9400")
    assert tell(client, way, bent, stripe_headers(raw, timezone.now())) in (400, 401, 403)
    empty = a_way_to("stripe")
    assert tell(client, empty, raw, stripe_headers(raw, timezone.now(), "")) in (400, 401, 403)
    assert not Signal.objects.exists()


def _link() -> Link:
    return Link(
        shop_name="PayPal", base_url="", secrets={}, settings={"webhook": WEBHOOK},
        currency="", time_zone="UTC",
    )  # fmt: skip


def test_paypals_certificate_is_fetched_once_and_from_nobody_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    theirs = Authority()
    pem, key = theirs.made_out("messageverificationcerts.paypal.com")
    asked: list[str] = []

    def get(url: str) -> bytes:
        asked.append(url)
        return pem

    reader = PayPal(Certificates(get), lambda: [theirs.root])
    raw = paypal_event("CUSTOMER.DISPUTE.CREATED", paypal_dispute())
    headers = dict(paypal_headers(raw, key))
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    for _again in range(3):
        assert reader.verify(_link(), raw, headers).topic == "CUSTOMER.DISPUTE.CREATED"
    assert len(asked) == 1
    elsewhere = headers | {"Paypal-Cert-Url": "https://evil.example/v1/notifications/certs/A"}
    with pytest.raises(NotGenuine):
        reader.verify(_link(), raw, elsewhere)
    with pytest.raises(NotGenuine):
        reader.verify(_link(), raw + b" ", headers)
    assert len(asked) == 1


def test_what_is_about_something_else_is_passed_over(form: Inbox, client: Client) -> None:
    way = a_way_to("stripe", signing=SECRET)
    raw = stripe_event("customer.created", {"id": "cus_1"})
    assert tell(client, way, raw, stripe_headers(raw, timezone.now())) < 300
    read_next_signals()
    assert Signal.objects.get().state == Signal.State.PASSED


def test_each_provider_says_what_the_office_asks_for() -> None:
    for kind in ("stripe", "paypal"):
        reader = reader_of(kind)
        assert reader.fields
        assert str(reader.signing_says)
        assert not reader.makes_signing


def test_a_secret_that_was_changed_opens_for_a_while(db: None) -> None:
    way = a_way_to("stripe", signing="whsec_new", signing_before=SECRET)
    way.rotated_at = timezone.now()
    raw = stripe_event("charge.dispute.created", stripe_dispute())
    headers = stripe_headers(raw, timezone.now())
    assert reader_of("stripe").verify(link_of(way), raw, headers).event_id
    way.rotated_at = timezone.now().replace(year=2020)
    with pytest.raises(NotGenuine):
        reader_of("stripe").verify(link_of(way), raw, headers)


def test_nonsense_that_was_signed_is_refused_at_the_door(db: None, client: Client) -> None:
    way = a_way_to("stripe", signing=SECRET)
    raw = json.dumps({"type": hashlib.sha256(b"").hexdigest()}).encode()
    assert tell(client, way, raw, stripe_headers(raw, timezone.now())) >= 400
