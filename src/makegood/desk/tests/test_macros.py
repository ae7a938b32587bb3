"""Saved replies and macros on a conversation's page, with and without script."""

import json
from typing import Any

import pytest
from django.test import Client

from makegood.conversations.models import Draft, Message
from makegood.desk.tests.asking import part, signed_in
from makegood.macros.actions import MacroWish, ReplyWish, save_macro, save_reply
from makegood.macros.models import Macro, SavedReply

JSON = {"Accept": "application/json"}


@pytest.fixture
def as_nora(nora: Any) -> Client:
    return signed_in(nora)


@pytest.fixture
def late(olga: Any) -> SavedReply:
    texts = {"en": "Dear {customer.first_name|there}, it is late."}
    return save_reply(None, ReplyWish(name="Late", shortcut="late", texts=texts), by=olga)


@pytest.fixture
def closing(olga: Any) -> Macro:
    acts = [("tag", "late"), ("reply", "It left, {customer.first_name|dear}."), ("resolve", "")]
    return save_macro(None, MacroWish(name="Late and done", acts=acts), by=olga)


def test_the_composer_finds_by_words(lamp: Any, as_nora: Client, late: SavedReply) -> None:
    found = as_nora.get(f"/conversations/{lamp.pk}/saved-replies/?q=is late").json()["choices"]
    assert [(one["pk"], one["shortcut"]) for one in found] == [(late.pk, "late")]
    none = as_nora.get(f"/conversations/{lamp.pk}/saved-replies/?q=nothing").json()
    assert none == {"choices": []}


def test_the_composer_gets_the_words_filled_in_and_the_use_is_counted(
    lamp: Any, as_nora: Client, late: SavedReply
) -> None:
    place = f"/conversations/{lamp.pk}/saved-replies/"
    said = as_nora.post(place, {"saved_reply": late.pk}, headers=JSON).json()
    assert said == {"text": "Dear Ida, it is late.", "blanks": []}
    late.refresh_from_db()
    assert late.used == 1
    assert not Draft.objects.exists()


def test_without_script_a_page_asks_and_the_words_go_below_what_was_typed(
    lamp: Any, as_nora: Client, late: SavedReply
) -> None:
    place = f"/conversations/{lamp.pk}/saved-replies/"
    page = as_nora.post(place, {"text": "Hello!"}).text
    assert f'<option value="{late.pk}">Late (/late)</option>' in page
    as_nora.post(place, {"saved_reply": late.pk})
    assert Draft.objects.get().text == "Hello!\n\nDear Ida, it is late."


def test_what_is_not_filled_in_is_said(lamp: Any, as_nora: Client, olga: Any) -> None:
    type(lamp.customer).objects.update(name="")
    wish = ReplyWish(name="Name", texts={"en": "Dear {customer.name},"})
    reply = save_reply(None, wish, by=olga)
    place = f"/conversations/{lamp.pk}/saved-replies/"
    said = as_nora.post(place, {"saved_reply": reply.pk}, headers=JSON).json()
    assert said == {"text": "Dear {customer.name},", "blanks": ["{customer.name}"]}
    page = as_nora.post(place, {"saved_reply": reply.pk}, follow=True).text
    assert "Not filled in: {customer.name}" in page


def test_somebody_elses_own_reply_is_not_there(lamp: Any, as_nora: Client, tomas: Any) -> None:
    reply = save_reply(None, ReplyWish(name="His", texts={"en": "x"}, agent=tomas), by=tomas)
    place = f"/conversations/{lamp.pk}/saved-replies/"
    assert as_nora.post(place, {"saved_reply": reply.pk}).status_code == 404
    assert as_nora.get(place).json() == {"choices": []}


def test_a_macro_is_shown_before_it_runs(lamp: Any, as_nora: Client, closing: Macro) -> None:
    sheet = as_nora.get(f"/conversations/{lamp.pk}/macros/", headers=part("macros-sheet")).text
    assert "Late and done" in sheet
    assert "<html" not in sheet
    place = f"/conversations/{lamp.pk}/macros/{closing.pk}/"
    preview = as_nora.get(place, headers=part("macros-sheet")).text
    for words in ("Put on the tag late", "It left, Ida.", "Resolve it", "Do it"):
        assert words in preview
    lamp.refresh_from_db()
    assert lamp.status == "open"


def test_a_macro_runs_and_the_story_names_it(lamp: Any, as_nora: Client, closing: Macro) -> None:
    place = f"/conversations/{lamp.pk}/macros/{closing.pk}/"
    page = as_nora.post(place, {"seen": lamp.last_message, "client_key": "k"}, follow=True).text
    assert "Done: Late and done" in page
    assert "ran the macro “Late and done”" in page
    lamp.refresh_from_db()
    assert lamp.status == "resolved"


def test_a_macro_runs_and_the_list_beside_it_stays(
    lamp: Any, as_nora: Client, closing: Macro
) -> None:
    place = f"/conversations/{lamp.pk}/macros/{closing.pk}/"
    here = f"http://testserver/conversations/{lamp.pk}/?view=open"
    headers = part("macros-sheet") | {"HX-Current-URL": here}
    said = {"seen": lamp.last_message, "client_key": "k"}
    answer = as_nora.post(place, said, headers=headers)
    led_to = json.loads(answer.headers["HX-Location"])
    assert (led_to["path"], led_to["target"]) == (f"/conversations/{lamp.pk}/?view=open", "#opened")
    lamp.refresh_from_db()
    assert lamp.status == "resolved"


def test_where_the_guard_asks_the_macro_can_be_run_anyway(
    lamp: Any, as_nora: Client, olga: Any
) -> None:
    wish = MacroWish(name="Form", acts=[("reply", "It costs XXX euro.")])
    macro = save_macro(None, wish, by=olga)
    place = f"/conversations/{lamp.pk}/macros/{macro.pk}/"
    said = {"client_key": "k", "seen": lamp.last_message}
    asked = as_nora.post(place, said)
    assert asked.status_code == 422
    assert not Message.objects.filter(direction="outgoing").exists()
    assert "Send anyway" in asked.text
    key = asked.text.partition('name="accept" value="')[2].partition('"')[0]
    as_nora.post(place, {**said, "accept": key})
    assert Message.objects.filter(direction="outgoing").count() == 1


def test_what_a_macro_may_not_do_is_said_on_its_page(
    lamp: Any, as_nora: Client, olga: Any, vera: Any
) -> None:
    acts = [("tag", "late"), ("assign", vera.ref)]
    macro = save_macro(None, MacroWish(name="Vera", acts=acts), by=olga)
    answer = as_nora.post(f"/conversations/{lamp.pk}/macros/{macro.pk}/", {})
    assert answer.status_code == 422
    assert "Nothing was done" in answer.text
    assert not lamp.tags.exists()


def test_without_macros_the_menu_teaches(lamp: Any, as_nora: Client) -> None:
    assert "several things at once" in as_nora.get(f"/conversations/{lamp.pk}/macros/").text


def test_the_composer_shows_the_signature(lamp: Any, nora: Any, as_nora: Client) -> None:
    type(nora).objects.filter(pk=nora.pk).update(signature="Nora\nwith a lamp")
    assert "with a lamp" in as_nora.get(f"/conversations/{lamp.pk}/").text
