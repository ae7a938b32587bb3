"""One person, from the pane beside a conversation to the day they are forgotten."""

import secrets

from playwright.sync_api import Page, expect

from tests.browser.axe import assert_accessible
from tests.browser.conftest import Sit
from tests.browser.shop import PASSWORD, Mail, Shop

HOME = "Clara Holm <clara@holm.example>"
WORK = "Clara Holm <clara.holm@work.example>"


def writes(shop: Shop, text: str, sender: str) -> int:
    shop.mail(Mail(text=text, subject=text, sender=sender))
    return shop.conversation(text)


def number_of(page: Page) -> str:
    return page.url.rstrip("/").rpartition("/")[2]


def test_the_pane_is_changed_in_place_by_keyboard(sit: Sit, shop: Shop) -> None:
    conversation = writes(shop, "Which bulb fits?", "Per Lund <per@lund.example>")
    nora = sit("nora")
    nora.goto(f"/conversations/{conversation}/")
    pane = nora.locator("#customer-pane")
    expect(pane).to_contain_text("not verified")
    pane.locator("summary", has_text="Add a note").focus()
    nora.keyboard.press("Enter")
    nora.keyboard.press("Tab")
    nora.keyboard.type("Has a whole hotel of lamps.")
    nora.keyboard.press("Tab")
    nora.keyboard.press("Enter")
    expect(pane.locator(".about-note")).to_contain_text("Has a whole hotel of lamps.")
    pane.locator("summary", has_text="Change the details").click()
    pane.get_by_label("Time zone").fill("Asia/Tokyo")
    pane.get_by_role("button", name="Keep", exact=True).first.click()
    expect(pane).to_contain_text("Their time")
    assert nora.url.endswith(f"/conversations/{conversation}/"), "the page itself never moved"


def test_two_are_merged_and_split_with_what_came_later(sit: Sit, shop: Shop) -> None:
    writes(shop, "From home", HOME)
    writes(shop, "From work", WORK)
    nora = sit("nora")
    nora.goto("/customers/?q=clara+holm")
    nora.get_by_role("link", name="Clara Holm").last.click()
    kept = number_of(nora)
    expect(nora.locator(".alike")).to_contain_text("The same name")
    nora.get_by_role("link", name="Compare").click()
    assert_accessible(nora)
    nora.get_by_label("How do you know?").fill("She told us.")
    nora.get_by_role("button", name="Merge them").click()
    expect(nora.locator(".moments")).to_contain_text("From work")
    expect(nora.locator(".moments")).to_contain_text("From home")
    writes(shop, "From work, later", WORK)
    nora.goto(f"/customers/{kept}/")
    expect(nora.locator(".moments")).to_contain_text("From work, later")
    nora.get_by_role("button", name="Split again").click()
    expect(nora.locator("#toasts")).to_contain_text("They are two again")
    story = nora.locator(".moments")
    at_home = nora.locator(".handle").get_by_text("clara@holm.example").count() == 1
    expect(story).to_contain_text("From home" if at_home else "From work, later")
    expect(story).not_to_contain_text("From work, later" if at_home else "From home")


def test_without_script_a_person_is_blocked_and_heard_again(sit: Sit, shop: Shop) -> None:
    conversation = writes(shop, "A first word", "Eve Sour <eve@sour.example>")
    tomas = sit("tomas", java_script_enabled=False)
    tomas.goto(f"/conversations/{conversation}/")
    tomas.get_by_role("link", name="About the customer").click()
    tomas.get_by_role("link", name="Eve Sour").click()
    place = tomas.url
    tomas.locator("summary", has_text="Block this customer").click()
    tomas.get_by_label("Why").last.fill("Threats.")
    tomas.get_by_role("button", name="Block", exact=True).last.click()
    expect(tomas.locator(".banner--broken")).to_contain_text("Threats.")
    shop.mail(Mail(text="Unheard", subject="Unheard", sender="Eve Sour <eve@sour.example>"))
    counted = tomas.locator(".banner--broken")

    def is_set_aside() -> bool:
        tomas.goto(place)
        return "One thing was set aside." in (counted.text_content() or "")

    shop.wait_for(is_set_aside, "thing that was set aside")
    expect(tomas.locator(".moments")).not_to_contain_text("Unheard")
    tomas.get_by_role("button", name="Unblock").click()
    assert shop.conversation("Unheard"), "it comes in with its own time"


def test_a_copy_is_handed_over_and_the_person_forgotten(sit: Sit, shop: Shop) -> None:
    word = secrets.token_hex(3)  # each time another: it may run again
    address, words = f"odd.{word}@berg.example", f"Please forget me {word}"
    conversation = writes(shop, words, f"Odd Berg <{address}>")
    olga = sit("olga")
    olga.goto(f"/conversations/{conversation}/")
    olga.locator("#customer-pane").get_by_role("link", name="Odd Berg").click()
    olga.get_by_role("button", name="Hand over their data").click()
    if olga.get_by_label("Password").count():  # who sits there is asked, unless just now
        olga.get_by_label("Password").fill(PASSWORD)
        olga.get_by_label("Password").press("Enter")
    expect(olga.get_by_text("Odd Berg").first).to_be_visible()
    place = olga.url

    def is_ready() -> bool:
        olga.goto(place)
        return olga.get_by_role("button", name="Fetch it").count() == 1

    shop.wait_for(is_ready, "copy that is ready")
    with olga.expect_download() as fetched:
        olga.get_by_role("button", name="Fetch it").click()
    assert fetched.value.suggested_filename.endswith(".zip")
    olga.goto(place)
    olga.get_by_role("link", name="Forget this person").click()
    assert_accessible(olga)
    olga.get_by_label("Type it here").fill(address)
    olga.get_by_role("button", name="Forget this person for good").click()
    expect(olga.locator("#toasts")).to_contain_text("This person is forgotten.")
    olga.goto(f"/conversations/{conversation}/")
    expect(olga.locator("#story")).not_to_contain_text(words)
    shop.wait_for(lambda: not shop.finds(word, conversation), "search without these words")
