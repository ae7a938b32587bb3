from typing import Any

import pytest
from django.test import Client

from makegood.bulk.models import BulkAct
from makegood.bulk.working import work_on_next
from makegood.conversations.models import Conversation
from makegood.desk.tests.asking import part, signed_in
from tests.world import conversation_of, write_form


@pytest.fixture
def as_nora(nora: Any) -> Client:
    return signed_in(nora)


@pytest.fixture
def loom(form: Any) -> Conversation:
    return conversation_of(write_form(form, "Where is my loom?", subject="My loom"))


def ask(client: Client, *them: Conversation, at: str = "?view=open", **data: Any) -> Any:
    return client.post(f"/bulk/{at}", {"pick": [one.pk for one in them], **data})


def statuses(*them: Conversation) -> list[str]:
    return [Conversation.objects.get(pk=one.pk).status for one in them]


def test_what_is_chosen_is_settled_and_the_list_says_so_with_a_way_back(
    lamp: Conversation, loom: Conversation, as_nora: Client
) -> None:
    answer = ask(as_nora, lamp, loom, do="resolve")
    assert statuses(lamp, loom) == ["resolved", "resolved"]
    done = BulkAct.objects.get()
    assert answer["Location"] == f"/inbox/open/?did={done.pk}"
    page = as_nora.get(answer["Location"]).content.decode()
    assert "2 conversations" in page
    assert f"/bulk/{done.pk}/undo/?view=open" in page
    answer = as_nora.post(f"/bulk/{done.pk}/undo/?view=open")
    assert statuses(lamp, loom) == ["open", "open"]
    assert "2 are as they were before" in as_nora.get(answer["Location"]).content.decode()


def test_an_act_that_needs_more_asks_for_it_and_keeps_what_was_chosen(
    lamp: Conversation, loom: Conversation, nora: Any, as_nora: Client
) -> None:
    answer = ask(as_nora, lamp, loom, do="assign")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert page.count('name="pick"') == 2
    assert nora.ref in page
    ask(as_nora, lamp, loom, do="assign", what=nora.ref)
    assert Conversation.objects.filter(assignee=nora).count() == 2


@pytest.mark.parametrize(
    ("what", "data"),
    [("tag", {"what": "#Late, carrier"}), ("snooze", {"until": "2031-01-01T09:00"})],
)
def test_words_and_times_are_taken(
    what: str, data: dict[str, str], lamp: Conversation, as_nora: Client
) -> None:
    assert "bulk-ask" in ask(as_nora, lamp, do=what).content.decode()
    ask(as_nora, lamp, do=what, **data)
    lamp.refresh_from_db()
    tags = list(lamp.tags.values_list("name", flat=True))
    came = {"tag": tags == ["carrier", "late"], "snooze": lamp.status == "snoozed"}
    assert came[what]


def test_a_time_that_has_passed_is_refused_and_told(lamp: Conversation, as_nora: Client) -> None:
    answer = ask(as_nora, lamp, do="snooze", until="2020-01-01T09:00")
    page = as_nora.get(answer["Location"]).content.decode()
    assert "1 refused" in page
    number = BulkAct.objects.get().pk
    assert "still to come" in as_nora.get(f"/bulk/{number}/").content.decode()


def test_who_is_not_here_is_refused_in_words(lamp: Conversation, as_nora: Client) -> None:
    answer = ask(as_nora, lamp, do="assign", what="agent:99999")
    assert answer.status_code == 422
    assert "There is no agent" in answer.content.decode()


def test_all_of_a_list_is_tried_begun_and_followed(
    lamp: Conversation, loom: Conversation, as_nora: Client
) -> None:
    answer = ask(as_nora, do="resolve", all="1")
    place = answer["Location"]
    assert "Looking" in as_nora.get(place).content.decode()
    while work_on_next():
        pass
    page = as_nora.get(place).content.decode()
    assert "It would change 2 conversations." in page
    assert "hx-trigger" not in page.partition('id="bulk"')[2].partition(">")[0]
    assert statuses(lamp, loom) == ["open", "open"]
    as_nora.post(f"{place}begin/")
    fresh = as_nora.get(place, headers=part("bulk")).content.decode()
    assert 'hx-trigger="every 1s"' in fresh
    assert "<html" not in fresh
    while work_on_next():
        pass
    assert "2 of 2" in as_nora.get(place).content.decode()
    assert statuses(lamp, loom) == ["resolved", "resolved"]


def test_all_that_a_question_finds_is_what_it_acts_on(
    lamp: Conversation, loom: Conversation, as_nora: Client
) -> None:
    ask(as_nora, at="?q=loom", do="resolve", all="1")
    assert BulkAct.objects.get().source == {"q": "loom"}


def test_a_question_that_makes_no_sense_is_refused(lamp: Conversation, as_nora: Client) -> None:
    answer = ask(as_nora, at="?q=status:nonsense", do="resolve", all="1")
    assert answer.status_code == 409
    assert BulkAct.objects.count() == 0


def test_nothing_chosen_is_told(lamp: Conversation, as_nora: Client) -> None:
    answer = ask(as_nora, do="resolve")
    assert answer.status_code == 409
    assert "Nothing is chosen" in answer.content.decode()


def test_what_was_tried_can_be_left(lamp: Conversation, as_nora: Client) -> None:
    place = ask(as_nora, do="resolve", all="1")["Location"]
    while work_on_next():
        pass
    as_nora.post(f"{place}stop/")
    assert "It was left" in as_nora.get(place).content.decode()
    as_nora.post(f"{place}begin/")
    assert work_on_next() == 0
    assert statuses(lamp) == ["open"]


def test_ones_own_acts_stand_in_a_list(lamp: Conversation, as_nora: Client, tomas: Any) -> None:
    ask(as_nora, lamp, do="resolve")
    assert "Resolve" in as_nora.get("/bulk/").content.decode()
    assert "Nothing yet" in signed_in(tomas).get("/bulk/").content.decode()


def test_word_of_somebody_elses_act_is_not_told(
    lamp: Conversation, as_nora: Client, tomas: Any
) -> None:
    ask(as_nora, lamp, do="resolve")
    number = BulkAct.objects.get().pk
    assert "did__words" in as_nora.get(f"/inbox/open/?did={number}").content.decode()
    for wrong in (str(number), "x", "9" * 40):
        page = signed_in(tomas).get(f"/inbox/open/?did={wrong}").content.decode()
        assert "did__words" not in page
