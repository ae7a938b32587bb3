"""The chat on any page: whatever its styles, policy, language or size; by keys, and by ear."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import assert_accessible, assert_fits
from tests.browser.chatting import answer, enter, field, launcher, message, say, write
from tests.browser.conftest import PHONE, Forgive, Visit
from tests.browser.shop import Shop

SMALL = {"viewport": {"width": 320, "height": 568}}
ZOOMED = {"viewport": {"width": 640, "height": 400}, "device_scale_factor": 2}
"""What 200 % leaves of a window of 1280 by 800."""


def test_a_hostile_style_sheet_changes_nothing_of_it(visit: Visit) -> None:
    plain, hostile = visit("/"), visit("/hostile")
    for page in (plain, hostile):
        enter(page)
    for part in (".panel", ".head__name", ".composer__field", ".launcher"):
        calm, forced = (looks(page, part) for page in (plain, hostile))
        assert forced == calm, part


def looks(page: Page, part: str) -> dict[str, str]:
    names = ("display", "fontSize", "fontFamily", "color", "backgroundColor", "position", "opacity")
    found: dict[str, str] = page.locator(part).evaluate(
        """(element, names) => {
          const style = getComputedStyle(element)
          const box = element.getBoundingClientRect()
          const place = [box.x, box.y, box.width, box.height].map(Math.round).join(" ")
          return {...Object.fromEntries(names.map((name) => [name, style[name]])), place}
        }""",
        list(names),
    )
    return found


def test_a_strict_policy_and_trusted_types_let_it_work(visit: Visit, shop: Shop) -> None:
    ida = visit("/strict")  # a policy violated would be a complaint, and fail this test
    enter(ida)
    say(ida, "Under a strict policy")
    answer(shop, "Under a strict policy", "As anywhere.")
    expect(message(ida, "As anywhere.")).to_be_visible()


def test_it_speaks_german_and_runs_from_right_to_left(visit: Visit, shop: Shop) -> None:
    ida = visit("/rtl")
    launcher(ida).click()
    panel = ida.get_by_role("dialog", name="Chat mit")
    expect(panel).to_be_visible()
    box = panel.bounding_box()
    assert box
    assert box["x"] < 100
    ida.get_by_role("button", name="Schreiben Sie uns").click()
    write(ida, "Wo ist meine Lampe?")
    expect(message(ida, "Wo ist meine Lampe?")).to_contain_text("Gesendet")
    assert_accessible(ida)


def test_it_is_all_done_by_keys(visit: Visit) -> None:
    ida = visit()
    expect(launcher(ida)).to_be_visible()
    launcher(ida).focus()
    ida.keyboard.press("Enter")
    expect(ida.get_by_role("button", name="Write to us")).to_be_focused()
    ida.keyboard.press("Enter")
    expect(field(ida)).to_be_focused()
    ida.keyboard.type("One line")
    ida.keyboard.press("Shift+Enter")
    ida.keyboard.type("and another")
    expect(field(ida)).to_have_value("One line\nand another")
    ida.keyboard.press("Enter")
    expect(message(ida, "and another")).to_contain_text("Sent")
    ida.keyboard.press("Shift+Tab")
    expect(ida.get_by_role("button", name="Emoji")).to_be_focused()
    ida.keyboard.press("Enter")
    ida.keyboard.press("ArrowRight")
    ida.keyboard.press("Enter")
    expect(field(ida)).not_to_have_value("")
    ida.keyboard.press("Escape")
    expect(ida.get_by_role("dialog")).to_be_hidden()
    expect(launcher(ida)).to_be_focused()


def test_a_word_that_is_being_composed_is_not_sent(visit: Visit) -> None:
    ida = visit()
    enter(ida)
    field(ida).fill("にほん")
    field(ida).dispatch_event("keydown", {"key": "Enter", "isComposing": True})
    expect(field(ida)).to_have_value("にほん")
    expect(ida.locator(".message")).to_have_count(0)


def test_what_is_new_is_heard_and_what_is_old_is_not(visit: Visit, shop: Shop) -> None:
    ida = visit()
    enter(ida)
    say(ida, "Read this to me")
    log = ida.get_by_role("log")
    expect(log).to_have_attribute("aria-live", "polite")
    kept = log.locator(".message").first.element_handle()
    answer(shop, "Read this to me", "With pleasure.")
    expect(message(ida, "With pleasure.")).to_be_visible()
    first = log.locator(".message").first.element_handle()
    assert first.evaluate("(now, before) => now === before", kept)


def test_every_state_can_be_used_by_everybody(visit: Visit, shop: Shop, forgive: Forgive) -> None:
    ida = visit()
    forgive("ERR_INTERNET_DISCONNECTED", "ERR_FAILED")
    expect(launcher(ida)).to_be_visible()
    assert_accessible(ida)
    launcher(ida).click()
    expect(ida.locator(".home .button")).to_be_visible()
    assert_accessible(ida)
    ida.locator(".home .button").click()
    assert_accessible(ida)
    say(ida, "Look at me from all sides")
    answer(shop, "Look at me from all sides", "A word, and https://www.wikipedia.org/wiki/Lamp.")
    expect(message(ida, "A word, and")).to_be_visible()
    assert_accessible(ida)
    ida.get_by_role("button", name="Emoji").click()
    assert_accessible(ida)
    ida.keyboard.press("Escape")
    ida.context.set_offline(True)
    write(ida, "Offline")
    expect(ida.get_by_text("No connection.")).to_be_visible()
    assert_accessible(ida)
    ida.context.set_offline(False)


@pytest.mark.parametrize("colour", ["#ffd400", "#0a0a0a", "#ffffff", "oklch(70% 0.2 150)", "teal"])
def test_any_colour_can_be_read(visit: Visit, colour: str) -> None:
    ida = visit()
    sheet = f"makegood-chat {{ --makegood-colour: {colour}; }}"
    ida.add_style_tag(content=sheet)
    enter(ida)
    field(ida).fill("So that the button can be pressed")
    ida.evaluate("dispatchEvent(new Event('online'))")
    assert_accessible(ida)


@pytest.mark.parametrize("size", [SMALL, ZOOMED], ids=["320 px", "200 %"])
def test_nothing_is_cut_off_where_there_is_little_room(visit: Visit, size: dict[str, int]) -> None:
    ida = visit(**size)
    enter(ida)
    write(ida, "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenverleihung " * 3)
    expect(ida.locator(".message")).to_be_visible()
    assert_fits(ida)
    for name in ("Send", "Attach a file", "Emoji", "Close the chat"):
        button = ida.locator(".panel").get_by_role("button", name=name)
        expect(button).to_be_in_viewport(ratio=1)


def test_on_a_phone_it_fills_the_page_and_keeps_the_focus(visit: Visit) -> None:
    ida = visit(**PHONE, reduced_motion="reduce")
    launcher(ida).tap()
    panel = ida.get_by_role("dialog")
    expect(panel).to_have_attribute("aria-modal", "true")
    expect(launcher(ida)).to_be_hidden()
    assert panel.bounding_box() == {"x": 0, "y": 0, **PHONE["viewport"]}
    for _press in range(12):
        ida.keyboard.press("Tab")
        assert ida.evaluate("document.activeElement.localName") == "makegood-chat"
    small = ida.locator(".panel").evaluate(
        """(panel) => [...panel.querySelectorAll("button, a, textarea")]
          .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 44)
          .map((one) => one.outerHTML.slice(0, 80))"""
    )
    assert not small
    ida.get_by_role("button", name="Close the chat").tap()
    expect(launcher(ida)).to_be_visible()


def test_who_wants_no_motion_gets_none(visit: Visit) -> None:
    ida = visit(reduced_motion="reduce")
    enter(ida)
    moving = ida.locator(".panel").evaluate(
        "(panel) => panel.getAnimations({ subtree: true }).filter((one) => one.effect"
        ".getComputedTiming().duration > 0).length"
    )
    assert moving == 0


def test_the_title_counts_while_nobody_looks(visit: Visit, shop: Shop) -> None:
    ida = visit()
    enter(ida)
    say(ida, "I look elsewhere")
    ida.evaluate(
        """() => {
          const get = () => window.state ?? "hidden"
          Object.defineProperty(document, "visibilityState", { get })
          document.dispatchEvent(new Event("visibilitychange"))
        }"""
    )
    answer(shop, "I look elsewhere", "Come back.")
    expect(ida).to_have_title(re.compile(r"^\(1\) Brass lamp$"))
    ida.evaluate("window.state = 'visible'; document.dispatchEvent(new Event('visibilitychange'))")
    expect(ida).to_have_title("Brass lamp")
