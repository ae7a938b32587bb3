"""What somebody who sits before it feels, by what Chromium itself measured.

Each page stands beside a still one of the same size, without script and style, under the same
server: how long until its largest part is painted, how long the page could not listen, how far
its parts moved, and how long from a key to the next paint.
"""

import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from django.conf import settings

from makegood.bench.benches.pages import a_usual_conversation, an_agent
from makegood.bench.figures import Figure, figure
from makegood.bench.serving import Browser, served

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
LISTENS = """
window.felt = { events: [], shift: 0, blocked: 0, paint: 0 }
const look = (type, heard, more) =>
  new PerformanceObserver((list) => list.getEntries().forEach(heard))
    .observe({ type, buffered: true, ...more })
const note = (one) => one.interactionId && felt.events.push(one.duration)
look("event", note, { durationThreshold: 16 })
look("layout-shift", (one) => !one.hadRecentInput && (felt.shift += one.value))
look("longtask", (one) => (felt.blocked += Math.max(0, one.duration - 50)))
look("largest-contentful-paint", (one) => (felt.paint = one.startTime))
"""
SHORTEST = 16
"""Milliseconds: Chromium tells of no interaction that took less."""
SETTLED = 600
BETWEEN = 120
KEYS = ("j", "k", "a", "Escape", "t", "Escape", "s", "Escape", "n", "x", "y", "Escape")


def feel(rounds: int) -> Iterator[Figure]:
    """The inbox and a conversation, opened anew each time and in turns with the still page."""
    agent, times = an_agent(), max(3, rounds // 10)
    usual = f"/conversations/{a_usual_conversation()}/"
    pages = {"inbox": "/inbox/waiting/", "conversation": usual}
    with served() as port:
        browser = Browser(port, agent)
        sizes = {path: len(browser.get(path)) for path in pages.values()}
        with _chromium() as chromium:
            sit = partial(_felt, chromium, f"http://127.0.0.1:{port}", browser.session)
            for name, path in pages.items():
                still = f"/bare/still?bytes={sizes[path]}"
                visits = [(sit(path), sit(still)) for _time in range(times)]
                yield from _figures(name, *map(list, zip(*visits, strict=True)))


@contextmanager
def _chromium() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright  # only this bench needs a browser

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


def _felt(chromium: Any, origin: str, session: str, path: str) -> dict[str, Any]:
    """One visit in a fresh context: opened, left to settle, and then keys are pressed."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": origin}
    context.add_cookies([cookie])
    page = context.new_page()
    page.add_init_script(LISTENS)
    page.goto(f"{origin}{path}")
    page.wait_for_timeout(SETTLED)
    for key in KEYS:
        page.keyboard.press(key)
        page.wait_for_timeout(BETWEEN)
    page.wait_for_timeout(SETTLED)
    felt: dict[str, Any] = page.evaluate("window.felt")
    context.close()
    return felt


def _figures(name: str, ours: list[Any], still: list[Any]) -> Iterator[Figure]:
    def middle(felt: list[Any], what: str) -> float:
        value: float = statistics.median(one[what] for one in felt)
        return value

    visits = len(ours)
    for what, words, unit in (
        ("paint", "paint_ms", "ms"),
        ("blocked", "blocked_ms", "ms"),
        ("shift", "shift", "of 1"),
    ):
        yield figure(f"feel.{name}.{words}", middle(ours, what), unit, middle(still, what), visits)
    taken, bare = (_slowest(felt) for felt in (ours, still))
    yield figure(f"feel.{name}.key_to_paint_ms", taken, "ms", bare, visits * len(KEYS))


def _slowest(felt: list[Any]) -> float:
    """The slowest interaction of each visit, the median of all visits."""
    return float(statistics.median(max(one["events"], default=SHORTEST) for one in felt))
