"""The pictures of the chat in docs/screens, each state of it: `python -m tests.browser.chat_shots`.

A served install of its own, a page of the shop on another origin, a visitor and Nora.
"""

import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

from tests.browser.chatting import (
    HAS_IT,
    answer,
    connect_chat,
    enter,
    field,
    launcher,
    message,
    say,
    visitor_context,
    write,
)  # fmt: skip
from tests.browser.conftest import PHONE
from tests.browser.host_page import HostPage
from tests.browser.patience import ARGUMENTS, CHROMIUM
from tests.browser.post_office import PostOffice
from tests.browser.shop import Shop
from tests.served import ROOT, Served

SCREENS = ROOT / "docs" / "screens" / "chat"
WINDOW: dict[str, Any] = {"viewport": {"width": 900, "height": 800}}
LOOKS: dict[str, dict[str, Any]] = {
    "wide": WINDOW,
    "wide-dark": {**WINDOW, "color_scheme": "dark"},
    "phone": PHONE,
    "phone-dark": {**PHONE, "color_scheme": "dark"},
}
SEE = """
from makegood.chat.reading import read_theirs
from makegood.conversations.models import Message
from makegood.team.models import Agent
said = Message.objects.filter(text={about!r}).latest("pk")
read_theirs(said.conversation, said.pk, by=Agent.objects.get(name="Nora Lindqvist"))
"""
SETTLE = """
from makegood.conversations.actions import resolve_conversation
from makegood.conversations.models import Message
from makegood.team.models import Agent
said = Message.objects.filter(text={about!r}).latest("pk")
resolve_conversation(said.conversation, by=Agent.objects.get(name="Nora Lindqvist"))
"""
FACE = """
import io
from PIL import Image, ImageDraw
from makegood.channels.models import Inbox
from makegood.portraits.actions import put_portrait
from makegood.team.models import Agent
face, kept = Image.new("RGB", (576, 576), "#d9e2dc"), io.BytesIO()
draw = ImageDraw.Draw(face)
draw.ellipse((150, 90, 426, 430), fill="#6b4a36")
draw.ellipse((60, 430, 516, 900), fill="#33605f")
draw.rounded_rectangle((242, 330, 334, 470), 40, fill="#e3b897")
draw.ellipse((188, 130, 388, 390), fill="#efc6a5")
draw.chord((170, 96, 406, 300), 180, 360, fill="#6b4a36")
face.save(kept, "PNG")
put_portrait(Agent.objects.get(name="Nora Lindqvist"), kept.getvalue())
chat = Inbox.objects.get(public_id={chat!r})
chat.settings["chat"] = {{"theme": {{"colour": "#b4552d"}}, "shows_team": True}}
chat.save(update_fields=["settings"])
"""
"""Somebody who answers, drawn: no picture of a person lies here."""
NOBODY = {"is_open": False, "opens": "tomorrow at 9:00"}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        expect.set_options(timeout=120_000)
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        with _shop(Path(folder)) as (shop, host):
            for look, options in LOOKS.items():
                _take_states(chromium, shop, host, look, options)
            _take_from_right_to_left(chromium, host)


@contextmanager
def _shop(folder: Path) -> Iterator[tuple[Shop, HostPage]]:
    office = PostOffice().open()
    served = Served(folder).start("--empty")
    shop = Shop(served, office)
    shop.set_the_scene()
    host = HostPage(desk=shop.url).open()
    host.shop = connect_chat(shop, host.origin)
    shop.ask(FACE.format(chat=host.shop))
    yield shop, host
    shop.hand.close()
    host.close()
    served.stop()
    office.close()


def _take_states(
    chromium: Browser, shop: Shop, host: HostPage, look: str, options: dict[str, Any]
) -> None:
    page = _visitor(chromium, host, options)
    _shot(page, f"closed-{look}")
    launcher(page).click()
    expect(page.locator(".home .button")).to_be_visible()
    _shot(page, f"home-{look}")
    page.locator(".home .button").click()
    about = f"Where is my lamp? It was due on Friday: order LL-{1001 + list(LOOKS).index(look)}."
    say(page, about)
    answer(shop, about, "Good morning! I am asking the carrier, and write here within the hour.")
    expect(message(page, "asking the carrier")).to_be_visible()
    say(page, "Thank you! It is a present.")
    shop.ask(SEE.format(about="Thank you! It is a present."))
    expect(page.locator(".message__foot").last).to_contain_text("Seen")
    _shot(page, f"conversation-{look}")
    _take_ways_on(page, look)
    page.context.set_offline(True)
    write(page, "Can it still come before Sunday?")
    expect(page.get_by_text("No connection.")).to_be_visible()
    _shot(page, f"offline-{look}")
    page.context.set_offline(False)
    expect(message(page, "before Sunday?").locator(".message__foot")).to_contain_text(HAS_IT)
    answer(shop, about, "It does: Saturday by noon, says the carrier.")
    _take_rating(page, shop, about, look)
    page.context.close()
    _take_refused(chromium, host, look, options)
    _take_nobody(chromium, host, look, options)
    _take_invited(chromium, host, look, options)


def _take_rating(page: Page, shop: Shop, about: str, look: str) -> None:
    expect(message(page, "Saturday by noon")).to_be_visible()
    shop.ask(SETTLE.format(about=about))
    page.locator(".verdict__one", has_text="Good").click()
    page.get_by_role("textbox", name="A word about it").fill("Quick, and kind.")
    _shot(page, f"rating-{look}")


def _take_ways_on(page: Page, look: str) -> None:
    page.get_by_role("button", name="More").click()
    _shot(page, f"menu-{look}")
    page.get_by_role("menuitem", name="Go on on my phone").click()
    page.get_by_role("button", name="Make a link").click()
    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    _shot(page, f"on-a-phone-{look}")
    page.get_by_role("button", name="Back", exact=True).click()
    expect(field(page)).to_be_visible()


def _take_invited(chromium: Browser, host: HostPage, look: str, options: dict[str, Any]) -> None:
    def inviting(route: Route) -> None:
        found = route.fetch()
        rule = {"key": "lamps", "words": "Not sure which lamp fits your table? We know them all."}
        route.fulfill(response=found, json={**found.json(), "is_open": True, "invitations": [rule]})

    page = _visitor(chromium, host, options, inviting)
    expect(page.get_by_role("button", name="Chat with us")).to_be_visible()
    _shot(page, f"invited-{look}")
    page.context.close()


def _take_refused(chromium: Browser, host: HostPage, look: str, options: dict[str, Any]) -> None:
    page = _visitor(chromium, host, options)
    told = {"error": "refused", "words": "This is longer than we can take."}
    headers = {"Access-Control-Allow-Origin": "*"}
    page.route("**/messages/*", lambda r: r.fulfill(status=422, json=told, headers=headers))
    enter(page)
    write(page, "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen " * 3)
    expect(page.get_by_text("Not sent")).to_be_visible()
    _shot(page, f"refused-{look}")
    page.context.close()


def _take_nobody(chromium: Browser, host: HostPage, look: str, options: dict[str, Any]) -> None:
    def nobody(route: Route) -> None:
        found = route.fetch()
        route.fulfill(response=found, json={**found.json(), **NOBODY})

    page = _visitor(chromium, host, options, nobody)
    launcher(page).click()
    expect(page.get_by_text("we are back tomorrow")).to_be_visible()
    _shot(page, f"nobody-{look}")
    page.context.close()


def _take_from_right_to_left(chromium: Browser, host: HostPage) -> None:
    page = _visitor(chromium, host, WINDOW, path="/rtl")
    enter(page)
    say(page, "Wo ist meine Lampe?")
    field(page).fill("Sie sollte am Freitag kommen.")
    _shot(page, "right-to-left")
    page.context.close()


def _visitor(
    chromium: Browser,
    host: HostPage,
    options: dict[str, Any],
    hello: Callable[[Route], None] | None = None,
    path: str = "/",
) -> Page:
    context = visitor_context(chromium, **{**options, "reduced_motion": "reduce"})
    if hello:
        context.route("**/hello/*", hello)
    page = context.new_page()
    page.goto(host.origin + path)
    expect(launcher(page)).to_be_visible()
    return page


def _shot(page: Page, name: str) -> None:
    SCREENS.mkdir(parents=True, exist_ok=True)
    size = len(page.screenshot(path=SCREENS / f"{name}.png"))
    sys.stdout.write(f"{name}  {size // 1000} kB\n")


if __name__ == "__main__":
    main()
