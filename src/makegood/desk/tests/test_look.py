"""How the desk looks is each agent's own, on every device; first steps tick themselves."""

from typing import Any

import pytest

from makegood.conversations.models import Conversation
from makegood.conversations.replying import Reply, reply_to
from makegood.desk.first_steps import steps_of
from makegood.desk.tests.asking import HTMX, part, signed_in
from makegood.fulfilment.actions import Wish, state_terms
from makegood.macros.actions import ReplyWish, save_reply
from makegood.team.actions import change_profile, invite_agent
from tests.ordered import an_order


def done(agent: Any) -> list[str]:
    return [str(step.title) for step in steps_of(agent) if step.is_done]


def test_a_look_is_kept_for_every_device(nora: Any) -> None:
    signed_in(nora).post("/me/look/", {"theme": "dark", "density": "compact"})
    elsewhere = signed_in(nora).get("/inbox/waiting/").content.decode()
    assert 'data-theme="dark" data-density="compact"' in elsewhere


def test_what_is_not_said_stays(nora: Any) -> None:
    client = signed_in(nora)
    client.post("/me/look/", {"density": "compact"})
    client.post("/me/look/", {"theme": "light"})
    nora.refresh_from_db()
    assert (nora.theme, nora.density) == ("light", "compact")


def test_a_look_that_is_not_there_is_refused(nora: Any) -> None:
    answer = signed_in(nora).post("/me/look/", {"theme": "pink"}, headers=HTMX)
    assert answer.status_code == 409
    nora.refresh_from_db()
    assert nora.theme == "device"


def test_the_palette_has_the_page_loaded_again(nora: Any) -> None:
    client = signed_in(nora)
    answer = client.post("/me/look/", {"theme": "dark"}, headers=part("toasts"))
    assert answer.headers["HX-Refresh"] == "true"
    answer = client.post("/me/look/", {"theme": "light"}, headers=HTMX)
    assert "HX-Refresh" not in answer.headers


def test_each_step_is_ticked_by_what_happened(olga: Any, request: Any) -> None:
    assert done(olga) == []
    lamp: Conversation = request.getfixturevalue("lamp")
    assert done(olga) == ["Connect a mailbox", "Hear from somebody"]
    change_profile(olga, name="Olga", language="", signature="Warm regards\nOlga")
    olga.refresh_from_db()
    save_reply(None, ReplyWish(name="Late", texts={"en": "Late."}), by=olga)
    reply_to(lamp, Reply(text="It left on Friday."), by=olga)
    assert len(done(olga)) == 5
    invite_agent("pia@lantern.example", role="agent", by=olga)
    assert len(done(olga)) == 6
    an_order("LL-1")
    assert "Connect your shop" in done(olga)
    state_terms(None, Wish(name="Usual"), by=olga)
    assert len(done(olga)) == 8


def test_the_steps_stand_on_the_owners_desk_alone(olga: Any, nora: Any) -> None:
    assert "First steps" in signed_in(olga).get("/inbox/waiting/").content.decode()
    assert "First steps" not in signed_in(nora).get("/inbox/waiting/").content.decode()


def test_steps_that_were_put_away_stay_away(olga: Any) -> None:
    client = signed_in(olga)
    client.post("/first-steps/")
    assert "First steps" not in client.get("/inbox/waiting/").content.decode()
    assert "First steps" in client.get("/first-steps/").content.decode()


@pytest.mark.parametrize("method", ["get", "post"])
def test_first_steps_are_nothing_to_others(nora: Any, method: str) -> None:
    assert getattr(signed_in(nora), method)("/first-steps/").status_code == 404
