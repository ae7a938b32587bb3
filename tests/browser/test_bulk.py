"""Acting on many by keyboard alone: chosen in the list, done, undone; the list stands still."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Sit
from tests.browser.shop import Shop


@pytest.fixture
def several(request: pytest.FixtureRequest, shop: Shop) -> list[int]:
    return [shop.conversation_about(f"Bulk {n} of {request.node.name}") for n in range(3)]


@pytest.fixture
def nora(sit: Sit, several: list[int]) -> Page:
    page = sit("nora")
    page.goto("/inbox/unassigned/")
    expect(page.get_by_text("Live", exact=True)).to_be_visible()
    expect(page.locator(f"#row-{several[-1]}")).to_be_visible()
    return page


def statuses(shop: Shop, several: list[int]) -> str:
    return shop.ask(
        "from makegood.conversations.models import Conversation\n"
        f"print(*Conversation.objects.filter(pk__in={several}).order_by('pk')"
        ".values_list('status', flat=True))"
    )


def test_rows_are_chosen_settled_and_undone_by_keyboard_alone(
    nora: Page, several: list[int], shop: Shop
) -> None:
    for pk in several[:2]:
        nora.locator(f"#row-{pk}").focus()
        nora.keyboard.press("x")
    expect(nora.locator("[data-picked]")).to_have_text("2")
    nora.keyboard.press("e")
    nora.wait_for_url("**/inbox/unassigned/?did=*")
    expect(nora.get_by_role("status").filter(has_text="2 conversations")).to_be_visible()
    assert statuses(shop, several) == "resolved resolved open"
    nora.keyboard.press("z")
    expect(nora.get_by_text("2 are as they were before")).to_be_visible()
    assert statuses(shop, several) == "open open open"


def test_the_list_stands_still_while_something_is_chosen(
    nora: Page, several: list[int], shop: Shop
) -> None:
    nora.locator(f"#row-{several[0]}").focus()
    nora.keyboard.press("x")
    other = shop.conversation_about("Comes while somebody chooses")
    nora.wait_for_timeout(2500)
    expect(nora.locator(f"#row-{other}")).to_have_count(0)
    expect(nora.locator("[data-picked]")).to_have_text("1")
    nora.keyboard.press("Escape")
    expect(nora.locator("[name=pick]:checked")).to_have_count(0)
    expect(nora.locator(f"#row-{other}")).to_be_visible()


def test_all_that_a_list_finds_is_tried_and_left(nora: Page, several: list[int]) -> None:
    nora.locator(f"#row-{several[0]}").focus()
    nora.keyboard.press("*")
    nora.keyboard.press("*")
    expect(nora.locator("[data-all]")).to_be_checked()
    nora.keyboard.press("a")
    nora.wait_for_url("**/bulk/?view=*")
    expect(nora.locator(".bulk-ask button").first).to_be_focused()
    nora.keyboard.press("Enter")
    nora.wait_for_url("**/bulk/*/")
    expect(nora.get_by_text("It would change")).to_be_visible()
    nora.get_by_role("button", name="Leave it").click()
    expect(nora.get_by_text("It was left: nothing was done.")).to_be_visible()
