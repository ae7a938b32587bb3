"""Hostile mail: nothing that a stranger writes runs, fetches, leaves or covers anything.

Each payload stands in a mail's subject, sender, text and HTML at once. Whatever a browser
says of it - a dialog, a policy violated, a request elsewhere - fails the test: see watching.py.
"""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Forgive, Sit
from tests.browser.shop import Mail, Shop
from tests.browser.watching import Watch

PAYLOADS = [
    line
    for line in Path(__file__).with_name("hostile").joinpath("payloads.txt").read_text().split("\n")
    if line.strip()
]
MOST_PAGES = 50
PRESS = "press@lantern.example"
FORBIDDEN = (
    "script, form, base[href], meta[http-equiv], link, iframe, object, embed, svg, math, input"
)
ARMED = "[style], [id], [class], [name], [src], [onerror], [onload], [href^=java]"
ONE_PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c636060606000000005000157a2a7d50000000049454e44ae426082"
)

# Opens conversations as htmx does, one after the other; says which messages came in frames.
OPEN = """async (addresses) => {
  const framed = []
  for (const address of addresses) {
    await htmx.ajax("GET", address, { target: "#opened", swap: "outerHTML" })
    framed.push(...[...document.querySelectorAll("#story iframe")].map((frame) => frame.outerHTML))
  }
  return framed
}"""

# Shows many mails as they were sent, each in a copy of its own frame.
FRAME = """async (frames) => {
  const place = document.createElement("div")
  document.body.append(place)
  const loaded = frames.map((html) => new Promise((done) => {
    place.insertAdjacentHTML("beforeend", html)
    place.lastElementChild.loading = "eager"
    place.lastElementChild.addEventListener("load", done, { once: true })
  }))
  await Promise.all(loaded)
}"""


@pytest.fixture(scope="module")
def corpus(shop: Shop) -> int:
    """All of it has come in, and been taken in."""
    shop.mail(*(_mail(number, payload) for number, payload in enumerate(PAYLOADS)))
    shop.wait_for(lambda: _taken_in(shop) >= len(PAYLOADS), "whole corpus", seconds=300)
    return len(PAYLOADS)


def _mail(number: int, payload: str) -> Mail:
    name = payload.replace("\\", "").replace('"', "'").replace("\t", " ")[:70]
    return Mail(
        text=f"canary {payload}\n\n> {payload}",
        html=f"<p>canary</p>{payload}<p>end</p>",
        subject=f"{number} {payload}".replace("\t", " ")[:240],
        sender=f'"{name}" <stranger{number}@evil.example>',
        to=PRESS,
    )


def _taken_in(shop: Shop) -> int:
    return int(
        shop.ask(
            "from makegood.conversations.models import Conversation\n"
            f"print(Conversation.objects.filter(inbox__address={PRESS!r}).count())"
        )
    )


@pytest.fixture
def piet(sit: Sit, corpus: int) -> Page:
    """Piet of the post room, whose inbox holds nothing else."""
    page = sit("piet")
    page.goto("/inbox/waiting/")
    return page


def all_of_it(page: Page) -> None:
    """The whole list, page after page."""
    for _page in range(MOST_PAGES):
        if not page.locator("#more").count():
            return
        rows = page.locator("[data-row]").count()
        page.locator("#more a").click()
        expect(page.locator("[data-row]")).not_to_have_count(rows)
    raise AssertionError("The list does not end.")


def assert_unharmed(page: Page) -> None:
    assert page.evaluate("[window.pwned, Object.prototype.pwned].join('')") == ""
    expect(page.locator(".rail")).to_be_visible()
    assert page.locator("#story").count() <= 1
    assert page.locator("hot-keys").count() == 1
    assert page.locator("live-feed").count() <= 1


def test_there_are_enough_of_them() -> None:
    assert len(set(PAYLOADS)) == len(PAYLOADS) >= 150


def test_the_list_shows_them_as_words(piet: Page, corpus: int) -> None:
    all_of_it(piet)
    expect(piet.locator("[data-row]")).to_have_count(corpus)
    words = piet.locator("[data-row]").first.inner_text()
    assert "<script>alert(1)</script>" in words
    assert piet.locator("[data-row] :is(script, img, iframe, form, a, style)").count() == 0
    assert_unharmed(piet)


def test_each_conversation_and_its_frame_stays_a_mail(piet: Page, corpus: int) -> None:
    all_of_it(piet)
    addresses = piet.locator("[data-row]").evaluate_all("rows => rows.map((row) => row.href)")
    framed = piet.evaluate(OPEN, addresses)
    assert len(addresses) == corpus
    assert len(framed) > corpus * 0.9
    assert all('sandbox="allow-popups allow-popups-to-escape-sandbox"' in one for one in framed)
    assert_unharmed(piet)

    piet.evaluate(FRAME, framed)
    shown = [frame for frame in piet.frames if frame.url.endswith("/sent/")]
    assert len(shown) == len(framed)
    for frame in shown:
        assert frame.locator(f"{FORBIDDEN}, {ARMED}").count() == 0, frame.url
    assert_unharmed(piet)


def test_search_shows_what_it_found_as_words(piet: Page, shop: Shop, corpus: int) -> None:
    shop.wait_for(lambda: shop.newest_found("canary"), "search result")
    piet.goto("/search/?q=canary")
    expect(piet.locator("mark").first).to_have_text("canary")
    seen = 0
    for _page in range(MOST_PAGES):
        seen += piet.locator("[data-row]").count()
        more = piet.get_by_role("link", name="More")
        if not more.count():
            break
        more.click()
    assert seen >= corpus * 0.9
    piet.goto("/search/?q=" + "%22%3E%3Cscript%3Ealert(1)%3C/script%3E")
    expect(piet.get_by_role("combobox")).to_have_value('"><script>alert(1)</script>')
    assert_unharmed(piet)


def test_pictures_from_outside_load_only_when_asked(
    sit: Sit, shop: Shop, watches: list[Watch], forgive: Forgive
) -> None:
    asked: list[str] = []

    def picture(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(body=ONE_PIXEL, content_type="image/png")

    html = (
        '<p>Look:</p><img src="https://pictures.example/lamp.png" width="60" height="60">'
        '<img src="http://pictures.example/plain.png" width="60" height="60">'
    )
    shop.mail(Mail(text="Look:", html=html, subject="A lamp in a picture"))
    page = sit("nora")
    page.context.route(re.compile("pictures.example"), picture)
    page.goto(f"/conversations/{shop.conversation('A lamp in a picture')}/")
    page.get_by_text("As it was sent").click()
    frame = page.frame_locator(".message__shown iframe")
    expect(frame.get_by_text("Look:")).to_be_visible()
    assert asked == []
    assert watches[0].unforgiven() == []

    forgive("another origin: GET https://pictures.example/")
    page.get_by_role("link", name="Load pictures from outside").click()
    expect(frame.locator("img").first).to_have_js_property("naturalWidth", 1)
    expect(frame.locator("img").last).to_have_js_property("naturalWidth", 1)
    assert sorted(asked) == [
        "https://pictures.example/lamp.png",
        "https://pictures.example/plain.png",
    ]
