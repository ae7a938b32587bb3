"""The list of promises, one promise explained, and who keeps it, through the pages."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from makegood.channels.models import Inbox
from makegood.conversations.actions import assign_conversation
from makegood.lead.listing import MOST_LOOKED_AT, Wish, count_promises, count_unsaid, promises_page
from makegood.promises.actions import Word, make_promise
from makegood.promises.causes import say_why
from makegood.promises.models import Cause, Promise
from makegood.promises.ticking import tick
from makegood.team.models import Agent, Team
from tests.promised import MONDAY, H, a_policy, answered, promise, written

AT = MONDAY + 1.75 * H
"""A first answer is at risk and not broken."""
LATE = MONDAY + 3 * H


@pytest.fixture
def matters(form: Inbox) -> dict[str, Any]:
    """Ida is due first, then Karim, then Bo; at eleven less a quarter Ida is at risk."""
    a_policy()
    people = {"ida": 0.0, "karim": 0.5, "bo": 1.0}
    return {
        name: written(form, f"{name} asks", MONDAY + hours * H, email=f"{name}@example.com")
        for name, hours in people.items()
    }


def client_of(agent: Agent) -> Client:
    client = Client()
    client.force_login(agent)
    return client


def seen_at(agent: Agent, at: Any, **asked: str) -> str:
    with time_machine.travel(at, tick=False):
        answer = client_of(agent).get("/promises/", asked)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_the_next_due_stands_first(matters: dict[str, Any], nora: Agent) -> None:
    page = seen_at(nora, AT)
    first = [promise(matters[name], "first_answer").pk for name in ("ida", "karim", "bo")]
    places = [page.index(f'id="promise-{pk}"') for pk in first]
    assert places == sorted(places)


def test_at_risk_and_broken_are_told_apart_and_counted(
    matters: dict[str, Any], nora: Agent
) -> None:
    tick(AT)
    counts = count_promises(nora, AT)
    assert (counts.at_risk, counts.broken) == (1, 0)
    tick(MONDAY + 2.2 * H)
    counts = count_promises(nora, MONDAY + 2.2 * H)
    assert counts.broken == 1
    broken = promises_page(nora, Wish(state="broken"), "", MONDAY + 2.2 * H).rows
    assert [one.conversation_id for one in broken] == [matters["ida"].pk]
    page = seen_at(nora, MONDAY + 2.2 * H, state="broken")
    assert "12 min" in page
    assert "late" in page


def test_what_is_answered_leaves_the_list(matters: dict[str, Any], nora: Agent) -> None:
    answered(matters["ida"], nora, MONDAY + H)
    kept = promise(matters["ida"], "first_answer")
    assert f'id="promise-{kept.pk}"' not in seen_at(nora, AT)


def test_another_team_sees_none_of_it(matters: dict[str, Any], vera: Agent) -> None:
    tick(AT)
    assert "promise-" not in seen_at(vera, AT).split('id="promises"')[1].split("live-feed")[0]
    assert count_promises(vera, AT).at_risk == 0


def test_mine_is_what_rides_on_me(matters: dict[str, Any], nora: Agent, tomas: Agent) -> None:
    assign_conversation(matters["karim"], agent=nora, team=None, by=tomas)
    with time_machine.travel(AT, tick=False):
        word = Word(words="I call you", due_at=AT + H, owner=nora)
        given = make_promise(matters["bo"], word, by=nora)
    rows = promises_page(nora, Wish(mine=True), "", AT).rows
    assert {one.conversation_id for one in rows} == {matters["karim"].pk, matters["bo"].pk}
    assert given in rows
    assert not promises_page(tomas, Wish(mine=True), "", AT).rows


def test_a_kind_a_team_and_an_inbox_can_be_chosen(
    matters: dict[str, Any], nora: Agent, front: Team, mailbox: Inbox, form: Inbox
) -> None:
    assign_conversation(matters["bo"], agent=None, team=front, by=nora)
    kinds = {one.kind for one in promises_page(nora, Wish(kind="resolution"), "", AT).rows}
    assert kinds == {"resolution"}
    teams = promises_page(nora, Wish(team=front.pk), "", AT).rows
    assert {one.conversation_id for one in teams} == {matters["bo"].pk}
    assert not promises_page(nora, Wish(inbox=mailbox.pk), "", AT).rows
    assert len(promises_page(nora, Wish(inbox=form.pk), "", AT).rows) == 6


def test_a_filter_that_is_none_filters_nothing(matters: dict[str, Any], nora: Agent) -> None:
    page = seen_at(nora, AT, state="wild", team="x", inbox="999999", after="damaged", kind="?")
    assert page.count('class="due due--') == 6


def test_pages_follow_one_another_by_key(matters: dict[str, Any], nora: Agent) -> None:
    template = promise(matters["bo"], "first_answer")
    more = []
    for number in range(120):
        due = AT + timedelta(minutes=number // 2)
        more.append(Promise(**_like(template, due)))
    Promise.objects.bulk_create(more)
    found, after = [], ""
    while True:
        page = promises_page(nora, Wish(), after, AT)
        found += [(one.due_at, one.pk) for one in page.rows]
        after = page.next
        if not after:
            break
    assert found == sorted(found)
    assert len(found) == len(set(found)) == Promise.objects.count()


def _like(one: Promise, due: Any) -> dict[str, Any]:
    return {
        "kind": "personal", "conversation": one.conversation, "made_by": "agent:1",
        "made_at": one.made_at, "since": one.since, "words": "x", "due_at": due, "warn_at": due,
    }  # fmt: skip


def test_a_rare_filter_looks_only_so_far_and_says_so(
    matters: dict[str, Any], nora: Agent, monkeypatch: Any
) -> None:
    monkeypatch.setattr("makegood.lead.listing.MOST_LOOKED_AT", 4)
    rows: list[Promise] = []
    after, rounds = "", 0
    while rounds == 0 or after:
        page = promises_page(nora, Wish(kind="resolution"), after, AT)
        rows += page.rows
        assert page.is_partial == bool(page.next)
        after, rounds = page.next, rounds + 1
    assert len(rows) == 3
    assert rounds > 1
    assert MOST_LOOKED_AT > 1000


def test_the_list_asks_few_questions_however_long_it_is(
    matters: dict[str, Any], nora: Agent, django_assert_max_num_queries: Any
) -> None:
    client = client_of(nora)
    with django_assert_max_num_queries(12):
        assert client.get("/promises/").status_code == 200


def test_the_rail_asks_little(
    matters: dict[str, Any], nora: Agent, django_assert_max_num_queries: Any
) -> None:
    tick(AT)
    client = client_of(nora)
    with time_machine.travel(AT, tick=False), django_assert_max_num_queries(6):
        answer = client.get("/promises/count/")
    assert "at risk" in answer.content.decode()


def test_a_promise_says_why_it_is_due_then(matters: dict[str, Any], nora: Agent) -> None:
    one = promise(matters["ida"], "first_answer")
    with time_machine.travel(AT, tick=False):
        page = client_of(nora).get(f"/promises/{one.pk}/").content.decode()
        part = client_of(nora).get(f"/promises/{one.pk}/", HTTP_HX_TARGET=f"why-{one.pk}-sheet")
        data = client_of(nora).get(f"/promises/{one.pk}/why.json").json()
    assert "So it is due on" in page
    assert "strip__runs" in page
    assert "<html" not in part.content.decode()
    assert data["due_at"] == one.due_at.isoformat()
    assert data["counted"][0]["seconds"] == 7200


def test_no_page_of_promises_writes_style_into_its_marks(
    matters: dict[str, Any], nora: Agent, tomas: Agent
) -> None:
    tick(AT)
    one = promise(matters["ida"], "first_answer")
    for address in ("/promises/", f"/promises/{one.pk}/", "/lead/"):
        with time_machine.travel(AT, tick=False):
            page = client_of(tomas).get(address).content.decode()
        assert " style=" not in page
        assert "<style" not in page


def test_a_policys_promise_goes_with_its_conversation(
    matters: dict[str, Any], nora: Agent, tomas: Agent
) -> None:
    one = promise(matters["ida"], "first_answer")
    answer = client_of(tomas).post(f"/promises/{one.pk}/owner/", {"agent": nora.pk})
    assert answer.status_code == 302
    matters["ida"].refresh_from_db()
    assert matters["ida"].assignee == nora


def test_a_word_is_handed_on_alone(matters: dict[str, Any], nora: Agent, tomas: Agent) -> None:
    with time_machine.travel(AT, tick=False):
        word = Word(words="I call you", due_at=AT + H, owner=nora)
        given = make_promise(matters["bo"], word, by=nora)
    back = "http://testserver/lead/"
    asked = {"agent": tomas.pk, "back": back}
    answer = client_of(nora).post(f"/promises/{given.pk}/owner/", asked)
    given.refresh_from_db()
    matters["bo"].refresh_from_db()
    assert (given.owner, matters["bo"].assignee) == (tomas, None)
    assert answer.headers["Location"] == back
    asked["back"] = "https://evil.example/"
    answer = client_of(nora).post(f"/promises/{given.pk}/owner/", asked)
    assert answer.headers["Location"] == f"/promises/{given.pk}/"


def test_who_may_not_see_it_is_not_offered_and_not_taken(
    matters: dict[str, Any], nora: Agent, vera: Agent
) -> None:
    one = promise(matters["ida"], "first_answer")
    assert "Vera" not in client_of(nora).get(f"/promises/{one.pk}/owner/").content.decode()
    answer = client_of(nora).post(f"/promises/{one.pk}/owner/", {"agent": vera.pk})
    assert answer.status_code == 409
    assert client_of(vera).get(f"/promises/{one.pk}/").status_code == 404


def test_what_broke_and_asks_why_is_found_and_leaves_when_it_is_said(
    matters: dict[str, Any], nora: Agent
) -> None:
    tick(MONDAY + 2.7 * H)
    ida, karim = (promise(matters[name], "first_answer") for name in ("ida", "karim"))
    found = promises_page(nora, Wish(state="unsaid"), "", LATE)
    assert [one.pk for one in found.rows] == [karim.pk, ida.pk]
    assert count_unsaid(nora) == 2
    cause = Cause.objects.get(known="many")
    say_why(ida, cause=cause, words="", by=nora)
    assert [one.pk for one in promises_page(nora, Wish(state="unsaid"), "", LATE).rows] == [
        karim.pk
    ]
    assert [one.pk for one in promises_page(nora, Wish(cause=cause.pk), "", LATE).rows] == [ida.pk]
    of_late = Wish(cause=cause.pk, days=28)
    assert [one.pk for one in promises_page(nora, of_late, "", LATE).rows] == [ida.pk]
    long_after = LATE + timedelta(days=40)
    assert not promises_page(nora, of_late, "", long_after).rows
    page = seen_at(nora, LATE, cause=str(cause.pk), days="28")
    assert "too many at once" in page
    assert f'id="promise-{ida.pk}"' in page
