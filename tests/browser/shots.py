"""The pictures in README and docs, taken again of the sample shop: `bin/shots`.

Those of README lie in `docs/images`, those of every face of the desk in `docs/screens`.

A served install of its own, its mails sent in over SMTP, a Chromium; what is written is
the same but for the hours.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.conftest import PHONE, WIDE
from tests.browser.patience import ARGUMENTS, CHROMIUM
from tests.served import ROOT, Served

IMAGES = ROOT / "docs" / "images"
SCREENS = ROOT / "docs" / "screens"
MOST_BYTES = 250_000
COUNT = (
    "from makegood.channels.models import Arrival\n"
    "print(Arrival.objects.count(), Arrival.objects.filter(taken_at=None).count())"
)
OWNER = (
    "from makegood.team.models import Agent\n"
    "print(Agent.objects.filter(role='owner').order_by('pk').first().email)"
)
FORM = (
    "from makegood.channels.models import Inbox\n"
    "print(Inbox.objects.filter(kind='web').order_by('pk').first().public_id)"
)
STORY = """
from makegood.conversations.actions import add_note, assign_conversation, tag_conversation
from makegood.conversations.models import Conversation
from makegood.conversations.replying import Reply, reply_to
from makegood.team.models import Agent
tomas, nora = (Agent.objects.get(name=name) for name in ("Tomas", "Nora"))
def about(subject):
    return Conversation.objects.get(subject=subject)
tag_conversation(about("Charged twice for order LL-1007"), ["payment"], by=nora)
assign_conversation(about("Charged twice for order LL-1007"), agent=nora, team=None, by=nora)
ida = about("Where is my lamp?")
note = "No scan since Tuesday: I opened a trace. Without word by Monday we send a new one."
words = (
    "Dear Ida,\\n\\nyour lamp left our workshop on Tuesday and should be with you tomorrow. "
    "I have asked the carrier where it is, and watch over it.\\n\\nWarm regards\\nTomas"
)
add_note(ida, note, by=tomas)
tag_conversation(ida, ["carrier", "late parcel"], by=tomas)
reply_to(ida, Reply(text=words), by=tomas)
print(ida.pk)
"""
SPEAKS = (
    "from makegood.team.models import Agent\n"
    "Agent.objects.filter(role='owner').update(language={language!r})"
)
CUSTOMER = (
    "from makegood.conversations.models import Conversation\n"
    "print(Conversation.objects.get(pk={pk}).customer_id)"
)
ORDER = "from makegood.shop.models import Order\nprint(Order.objects.get(number={number!r}).pk)"
DISPUTE = "from makegood.disputes.models import Dispute\nprint(Dispute.objects.get().pk)"
CAME_BACK = (
    "from makegood.conversations.models import Conversation\n"
    "print(Conversation.objects.get(pk={pk}).is_waiting())"
)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        served = Served(
            Path(folder), extra={"MAKEGOOD_DNS": "off", "MAKEGOOD_RIGHT_TO_LEFT": "1"}
        ).start()
        try:
            _wait_for_mails(served)
            ida = _tell_the_story(served)
            chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            _take_all(served, chromium, ida)
            _take_screens(served, chromium, ida)
            _take_shop(served, chromium)
        finally:
            served.stop()


def _wait_for_mails(served: Served) -> None:
    """Until nothing more comes in and all that came has its place."""
    before = ""
    for _try in range(60):
        counts = served.ask(COUNT)
        if counts == before and not counts.startswith("0 ") and counts.endswith(" 0"):
            return
        before = counts
        time.sleep(2)
    raise SystemExit(f"The sample mails did not all come in: {counts}")


def _tell_the_story(served: Served) -> int:
    """Tomas answers Ida, and she writes back: a conversation to look at."""
    ida = int(served.ask(STORY))
    for _try in range(60):
        if served.ask(CAME_BACK.format(pk=ida)) == "True":
            return ida
        time.sleep(1)
    raise SystemExit("Ida did not write back.")


def _take_all(served: Served, chromium: Browser, ida: int) -> None:
    session = served.session_of(served.ask(OWNER))
    form = f"/write/{served.ask(FORM)}/"
    dark: dict[str, Any] = {"color_scheme": "dark"}
    sharp: dict[str, Any] = {"device_scale_factor": 2}
    lamp = f"/conversations/{ida}/"
    camera = Camera(served.url, session, chromium)
    camera.take(IMAGES, "desk", lamp, _with_the_customer)
    camera.take(IMAGES, "desk-dark", lamp, _with_the_customer, dark)
    camera.take(IMAGES, "phone", "/inbox/waiting/", _look, {**PHONE, **sharp})
    camera.take(IMAGES, "phone-dark", lamp, _look, {**PHONE, **sharp, **dark})
    camera.take(IMAGES, "mailbox", "/office/inboxes/new/", _look)
    camera.take(IMAGES, "form", form, _look, {**PHONE, **sharp})


def _take_screens(served: Served, chromium: Browser, ida: int) -> None:
    """Every face of the desk, one language after the other."""
    camera = Camera(served.url, served.session_of(served.ask(OWNER)), chromium)
    lamp, customer = f"/conversations/{ida}/", served.ask(CUSTOMER.format(pk=ida))
    camera.take(SCREENS, "inbox", "/inbox/waiting/", _look)
    camera.take(SCREENS, "conversation", lamp, _with_the_customer)
    camera.take(SCREENS, "palette", lamp, _with_the_palette)
    camera.take(SCREENS, "customer", f"/customers/{customer}/", _look)
    camera.take(SCREENS, "phone", lamp, _look, {**PHONE, "device_scale_factor": 2})
    camera.take(SCREENS, "dark", lamp, _with_the_customer, {"color_scheme": "dark"})
    served.ask(SPEAKS.format(language="de"))
    camera.take(SCREENS, "german", lamp, _in_another_language)
    served.ask(SPEAKS.format(language="ar"))
    camera.take(SCREENS, "right-to-left", lamp, _in_another_language)
    served.ask(SPEAKS.format(language=""))


def _take_shop(served: Served, chromium: Browser) -> None:
    """What was sold: one order, those at risk, what was made good, and what is disputed."""
    camera = Camera(served.url, served.session_of(served.ask(OWNER)), chromium)
    order, dispute = served.ask(ORDER.format(number="LL-1001")), served.ask(DISPUTE)
    camera.take(SCREENS, "order", f"/orders/{order}/", _look)
    camera.take(SCREENS, "orders-at-risk", "/orders/late/", _look)
    camera.take(SCREENS, "makegoods", "/makegoods/", _look)
    camera.take(SCREENS, "dispute", f"/disputes/{dispute}/", _look)


@dataclass(frozen=True)
class Camera:
    """A browser in which the owner is signed in: a fresh one for every picture."""

    url: str
    session: str
    chromium: Browser

    def take(
        self,
        folder: Path,
        name: str,
        address: str,
        prepare: Callable[[Page], None],
        look: dict[str, Any] | None = None,
    ) -> None:
        wanted = {**WIDE, "locale": "en-GB", **(look or {})}
        context = self.chromium.new_context(base_url=self.url, **wanted)
        context.add_cookies([{"name": "session", "value": self.session, "url": self.url}])
        _take(context.new_page(), folder / f"{name}.png", address, prepare)
        context.close()


def _take(page: Page, path: Path, address: str, prepare: Callable[[Page], None]) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.goto(address)
    prepare(page)
    page.wait_for_load_state("load")
    page.evaluate("document.fonts.ready")
    path.parent.mkdir(parents=True, exist_ok=True)
    size = len(page.screenshot(path=path))
    sys.stdout.write(f"{path.relative_to(ROOT)}  {size // 1000} kB\n")
    if size > MOST_BYTES:
        raise SystemExit(f"{path.name} is larger than {MOST_BYTES // 1000} kB.")


def _look(page: Page) -> None:
    expect(page.locator("h1:visible").first).to_be_visible()


def _with_the_palette(page: Page) -> None:
    _with_the_customer(page)
    page.keyboard.press("Control+k")
    expect(page.locator(".palette__option").nth(5)).to_be_visible()
    page.keyboard.type("as")
    expect(page.locator(".palette [aria-selected=true]")).to_contain_text("Assign")
    page.wait_for_timeout(400)  # people are looked up besides


def _in_another_language(page: Page) -> None:
    """Whatever the words, the list and the customer are there."""
    expect(page.locator("#customer-pane .customer__part").first).to_be_visible()
    expect(page.locator("[data-row][aria-current]")).to_be_visible()


def _with_the_customer(page: Page) -> None:
    """The list, the whole story, and the customer beside it."""
    expect(page.locator("#customer-pane")).to_contain_text("first wrote")
    expect(page.locator("[data-row][aria-current]")).to_be_visible()
    expect(page.locator("#story .message--outgoing")).to_be_visible()


if __name__ == "__main__":
    main()
