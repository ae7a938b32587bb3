"""The office says who gets what: teams, shifts, capacity and what agents know."""

from typing import Any

from django.urls import reverse

from makegood.calendars.hours import Shift
from makegood.conversations.actions import tag_conversation
from makegood.conversations.models import Tag
from makegood.routing.queries import routing_of
from makegood.routing.setting import strengths_of
from makegood.team.capacity import room_of
from makegood.team.shifts import rota_of

WORK = {"zone": "Europe/Berlin", "day_0": "9–17", "most": "6", "weighs_chat": "2"}


def test_a_team_is_given_its_conversations(client: Any, front: Any, olga: Any) -> None:
    client.force_login(olga)
    said = {"gives": "on", "when_away": "best", "grace_minutes": "5"}
    client.post(reverse("office:team_routing", args=[front.pk]), said)

    row = routing_of(front)
    assert row.gives_since is not None
    assert (row.when_away, row.grace_minutes) == ("best", 5)
    shown = client.get(reverse("office:routing")).content.decode()
    assert "moved on after 5 minutes away" in shown


def test_an_agents_work_is_kept_and_shown_again(
    client: Any, lamp: Any, nora: Any, olga: Any
) -> None:
    tag_conversation(lamp, ["returns"], by=nora)
    client.force_login(olga)
    address = reverse("office:work", args=[nora.pk])
    said = {"well": "returns, language:de", "never": "channel:voice", "days": "2026-12-24"}
    assert client.post(address, WORK | said).status_code == 302

    rota = rota_of(nora)
    assert rota is not None
    assert rota.week[0] == (Shift(540, 1020),)
    assert list(rota.dates.values()) == [()]
    assert (room_of(nora).most, room_of(nora).weight("chat")) == (6, 2)
    number = Tag.objects.get(name="returns").pk
    assert strengths_of(nora) == {
        f"tag:{number}": "well", "language:de": "well", "channel:voice": "not",
    }  # fmt: skip
    shown = client.get(address).content.decode()
    assert 'value="language:de, returns"' in shown


def test_what_cannot_be_read_is_said_and_nothing_is_kept(client: Any, nora: Any, olga: Any) -> None:
    client.force_login(olga)
    answer = client.post(reverse("office:work", args=[nora.pk]), WORK | {"knows": "nothing"})

    assert answer.status_code == 422
    assert "There is no tag “nothing”." in answer.content.decode()
    assert rota_of(nora) is None


def test_who_does_not_set_up_finds_no_such_page(
    client: Any, nora: Any, tomas: Any, front: Any
) -> None:
    for agent in (nora, tomas):
        client.force_login(agent)
        assert client.get(reverse("office:routing")).status_code == 404
        assert client.get(reverse("office:work", args=[nora.pk])).status_code == 404
