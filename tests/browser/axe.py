"""What axe-core says of a page; only what is serious fails a test."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

SERIOUS = ("serious", "critical")
_AXE = Axe()


def assert_accessible(page: Page) -> None:
    """No serious violation on this page as it stands, in the light and in the dark."""
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    _assert_none(page, {})
    page.emulate_media(color_scheme="dark")
    _assert_none(page, {"runOnly": ["color-contrast"]})
    page.emulate_media(color_scheme="light")


def _assert_none(page: Page, options: dict[str, Any]) -> None:
    violations = _AXE.run(page, options={"resultTypes": ["violations"], **options}).response
    found = [one for one in violations["violations"] if one["impact"] in SERIOUS]
    look = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'")
    assert not found, f"{page.url} ({look})\n" + "\n".join(_said(one) for one in found)


def _said(violation: dict[str, Any]) -> str:
    nodes = "\n".join(
        f"    {' '.join(map(str, node['target']))}: {node['failureSummary']}"
        for node in violation["nodes"][:4]
    )
    return f"  {violation['id']} ({violation['impact']}): {violation['help']}\n{nodes}"


def assert_fits(page: Page) -> None:
    """Nothing makes the page scroll sideways."""
    too_wide = page.evaluate(
        """() => {
          const width = document.documentElement.clientWidth
          if (document.documentElement.scrollWidth <= width) return []
          const all = [...document.querySelectorAll("body *")]
          const out = all.filter((one) => one.getBoundingClientRect().right > width + 1)
          return out.slice(0, 5).map((one) => one.outerHTML.slice(0, 120))
        }"""
    )
    assert not too_wide, f"{page.url} scrolls sideways:\n" + "\n".join(too_wide)
