"""A test whose browser hangs is ended by ending that: it fails, says where, and may run again.

Most of what Playwright asks of a page has a time limit; a key that is pressed has none, and a page
that never answers would hold up the whole lane.
"""

import gc
import os
import secrets
import signal
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from greenlet import greenlet
from playwright.sync_api import Browser, BrowserContext, Error, Playwright

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LONGEST = 300.0
"""Seconds that a test may take; several times what the slowest takes on a busy machine."""
LONGEST_CLOSING = 60.0


class Chromiums:
    """One Chromium for all tests, and another where that one ended."""

    def __init__(self, playwright: Playwright) -> None:
        self._playwright = playwright
        self._browser: Browser | None = None
        self._mark = ""

    def current(self) -> Browser:
        if self._browser is None or not self._browser.is_connected():
            self._mark = f"--of-tests={secrets.token_hex(8)}"
            self._browser = self._playwright.chromium.launch(
                executable_path=CHROMIUM, args=[*ARGUMENTS, self._mark]
            )
        return self._browser

    def kill(self) -> int:
        """End it from another thread; whatever waits for it fails then. How many processes."""
        mark, ended = self._mark.encode(), 0
        for place in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                if mark and mark in place.read_bytes().split(b"\0"):
                    os.kill(int(place.parent.name), signal.SIGKILL)
                    ended += 1
            except (OSError, ValueError):
                continue  # it ended by itself
        return ended


@contextmanager
def patience(chromiums: Chromiums, seconds: float = LONGEST) -> Iterator[None]:
    """What goes on inside may take so long."""
    timer = threading.Timer(seconds, _give_up, [chromiums, seconds])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def close(chromiums: Chromiums, context: BrowserContext) -> None:
    """Close what a test sat at. Now and then that hangs: the whole browser is closed instead."""
    with patience(chromiums, LONGEST_CLOSING), suppress(Error):
        context.close()


def _give_up(chromiums: Chromiums, seconds: float) -> None:
    said = [f"A browser test takes longer than {seconds:.0f} seconds; it hangs here:\n"]
    for one in gc.get_objects():
        if isinstance(one, greenlet) and one.gr_frame is not None:
            said += traceback.format_stack(one.gr_frame)[-12:]
    print("".join(said), file=sys.stderr, flush=True)  # told with the test, which fails now
    chromiums.kill()
