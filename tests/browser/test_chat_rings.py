"""A chat rings: by a sound, and by a desktop notification, also where the page is behind."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chatting import connect_chat
from tests.browser.conftest import Sit
from tests.browser.shop import Shop
from tests.browser.sitting_there import Visitors, opened

HEARS = """
from makegood.notices.kinds import USUAL
from makegood.notices.wishes import Wanted, change_wishes
from makegood.team.models import Agent
nora = Agent.objects.get(email="nora@lantern.example")
change_wishes(Wanted(ways={**USUAL, "chat_waits": ["page", "sound"]}), by=nora)
"""
AS_BEFORE = """
from makegood.notices.models import Wishes
Wishes.objects.filter(agent__email="nora@lantern.example").delete()
"""
LISTENS = """
window.heard = []
const make = AudioContext.prototype.createOscillator
AudioContext.prototype.createOscillator = function () {
  const tone = make.call(this)
  const start = tone.start.bind(tone)
  tone.start = (at) => { heard.push(tone.frequency.value); start(at) }
  return tone
}
"""


BEHIND = """
let isBehind = false
const page = Document.prototype
Object.defineProperty(page, "hidden", { get: () => isBehind })
Object.defineProperty(page, "visibilityState", { get: () => (isBehind ? "hidden" : "visible") })
page.hasFocus = () => !isBehind
window.goBehind = () => { isBehind = true; document.dispatchEvent(new Event("visibilitychange")) }
"""
"""A page that is driven from outside never goes behind another: what it is told of that is ours."""

RINGS = """
from makegood.kit.webpush import Subscription
from makegood.notices.kinds import USUAL
from makegood.notices.pushing import keep_browser
from makegood.notices.tests.test_pushing import Browserside
from makegood.notices.wishes import Wanted, change_wishes
from makegood.team.models import Agent
nora = Agent.objects.get(email="nora@lantern.example")
ways = {{**USUAL, "chat_said": ["page", "push", "sound"]}}
change_wishes(Wanted(ways=ways, shows_words=True), by=nora)
keep_browser(Browserside().subscription({endpoint!r}), "Chrome, Linux", by=nora)
"""
NO_MORE = """
from makegood.notices.pushing import drop_place
from makegood.team.models import Agent
drop_place({endpoint!r}, by=Agent.objects.get(email="nora@lantern.example"))
"""
HERS = """
from makegood.conversations.actions import assign_conversation
from makegood.conversations.models import Conversation
from makegood.ledger.actors import System
from makegood.team.models import Agent
nora = Agent.objects.get(email="nora@lantern.example")
one = Conversation.objects.get(pk={pk})
assign_conversation(one, agent=nora, team=None, by=System("setup"))
"""
IS_HERE = """
from django.utils import timezone
from makegood.presence.queries import is_here
from makegood.team.models import Agent
print(is_here(Agent.objects.get(email="nora@lantern.example"), timezone.now()))
"""
TRIED = """
import json
from makegood.notices.models import Push
from makegood.notices.pushing import message_of
from makegood.notices.wishes import wishes_of
found = Push.objects.filter(notice__conversation={pk}, notice__kind="chat_said", attempts__gt=0)
row = found.select_related("notice__agent").first()
print(json.dumps(message_of(row.notice, wishes_of(row.notice.agent)) if row else None))
"""
"""What was tried to be pushed: the worker leaves out whoever sits before the desk."""
SHOWN = """async () => {
  const there = await navigator.serviceWorker.ready
  for (let tries = 0; tries < 50; tries++) {
    const [one] = await there.getNotifications()
    if (one) return { title: one.title, body: one.body, url: one.data.url }
    await new Promise((done) => setTimeout(done, 100))
  }
}"""
LOOKS = 600


@pytest.fixture(scope="session")
def chat(shop: Shop) -> str:
    return connect_chat(shop, "https://shop.example")


@pytest.fixture
def visitors(request: pytest.FixtureRequest, shop: Shop, chat: str) -> Visitors:
    return Visitors(shop, chat, request.node.name.replace("[chromium]", "")[-16:]).alone()


@pytest.fixture
def hears(visitors: Visitors) -> Iterator[None]:
    """Nora wants to hear it, for this test alone."""
    visitors.shop.ask(HEARS)
    yield
    visitors.shop.ask(AS_BEFORE)


@pytest.mark.usefixtures("hears")
def test_a_chat_that_waits_is_heard_once_in_one_of_several_pages(
    sit: Sit, visitors: Visitors
) -> None:
    page = sit("nora")
    page.context.grant_permissions(["notifications"])
    page.context.add_init_script(LISTENS)
    opened(page)
    other = page.context.new_page()
    opened(other)
    for one in (page, other):  # a page in which nobody clicked yet may not sound
        one.locator("#chat-queue").click()
    visitors.write("Ida Berg", "Is the brass lamp in stock?")
    expect(other.locator("#chat-queue")).to_contain_text("Ida Berg")
    expect(page.locator("#chat-queue")).to_contain_text("Ida Berg")
    for _look in range(200):
        notes = [page.evaluate("heard"), other.evaluate("heard")]
        if any(notes):
            break
        page.wait_for_timeout(50)
    assert sorted(len(one) for one in notes) == [0, 2], "two notes, in one page alone"


@pytest.fixture
def rings(visitors: Visitors) -> Iterator[None]:
    """A visitor in a chat of Nora's reaches her by sound and push, for this test alone."""
    endpoint = f"https://push.example/send/{uuid4().hex}"
    visitors.shop.ask(RINGS.format(endpoint=endpoint))
    yield
    visitors.shop.ask(NO_MORE.format(endpoint=endpoint))
    visitors.shop.ask(AS_BEFORE)


def waited_for(page: Page, what: Any, wanted: str) -> Any:
    """Asked until there is something; what it is."""
    for _look in range(LOOKS):
        if found := what():
            return found
        page.wait_for_timeout(200)
    raise AssertionError(wanted)


def worker_of(page: Page) -> tuple[Any, str]:
    """The browser's own end of a push: its tools, and the number of the desk's service worker."""
    devtools = page.context.new_cdp_session(page)
    found: list[str] = []
    devtools.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda told: found.extend(one["registrationId"] for one in told["registrations"]),
    )
    devtools.send("ServiceWorker.enable")
    page.evaluate(
        "navigator.serviceWorker.register('/service-worker.js', { scope: '/' })"
        ".then(() => navigator.serviceWorker.ready).then(() => true)"
    )
    waited_for(page, lambda: found, "the browser never told of its service worker")
    return devtools, found[-1]


@pytest.mark.usefixtures("rings")
def test_a_visitor_reaches_whose_chat_it_is_while_the_page_is_behind(
    sit: Sit, visitors: Visitors
) -> None:
    ida = visitors.write("Ida Berg", "Is the brass lamp in stock?")
    visitors.shop.ask(HERS.format(pk=ida))
    page = sit("nora")
    page.context.grant_permissions(["notifications"])
    page.context.add_init_script(LISTENS)
    page.context.add_init_script(BEHIND)
    opened(page)
    devtools, registration = worker_of(page)
    page.locator("#chat-queue").click()  # a page in which nobody clicked yet may not sound
    page.evaluate("heard.length = 0")
    page.evaluate("goBehind()")
    is_gone = lambda: visitors.shop.ask(IS_HERE).strip() == "False"  # noqa: E731
    waited_for(page, is_gone, "Nora is still taken to be here")

    words = f"Are you there? {uuid4().hex[:6]}"
    visitors.write("Ida Berg", words)
    expect(page.locator(f"#chat-{ida} .story")).to_contain_text(words)
    waited_for(page, lambda: page.evaluate("heard.length") == 2, "two notes of a sound")
    pushed = waited_for(
        page, lambda: json.loads(visitors.shop.ask(TRIED.format(pk=ida))), "a push was tried"
    )
    message = {
        "origin": page.url.split("/chats/")[0],
        "registrationId": registration,
        "data": json.dumps(pushed),
    }

    def delivered() -> Any:
        devtools.send("ServiceWorker.deliverPushMessage", message)
        return page.evaluate(SHOWN)

    # As push services do where a browser that is busy did not take it.
    shown = waited_for(page, delivered, "the service worker showed nothing")
    assert shown["url"] == f"/conversations/{ida}/"
    assert "Ida Berg" in shown["title"] + shown["body"]
    assert words in shown["body"]
    page.wait_for_timeout(500)
    assert page.evaluate("heard.length") == 2, "it rings once"
