"""The lead's page, the hours it is drawn from, and what can be asked of promises."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client

from makegood.calendars.hours import Shift as Stretch
from makegood.channels.models import Inbox
from makegood.conversations.actions import assign_conversation
from makegood.conversations.finding import Finder
from makegood.conversations.listing import rows_for
from makegood.conversations.models import Message
from makegood.conversations.naming import understand
from makegood.conversations.replying import Reply
from makegood.lead.counting import hour_of
from makegood.lead.models import AgentHour, InboxHour
from makegood.lead.today import Day
from makegood.lead.weeks import usual_by_inbox, week_of
from makegood.ledger.followers import catch_up, restart
from makegood.presence.models import Presence
from makegood.promises.saying import answer_with_words
from makegood.promises.ticking import tick
from makegood.sending.undoing import take_back
from makegood.team.absences import go_away
from makegood.team.actions import change_agent
from makegood.team.models import Agent, Team
from makegood.team.roles import save_role
from makegood.team.shifts import Rota, set_shifts
from makegood.waits.models import Hour
from tests.promised import MONDAY, H, a_policy, again, answered, promise, written

UTC = ZoneInfo("UTC")
LATE = MONDAY + 2.5 * H


@pytest.fixture
def day(form: Inbox, nora: Agent) -> dict[str, Any]:
    """Ida is answered in time, Karim's answer is broken, Bo's at risk."""
    a_policy()
    ida = written(form, "Ida asks", MONDAY, email="ida@example.com")
    karim = written(form, "Karim asks", MONDAY, email="karim@example.com")
    bo = written(form, "Bo asks", MONDAY + 0.75 * H, email="bo@example.com")
    answered(ida, nora, MONDAY + H)
    tick(LATE)
    catch_up("hours")
    return {"ida": ida, "karim": karim, "bo": bo}


def client_of(agent: Agent) -> Client:
    client = Client()
    client.force_login(agent)
    return client


def found(agent: Agent, question: str) -> set[int]:
    with time_machine.travel(LATE, tick=False):
        understood = understand(question, agent)
        assert not understood.problems, understood.problems
        return {row.pk for row in Finder(understood).page().rows}


def test_the_board_says_what_is_at_risk_broken_and_kept(day: dict[str, Any], tomas: Agent) -> None:
    board = Day(tomas, LATE, UTC).board()
    assert [one.promise.conversation_id for one in board.at_risk] == [day["bo"].pk]
    assert [one.promise.conversation_id for one in board.broken] == [day["karim"].pk]
    numbers = {name: board.figures[name] for name in ("at_risk", "broken", "kept", "broke")}
    assert numbers == {"at_risk": 1, "broken": 1, "kept": 1, "broke": 1}
    assert board.figures["waiting"] == 2
    assert board.share_kept == 50
    assert board.oldest_wait == day["karim"]


def test_every_number_is_told_by_team_and_by_channel(day: dict[str, Any], tomas: Agent) -> None:
    board = Day(tomas, LATE, UTC).board()
    (web,) = [part for part in board.channels if part.name == "web"]
    assert web.figures["broken"] == 1
    assert sum(part.figures["waiting"] for part in board.teams) == 2


def test_each_number_leads_to_the_conversations_behind_it(
    day: dict[str, Any], tomas: Agent
) -> None:
    assert found(tomas, "promise:at-risk") == {day["bo"].pk}
    assert found(tomas, "promise:broken") == {day["karim"].pk}
    assert found(tomas, "promise:broken-today") == {day["karim"].pk}
    assert found(tomas, "promise:kept-today") == {day["ida"].pk}
    assert found(tomas, "channel:web promise:broken") == {day["karim"].pk}
    with time_machine.travel(LATE, tick=False):
        page = client_of(tomas).get("/lead/").content.decode()
    assert "q=promise%3Aat-risk" in page
    assert f"/conversations/{day['bo'].pk}/" in page


def test_the_lead_page_is_for_whoever_may_see_it_and_shows_what_they_see(
    day: dict[str, Any], nora: Agent, vera: Agent, olga: Agent
) -> None:
    assert client_of(nora).get("/lead/").status_code == 404
    role = save_role(None, name="Shift lead", words="", permissions=["lead.see"], by=olga)
    change_agent(vera, role=f"own:{role.pk}", by=olga)
    vera.refresh_from_db()
    assert client_of(vera).get("/lead/").status_code == 200
    board = Day(vera, LATE, UTC).board()
    assert not board.at_risk
    assert board.figures["waiting"] == 0
    assert nora.pk not in {one.agent.pk for one in board.people}, "she answers for another team"


def test_who_leads_a_part_sees_how_much_was_answered_there_alone(
    day: dict[str, Any], nora: Agent, vera: Agent, olga: Agent, mailbox: Inbox, front: Team
) -> None:
    role = save_role(None, name="Shift lead", words="", permissions=["lead.see"], by=olga)
    change_agent(vera, role=f"own:{role.pk}", by=olga)
    vera = Agent.objects.get(pk=vera.pk)
    mailbox.teams.clear()
    answers = {one.agent.pk: one.answered for one in Day(vera, LATE, UTC).board().people}
    assert answers[nora.pk] == 0, "what she answered was at another inbox"
    vera.teams.add(front)
    answers = {one.agent.pk: one.answered for one in Day(vera, LATE, UTC).board().people}
    assert answers[nora.pk] == 1


def test_the_lead_page_asks_the_same_however_much_there_is(
    day: dict[str, Any], tomas: Agent, form: Inbox, django_assert_max_num_queries: Any
) -> None:
    client = client_of(tomas)
    for number in range(5):
        written(form, "More", MONDAY + 0.8 * H, email=f"more{number}@example.com")
    tick(LATE)
    with time_machine.travel(LATE, tick=False), django_assert_max_num_queries(46):
        assert client.get("/lead/").status_code == 200


def test_hours_are_counted_once_each_and_the_same_again(day: dict[str, Any], nora: Agent) -> None:
    def figures() -> list[Any]:
        names = ("began_at", "arrivals", "answers", "kept", "late", "broken")
        return list(InboxHour.objects.order_by("began_at").values_list(*names))

    first = figures()
    assert first[0] == (MONDAY, 3, 0, 0, 0, 0)
    assert first[1] == (MONDAY + H, 0, 1, 1, 0, 0)
    assert first[2][-1] == 1
    assert AgentHour.objects.get(agent=nora).answers == 1
    InboxHour.objects.all().delete()
    AgentHour.objects.all().delete()
    restart("hours")
    catch_up("hours")
    assert figures() == first
    catch_up("hours")
    assert figures() == first


def test_the_week_lays_hours_over_each_other_in_the_readers_zone(
    day: dict[str, Any], form: Inbox
) -> None:
    week = week_of([form], LATE, ZoneInfo("Asia/Tokyo"))
    assert week.days[0][18].arrivals == 3, "nine in the morning is six in the evening there"
    assert week.days[0][18].shade == 5
    assert week.days[0][19].share == 100


def test_promises_are_asked_for_by_kind_and_due_time(day: dict[str, Any], tomas: Agent) -> None:
    assert found(tomas, "promise:first_answer") == {day["karim"].pk, day["bo"].pk}
    assert found(tomas, "versprechen:gefährdet") == {day["bo"].pk}
    assert found(tomas, "due:<now") == {day["karim"].pk}
    assert found(tomas, "due:today -promise:broken") == {day["bo"].pk}
    assert found(tomas, "promise:resting") == {day["ida"].pk}
    assert found(tomas, "-promise:open is:waiting") == set()


def test_a_row_bears_what_presses_most(day: dict[str, Any], tomas: Agent) -> None:
    rows = {row.pk: row for row in rows_for(tomas, [one.pk for one in day.values()])}
    assert [rows[day[name].pk].hurry for name in ("ida", "karim", "bo")] == [
        "", "broken", "at-risk",
    ]  # fmt: skip
    assert rows[day["bo"].pk].due_at == promise(day["bo"], "first_answer").due_at


def test_a_conversation_shows_what_is_promised_there(day: dict[str, Any], nora: Agent) -> None:
    with time_machine.travel(LATE, tick=False):
        page = client_of(nora).get(f"/conversations/{day['karim'].pk}/").content.decode()
    assert "promised__one--broken" in page
    assert f"/promises/{promise(day['karim'], 'first_answer').pk}/" in page


def test_words_that_come_later_are_counted_in_their_own_hour(
    day: dict[str, Any], form: Inbox
) -> None:
    again(day["bo"], "Still nothing?", LATE)
    catch_up("hours")
    assert InboxHour.objects.get(inbox=form, began_at=MONDAY + 2 * H).arrivals == 1


def test_shifts_are_held_against_what_usually_comes(
    day: dict[str, Any], tomas: Agent, nora: Agent
) -> None:
    rota = Rota(zone="UTC", week=[(Stretch(9 * 60, 17 * 60),)] + [()] * 6)
    set_shifts(nora, rota, by=nora)
    board = Day(tomas, LATE, UTC).board()
    assert board.forecast is not None
    assert (board.forecast.hours, board.forecast.can, board.forecast.waiting) == (5.5, 6, 2)
    assert board.forecast.is_enough
    shifts = {one.agent: one.is_on_shift for one in board.people}
    assert (shifts[nora], shifts[tomas]) == (True, None)


def test_an_answer_that_was_taken_back_is_counted_no_more(form: Inbox, nora: Agent) -> None:
    ida = written(form, "Ida asks", MONDAY, email="ida@example.com")
    with time_machine.travel(MONDAY + H, tick=False):
        answer_with_words(ida, Reply(text="Soon."), [], by=nora)
        catch_up("hours")
        assert InboxHour.objects.filter(answers=1).exists()
        assert AgentHour.objects.get().answers == 1
        take_back(ida, Message.objects.get(direction="outgoing").pk, by=nora)
        catch_up("hours")
    assert not InboxHour.objects.filter(answers__gt=0).exists()
    assert not AgentHour.objects.filter(answers__gt=0).exists()


def test_the_next_hours_are_foreseen_by_team_and_inbox_with_who_is_here(
    form: Inbox, nora: Agent, tomas: Agent, front: Team
) -> None:
    a_policy()
    usual(form)
    form.teams.add(front)
    for number in range(4):
        name = f"asks{number}@example.com"
        one = written(form, "Where is it?", MONDAY + number * H / 60, email=name)
        assign_conversation(one, agent=None, team=front, by=tomas)
    at = MONDAY + H
    with time_machine.travel(at, tick=False):
        board = Day(tomas, at, UTC).board()
        assert board.soon is not None
        rows = [(row.kind, row.name, row.here, row.due, row.late) for row in board.soon.rows]
        assert rows == [("team", front.name, 0, 4, 3), ("inbox", form.name, 0, 4, 3)]
        assert (board.soon.due, board.soon.late, board.soon.unknown) == (4, 3, 0)
        page = client_of(tomas).get("/lead/").content.decode()
        assert "3 of 4 answers that are due will come too late" in page
        assert f"/promises/?inbox={form.pk}" in page
        Presence.objects.create(agent=nora, page="1", seen_at=at)
        assert here_of(tomas) == [1, 1]
        go_away(nora, by=nora)
        assert here_of(tomas) == [0, 0]


def here_of(agent: Agent) -> list[int]:
    soon = Day(agent, MONDAY + H, UTC).board().soon
    assert soon is not None
    return [row.here for row in soon.rows]


def usual(inbox: Inbox) -> None:
    """Four weeks in which one agent gave four answers in each hour of the day."""
    Hour.objects.bulk_create(
        Hour(inbox=inbox, week=(MONDAY - week * 7 * 24 * H).date(), slot=24 * day + hour,
             answers=4, busy_seconds=3600, agents=[1])
        for week in range(1, 5) for day in range(7) for hour in range(24)
    )  # fmt: skip


def test_what_usually_still_comes_is_told_by_inbox(
    form: Inbox, mailbox: Inbox, tomas: Agent, django_assert_max_num_queries: Any
) -> None:
    """Four weeks with two an hour by form and one by mail; one such hour is over today."""
    InboxHour.objects.bulk_create(
        InboxHour(inbox=inbox, began_at=hour_of(MONDAY) + (hour - week * 168) * H, arrivals=number)
        for week in range(1, 5) for hour in (-1, 1, 2)
        for inbox, number in ((form, 2), (mailbox, 1))
    )  # fmt: skip
    board = Day(tomas, MONDAY, UTC).board()
    assert board.pace.usual_rest == 6
    assert [(one.inbox, one.comes) for one in board.pace.rest_by_inbox] == [(form, 4), (mailbox, 2)]
    with django_assert_max_num_queries(1):
        assert usual_by_inbox([form], MONDAY, MONDAY + 2 * H, UTC)[0].comes == 2
    with time_machine.travel(MONDAY, tick=False):
        page = client_of(tomas).get("/lead/").content.decode()
    assert f"<bdi>{form.name}</bdi> 4, <bdi>{mailbox.name}</bdi> 2)" in page


def test_where_no_pace_is_known_nothing_is_foreseen(
    day: dict[str, Any], tomas: Agent, form: Inbox
) -> None:
    soon = Day(tomas, LATE, UTC).board().soon
    assert soon is not None
    assert (soon.due, soon.late, soon.unknown) == (1, 0, 1)
    assert Day(tomas, LATE + 24 * H, UTC).board().soon is None
