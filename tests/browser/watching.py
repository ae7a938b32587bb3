"""Eyes on every page of a test: what it complained of, and where it reached for."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Dialog, Page, Request


@dataclass
class Watch:
    """Everything a browser said while a test went on. `forgive` names what the test expects."""

    context: BrowserContext
    home: str
    who: str
    complaints: list[str] = field(default_factory=list)
    forgiven: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.context.on("console", self._console)
        self.context.on("request", self._request)
        self.context.on("weberror", lambda error: self.complain(f"page error: {error.error}"))
        self.context.on("dialog", self._dialog)

    def forgive(self, *patterns: str) -> None:
        """What this test provokes on purpose."""
        self.forgiven.extend(patterns)

    def complain(self, words: str) -> None:
        self.complaints.append(words)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            place = message.location.get("url", "")
            self.complain(f"console {message.type}: {message.text} ({place})")

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        is_ours = f"{parts.scheme}://{parts.netloc}" == self.home
        if not is_ours and parts.scheme not in ("data", "blob", "about"):
            self.complain(f"another origin: {request.method} {request.url}")

    def _dialog(self, dialog: Dialog) -> None:
        self.complain(f"dialog: {dialog.type} {dialog.message}")
        dialog.dismiss()

    def unforgiven(self) -> list[str]:
        return [one for one in self.complaints if not any(re.search(p, one) for p in self.forgiven)]

    def assert_calm(self) -> None:
        found = self.unforgiven()
        assert not found, f"{self.who}'s browser complained:\n" + "\n".join(found[:20])

    def told(self, folder: Path, name: str) -> Iterator[str]:
        """For a failed test: a picture of every page, and what it showed."""
        for number, page in enumerate(self.context.pages):
            yield from self._picture(page, folder / f"{name}-{self.who}-{number}.png")
        yield from self.complaints

    def _picture(self, page: Page, path: Path) -> Iterator[str]:
        yield f"{self.who} is at {page.url}"
        try:
            page.screenshot(path=path, timeout=30_000)
            yield f"picture: {path}"
            yield page.locator("body").inner_text(timeout=10_000)[:1500]
        except Exception as error:  # noqa: BLE001  # a page that is gone has nothing to show
            yield f"no picture: {error}"
