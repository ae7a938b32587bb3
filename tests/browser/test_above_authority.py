"""The agent above her authority: asked for, approved, given by the shop once, counted once."""

from playwright.sync_api import expect

from tests.browser.conftest import Forgive, Sit
from tests.browser.shop import Shop
from tests.lamp_shop import LampShop

SUBJECT = "The shade is cracked"
SCENE = """
from makegood.disputes.tests.test_taking import an_order
from makegood.shop.models import Connection, Order
from makegood.shop.seen import Buyer
from tests.ordered import a_way_to_a_shop
order = an_order("#8001", "ch_yes", buyer=Buyer(email="hanne@example.com", name="Hanne Falk"))
Order.objects.filter(pk=order.pk).update(paid=Order.Paid.PAID)
if not Connection.objects.filter(shop=order.shop, kind="generic").exists():
    a_way_to_a_shop(base_url={url!r}, token="t")
"""
SUMS = """
from makegood.makegoods.models import Entry
print(sum(one.face_minor for one in Entry.objects.filter(makegood={number})))
"""


def test_the_agent_above_authority(
    sit: Sit, shop: Shop, lamp_shop: LampShop, forgive: Forgive
) -> None:
    shop.ask(SCENE.format(url=lamp_shop.url))
    conversation = shop.conversation_about(
        SUBJECT, "It came cracked.", sender="Hanne Falk <hanne@example.com>"
    )
    nora = sit("nora")
    forgive("status of 422 .*/making-good/")  # the sum that is too much
    nora.goto(f"/conversations/{conversation}/making-good/?failure=damaged")
    expect(nora.locator("#order")).to_contain_text("#8001")
    nora.get_by_label("What makes up for it").select_option("refund")
    nora.get_by_label("What it is worth to the customer").fill("30")
    nora.get_by_label("Why, to us only").fill("A new shade, and she waited.")
    nora.get_by_role("button", name="Make good").click()
    expect(nora.locator("#making")).to_contain_text("These may: Olga Weber")
    nora.get_by_role("button", name="Ask for a yes").click()
    expect(nora.locator(".page__intro").first).to_contain_text("waits for a yes")
    number = int(nora.url.rstrip("/").rpartition("/")[2])
    assert lamp_shop.times_for(f"makegood:{number}") == 0, "nothing happens before the yes"

    olga = sit("olga")
    olga.goto("/makegoods/")
    olga.get_by_role("link", name="Refund · Nora Lindqvist").first.click()
    expect(olga.locator("h1")).to_have_text("A yes to €30.00?")
    expect(olga.locator("main")).to_contain_text("A new shade, and she waited.")
    olga.get_by_role("button", name="Yes, give it").click()
    expect(olga.locator("main")).to_contain_text("approved")

    def is_given() -> bool:
        nora.reload()
        return nora.locator(".page__intro strong").first.inner_text() == "given"

    shop.wait_for(is_given, "the shop gave it")
    expect(nora.locator("main")).to_contain_text("Gladly.")
    assert lamp_shop.times_for(f"makegood:{number}") == 1
    assert shop.ask(SUMS.format(number=number)) == "3000"
    nora.goto("/notices/")
    expect(nora.locator("#notices")).to_contain_text("Olga Weber approved 30.00 EUR")
