"""Everything by keyboard: each act has a key, focus is always seen, and a swap never loses it."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Sit
from tests.browser.shop import Shop

# What has focus, in words; "nothing" where it fell back to the page itself.
HERE = """() => {
  const one = document.activeElement
  if (!one || one === document.body) return "nothing"
  const words = one.textContent.trim() || one.title || one.getAttribute("aria-label")
  return `${one.localName}#${one.id} ${words}`
}"""

# Whether what has focus shows it: an outline, a shadow, or a border of its own.
SEEN = """() => {
  let one = document.activeElement
  const box = one.getBoundingClientRect()
  if (one.matches(".composer__choice, .heard-only")) one = one.closest("label")
  const look = getComputedStyle(one)
  const isDrawn = look.outlineStyle !== "none" && parseFloat(look.outlineWidth) > 0
  const around = one.closest("form") ?? one
  const isInLitForm = getComputedStyle(around).outlineStyle !== "none"
  const isLit = isDrawn || isInLitForm || look.boxShadow !== "none"
  return one.checkVisibility() && box.width > 0 && isLit
}"""


@pytest.fixture
def subject(request: pytest.FixtureRequest) -> str:
    return f"Lamp of {request.node.name}"


@pytest.fixture
def lamp(subject: str, shop: Shop) -> int:
    return shop.conversation_about(subject)


@pytest.fixture
def nora(sit: Sit, lamp: int) -> Page:
    page = sit("nora")
    page.goto(f"/conversations/{lamp}/")
    expect(page.get_by_text("Live", exact=True)).to_be_visible()
    expect(page.locator(f"#row-{lamp}")).to_be_visible()
    return page


def focus(page: Page) -> str:
    return str(page.evaluate(HERE))


def test_the_help_opens_by_its_key_and_gives_focus_back(nora: Page, lamp: int) -> None:
    nora.locator(f"#row-{lamp}").focus()
    nora.keyboard.press("?")
    dialog = nora.get_by_role("dialog", name="Keys")
    expect(dialog).to_be_visible()
    for word in ("Reply", "Assign", "Snooze", "Resolve, or open again", "Search"):
        expect(dialog).to_contain_text(word)
    nora.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(nora.locator(f"#row-{lamp}")).to_be_focused()


@pytest.mark.parametrize(
    ("key", "address", "shown"),
    [("g m", "mine", "g m"), ("g e", "resolved", "g e"), ("g i", "waiting", "g w")],
)
def test_two_keys_lead_to_a_list(nora: Page, key: str, address: str, shown: str) -> None:
    for one in key.split():
        nora.keyboard.press(one)
    nora.wait_for_url(f"**/inbox/{address}/")
    expect(nora.locator(".views [aria-current]")).to_have_attribute("data-key", shown)


def test_a_slash_leads_to_search_and_words_to_the_conversation(
    nora: Page, subject: str, lamp: int, shop: Shop
) -> None:
    shop.wait_for(lambda: shop.finds(subject, lamp), "search result")
    nora.keyboard.press("g")
    nora.keyboard.press("s")
    nora.wait_for_url("**/search/")
    expect(nora.get_by_role("combobox")).to_be_focused()
    nora.keyboard.type(f'"{subject}"')
    nora.keyboard.press("Enter")
    nora.wait_for_url("**/search/?q=*")
    expect(nora.locator("[data-row]").first).to_contain_text(subject)
    nora.locator("body").press("Escape")
    nora.keyboard.press("j")
    nora.keyboard.press("Enter")
    nora.wait_for_url(f"**/conversations/{lamp}/")


def test_assigning_keeps_focus(nora: Page) -> None:
    nora.keyboard.press("a")
    expect(nora.locator("#head").get_by_role("button", name="Me")).to_be_focused()
    nora.keyboard.press("Enter")
    expect(nora.locator("#head summary").first).to_contain_text("Nora Lindqvist")
    assert focus(nora) != "nothing"
    assert nora.evaluate(SEEN)


def test_tagging_keeps_focus(nora: Page) -> None:
    nora.keyboard.press("t")
    expect(nora.get_by_role("combobox", name="Tags")).to_be_focused()
    nora.keyboard.type("fragile")
    nora.keyboard.press("Enter")
    expect(nora.locator("#head")).to_contain_text("fragile")
    assert focus(nora) != "nothing"


def test_snoozing_keeps_focus(nora: Page) -> None:
    nora.keyboard.press("s")
    # The first that is offered, whatever the hour is.
    expect(nora.locator("#rest-sheet .menu__item").first).to_be_focused()
    nora.keyboard.press("ArrowDown")
    nora.keyboard.press("Enter")
    expect(nora.locator("#head")).to_contain_text("snoozed until")
    assert focus(nora) != "nothing"


def test_resolving_by_its_button_keeps_focus(nora: Page) -> None:
    nora.get_by_role("button", name="Resolve").focus()
    nora.keyboard.press("Enter")
    again = nora.get_by_role("button", name="Open again")
    expect(again).to_be_visible()
    expect(again).to_be_focused()


def test_answering_and_noting_keep_focus_where_one_writes(nora: Page) -> None:
    nora.keyboard.press("n")
    expect(nora.get_by_role("textbox", name="Your note")).to_be_focused()
    nora.keyboard.type("She is upset.")
    nora.keyboard.press("Control+Enter")
    expect(nora.locator("#story .note")).to_contain_text("She is upset.")
    expect(nora.locator("#composer textarea:visible")).to_be_focused()
    nora.get_by_role("textbox", name="Your answer").fill("It left.")
    nora.keyboard.press("Control+Enter")
    expect(nora.locator("#story .message--outgoing")).to_contain_text("It left.")
    expect(nora.get_by_role("textbox", name="Your answer")).to_be_focused()


def test_a_menu_stays_open_when_news_comes(nora: Page, lamp: int, shop: Shop) -> None:
    nora.keyboard.press("t")
    field = nora.get_by_role("combobox", name="Tags")
    expect(field).to_be_focused()
    nora.keyboard.type("half a wo")
    shop.ask(
        "from makegood.conversations.actions import add_note\n"
        "from makegood.conversations.models import Conversation\n"
        "from makegood.team.models import Agent\n"
        f"lamp = Conversation.objects.get(pk={lamp})\n"
        "add_note(lamp, 'From the side.', by=Agent.objects.get(name__startswith='Tomas'))"
    )
    expect(nora.locator("#story .note")).to_contain_text("From the side.")
    expect(field).to_be_focused()
    nora.keyboard.type("rd")
    expect(field).to_have_value("half a word")
    nora.keyboard.press("Enter")
    expect(nora.locator("#head")).to_contain_text("half a word")


def test_news_in_the_list_leaves_focus_on_its_row(nora: Page, lamp: int, shop: Shop) -> None:
    row = nora.locator(f"#row-{lamp}")
    row.focus()
    other = shop.conversation_about("Another lamp at the same time")
    expect(nora.locator(f"#row-{other}")).to_be_visible()
    expect(row).to_be_focused()


def test_every_stop_of_the_tab_key_is_seen(nora: Page) -> None:
    nora.keyboard.press("Tab")
    expect(nora.get_by_role("link", name="Skip to the content")).to_be_focused()
    stops, unseen = set(), []
    for _stop in range(120):
        here = focus(nora)
        if here == "nothing":
            break
        stops.add(here)
        if not nora.evaluate(SEEN):
            unseen.append(here)
        nora.keyboard.press("Tab")
    assert unseen == []
    for control in ("Assign", "Tags", "Snooze", "Resolve", "Send", "Keys", "Waiting", "Resolved"):
        assert any(control in stop for stop in stops), f"Tab never came to {control}: {stops}"
