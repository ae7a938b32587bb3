"""Sums taken from what somebody may give: limits, budgets, and giving back."""

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from makegood.authority.actions import BeyondAuthority, give_back, take
from makegood.authority.budgets import BudgetWish, close_budget, save_budget
from makegood.authority.limits import ENDLESS, NOTHING, Limits, limits_of, set_limits
from makegood.authority.models import Budget, Spending
from makegood.authority.queries import budget_left, held, left, who_may
from makegood.kit.errors import Refused
from makegood.kit.money import Money
from makegood.ledger.models import Event, NeverEdited
from makegood.team.actions import add_agent
from makegood.team.models import Agent
from makegood.team.queries import shown_role
from makegood.team.roles import save_role
from tests.world import HOUSE

pytestmark = pytest.mark.django_db


def euros(minor: int) -> Money:
    return Money(minor, "EUR")


def give(agent: Agent, minor: int, ref: str, case: str = "order:1", **more: Any) -> Spending:
    return take(agent, euros(minor), ref=ref, case=case, by=agent, **more)


def a_budget(minor: int = 50_00, span: str = "month", name: str = "Late parcels") -> Budget:
    return save_budget(None, BudgetWish(name=name, most=euros(minor), span=span), by=HOUSE)


def test_an_agent_begins_with_a_modest_sum_and_an_owner_without_limit(
    nora: Agent, olga: Agent
) -> None:
    assert left(nora, "EUR", "order:1").most == euros(25_00)
    assert left(olga, "EUR", "order:1").most is None
    give(olga, 9_999_00, "makegood:1")
    with pytest.raises(BeyondAuthority):
        give(nora, 25_01, "makegood:2", case="order:2")


def test_what_is_taken_is_counted_and_told(nora: Agent) -> None:
    give(nora, 20_00, "makegood:1")

    theirs = left(nora, "EUR", "order:1")
    assert (theirs.case, theirs.day, theirs.month) == (euros(5_00), euros(80_00), euros(980_00))
    event = Event.objects.about("makegood:1").get()
    assert event.sentence() == "20.00 EUR was taken from what Nora may give"
    assert set(event.subjects.values_list("ref", flat=True)) == {
        "makegood:1", "order:1", nora.ref,
    }  # fmt: skip


def test_the_refusal_says_which_limit_what_is_left_and_who_could(
    nora: Agent, tomas: Agent, olga: Agent
) -> None:
    give(nora, 20_00, "makegood:1")
    with pytest.raises(BeyondAuthority) as refused:
        give(nora, 6_00, "makegood:2")

    assert refused.value.limit == "case"
    assert refused.value.left == euros(5_00)
    assert refused.value.who_could == [tomas, olga]
    assert str(refused.value) == (
        "For this you may still give €5.00; this is €6.00. These may: Tomas, Olga."
    )
    assert not Spending.objects.filter(ref="makegood:2").exists()


def test_a_case_is_counted_whoever_gave(nora: Agent, tomas: Agent, front: Any) -> None:
    give(tomas, 30_00, "makegood:1")
    assert left(nora, "EUR", "order:1").most == euros(0)
    with pytest.raises(BeyondAuthority):
        give(nora, 1, "makegood:2")
    assert left(nora, "EUR", "order:2").most == euros(25_00)


def test_a_day_ends_at_the_midnight_of_the_house(nora: Agent) -> None:
    with time_machine.travel(datetime(2026, 3, 30, 21, 50, tzinfo=UTC), tick=False):
        for number in range(4):
            give(nora, 25_00, f"makegood:{number}", case=f"order:{number}")
        with pytest.raises(BeyondAuthority, match="Today you may still give €0.00"):
            give(nora, 1, "makegood:9", case="order:9")
    with time_machine.travel(datetime(2026, 3, 30, 22, 10, tzinfo=UTC), tick=False):
        give(nora, 25_00, "makegood:9", case="order:9")
        assert left(nora, "EUR").month == euros(1_000_00 - 125_00)
    with time_machine.travel(datetime(2026, 3, 31, 22, 10, tzinfo=UTC), tick=False):
        assert left(nora, "EUR").month == euros(1_000_00)


def test_what_was_taken_once_is_not_taken_twice(nora: Agent) -> None:
    first = give(nora, 10_00, "makegood:1")
    assert give(nora, 10_00, "makegood:1") == first
    with pytest.raises(Refused, match="Another sum"):
        give(nora, 11_00, "makegood:1")
    assert left(nora, "EUR", "order:1").case == euros(15_00)


def test_what_is_given_back_is_free_again_once(nora: Agent) -> None:
    give(nora, 25_00, "makegood:1")
    assert held("makegood:1") is not None
    assert give_back("makegood:1", by=nora) is not None
    assert give_back("makegood:1", by=nora) is None
    assert give_back("makegood:404", by=nora) is None

    assert held("makegood:1") is None
    assert left(nora, "EUR", "order:1").most == euros(25_00)
    assert [one.minor for one in Spending.objects.order_by("pk")] == [25_00, -25_00]
    with pytest.raises(Refused, match="given back already"):
        give(nora, 25_00, "makegood:1")


def test_what_comes_back_later_counts_for_the_day_it_was_taken_on(nora: Agent) -> None:
    with time_machine.travel("2026-03-30T10:00:00Z", tick=False):
        give(nora, 25_00, "makegood:1")
    with time_machine.travel("2026-03-31T10:00:00Z", tick=False):
        give_back("makegood:1", by=nora)
        assert left(nora, "EUR").day == euros(100_00)
        assert left(nora, "EUR").month == euros(1_000_00)


def test_a_spending_is_never_edited(nora: Agent) -> None:
    spending = give(nora, 10_00, "makegood:1")
    spending.minor = 0
    with pytest.raises(NeverEdited):
        spending.save()
    with pytest.raises(NeverEdited):
        spending.delete()


def test_currencies_never_mix(nora: Agent) -> None:
    give(nora, 25_00, "makegood:1")
    assert left(nora, "GBP", "order:1").most == Money(25_00, "GBP")


def test_a_budget_holds_what_it_holds(nora: Agent, olga: Agent) -> None:
    budget = a_budget(30_00)
    give(nora, 20_00, "makegood:1", budget=budget)
    with pytest.raises(BeyondAuthority) as refused:
        give(olga, 11_00, "makegood:2", case="order:2", budget=budget)
    assert (refused.value.limit, refused.value.left) == ("budget", euros(10_00))
    give_back("makegood:1", by=nora)
    give(olga, 30_00, "makegood:2", case="order:2", budget=budget)
    assert budget_left(budget) == euros(0)


def test_a_budget_of_a_month_fills_again_and_one_for_once_does_not(olga: Agent) -> None:
    monthly, once = a_budget(), a_budget(span="once", name="The fair")
    with time_machine.travel("2026-03-20T10:00:00Z", tick=False):
        give(olga, 50_00, "makegood:1", budget=monthly)
        give(olga, 50_00, "makegood:2", budget=once)
    with time_machine.travel("2026-04-02T10:00:00Z", tick=False):
        assert budget_left(monthly) == euros(50_00)
        assert budget_left(once) == euros(0)


def test_nothing_is_taken_from_a_closed_budget_or_in_another_currency(olga: Agent) -> None:
    budget = a_budget()
    with pytest.raises(Refused, match="another currency"):
        take(olga, Money(1, "GBP"), ref="makegood:1", case="", budget=budget, by=olga)
    close_budget(budget, is_closed=True, by=olga)
    with pytest.raises(Refused, match="is closed"):
        give(olga, 1, "makegood:1", budget=budget)


def test_a_role_of_the_shops_own_gives_nothing_until_somebody_says_so(olga: Agent) -> None:
    role = save_role(None, name="Helper", words="", permissions=["answer"], by=olga)
    helper = add_agent("h@lantern.example", "Hal", role="agent", password="x" * 20, by=HOUSE)
    helper.own_role, helper.granted = role, ["answer"]
    helper.save()
    assert limits_of(helper, "EUR") == NOTHING
    set_limits(shown_role(f"own:{role.pk}"), "eur", Limits(per_case=5_00), by=olga)
    assert left(helper, "EUR", "order:1").most == euros(5_00)
    assert left(helper, "EUR", "order:1").day is None


def test_a_change_of_limits_is_told_with_before_and_after(olga: Agent, nora: Agent) -> None:
    set_limits(shown_role("agent"), "EUR", Limits(per_case=40_00, per_month=400_00), by=olga)
    event = Event.objects.get(kind="authority.changed")
    assert event.facts["before"]["per_case"] == "25.00 EUR"
    assert event.facts["after"] == {
        "reach": "limited", "per_case": "40.00 EUR", "per_day": "", "per_month": "400.00 EUR",
    }  # fmt: skip
    set_limits(shown_role("agent"), "EUR", Limits(per_case=40_00, per_month=400_00), by=olga)
    assert Event.objects.filter(kind="authority.changed").count() == 1
    set_limits(shown_role("agent"), "EUR", ENDLESS, by=olga)
    assert left(nora, "EUR").most is None
    set_limits(shown_role("agent"), "EUR", NOTHING, by=olga)
    assert left(nora, "EUR", "order:1").most == euros(0)


@pytest.mark.parametrize(
    "limits", [Limits(per_case=-1), Limits(per_day=5_00), Limits(per_case=1, per_month=-5)]
)
def test_limits_that_make_no_sense_are_refused(olga: Agent, limits: Limits) -> None:
    with pytest.raises(Refused):
        set_limits(shown_role("agent"), "EUR", limits, by=olga)


def test_who_left_gives_nothing(nora: Agent, tomas: Agent, olga: Agent) -> None:
    assert who_may(euros(20_00), "order:1")[0] == nora
    nora.is_active = False
    nora.save()
    assert who_may(euros(20_00), "order:1") == [tomas, olga]
    with pytest.raises(BeyondAuthority):
        give(nora, 1, "makegood:1")


class Histories(TestCase):
    @settings(max_examples=40)
    @given(
        st.lists(
            st.tuples(st.booleans(), st.integers(0, 40_00), st.integers(0, 3), st.integers(0, 9)),
            max_size=25,
        )
    )
    def test_no_history_goes_beyond_what_may_be_given(self, history: Any) -> None:
        agent = add_agent("n@lantern.example", "N", role="agent", password="x" * 20, by=HOUSE)
        budget = a_budget(60_00)
        expected: dict[str, int] = {}
        for is_back, minor, case, ref in history:
            name = f"makegood:{ref}"
            if is_back:
                if give_back(name, by=agent) is not None:
                    expected[name] = 0
                continue
            try:
                give(agent, minor, name, case=f"order:{case}", budget=budget)
                expected.setdefault(name, minor)
            except Refused:
                continue
        assert sum(one.minor for one in Spending.objects.all()) == sum(expected.values())
        assert budget_left(budget) == euros(60_00 - sum(expected.values()))
        assert sum(expected.values()) <= 60_00
        for case in range(4):
            assert sum(s.minor for s in Spending.objects.filter(case=f"order:{case}")) <= 25_00
