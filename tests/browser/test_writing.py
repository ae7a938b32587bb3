"""Writing a letter: formatting by keys, what is pasted, emoji, pictures, the preview."""

import base64

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import PHONE, Forgive, Sit
from tests.browser.post_office import PostOffice
from tests.browser.shop import Shop

KEYS = "Control+B Control+I Control+K"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAYAAACNMs+9AAAAFUlEQVR42mNk+M9Qz0AEYBxVSF+FAAhKDveksOjm"
    "AAAAAElFTkSuQmCC"
)
PASTE = """(area, {html, text}) => {
  const clipboardData = new DataTransfer()
  if (html) clipboardData.setData("text/html", html)
  clipboardData.setData("text/plain", text)
  const event = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true })
  if (area.dispatchEvent(event)) document.execCommand("insertText", false, text)
}"""
DROP = """(target, {name, type, bytes, kind}) => {
  const data = new DataTransfer()
  const content = Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0))
  data.items.add(new File([content], name, { type }))
  const given = { bubbles: true, cancelable: true }
  target.dispatchEvent(kind === "paste"
    ? new ClipboardEvent("paste", { ...given, clipboardData: data })
    : new DragEvent("drop", { ...given, dataTransfer: data }))
}"""
LETTER = """
<style>p { color: red }</style><script>alert(1)</script>
<p>Dear <b>Ida</b>, see <a href="https://lantern.shop/17">the <i>trace</i></a>
<img src="https://evil.example/x.png" alt="[logo]"></p>
<ul><li>one</li><li>two<ul><li>within</li></ul></li></ul>
<blockquote><p>You wrote</p></blockquote><h1>Returns</h1>
<table><tr><td>Lamp</td><td>49 €</td></tr></table><span style="font-weight:700">5 * 3</span>
"""


@pytest.fixture
def lamp(request: pytest.FixtureRequest, shop: Shop) -> int:
    return shop.conversation_about(f"Lamp of {request.node.name}")


@pytest.fixture
def nora(sit: Sit, lamp: int) -> Page:
    page = sit("nora")
    page.goto(f"/conversations/{lamp}/")
    page.locator("#reply-text").focus()
    expect(page.locator("#reply-text")).to_have_attribute("aria-keyshortcuts", KEYS)
    return page


def paste(page: Page, text: str, html: str = "") -> None:
    page.locator("#reply-text").evaluate(PASTE, {"html": html, "text": text})


def drop(page: Page, where: str, name: str, *, kind: str = "drop", content: bytes = PNG) -> None:
    mime = "image/png" if name.endswith(".png") else "application/pdf"
    given = {"name": name, "type": mime, "kind": kind, "bytes": base64.b64encode(content).decode()}
    page.locator(where).evaluate(DROP, given)


def mark(page: Page, words: str) -> None:
    page.locator("#reply-text").evaluate(
        "(area, words) => { const at = area.value.lastIndexOf(words);"
        " area.setSelectionRange(at, at + words.length) }",
        words,
    )


def test_keys_and_buttons_format_and_undo_takes_it_back(nora: Page) -> None:
    words = nora.locator("#reply-text")
    nora.keyboard.type("Dear Ida, it left")
    mark(nora, "Ida")
    nora.keyboard.press("Control+b")
    expect(words).to_have_value("Dear **Ida**, it left")
    nora.keyboard.press("Control+b")
    expect(words).to_have_value("Dear Ida, it left")
    mark(nora, "left")
    nora.keyboard.press("Control+i")
    expect(words).to_have_value("Dear Ida, it *left*")
    nora.keyboard.press("Control+z")
    expect(words).to_have_value("Dear Ida, it left")
    mark(nora, "left")
    nora.keyboard.press("Control+k")
    expect(words).to_have_value("Dear Ida, it [left](https://)")
    nora.keyboard.type("https://lantern.shop/17")
    expect(words).to_have_value("Dear Ida, it [left](https://lantern.shop/17)")
    nora.keyboard.press("Control+End")
    nora.keyboard.type("\n\none\ntwo")
    mark(nora, "one\ntwo")
    nora.get_by_role("button", name="List", exact=True).first.click()
    expect(words).to_have_value("Dear Ida, it [left](https://lantern.shop/17)\n\n- one\n- two")


def test_enter_goes_on_with_a_list_and_ends_it(nora: Page) -> None:
    nora.keyboard.type("- one\ntwo\n\nBest\n\n1. first\nsecond")
    expected = "- one\n- two\nBest\n\n1. first\n2. second"
    expect(nora.locator("#reply-text")).to_have_value(expected)


def test_without_marked_words_the_palette_opens(nora: Page) -> None:
    nora.keyboard.type("Dear Ida")
    nora.keyboard.press("Control+k")
    expect(nora.locator("command-palette dialog")).to_be_visible()
    expect(nora.locator("#reply-text")).to_have_value("Dear Ida")


def test_pasted_formatting_becomes_markdown_and_nothing_else_comes_along(nora: Page) -> None:
    paste(nora, "Dear Ida, see the trace …", LETTER)
    expect(nora.locator("#reply-text")).to_have_value(
        "Dear **Ida**, see [the *trace*](https://lantern.shop/17) [logo]\n\n"
        "- one\n- two\n  - within\n\n> You wrote\n\n### Returns\n\nLamp · 49 €\n\n**5 * 3**"
    )


def test_a_pasted_address_becomes_the_link_of_marked_words(nora: Page) -> None:
    nora.keyboard.type("See the trace, please")
    mark(nora, "the trace")
    paste(nora, "https://lantern.shop/17")
    expect(nora.locator("#reply-text")).to_have_value(
        "See [the trace](https://lantern.shop/17), please"
    )


def test_an_emoji_is_completed_and_chosen(nora: Page) -> None:
    words = nora.locator("#reply-text")
    nora.keyboard.type("Hello :smil")
    expect(nora.locator(".completion").get_by_role("option").first).to_contain_text("😄")
    nora.keyboard.press("Enter")
    expect(words).to_have_value("Hello 😄 ")
    nora.keyboard.type("at 10:30, :tada:")
    expect(words).to_have_value("Hello 😄 at 10:30, 🎉")
    nora.get_by_role("button", name="Emoji", exact=True).first.click()
    nora.get_by_role("searchbox", name="Find an emoji").first.fill("herz")
    nora.get_by_role("button", name="red heart").or_(
        nora.locator(".emoji__sign", has_text="❤️")
    ).first.click()
    expect(words).to_have_value("Hello 😄 at 10:30, 🎉❤️")
    expect(words).to_be_focused()


def test_a_picture_stands_where_it_was_pasted_until_it_leaves(
    nora: Page, lamp: int, shop: Shop, post_office: PostOffice
) -> None:
    words = nora.locator("#reply-text")
    nora.keyboard.type("Look:\n\nYours, Nora")
    words.evaluate("(area) => area.setSelectionRange(6, 6)")
    drop(nora, "#reply-text", "lamp.png", kind="paste")
    expect(nora.locator("[data-files='reply'] .file")).to_contain_text("lamp.png")
    value = words.input_value()
    assert value.startswith("Look:\n![lamp](cid:")
    assert value.endswith(")\n\nYours, Nora")
    nora.locator(".composer__form--reply").get_by_role("button", name="Preview").click()
    picture = nora.locator("#reply-preview img")
    expect(picture).to_have_attribute("alt", "lamp")
    assert picture.evaluate("(one) => one.decode().then(() => one.naturalWidth)") == 10
    nora.locator(".composer__form--reply").get_by_role("button", name="Preview").click()
    expect(words).to_be_visible()
    nora.keyboard.press("Control+Enter")
    shown = nora.locator("#story .message--outgoing img")
    expect(shown).to_have_attribute("alt", "lamp")
    assert shown.evaluate("(one) => one.decode().then(() => one.naturalWidth)") == 10
    (queued,) = shop.outbox(lamp)
    (file,) = queued["files"]
    assert file["cid"]
    assert f'src="cid:{file["cid"]}"' in queued["html"]


def test_files_go_up_with_progress_and_a_broken_one_can_be_tried_again(
    nora: Page, forgive: Forgive
) -> None:
    forgive("ERR_FAILED", "Failed to load resource", "files/")
    nora.keyboard.type("Attached.")
    broken = {"yes": True}

    def answer(route: Route) -> None:
        route.abort() if broken["yes"] else route.continue_()

    nora.route("**/drafts/reply/files/", answer)
    drop(nora, ".composer__form--reply .composer__foot", "bill.pdf", content=b"%PDF-1.4")
    row = nora.locator(".file-tray__rows .file").first
    expect(row).to_contain_text("The connection broke off.")
    broken["yes"] = False
    row.get_by_role("button", name="Try again").click()
    expect(nora.locator("[data-files='reply'] .file")).to_contain_text("bill.pdf")
    expect(nora.locator(".composer__form--reply .file-tray__rows .file")).to_have_count(0)
    nora.reload()
    expect(nora.locator("#reply-text")).to_have_value("Attached.")
    expect(nora.locator("[data-files='reply'] .file")).to_contain_text("bill.pdf")


def test_a_letter_waits_for_its_files_and_one_can_be_cancelled(
    nora: Page, lamp: int, shop: Shop, forgive: Forgive
) -> None:
    forgive("ERR_ABORTED", "files/")
    nora.keyboard.type("Attached.")
    nora.route("**/drafts/reply/files/", lambda _route: None)
    drop(nora, ".composer__form--reply .composer__foot", "bill.pdf", content=b"%PDF-1.4")
    row = nora.locator(".composer__form--reply .file-tray__rows .file")
    expect(row).to_contain_text("bill.pdf")
    nora.locator("#reply-text").focus()
    nora.keyboard.press("Control+Enter")
    expect(nora.locator(".composer__form--reply output")).to_have_text(
        "Files are still on their way"
    )
    assert shop.outbox(lamp) == []
    row.get_by_role("button", name="Cancel").click()
    expect(row).to_have_count(0)
    assert shop.outbox(lamp) == []  # what was pressed was meant with it
    nora.keyboard.press("Escape")
    nora.locator("#reply-text").focus()
    nora.keyboard.press("Control+Enter")
    expect(nora.locator("#story .message--outgoing")).to_contain_text("Attached.")


def test_what_was_pressed_while_a_file_came_is_done_when_it_is_there(nora: Page) -> None:
    held: list[Route] = []
    nora.keyboard.type("Here it is.")
    nora.route("**/drafts/reply/files/", lambda route: held.append(route))  # noqa: PLW0108
    drop(nora, ".composer__form--reply .composer__foot", "bill.pdf", content=b"%PDF-1.4")
    row = nora.locator(".composer__form--reply .file-tray__rows .file")
    expect(row).to_contain_text("bill.pdf")
    nora.locator("#reply-text").focus()
    nora.keyboard.press("Control+Enter")
    expect(nora.locator(".composer__form--reply output")).to_have_text(
        "Files are still on their way"
    )
    for _look in range(600):
        if held:
            break
        nora.wait_for_timeout(100)
    for route in held:
        route.continue_()
    answer = nora.locator("#story .message--outgoing")
    expect(answer).to_contain_text("Here it is.")
    expect(answer).to_contain_text("bill.pdf")


def test_a_file_that_is_too_large_is_said_in_words(nora: Page) -> None:
    nora.locator(".composer__form--reply file-tray").evaluate(
        "(tray) => tray.setAttribute('most', '4')"
    )
    drop(nora, ".composer__form--reply .composer__foot", "bill.pdf", content=b"%PDF-1.4")
    row = nora.locator(".composer__form--reply .file-tray__rows .file")
    expect(row).to_contain_text("It is larger than 25 MB.")
    expect(row.get_by_role("button", name="Try again")).to_be_hidden()


def test_a_page_that_is_only_read_fetches_none_of_it(sit: Sit, lamp: int) -> None:
    page = sit("nora")
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    page.goto(f"/conversations/{lamp}/")
    expect(page.get_by_text("Live", exact=True)).to_be_visible()
    assert not [one for one in fetched if "/writing/" in one]


def test_a_thumb_writes_too(sit: Sit, lamp: int) -> None:
    page = sit("nora", **PHONE)
    page.goto(f"/conversations/{lamp}/")
    page.locator("#reply-text").tap()
    page.get_by_role("button", name="Bold").first.tap()
    expect(page.locator("#reply-text")).to_have_value("****")
    page.keyboard.type("late")
    expect(page.locator("#reply-text")).to_have_value("**late**")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
