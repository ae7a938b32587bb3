"""A real Chromium before the real product: one of each for all tests, a fresh context for each.

A test fails when its browser complained: a policy violated, an error in the console, a
request to another origin, an error nobody caught, a dialog. Pictures of failed tests are
left in `$TMPDIR/makegood-browser`.
"""

import re
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from tests.browser.chatting import connect_chat, visitor_context
from tests.browser.host_page import HostPage
from tests.browser.patience import Chromiums, close, patience
from tests.browser.post_office import PostOffice
from tests.browser.shop import PASSWORD, Shop
from tests.browser.watching import Watch
from tests.lamp_shop import LampShop
from tests.served import Served

WIDE = {"viewport": {"width": 1440, "height": 900}}
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
PATIENCE = 120_000
"""Milliseconds. What comes costs no more for it, and a busy machine is not a defect."""

WORK_WANTED = r"status of 403 .*/chat/\w+/(messages|files)/"
"""All visitors of a run come from one address: now and then one is asked for a little work."""

Sit = Callable[..., Page]
Visit = Callable[..., Page]
Forgive = Callable[..., None]
WATCHES = pytest.StashKey[list[Watch]]()


@pytest.fixture(scope="session")
def post_office() -> Iterator[PostOffice]:
    office = PostOffice().open()
    yield office
    office.close()


@pytest.fixture(scope="session")
def lamp_shop() -> Iterator[LampShop]:
    """A shop that the desk may ask for money, once a test has connected it."""
    found = LampShop(repeats=True)
    yield found
    found.close()


@pytest.fixture(scope="session")
def shop(
    tmp_path_factory: pytest.TempPathFactory, post_office: PostOffice, lamp_shop: LampShop
) -> Iterator[Shop]:
    served = Served(
        tmp_path_factory.mktemp("browser"), extra={"MAKEGOOD_NEAR_HOSTS": lamp_shop.host}
    ).start("--empty")
    shop = Shop(served, post_office)
    shop.set_the_scene()
    yield shop
    shop.hand.close()
    served.stop()


@pytest.fixture(autouse=True)
def settled(shop: Shop) -> None:
    """Tests come in any order, and what the others left fills the lists."""
    shop.settle_the_old()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def chromiums(playwright: Playwright) -> Chromiums:
    return Chromiums(playwright)


@pytest.fixture
def chromium(chromiums: Chromiums) -> Browser:
    return chromiums.current()


@pytest.fixture(autouse=True)
def limited(chromiums: Chromiums) -> Iterator[None]:
    """No test may hold up the others: a page that never answers is ended with its browser."""
    with patience(chromiums):
        yield


@pytest.fixture(scope="session")
def sessions(shop: Shop) -> dict[str, str]:
    """Who has signed in already, and their cookie."""
    return {}


@pytest.fixture
def sit(
    request: pytest.FixtureRequest,
    chromiums: Chromiums,
    chromium: Browser,
    shop: Shop,
    sessions: dict[str, str],
) -> Iterator[Sit]:
    """`sit("nora")`: a browser with nobody's traces but hers; `sit()`: a stranger's."""
    watches = request.node.stash.setdefault(WATCHES, [])

    def sit_down(name: str = "", **options: Any) -> Page:
        wanted = {**WIDE, "locale": "en-GB", "timezone_id": "Europe/Berlin", **options}
        context = chromium.new_context(base_url=shop.url, **wanted)
        context.set_default_timeout(PATIENCE)
        watches.append(Watch(context, shop.url, name or "somebody"))
        page = context.new_page()
        if name:
            _sign_in(page, shop, name, sessions)
        return page

    yield sit_down
    for watch in watches:
        close(chromiums, watch.context)


@pytest.fixture(scope="session")
def host(shop: Shop) -> Iterator[HostPage]:
    """The shop's own pages, on another origin than the desk's."""
    page = HostPage(desk=shop.url).open()
    page.shop = connect_chat(shop, page.origin)
    yield page
    page.close()


@pytest.fixture
def visit(
    request: pytest.FixtureRequest, chromiums: Chromiums, chromium: Browser, host: HostPage
) -> Iterator[Visit]:
    """`visit("/rtl")`: somebody new on a page of the shop."""
    watches = request.node.stash.setdefault(WATCHES, [])
    contexts = []

    def look_in(
        path: str = "/",
        before: Callable[[BrowserContext], object] = lambda _context: None,
        **options: Any,
    ) -> Page:
        context = visitor_context(chromium, **{**WIDE, **options})
        contexts.append(context)
        watch = Watch(context, host.origin, "a visitor")
        watch.forgive(rf"^another origin: \w+ {re.escape(host.desk)}/chat/", WORK_WANTED)
        watches.append(watch)
        before(context)
        page = context.new_page()
        page.goto(host.origin + path)
        return page

    yield look_in
    for context in contexts:
        close(chromiums, context)


def _sign_in(page: Page, shop: Shop, name: str, sessions: dict[str, str]) -> None:
    """By the form the first time; later by the cookie that it gave."""
    if name in sessions:
        page.context.add_cookies([{"name": "session", "value": sessions[name], "url": shop.url}])
        return
    page.goto("/")
    page.get_by_label("E-mail address").fill(f"{name}@lantern.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/inbox/**")
    cookies = {one["name"]: one["value"] for one in page.context.cookies()}
    sessions[name] = cookies["session"]


@pytest.fixture
def watches(request: pytest.FixtureRequest, sit: Sit) -> list[Watch]:
    """The eyes on this test's browsers, in the order in which they were opened."""
    found: list[Watch] = request.node.stash[WATCHES]
    return found


@pytest.fixture
def forgive(watches: list[Watch]) -> Forgive:
    """`forgive("422")`: what the browsers that sit here may say in this test."""

    def all_of_them(*patterns: str) -> None:
        for watch in watches:
            watch.forgive(*patterns)

    return all_of_them


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    outcome = yield
    for watch in item.stash.get(WATCHES, []):
        watch.assert_calm()
    return outcome


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    report = yield
    if report.failed and report.when == "call":
        folder = Path(tempfile.gettempdir()) / "makegood-browser"
        folder.mkdir(exist_ok=True)
        for watch in item.stash.get(WATCHES, []):
            told = "\n".join(watch.told(folder, item.name))
            report.sections.append((f"{watch.who}'s browser", told))
    return report
