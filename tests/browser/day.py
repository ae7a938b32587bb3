"""Somebody at work, whose acts are counted: by keys alone, or by touch alone."""

from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import assert_fits

# What another hand would leave behind, over all pages of a tab.
WATCHES_POINTERS = """
for (const kind of ["pointerdown", "mousedown", "touchstart", "wheel"]) {
  const note = ({ isTrusted }) => isTrusted && sessionStorage.setItem("pointed", kind)
  addEventListener(kind, note, true)
}
"""
IS_FOCUSED = "(one) => one === document.activeElement"
FARTHEST = 150
THUMB = 40
TRIES = 20
SIZE = "(one) => Math.min(one.offsetWidth, one.offsetHeight)"


@dataclass
class Day:
    """What was done, in order; each act names what must be seen before it counts."""

    page: Page
    done: list[str] = field(default_factory=list)

    def did(self, what: str, *seen: Locator) -> None:
        for one in seen:
            expect(one).to_be_visible()
        self.done.append(what)

    def find(self, selector: str, words: str = "") -> Locator:
        return self.page.locator(selector, has_text=words or None).first

    def button(self, name: str, **more: Any) -> Locator:
        return self.page.get_by_role("button", name=name, **more).first

    def link(self, name: str) -> Locator:
        return self.page.get_by_role("link", name=name).first


class KeyboardDay(Day):
    """All of it by keys. `assert_no_pointer` says whether that is true."""

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, words: str) -> None:
        self.page.keyboard.type(words)

    def go(self, keys: str, address: str) -> None:
        self.press(*keys.split())
        self.page.wait_for_url(address)

    def leave_the_field(self) -> None:
        """Letters are keys again."""
        self.press("Escape")
        expect(self.page.locator("textarea:focus, input:focus")).to_have_count(0)

    def tab_to(self, target: Locator, key: str = "Tab") -> None:
        expect(target).to_be_visible()
        for _stop in range(FARTHEST):
            if target.evaluate(IS_FOCUSED):
                return
            self.press(key)
        raise AssertionError(f"{key} never came to {target}")

    def walk_to(self, row: Locator) -> None:
        """With j and k, as one goes through a list."""
        expect(row).to_be_visible()
        for key in ("j", "k"):
            for _step in range(FARTHEST):
                if row.evaluate(IS_FOCUSED):
                    return
                self.press(key)
        raise AssertionError(f"j and k never came to {row}")

    def open(self, conversation: int) -> None:
        row = self.page.locator(f"#row-{conversation}")
        self.walk_to(row)
        self.press("Enter")
        self.page.wait_for_url(f"**/conversations/{conversation}/*")
        expect(self.page.locator(f"#opened[data-here='{conversation}']")).to_be_visible()
        expect(row).to_have_attribute("aria-current", "")

    def command(self, typed: str, shown: str) -> None:
        """By the palette."""
        self.press("Control+k")
        expect(self.find(".palette__option")).to_be_visible()
        self.type(typed)
        expect(self.page.locator(".palette [aria-selected=true]")).to_contain_text(shown)
        self.press("Enter")

    def assert_no_pointer(self) -> None:
        assert self.page.evaluate("sessionStorage.getItem('pointed')") is None


class TouchDay(Day):
    """All of it by thumb: what is touched is large enough for one, and nothing scrolls sideways."""

    def tap(self, target: Locator) -> None:
        expect(target).to_be_visible()
        expect(self.page.locator(".htmx-request")).to_have_count(0)
        size = 0
        for _try in range(TRIES):  # what was drawn anew meanwhile has no size
            if size := target.evaluate(SIZE):
                break
        assert size >= THUMB, f"{target} is {size}"
        target.tap()

    def write(self, words: str) -> None:
        """As the keyboard on the screen does: words come without any key."""
        expect(self.page.locator("textarea:focus, input:focus")).to_have_count(1)
        self.page.keyboard.insert_text(words)

    def did(self, what: str, *seen: Locator) -> None:
        super().did(what, *seen)
        assert_fits(self.page)
