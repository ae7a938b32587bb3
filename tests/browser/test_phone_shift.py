"""A shift on a phone, by thumb alone: read, answered, given, put aside, settled."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, Sit
from tests.browser.day import TouchDay
from tests.browser.shop import Mail, Shop

MATTERS = ("lamp", "shade", "bulb", "wire")
LEAST_ACTS = 15


@pytest.fixture
def matters(shop: Shop) -> dict[str, int]:
    for word in MATTERS:
        sender = f"Thumbelina {word.title()} <{word}@thumb.example>"
        shop.mail(Mail(text=f"The {word} is late.", subject=f"By thumb, {word}", sender=sender))
    return {word: shop.conversation(f"By thumb, {word}") for word in MATTERS}


@pytest.fixture
def day(sit: Sit, matters: dict[str, int]) -> TouchDay:
    page = sit("nora", **PHONE)
    page.goto("/inbox/waiting/")
    expect(page.locator("live-feed")).to_have_text("Live")
    return TouchDay(page)


def test_a_shift_on_a_phone(day: TouchDay, matters: dict[str, int], shop: Shop) -> None:
    answer(day, matters)
    sort_out(day, matters)
    shop.wait_for(lambda: shop.finds("bulb is late", matters["bulb"]), "search result")
    look_up(day)
    assert len(day.done) >= LEAST_ACTS, day.done
    (answered,) = shop.outbox(matters["lamp"])
    assert answered["text"].startswith("It comes tomorrow.")


def opened(day: TouchDay, conversation: int) -> None:
    day.tap(day.page.locator(f"#row-{conversation}"))
    expect(day.page.locator(f"#opened[data-here='{conversation}']")).to_be_visible()


def back(day: TouchDay) -> None:
    day.tap(day.link("Back to the list"))
    day.page.wait_for_url("**/inbox/*/")


def answer(day: TouchDay, matters: dict[str, int]) -> None:
    opened(day, matters["lamp"])
    day.did("open", day.page.get_by_role("heading", name="By thumb, lamp"))
    day.tap(day.button("Take it"))
    expect(day.page.get_by_text("Nobody owns this.")).to_have_count(0)
    day.did("take it", day.find("#story", "Nora Lindqvist took this"))
    day.tap(day.page.get_by_role("textbox", name="Your answer"))
    day.write("It comes tomorrow.")
    day.tap(day.button("Send", exact=True))
    day.did("answer", day.find("#story .message--outgoing", "It comes tomorrow."))
    expect(day.find("#story .message--outgoing .state", "sent")).to_be_visible()
    expect(day.page.get_by_role("textbox", name="Your answer")).to_have_value("")
    turn_to_a_note(day)
    day.tap(day.page.get_by_role("textbox", name="Your note"))
    day.write("I rang the courier.")
    day.tap(day.button("Add note"))
    day.did("note", day.find("#story .note", "I rang the courier."))
    day.tap(day.button("Resolve"))
    day.did("resolve", day.button("Open again"))
    back(day)
    expect(day.page.locator(f"#row-{matters['lamp']}")).to_have_count(0)
    day.did("come back to the list", day.page.get_by_role("heading", name="Waiting"))


def turn_to_a_note(day: TouchDay) -> None:
    """A tap that falls while the composer comes anew is tapped again."""
    is_note = day.page.get_by_role("radio", name="Note to us")
    for _try in range(60):
        day.tap(day.page.locator(".composer__kind", has_text="Note to us"))
        day.page.wait_for_timeout(500)
        if is_note.is_checked():
            return
    raise AssertionError("The composer never turned to a note.")


def sort_out(day: TouchDay, matters: dict[str, int]) -> None:
    head = day.page.locator("#head")
    opened(day, matters["shade"])
    day.tap(day.find("#assignment-menu summary"))
    day.tap(day.button("Tomas Brandt"))
    day.did("assign", head.get_by_title("Tomas Brandt"), day.find("#story", "Tomas Brandt"))
    day.tap(day.find("#tags-menu summary"))
    day.tap(day.page.get_by_role("combobox", name="Tags"))
    day.write("fragile")
    day.tap(day.button("Keep", exact=True))
    day.did("tag", head.get_by_text("fragile"), day.find("#story", "changed the tags"))
    day.tap(head.get_by_title("Priority"))
    day.tap(day.button("high"))
    day.did("make it matter more", head.locator(".state--at-risk"), day.find("#story", "to high"))
    day.tap(day.find("#rest-menu summary"))
    day.tap(day.button("Tomorrow"))
    day.did("snooze", head.get_by_text("snoozed until"))
    back(day)
    opened(day, matters["bulb"])
    day.tap(day.button("Customer"))
    day.did("see who it is", day.find("#customer-pane", "Thumbelina Bulb"))
    day.page.locator("#customer").evaluate("(one) => one.hidePopover()")
    back(day)


def look_up(day: TouchDay) -> None:
    day.tap(day.link("Search"))
    day.tap(day.page.get_by_role("combobox", name="Ask for conversations"))
    day.write("bulb is late")
    day.page.get_by_role("combobox", name="Ask for conversations").press("Enter")
    day.page.wait_for_url("**/search/?q=*")
    day.did("search", day.find("[data-row]", "By thumb"))
    day.tap(day.link("Go to"))
    day.tap(day.page.get_by_role("combobox", name="Go anywhere, do anything"))
    day.write("notices")
    expect(day.page.locator(".palette [aria-selected=true]")).to_contain_text("Notices")
    day.tap(day.page.locator(".palette [aria-selected=true]"))
    day.page.wait_for_url("**/notices/")
    day.did("go anywhere by the palette", day.page.get_by_role("heading", name="Notices"))
    day.tap(day.link("Mine"))
    day.did("see what is mine", day.page.get_by_role("heading", name="Mine"))
    day.tap(day.button("Views"))
    day.tap(day.link("Resolved"))
    day.did("change the list", day.find("[data-row]", "By thumb, lamp"))
    day.tap(day.link("More"))
    day.did("go to one's own page", day.page.get_by_role("heading", name="Nora Lindqvist"))
