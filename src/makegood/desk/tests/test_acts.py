from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from makegood.channels.models import Delivery
from makegood.conversations.models import Conversation
from makegood.conversations.replying import Reply, reply_to
from makegood.desk.tests.asking import HTMX, part, signed_in


@pytest.fixture
def as_nora(nora: Any) -> Client:
    return signed_in(nora)


def act(client: Client, lamp: Conversation, what: str, **data: Any) -> Any:
    headers = data.pop("headers", {})
    answer = client.post(f"/conversations/{lamp.pk}/{what}/", data, headers=headers)
    lamp.refresh_from_db()
    return answer


def test_a_conversation_is_given_to_an_agent(
    lamp: Conversation, tomas: Any, as_nora: Client
) -> None:
    act(as_nora, lamp, "assignment", to=tomas.ref)
    assert lamp.assignee == tomas


def test_a_team_gets_it_without_an_agent(
    lamp: Conversation, front: Any, nora: Any, as_nora: Client
) -> None:
    act(as_nora, lamp, "assignment", to=nora.ref)
    act(as_nora, lamp, "assignment", to=front.ref)
    assert (lamp.assignee, lamp.team) == (None, front)


def test_it_can_be_given_back_to_everybody(lamp: Conversation, nora: Any, as_nora: Client) -> None:
    act(as_nora, lamp, "assignment", to=nora.ref)
    act(as_nora, lamp, "assignment", to="nobody")
    assert lamp.assignee is None


def test_who_is_not_here_gets_nothing(lamp: Conversation, as_nora: Client) -> None:
    assert act(as_nora, lamp, "assignment", to="agent:9999").status_code == 422
    assert lamp.assignee is None


def test_taking_it_oneself_is_told_so(lamp: Conversation, nora: Any, as_nora: Client) -> None:
    act(as_nora, lamp, "assignment", to=nora.ref)
    assert "Nora took this" in as_nora.get(f"/conversations/{lamp.pk}/").content.decode()


def test_tags_are_words_with_commas_between(lamp: Conversation, as_nora: Client) -> None:
    act(as_nora, lamp, "tags", tags="Late parcel, #carrier")
    assert list(lamp.tags.values_list("name", flat=True)) == ["carrier", "late parcel"]


def test_settling_and_opening_again(lamp: Conversation, as_nora: Client) -> None:
    act(as_nora, lamp, "resolution", seen=lamp.last_message)
    assert lamp.status == "resolved"
    act(as_nora, lamp, "resolution/undo")
    assert lamp.status == "open"


def test_putting_aside_until_a_time(lamp: Conversation, as_nora: Client) -> None:
    until = timezone.now() + timedelta(days=1)
    act(as_nora, lamp, "rest", until=until.isoformat())
    assert lamp.status == "snoozed"


def test_a_time_that_has_passed_is_refused_in_words(lamp: Conversation, as_nora: Client) -> None:
    answer = act(as_nora, lamp, "rest", until="2020-01-01T09:00")
    assert answer.status_code == 422
    assert "still to come" in answer.content.decode()
    assert lamp.status == "open"


def test_what_is_no_time_is_asked_again(lamp: Conversation, as_nora: Client) -> None:
    assert act(as_nora, lamp, "rest", until="soon").status_code == 422


def test_an_act_by_htmx_brings_the_head_as_it_is_now(lamp: Conversation, as_nora: Client) -> None:
    answer = act(as_nora, lamp, "resolution", seen=lamp.last_message, headers=HTMX)
    assert "Open again" in answer.content.decode()
    assert "<html" not in answer.content.decode()


@pytest.mark.parametrize("what", ["assignment", "tags", "rest"])
def test_a_menu_asks_in_its_sheet_and_on_a_page(
    lamp: Conversation, as_nora: Client, what: str
) -> None:
    address = f"/conversations/{lamp.pk}/{what}/"
    assert "<html" in as_nora.get(address).content.decode()
    sheet = as_nora.get(address, headers=part(f"{what}-sheet")).content.decode()
    assert "<html" not in sheet
    assert f'action="{address}"' in sheet


def test_what_came_back_can_be_sent_again(lamp: Conversation, nora: Any, as_nora: Client) -> None:
    message = reply_to(lamp, Reply(text="It left."), by=nora)
    Delivery.objects.update(state="bounced", settled_at=timezone.now())
    as_nora.post(f"/messages/{message.pk}/delivery/")
    assert Delivery.objects.get().state == "queued"


@pytest.mark.parametrize("until", ["9999-12-31T23:59:00+0000", "9999-12-31T23:59:00-1200"])
def test_nothing_rests_beyond_the_calendar(lamp: Any, nora: Any, until: str) -> None:
    client = signed_in(nora)
    answer = client.post(f"/conversations/{lamp.pk}/rest/", {"until": until})
    assert answer.status_code in (409, 422)
    assert client.get("/inbox/snoozed/").status_code == 200
