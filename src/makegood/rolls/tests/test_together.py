"""Many new customers come in together, as they would one by one; and as quickly as that should."""

from typing import Any

from makegood.customers.models import Customer, FoundBy, Handle
from makegood.ledger.models import Event
from makegood.rolls.actions import begin_roll, match_columns, read_roll, undo_roll
from makegood.rolls.models import Roll, RollLine
from makegood.rolls.working import work_off
from makegood.team.models import Agent
from tests.world import write_form

COLUMNS = ["email", "name", "language", "tags", "note"]


def brought(lines: list[str], by: Agent) -> Roll:
    content = "\n".join(["email,name,language,tags,note", *lines])
    roll = read_roll("customers", "x.csv", content.encode(), by=by)
    match_columns(roll, COLUMNS, by=by)
    work_off(roll.pk)
    begin_roll(Roll.objects.get(pk=roll.pk), by=by)
    work_off(roll.pk)
    return Roll.objects.get(pk=roll.pk)


def test_each_is_told_and_found_as_if_alone(olga: Agent) -> None:
    roll = brought(["ida@example.com,Ida Berg,de,vip;new,Call her"], olga)
    ida = Customer.objects.get()
    assert (ida.name, ida.language) == ("Ida Berg", "de")
    assert sorted(ida.tags.values_list("word", flat=True)) == ["new", "vip"]
    assert ida.notes.get().text == "Call her"
    told = Event.objects.filter(kind__startswith="customer.").order_by("pk")
    kinds = list(told.values_list("kind", flat=True))
    assert kinds == ["customer.seen", "customer.changed", "customer.tagged", "customer.noted"]
    words = set(FoundBy.objects.values_list("word", flat=True))
    assert {"ida", "berg", "ida@example.com", "example.com", "vip"} <= words
    assert roll.counts["made"] == 1


def test_what_came_in_together_is_taken_out_again(olga: Agent) -> None:
    roll = brought([f"p{n}@example.com,P {n},en,vip,Hello" for n in range(120)], olga)
    assert Customer.objects.count() == roll.counts["made"] == 120
    undo_roll(roll, by=olga)
    work_off(roll.pk)
    assert not Customer.objects.exists()
    assert not Handle.objects.exists()


def test_whoever_wrote_meanwhile_is_told_more_and_not_made_twice(olga: Agent, form: Any) -> None:
    lines = ["email,name", "ida@example.com,Ida Berg", "karim@example.com,Karim"]
    roll = read_roll("customers", "x.csv", "\n".join(lines).encode(), by=olga)
    match_columns(roll, ["email", "name"], by=olga)
    work_off(roll.pk)
    write_form(form, "Hello", name="")
    begin_roll(Roll.objects.get(pk=roll.pk), by=olga)
    work_off(roll.pk)
    assert Handle.objects.filter(address="ida@example.com").count() == 1
    states = RollLine.objects.order_by("number").values_list("state", flat=True)
    assert list(states) == ["altered", "made"]


def test_one_that_cannot_be_is_refused_and_the_others_come_in(olga: Agent) -> None:
    roll = brought(["a@example.com,A,en,,", "b@example.com,B,abcdefghijkl,,"], olga)
    assert (roll.counts["made"], roll.counts["refused"]) == (1, 1)


def test_two_hundred_come_in_by_a_few_statements_each_hundred(
    olga: Agent, django_assert_max_num_queries: Any
) -> None:
    lines = ["email,name", *(f"p{n}@example.com,P {n}" for n in range(200))]
    roll = read_roll("customers", "x.csv", "\n".join(lines).encode(), by=olga)
    match_columns(roll, ["email", "name"], by=olga)
    work_off(roll.pk)
    begin_roll(Roll.objects.get(pk=roll.pk), by=olga)
    with django_assert_max_num_queries(90):
        work_off(roll.pk)
    assert Customer.objects.count() == 200
