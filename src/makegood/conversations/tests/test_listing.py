from datetime import timedelta
from typing import Any

import pytest

from makegood.conversations import finding
from makegood.conversations.finding import VIEWS, counts, inbox_page
from makegood.conversations.replying import Reply, reply_to
from tests.world import EARLIER, conversation_of, write_form


@pytest.fixture
def seven(form: Any, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    monkeypatch.setattr(finding, "PAGE", 3)
    made = []
    for number in range(7):
        outcome = write_form(
            form,
            f"Question {number}",
            at=EARLIER + timedelta(minutes=number),
            email=f"person{number}@example.com",
        )
        made.append(conversation_of(outcome).pk)
    return made


@pytest.mark.parametrize("who", ["nora", "olga"])
def test_pages_by_key_show_each_conversation_once(
    seven: list[int], who: str, request: pytest.FixtureRequest
) -> None:
    agent = request.getfixturevalue(who)
    shown: list[int] = []
    after = ""
    for _page in range(3):
        page = inbox_page(agent, VIEWS["waiting"], after)
        shown += [row.pk for row in page.rows]
        after = page.next
    assert shown == seven
    assert after == ""


def test_a_damaged_mark_begins_at_the_front(seven: list[int], nora: Any) -> None:
    assert [row.pk for row in inbox_page(nora, VIEWS["waiting"], "%%%").rows] == seven[:3]


def test_another_teams_agent_sees_an_empty_inbox(seven: list[int], vera: Any) -> None:
    assert not inbox_page(vera, VIEWS["waiting"]).rows
    assert counts(vera)["waiting"] == 0


def test_counts_follow_what_was_done(seven: list[int], nora: Any) -> None:
    from makegood.conversations.queries import conversation_for

    reply_to(conversation_for(nora, seven[0]), Reply(text="Yes."), by=nora)
    assert counts(nora) == {"waiting": 6, "mine": 1, "unassigned": 6, "open": 7}
    assert [row.pk for row in inbox_page(nora, VIEWS["mine"]).rows] == [seven[0]]


@pytest.mark.parametrize("view", sorted(VIEWS))
def test_every_view_can_be_opened(seven: list[int], nora: Any, view: str) -> None:
    assert inbox_page(nora, VIEWS[view]).rows is not None
