"""The late parcel: found before its customer asks, told, made good, and the coupon comes back."""

import secrets

from playwright.sync_api import Page, expect

from tests.browser.axe import assert_accessible
from tests.browser.conftest import Sit
from tests.browser.shop import Mail, Shop
from tests.lamp_shop import LampShop

# A shop in whose zone it is about noon, whenever this runs: at night a letter would wait.
SCENE = """
from datetime import timedelta
from django.utils import timezone
from makegood.ahead.finding import look_at
from makegood.ledger.actors import System
from makegood.shop.actions import apply_order
from makegood.shop.models import Connection, Order, Shop
from makegood.shop.seen import Buyer, LineSeen, OrderSeen, ScanSeen, ShipmentSeen
now, day = timezone.now(), timedelta(days=1)
zone = f"Etc/GMT{{now.hour - 12:+d}}"
shop = Shop.objects.create(name="Lamps {word}", currency="EUR", time_zone=zone, made_at=now)
way = Connection(kind="generic", name="Lamps {word}", shop=shop, brings_orders=True,
                 base_url={url!r}, made_at=now)
way.keep_secrets({{"token": "t", "signing": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}})
way.save()
parcel = ShipmentSeen(external_id="p", carrier="DHL", tracking="T-{word}",
                      scans=(ScanSeen(kind="picked_up", at=now - 6 * day),))
order = apply_order(shop, OrderSeen(
    external_id="{word}", number="#{word}", placed_at=now - 8 * day, told_at=now - 6 * day,
    currency="EUR", total_minor=4000, paid=Order.Paid.PAID, shipments=(parcel,),
    buyer=Buyer(email="{word}@holm.example", name="Rosa Holm"),
    lines=(LineSeen(external_id="1", title="A lamp", quantity=1, unit_minor=4000, sku="L-1"),),
), by=System("shop"))
look_at([order.pk], now)
print(order.pk)
"""
USED = """
from datetime import timedelta
from django.utils import timezone
from makegood.ledger.actors import System
from makegood.shop.actions import apply_order
from makegood.shop.models import Order, Shop
from makegood.shop.seen import Buyer, OrderSeen
now = timezone.now()
apply_order(Shop.objects.get(name="Lamps {word}"), OrderSeen(
    external_id="{word}-2", number="#{word}-2", placed_at=now, told_at=now, currency="EUR",
    total_minor=3500, paid=Order.Paid.PAID, codes=("{code}",),
    buyer=Buyer(email="{word}@holm.example", name="Rosa Holm"),
), by=System("shop"))
"""


def test_the_late_parcel(sit: Sit, shop: Shop, lamp_shop: LampShop) -> None:
    word = secrets.token_hex(3)  # each time another: it may run again
    order = shop.ask(SCENE.format(word=word, url=lamp_shop.url)).strip()
    olga = sit("olga")
    tell_her(olga, word)

    told = shop.wait_for(lambda: shop.post_office.letter_with(f"#{word}"), "letter to her")
    assert told["To"].addresses[0].addr_spec == f"{word}@holm.example"
    subject = f"Your order #{word}"
    conversation = shop.conversation(subject)
    (sent,) = shop.outbox(conversation)
    shop.mail(
        Mail(
            text="Thank you for telling me. It was to be a present, though.",
            subject=f"Re: {subject}",
            sender=f"Rosa Holm <{word}@holm.example>",
            to=sent["reply_to"],
        )
    )
    shop.wait_for(lambda: shop.said(conversation, "a present, though"), "answer of hers")
    assert shop.conversation(subject) == conversation, "her answer is there where she was told"

    code = make_it_good(olga, shop, conversation, word)
    olga.goto(f"/conversations/{conversation}/")
    expect(olga.locator("#story")).to_contain_text("a present, though")
    answer = olga.get_by_role("textbox", name="Your answer")
    answer.fill(f"I am sorry. This takes five euros off your next order: {code}")
    answer.press("Control+Enter")
    shop.wait_for(lambda: shop.post_office.letter_with(code), "letter with the coupon")

    shop.ask(USED.format(word=word, code=code))
    olga.goto(f"/orders/{order}/")
    made = olga.get_by_role("region", name="Made good")
    expect(made).to_contain_text("redeemed")
    assert_accessible(olga)
    made.get_by_role("link", name="Coupon").click()
    expect(olga.locator(".page__intro").first).to_contain_text("redeemed")
    expect(olga.locator("main")).to_contain_text(code)


def tell_her(olga: Page, word: str) -> None:
    """From the group of silent parcels, looked over and sent."""
    olga.goto("/first/")
    olga.get_by_role("link", name="No scan for too long · DHL").click()
    for other in olga.get_by_role("checkbox", checked=True).all():
        other.uncheck()
    olga.get_by_role("checkbox", name=f"Order #{word}").check()
    olga.get_by_role("button", name="Look at it, then send").click()
    expect(olga.locator("main")).to_contain_text("This goes to 1 customer")
    assert_accessible(olga)
    olga.get_by_role("button", name="Send to 1 customer").click()
    expect(olga.locator("#toasts")).to_contain_text("1 customer is told.")


def make_it_good(olga: Page, shop: Shop, conversation: int, word: str) -> str:
    """Five euros for the next order, by a coupon that the shop itself makes; its code."""
    olga.goto(f"/conversations/{conversation}/making-good/?failure=late")
    expect(olga.locator("#order")).to_contain_text(f"#{word}")
    olga.get_by_label("What makes up for it").select_option("coupon")
    olga.get_by_label("What it is worth to the customer").fill("5")
    olga.get_by_label("Why, to us only").fill("It was to be a present.")
    olga.get_by_role("button", name="Make good").click()
    number = int(olga.url.rstrip("/").rpartition("/")[2])

    def code() -> str:
        return shop.ask(
            "from makegood.makegoods.models import Makegood\n"
            f"one = Makegood.objects.get(pk={number})\n"
            "print(one.code if one.state == 'given' else '')"
        ).strip()

    return str(shop.wait_for(code, "coupon from the shop"))
