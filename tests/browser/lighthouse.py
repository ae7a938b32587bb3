"""What Lighthouse says of the desk, and of a shop's page with and without the chat.

No dependency: `npm install lighthouse@12` in a folder of its own, then
`python -m tests.browser.lighthouse FOLDER`. It wants a machine at rest; its load is printed.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser.chatting import connect_chat
from tests.browser.host_page import HostPage
from tests.browser.patience import ARGUMENTS, CHROMIUM
from tests.browser.post_office import PostOffice
from tests.browser.shop import Shop
from tests.served import Served

PORT = 9333
TURNS = 2
FORMS = {"desktop": ["--preset=desktop"], "phone": []}
OWNER = "from makegood.team.models import Agent; print(Agent.objects.earliest('pk').email)"
NEWEST = (
    "from makegood.conversations.models import Conversation; "
    "print(Conversation.objects.latest('pk').pk)"
)


def main() -> None:
    lighthouse = Path(sys.argv[1]) / "node_modules" / "lighthouse" / "cli" / "index.js"
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        arguments = [*ARGUMENTS, f"--remote-debugging-port={PORT}"]
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        for name, address, headers in _pages(Path(folder), chromium):
            for form in list(FORMS) * TURNS:
                print(name, form, _scores(lighthouse, address, form, headers), flush=True)


def _pages(folder: Path, chromium: Browser) -> Iterator[tuple[str, str, Mapping[str, str]]]:
    yield from _desk(folder / "desk", chromium)
    yield from _host(folder / "host")


def _desk(folder: Path, chromium: Browser) -> Iterator[tuple[str, str, Mapping[str, str]]]:
    """The sample shop's inbox and its newest conversation, by its owner, who is signed in."""
    folder.mkdir()
    served = Served(folder).start()
    try:
        headers = {"Cookie": f"session={served.session_of(served.ask(OWNER))}"}
        page = chromium.new_page(extra_http_headers=headers)  # the first to come warms it up
        page.goto(f"{served.url}/inbox/")
        page.wait_for_load_state("networkidle")
        yield "inbox", page.url, headers
        yield "conversation", f"{served.url}/conversations/{served.ask(NEWEST)}/", headers
    finally:
        served.stop()


def _host(folder: Path) -> Iterator[tuple[str, str, Mapping[str, str]]]:
    """A page of the shop's own, with the chat and without: it may lose no point by it."""
    folder.mkdir()
    office = PostOffice().open()
    served = Served(folder).start("--empty")
    try:
        shop = Shop(served, office)
        shop.set_the_scene()
        host = HostPage(desk=shop.url).open()
        host.shop = connect_chat(shop, host.origin)
        yield "a shop's page", f"{host.origin}/bare", {}
        yield "a shop's page with the chat", f"{host.origin}/", {}
    finally:
        served.stop()
        office.close()


def _scores(lighthouse: Path, address: str, form: str, headers: Mapping[str, str]) -> str:
    wanted = "performance,accessibility,best-practices"
    done = subprocess.run(
        [
            "node", str(lighthouse), address, f"--port={PORT}", "--quiet", "--output=json",
            f"--only-categories={wanted}", f"--extra-headers={json.dumps(headers)}", *FORMS[form],
        ],
        check=True, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    told = json.loads(done.stdout)
    scores = {name: round(100 * each["score"]) for name, each in told["categories"].items()}
    blocked = told["audits"]["total-blocking-time"]["numericValue"]
    moved = told["audits"]["cumulative-layout-shift"]["numericValue"]
    load = os.getloadavg()[0]
    return f"{scores}, blocked {blocked:.0f} ms, shift {moved:.3f}, load {load:.1f}"


if __name__ == "__main__":
    main()
