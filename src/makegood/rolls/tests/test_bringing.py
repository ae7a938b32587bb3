from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from makegood.conversations.models import Conversation
from makegood.customers.actions import tag_customer
from makegood.customers.models import Customer, Handle
from makegood.fields.actions import Wish, save_field
from makegood.fields.models import Value
from makegood.kit.errors import Refused
from makegood.ledger.models import Event
from makegood.people.forgetting import forget_customer
from makegood.rolls.actions import begin_roll, match_columns, read_roll, stop_roll, undo_roll
from makegood.rolls.models import Roll, RollLine
from makegood.rolls.queries import refused_rows
from makegood.rolls.tidying import throw_old_lines_away
from makegood.rolls.working import step, work_off
from makegood.team.actions import add_agent
from makegood.team.models import Agent, Team
from makegood.team.permissions import BUILT_IN
from makegood.team.roles import save_role

FILE = """Name;E-Mail;Sprache;Tags;Größe
Jörg Öl;JOERG@example.com;de;vip, alt;L
Ida Berg;ida@example.com;en;vip;M
Nobody;not an address;;;
Jörg again;joerg@example.com;;;
;karim@example.com;;;XXL
"""


@pytest.fixture
def looked(lamp: Conversation, olga: Agent) -> Roll:
    save_field(None, Wish(name="Größe", kind="choice", choices=["M", "L"]), by=olga)
    roll = read_roll("customers", "kunden.csv", FILE.encode("cp1252"), by=olga)
    match_columns(roll, roll.matched, by=olga)
    work_off(roll.pk)
    return Roll.objects.get(pk=roll.pk)


def _outcomes(roll: Roll) -> list[str]:
    return list(roll.lines.order_by("number").values_list("state", flat=True))


def test_a_look_says_what_comes_of_each_line_and_changes_nothing(looked: Roll) -> None:
    assert looked.state == "looked"
    assert _outcomes(looked) == ["new", "changed", "refused", "refused", "refused"]
    reasons = [line.reason for line in looked.lines.filter(state="refused").order_by("number")]
    assert "no e-mail address" in reasons[0]
    assert "line 2" in reasons[1]
    assert Customer.objects.count() == 1
    assert len(refused_rows(looked)) == 4


def test_it_is_brought_in_and_taken_back(looked: Roll, olga: Agent) -> None:
    ida = Customer.objects.get()
    before = (ida.name, ida.language, list(ida.tags.all()))
    begin_roll(looked, by=olga)
    work_off(looked.pk)
    roll = Roll.objects.get(pk=looked.pk)
    assert (roll.state, _outcomes(roll)[:2]) == ("done", ["made", "altered"])
    joerg = Handle.objects.get(address="joerg@example.com").customer
    assert (joerg.name, joerg.language) == ("Jörg Öl", "de")
    assert {str(tag) for tag in joerg.tags.all()} == {"vip", "alt"}
    assert Value.objects.filter(thing=joerg.pk).values_list("text", flat=True)[0] == "L"

    undo_roll(roll, by=olga)
    work_off(roll.pk)
    ida.refresh_from_db()
    assert (ida.name, ida.language, list(ida.tags.all())) == before
    assert list(Customer.objects.all()) == [ida]
    assert not Value.objects.exists()
    events = Event.objects.filter(kind__startswith="roll.").in_order()
    kinds = list(events.values_list("kind", flat=True))
    assert kinds == ["roll.begun", "roll.ended", "roll.taken_back", "roll.undone"]


def test_what_was_changed_since_stays(looked: Roll, olga: Agent, nora: Agent) -> None:
    begin_roll(looked, by=olga)
    work_off(looked.pk)
    joerg = Handle.objects.get(address="joerg@example.com").customer
    tag_customer(joerg, ["friend"], by=nora)
    undo_roll(looked, by=olga)
    work_off(looked.pk)
    assert _outcomes(looked)[:2] == ["left", "restored"]
    assert Customer.objects.filter(pk=joerg.pk).exists()


def test_who_wrote_meanwhile_stays(looked: Roll, olga: Agent, lamp: Conversation) -> None:
    begin_roll(looked, by=olga)
    work_off(looked.pk)
    joerg = Handle.objects.get(address="joerg@example.com").customer
    Conversation.objects.filter(pk=lamp.pk).update(customer=joerg)
    undo_roll(looked, by=olga)
    work_off(looked.pk)
    assert _outcomes(looked)[0] == "left"
    assert joerg.handles.count() == 1, "the refusal took nothing away"


def test_brought_in_twice_the_second_says_it_is_so(looked: Roll, olga: Agent) -> None:
    begin_roll(looked, by=olga)
    work_off(looked.pk)
    again = read_roll("customers", "kunden.csv", FILE.encode(), by=olga)
    match_columns(again, again.matched, by=olga)
    work_off(again.pk)
    assert _outcomes(again)[:2] == ["same", "same"]


def test_stopped_it_goes_on_where_it_was(lamp: Conversation, olga: Agent) -> None:
    lines = "".join(f"a{n}@example.com\n" for n in range(450))
    roll = read_roll("customers", "x.csv", f"email\n{lines}".encode(), by=olga)
    match_columns(roll, ["email"], by=olga)
    work_off(roll.pk)
    begin_roll(roll, by=olga)
    assert 0 < step(roll.pk) <= 100
    stop_roll(roll, by=olga)
    assert step(roll.pk) == 0
    begin_roll(roll, by=olga)
    work_off(roll.pk)
    assert Roll.objects.get(pk=roll.pk).counts["made"] == 450
    assert Handle.objects.filter(address__startswith="a").count() == 450


@pytest.mark.parametrize("matched", [["name", ""], ["email", "email"]])
def test_columns_must_tell_people_apart(matched: list[str], olga: Agent) -> None:
    roll = read_roll("customers", "x.csv", b"a,b\nx,y\n", by=olga)
    with pytest.raises(Refused):
        match_columns(roll, matched, by=olga)


def test_agents_come_in_with_role_and_teams_and_are_closed_again(
    olga: Agent, tomas: Agent, front: Team
) -> None:
    text = "Name,Email,Rolle,Team\nPia,pia@lantern.example,Lead,front\nX,x@lantern.example,King,\n"
    roll = read_roll("agents", "crew.csv", text.encode(), by=olga)
    match_columns(roll, roll.matched, by=olga)
    work_off(roll.pk)
    assert _outcomes(roll) == ["new", "refused"]
    begin_roll(roll, by=olga)
    work_off(roll.pk)
    pia = Agent.objects.get(email="pia@lantern.example")
    assert (pia.role, list(pia.teams.all()), pia.has_usable_password()) == ("lead", [front], False)
    undo_roll(roll, by=olga)
    work_off(roll.pk)
    pia.refresh_from_db()
    assert not pia.is_active


def test_nobody_brings_in_who_may_more_than_they(tomas: Any) -> None:
    roll = read_roll("agents", "x.csv", b"name,email,role\nP,p@x.example,owner\n", by=tomas)
    match_columns(roll, roll.matched, by=tomas)
    work_off(roll.pk)
    assert _outcomes(roll) == ["refused"]


def test_a_line_that_cannot_be_kept_holds_up_no_other(olga: Agent, front: Team) -> None:
    long = f"{'a' * 60}@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 30}.example"
    longer = f"{'x' * 400}@example.com"
    file = f"email,name\n{long},Long\n{longer},Longer\nkim@lantern.example,Kim\n"
    roll = read_roll("agents", "crew.csv", file.encode(), by=olga)
    match_columns(roll, roll.matched, by=olga)
    work_off(roll.pk)
    begin_roll(roll, by=olga)
    work_off(roll.pk)
    assert _outcomes(roll) == ["refused", "refused", "made"]


def test_who_looks_after_no_agents_closes_no_account(olga: Agent, front: Team) -> None:
    roll = read_roll("agents", "crew.csv", b"email,name\nkim@lantern.example,Kim\n", by=olga)
    match_columns(roll, roll.matched, by=olga)
    work_off(roll.pk)
    begin_roll(roll, by=olga)
    work_off(roll.pk)
    given = sorted(BUILT_IN["agent"] | {"office.imports"})
    role = save_role(None, name="Importer", words="", permissions=given, by=olga)
    pia = add_agent("pia@lantern.example", "Pia", role=f"own:{role.pk}", by=olga)
    undo_roll(roll, by=pia)
    work_off(roll.pk)
    assert _outcomes(roll) == ["left"]
    assert Agent.objects.get(email="kim@lantern.example").is_active


def test_a_forgotten_person_stands_in_no_file(looked: Roll, olga: Agent) -> None:
    begin_roll(looked, by=olga)
    work_off(looked.pk)
    joerg = Handle.objects.get(address="joerg@example.com").customer
    forget_customer(joerg, by=olga)
    line = looked.lines.get(thing=joerg.pk)
    assert (line.cells, line.key, line.before, line.after) == ([], "", {}, {})


def test_a_line_that_was_matched_to_nobody_goes_with_who_it_names(
    looked: Roll, olga: Agent
) -> None:
    begin_roll(looked, by=olga)
    work_off(looked.pk)
    again = read_roll("customers", "more.csv", b"Name;Mail\nMr O;JOERG@example.com\n", by=olga)
    other = read_roll("customers", "else.csv", b"Name;Mail\nKim;kim@example.com\n", by=olga)
    forget_customer(Handle.objects.get(address="joerg@example.com").customer, by=olga)

    said = str(list(RollLine.objects.values_list("cells", "key", "before", "after")))
    assert "joerg@example.com" not in said.lower()
    assert again.lines.get().cells == []
    assert other.lines.get().cells == ["Kim", "kim@example.com"]
    assert looked.lines.get(key="ida@example.com").cells[0] == "Ida Berg"


@pytest.mark.parametrize(("is_begun", "days"), [(True, 90), (False, 14)])
def test_what_a_file_said_is_not_kept_for_ever(
    looked: Roll, olga: Agent, is_begun: bool, days: int
) -> None:
    if is_begun:
        begin_roll(looked, by=olga)
        work_off(looked.pk)
    now = timezone.now()
    Roll.objects.update(worked_at=now - timedelta(days=days - 1))
    kept = throw_old_lines_away(now)
    Roll.objects.update(worked_at=now - timedelta(days=days + 1))
    gone = throw_old_lines_away(now)

    assert (kept, gone, throw_old_lines_away(now)) == (0, 5, 0)
    assert Roll.objects.get(pk=looked.pk).total == 5


def test_what_was_thrown_away_cannot_be_taken_back(looked: Roll, olga: Agent) -> None:
    begin_roll(looked, by=olga)
    work_off(looked.pk)
    looked.lines.all().delete()
    with pytest.raises(Refused, match="thrown away by now"):
        undo_roll(looked, by=olga)
