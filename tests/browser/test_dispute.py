"""The dispute: told by a signed call, seen with its deadline, answered with evidence, won."""

import json
import time

import httpx
from playwright.sync_api import expect

from makegood.disputes.providers.stripe_signs import sign
from tests.browser.conftest import Sit
from tests.browser.shop import Shop

SECRET = "whsec_of_the_browser"  # of a test
SCENE = f"""
from django.utils import timezone
from makegood.disputes.tests.test_packet import IDA, PARCEL
from makegood.disputes.tests.test_taking import an_order
from makegood.shop.models import Connection
an_order("#7001", "ch_browser", buyer=IDA, shipments=(PARCEL,))
way = Connection(kind="stripe", name="Stripe", made_at=timezone.now())
way.keep_secrets({{"signing": {SECRET!r}}})
way.save()
print(way.public_id)
"""


def _tell(shop: Shop, key: str, topic: str, status: str) -> int:
    """As Stripe tells it, signed."""
    now = int(time.time())
    found = {
        "id": "du_browser", "object": "dispute", "amount": 8400, "currency": "eur",
        "charge": "ch_browser", "created": now, "reason": "product_not_received",
        "status": status, "evidence_details": {"due_by": now + 2 * 86_400}, "livemode": True,
        "balance_transactions": [], "evidence": {}, "metadata": {},
    }  # fmt: skip
    event = {"id": f"evt_{topic}", "type": f"charge.dispute.{topic}", "created": now,
             "data": {"object": found}}  # fmt: skip
    raw = json.dumps(event).encode()
    headers = {"Stripe-Signature": f"t={now},v1={sign(raw, SECRET, now)}"}
    answer = httpx.post(f"{shop.url}/signals/{key}/", content=raw, headers=headers, timeout=120)
    return answer.status_code


def test_a_dispute_is_told_seen_answered_and_won(sit: Sit, shop: Shop) -> None:
    key = shop.ask(SCENE).split()[-1]
    assert _tell(shop, key, "created", "needs_response") == 200
    subject = "Dispute about order #7001"
    conversation = shop.conversation(subject)
    olga = sit("olga")
    olga.goto(f"/conversations/{conversation}/")
    expect(olga.locator("#hints")).to_contain_text("Stripe wants our answer about €84.00")
    olga.locator("#hints").get_by_role("link", name="€84.00: not received").click()
    expect(olga.locator("h1")).to_have_text("€84.00: not received")
    expect(olga.locator(".checklist__line").first).to_contain_text("00340434161094")
    olga.get_by_label("What we say to it").fill("It was delivered on 6 March.")
    olga.get_by_role("button", name="Look at it and send").click()
    expect(olga.locator(".packet")).to_contain_text("It was delivered on 6 March.")
    olga.get_by_role("button", name="I sent it to Stripe by hand").click()
    expect(olga.locator(".claim__signs")).to_contain_text("answered")
    time.sleep(1.1)  # the next word is of another second
    assert _tell(shop, key, "closed", "won") == 200

    def is_won() -> bool:
        olga.reload()
        return "won" in olga.locator(".claim__signs").inner_text()

    shop.wait_for(is_won, "the dispute is won")
    olga.goto("/disputes/")
    expect(olga.locator(".claims").last).to_contain_text("won")
