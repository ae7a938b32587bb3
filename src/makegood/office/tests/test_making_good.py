"""Who may give what, and what is given for what, in the office."""

from typing import Any

import pytest

from makegood.authority.limits import Limits, limits_of_role
from makegood.authority.models import Budget
from makegood.authority.queries import left
from makegood.desk.tests.asking import signed_in
from makegood.kit.money import Money
from makegood.ledger.models import Event
from makegood.makegoods.failures import own_failures
from makegood.makegoods.models import PolicyVersion
from makegood.makegoods.policies import edited_rows
from makegood.makegoods.policy import HOUSE, table_of
from makegood.office.forms.makegoods import typed
from tests.ordered import an_order
from tests.world import proven

pytestmark = pytest.mark.django_db
LIMITS = {"reach": "limited", "per_case": "40", "per_day": "", "per_month": "1.000,50"}


def test_what_a_role_may_give_is_changed(olga: Any, nora: Any) -> None:
    as_olga = signed_in(olga)
    assert "for one case: €25.00" in as_olga.get("/office/authority/").content.decode()
    address = "/office/authority/agent/EUR/"
    assert 'value="25.00"' in as_olga.get(address).content.decode()
    answer = proven(as_olga, olga).post(address, LIMITS)
    assert answer.headers["Location"] == "/office/authority/"
    assert limits_of_role("agent", "EUR") == Limits(per_case=40_00, per_month=1_000_50)
    assert left(nora, "EUR", "order:1").case == Money(40_00, "EUR")
    assert Event.objects.filter(kind="authority.changed").count() == 1
    assert "for one case" in as_olga.get("/office/history/?page=authority").content.decode()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"per_case": ""}, "Say how much for one case"),
        ({"per_case": "much"}, "cannot be read as a number"),
        ({"per_day": "-5"}, "not below nothing"),
        ({"reach": "all"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(olga: Any, more: Any, words: str) -> None:
    answer = proven(signed_in(olga), olga).post("/office/authority/agent/EUR/", {**LIMITS, **more})
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_there_is_no_line_of_what_there_is_not(olga: Any) -> None:
    as_olga = signed_in(olga)
    for path in ("own:99/EUR", "agent/XX1", "agent/eur"):
        assert as_olga.get(f"/office/authority/{path}/").status_code == 404


def test_a_budget_is_made_changed_closed_and_opened(olga: Any) -> None:
    as_olga = proven(signed_in(olga), olga)
    wish = {"name": "Late parcels", "currency": "eur", "amount": "500", "span": "month"}
    as_olga.post("/office/authority/budgets/new/", wish)
    budget = Budget.objects.get()
    assert (budget.most_minor, budget.currency) == (500_00, "EUR")
    assert "left: €500.00" in as_olga.get("/office/authority/").content.decode()
    again = as_olga.post("/office/authority/budgets/new/", wish)
    assert "already a budget of this name" in again.content.decode()
    address = f"/office/authority/budgets/{budget.pk}/"
    other = as_olga.post(address, {**wish, "currency": "GBP"})
    assert "The currency of a budget stays" in other.content.decode()
    as_olga.post(f"{address}closing/", {"close": "yes"})
    budget.refresh_from_db()
    assert budget.closed_at is not None
    as_olga.post(f"{address}closing/", {"open": "yes"})
    budget.refresh_from_db()
    assert budget.closed_at is None


def rows() -> dict[str, str]:
    """The house's table as its form posts it."""
    found = {"currency": "EUR"}
    for one in typed(HOUSE, "EUR"):
        found |= {f"{part}_{one.number}": words for part, words in one.said.items()}
    return found


def test_the_table_is_drafted_published_and_shown(olga: Any) -> None:
    an_order()
    as_olga = proven(signed_in(olga), olga)
    page = as_olga.get("/office/making-good/").content.decode()
    assert "the table that Makegood came with holds" in page
    assert as_olga.post("/office/making-good/", rows()).status_code == 302
    assert edited_rows("EUR") == list(HOUSE), "the form says what stood in it"

    changed = rows() | {"most_0": "12", "failure_1": ""}
    as_olga.post("/office/making-good/", changed)
    assert table_of("EUR").rows == HOUSE
    as_olga.post("/office/making-good/publishing/", {"currency": "EUR"})
    version = PolicyVersion.objects.get()
    assert version.number == 1
    assert table_of("EUR").rows[0].most == 12
    assert len(table_of("EUR").rows) == len(HOUSE) - 1
    assert "Version 1" in as_olga.get("/office/making-good/").content.decode()


def test_a_wrong_line_is_named_and_what_was_typed_stays(olga: Any) -> None:
    as_olga = proven(signed_in(olga), olga)
    answer = as_olga.post("/office/making-good/", rows() | {"most_2": "10,005"})
    assert answer.status_code == 422
    assert "Line 3" in answer.content.decode()
    assert 'value="10,005"' in answer.content.decode()
    answer = as_olga.post("/office/making-good/", rows() | {"least_0": "7.5"})
    assert "Percents are whole" in answer.content.decode()
    assert not PolicyVersion.objects.exists()
    assert as_olga.get("/office/making-good/?currency=ABC1").status_code == 404


def test_a_draft_is_previewed_and_thrown_away(olga: Any) -> None:
    as_olga = proven(signed_in(olga), olga)
    as_olga.post("/office/making-good/", rows())
    preview = as_olga.get("/office/making-good/preview/?currency=EUR").content.decode()
    assert "Nothing would have been given" in preview
    as_olga.post("/office/making-good/draft/removal/", {"currency": "EUR"})
    assert not PolicyVersion.objects.exists()


def test_failures_of_ones_own_come_and_end(olga: Any) -> None:
    as_olga = signed_in(olga)
    as_olga.post("/office/making-good/failures/", {"name": "Wrong engraving"})
    (own,) = own_failures()
    assert "Wrong engraving" in as_olga.get("/office/making-good/").content.decode()
    as_olga.post(f"/office/making-good/failures/{own.pk}/end/")
    assert not own_failures()


def test_who_may_not_finds_neither_page(nora: Any, tomas: Any) -> None:
    for agent in (nora, tomas):
        for path in ("authority/", "authority/agent/EUR/", "making-good/", "making-good/preview/"):
            assert signed_in(agent).get(f"/office/{path}").status_code == 404
