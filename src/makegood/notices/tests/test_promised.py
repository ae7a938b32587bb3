"""What is at risk, broken or called for reaches whom it concerns, once."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from makegood.channels.models import Inbox
from makegood.conversations.actions import assign_conversation
from makegood.conversations.models import Conversation
from makegood.ledger.followers import catch_up
from makegood.ledger.models import Event
from makegood.notices.kinds import Kind
from makegood.notices.models import Notice
from makegood.notices.wishes import Wanted, change_wishes
from makegood.promises.actions import Word, make_promise
from makegood.promises.models import Promise
from makegood.promises.ticking import tick
from makegood.team.absences import go_away
from makegood.team.models import Agent
from makegood.team.shifts import Rota, set_shifts
from tests.promised import a_policy
from tests.world import conversation_of, write_form

HOUR = timedelta(hours=1)


def promised(form: Inbox, *steps: dict[str, Any]) -> Conversation:
    """A conversation that waits for a first answer within two hours."""
    a_policy(steps=[{"after": 0, "whom": "", **step} for step in steps])
    return conversation_of(write_form(form, "Where is it?", at=timezone.now()))


def passed(hours: float) -> None:
    """So much time passes, and the clock is looked at."""
    with time_machine.travel(timezone.now() + hours * HOUR, tick=False):
        tick(timezone.now())
        catch_up("notices")
        catch_up("escalations")


def told(agent: Agent) -> list[str]:
    return list(Notice.objects.filter(agent=agent).order_by("pk").values_list("kind", flat=True))


@pytest.mark.parametrize(
    ("whom", "concerned"),
    [
        ("owner", ["nora"]),
        ("team", ["nora", "tomas"]),
        ("leads", ["tomas"]),
        ("agent", ["olga"]),
    ],
)
def test_a_step_tells_whom_it_names(
    form: Inbox,
    nora: Agent,
    tomas: Agent,
    olga: Agent,
    vera: Agent,
    whom: str,
    concerned: Sequence[str],
) -> None:
    word = olga.ref if whom == "agent" else whom
    lamp = promised(form, {"at": "warn", "do": "notify", "whom": word})
    assign_conversation(lamp, agent=nora, team=None, by=tomas)
    Notice.objects.all().delete()
    catch_up("notices")
    Notice.objects.all().delete()
    passed(1.6)
    found = {one.name.lower(): told(one) for one in (nora, tomas, olga, vera)}
    assert {name for name, kinds in found.items() if kinds} == set(concerned)
    assert all(found[name] == [Kind.AT_RISK] for name in concerned)
    passed(1.7)
    assert {name: told(one) for name, one in (("nora", nora), ("vera", vera))} == {
        "nora": found["nora"],
        "vera": [],
    }


def test_who_is_nobodys_is_the_teams(form: Inbox, nora: Agent, tomas: Agent) -> None:
    promised(form, {"at": "due", "do": "notify", "whom": "owner"})
    passed(2.1)
    assert told(nora) == told(tomas) == [Kind.UNKEPT]


def test_a_call_is_a_kind_of_its_own_and_can_be_switched_off(
    form: Inbox, tomas: Agent, olga: Agent
) -> None:
    change_wishes(Wanted(ways={Kind.AT_RISK: ["page"]}), by=tomas)
    promised(
        form, {"at": "warn", "do": "call", "whom": "leads"},
        {"at": "warn", "do": "notify", "whom": "leads"},
    )  # fmt: skip
    passed(1.6)
    assert told(tomas) == [Kind.AT_RISK]
    change_wishes(Wanted(ways={Kind.CALLED: ["page", "push"]}), by=olga)


def test_a_raise_is_done_once_by_the_house(form: Inbox, nora: Agent) -> None:
    lamp = promised(form, {"at": "warn", "do": "raise"})
    passed(1.6)
    passed(1.7)
    lamp.refresh_from_db()
    assert lamp.priority == Conversation.Priority.HIGH
    changed = Event.objects.get(kind="conversation.priority_changed")
    assert (changed.by, changed.facts["after"]) == ("system:promises", "high")


def test_a_reassignment_carries_what_whoever_gives_it_on_needs(form: Inbox, nora: Agent) -> None:
    lamp = promised(form, {"at": "due", "do": "reassign", "whom": "team"})
    passed(2.1)
    event = Event.objects.get(kind="promise.escalated")
    first = Promise.objects.get(conversation=lamp, kind="first_answer")
    assert event.subject("conversation") == lamp.pk
    assert event.subject("promise") == first.pk
    assert event.facts | {"promise": first.pk} == event.facts
    assert (event.facts["step"], event.facts["whom"]) == ("reassign", "team")
    assert told(nora) == []


def test_ones_own_word_tells_its_owner_that_it_is_at_risk_and_broken(
    form: Inbox, nora: Agent, tomas: Agent
) -> None:
    lamp = conversation_of(write_form(form, "Where is it?", at=timezone.now()))
    word = Word(words="I call you", due_at=timezone.now() + 4 * HOUR, owner=nora)
    make_promise(lamp, word, by=nora)
    passed(3.5)
    assert told(nora) == [Kind.AT_RISK]
    passed(4.1)
    assert told(nora) == [Kind.AT_RISK, Kind.UNKEPT]
    assert told(tomas) == []


def off_shift(agent: Agent, by: Agent) -> None:
    """Not their shift on the days around: a date of its own without any hours."""
    today = timezone.now().date()
    dates: dict[date, tuple[Any, ...]] = {today + timedelta(days=n): () for n in (-1, 0, 1)}
    set_shifts(agent, Rota(zone="UTC", week=[()] * 7, dates=dates), by=by)


def test_a_step_goes_on_from_who_is_away_to_their_team_and_says_so(
    form: Inbox, nora: Agent, tomas: Agent, olga: Agent
) -> None:
    lamp = promised(form, {"at": "due", "do": "notify", "whom": "owner"})
    assign_conversation(lamp, agent=nora, team=None, by=nora)
    go_away(nora, by=nora)
    passed(2.1)
    assert (told(nora), told(tomas)) == ([], [Kind.UNKEPT])
    event = Event.objects.get(kind="promise.called_on", subjects__ref=lamp.ref)
    assert (event.told()["missing"], event.told()["names"]) == ("Nora", "Tomas")
    passed(2.2)
    assert Event.objects.filter(kind="promise.called_on").count() == 1


def test_a_call_for_a_lead_off_shift_reaches_the_owner(
    form: Inbox, tomas: Agent, olga: Agent
) -> None:
    promised(form, {"at": "warn", "do": "call", "whom": "leads"})
    off_shift(tomas, olga)
    passed(1.6)
    assert (told(tomas), told(olga)) == ([], [Kind.CALLED])


def test_of_a_team_those_are_told_who_are_there(form: Inbox, nora: Agent, tomas: Agent) -> None:
    promised(form, {"at": "due", "do": "notify", "whom": "team"})
    go_away(nora, by=nora)
    passed(2.1)
    assert (told(nora), told(tomas)) == ([], [Kind.UNKEPT])
    assert not Event.objects.filter(kind="promise.called_on").exists()


def test_where_nobody_at_all_is_there_those_are_told_whom_it_names(
    form: Inbox, nora: Agent, tomas: Agent, olga: Agent, vera: Agent
) -> None:
    promised(form, {"at": "due", "do": "notify", "whom": "leads"})
    for one in Agent.objects.filter(is_active=True):
        go_away(one, by=one)
    passed(2.1)
    assert (told(tomas), told(olga)) == ([Kind.UNKEPT], [])
