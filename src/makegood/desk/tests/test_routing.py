"""Asking for the next one, saying that one is away, and reading why somebody was chosen."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from makegood.conversations.actions import assign_conversation
from makegood.desk.standing import back_at
from makegood.kit.errors import Refused
from makegood.presence.actions import Spot, beat
from makegood.routing.actions import take_next
from makegood.team.absences import absence_of

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def test_the_next_one_opens(client: Any, lamp: Any, nora: Any) -> None:
    client.force_login(nora)
    answer = client.post(reverse("desk:next"))

    assert answer.status_code == 302
    assert answer.url.startswith(f"/conversations/{lamp.pk}/")
    lamp.refresh_from_db()
    assert lamp.assignee == nora


def test_where_nothing_waits_it_is_said(client: Any, lamp: Any, vera: Any) -> None:
    client.force_login(vera)
    answer = client.post(reverse("desk:next"), follow=True)

    assert "Nothing waits that you could take now." in answer.content.decode()
    lamp.refresh_from_db()
    assert lamp.assignee is None


def test_the_palette_is_led_there_too(client: Any, lamp: Any, nora: Any) -> None:
    client.force_login(nora)
    answer = client.post(reverse("desk:next"), headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"].startswith(f"/conversations/{lamp.pk}/")

    again = client.post(reverse("desk:next"), headers={"HX-Request": "true"})
    assert again.status_code == 409


def test_an_agent_says_that_they_are_away_and_back(client: Any, nora: Any) -> None:
    client.force_login(nora)
    client.post(reverse("desk:standing"), {"to": "1h"})
    absence = absence_of(nora, timezone.now())
    assert absence is not None
    assert absence.until is not None
    assert "You are away until" in client.get(reverse("desk:standing")).content.decode()

    client.post(reverse("desk:standing"), {"to": "here"})
    assert absence_of(nora, timezone.now()) is None


def test_the_button_says_that_one_is_away_and_its_menu_closes(client: Any, nora: Any) -> None:
    client.force_login(nora)
    asked = {"HX-Request": "true", "HX-Target": "standing-sheet"}
    opened = client.get(reverse("desk:standing"), headers=asked)
    assert "HX-Trigger" not in opened.headers
    said = client.post(reverse("desk:standing"), {"to": "away"}, headers=asked)
    assert said.headers["HX-Trigger"] == "menu-done"
    assert "standing-sign--away" in said.content.decode()
    views = {"HX-Request": "true", "HX-Target": "saved-views"}
    assert (
        "standing-sign--away" in client.get(reverse("desk:views"), headers=views).content.decode()
    )
    said = client.post(reverse("desk:standing"), {"to": "here"}, headers=asked)
    assert "standing-sign--away" not in said.content.decode()


def test_away_until_is_by_the_agents_own_clock(nora: Any) -> None:
    nora.time_zone = "Europe/Berlin"
    at = back_at("until", "14:30", nora, NOON)
    assert at == datetime(2026, 3, 2, 14, 30, tzinfo=ZoneInfo("Europe/Berlin"))

    tomorrow = back_at("until", "12:30", nora, NOON)
    assert tomorrow == datetime(2026, 3, 3, 12, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    assert back_at("tomorrow", "", nora, NOON) == datetime(2026, 3, 3, 7, 0, tzinfo=UTC)
    assert back_at("away", "", nora, NOON) is None
    with pytest.raises(Refused, match="like 14:30"):
        back_at("until", "soon", nora, NOON)


def test_a_conversation_tells_why_somebody_got_it(
    client: Any, lamp: Any, nora: Any, tomas: Any
) -> None:
    beat("page", Spot(), by=nora)
    take_next(nora)
    assign_conversation(lamp, agent=tomas, team=None, by=tomas)
    client.force_login(tomas)
    told = client.get(reverse("desk:placed", args=[lamp.pk])).content.decode()

    assert "here, 0 of 12" in told
    assert "Tomas chose otherwise." in told


def test_who_may_not_see_it_reads_nothing_of_it(client: Any, lamp: Any, vera: Any) -> None:
    client.force_login(vera)
    assert client.get(reverse("desk:placed", args=[lamp.pk])).status_code == 404
