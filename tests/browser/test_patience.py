"""The hand on the watch: a page that never answers ends its test, and no other."""

import pytest
from playwright.sync_api import Error, Playwright

from tests.browser.patience import Chromiums, patience


def test_a_browser_that_hangs_is_ended_and_the_next_test_has_another(
    playwright: Playwright, capfd: pytest.CaptureFixture[str]
) -> None:
    own = Chromiums(playwright)
    hanging = own.current()
    page = hanging.new_page()
    with pytest.raises(Error), patience(own, 1.5):
        page.evaluate("() => new Promise(() => {})")
    assert not hanging.is_connected()
    assert "page.evaluate(" in capfd.readouterr().err, "where it hung"
    with patience(own, 60):
        another = own.current().new_page()
        assert another.evaluate("6 * 7") == 42
    assert own.kill() > 0
