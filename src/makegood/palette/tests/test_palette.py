"""Whoever types a few letters is offered what they may open, and nothing else."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from makegood.conversations.actions import tag_conversation
from makegood.conversations.models import Conversation
from makegood.conversations.saving import ViewSettings, save_view
from makegood.desk.tests.asking import HTMX, at_most, signed_in
from makegood.macros.actions import MacroWish, ReplyWish, save_macro, save_reply
from makegood.palette.commands import OPEN
from makegood.palette.finding import found_for
from makegood.palette.places import GROUPS
from makegood.sending.models import Prepared
from makegood.team.actions import change_agent
from makegood.team.roles import save_role
from tests.world import arrive, conversation_of, mail_bytes, write_form

EVERYBODY = ["nora", "vera", "tomas", "olga"]


def commands(client: Client) -> list[dict[str, Any]]:
    return list(client.get("/palette/commands/").json()["commands"])


def titles(agent: Any, typed: str) -> list[str]:
    return [str(one.title) for one in found_for(agent, typed)]


@pytest.mark.parametrize("who", EVERYBODY)
def test_everything_offered_opens(who: str, request: Any, lamp: Conversation) -> None:
    client = signed_in(request.getfixturevalue(who))
    plain = [one for one in commands(client) if one.get("to") and "send" not in one]
    ways = [one["to"] for one in plain if OPEN not in one["to"]]
    assert len(ways) > 20
    answers = {to: client.get(to).status_code for to in ways}
    assert {to: code for to, code in answers.items() if code not in (200, 302)} == {}


@pytest.mark.parametrize("who", EVERYBODY)
def test_what_is_not_offered_is_not_open(who: str, request: Any) -> None:
    client = signed_in(request.getfixturevalue(who))
    offered = {one.get("to") for one in commands(client)}
    places = [place for _title, group in GROUPS for place in group]
    kept_back = [place.address for place in places if place.address not in offered]
    assert [to for to in kept_back if client.get(to).status_code != 404] == []
    assert bool(kept_back) == (who != "olga")


def test_a_stranger_is_offered_nothing(client: Client, db: None) -> None:
    answer = client.get("/palette/commands/")
    assert answer.status_code == 302
    assert "/accounts/login/" in answer.headers["Location"]


def test_what_stayed_the_same_is_not_sent_again(nora: Any) -> None:
    client = signed_in(nora)
    mark = client.get("/palette/commands/").json()["mark"]
    again = client.get(f"/palette/commands/?have={mark}")
    assert (again.status_code, again.content) == (204, b"")
    save_view(ViewSettings(name="Late", query="is:open"), by=nora)
    fresh = client.get(f"/palette/commands/?have={mark}")
    assert "Late" in [one["title"] for one in fresh.json()["commands"]]


def test_views_and_macros_of_others_are_not_offered(nora: Any, vera: Any, olga: Any) -> None:
    save_view(ViewSettings(name="Nora's late ones", query="is:open"), by=nora)
    wish = MacroWish(name="Nora's own", acts=[("tag", "late")], agent=nora)
    save_macro(None, wish, by=nora)
    save_macro(None, MacroWish(name="Everybody's", acts=[("tag", "late")]), by=olga)
    hers, others = ({one["title"] for one in commands(signed_in(agent))} for agent in (nora, vera))
    assert {"Nora's late ones", "Nora's own", "Everybody's"} <= hers
    assert others & {"Nora's late ones", "Nora's own", "Everybody's"} == {"Everybody's"}


def test_customers_are_found_by_the_beginnings_of_their_words(lamp: Any, nora: Any) -> None:
    for typed in ("ida", "be", "berg ida", "ida@exam"):
        assert titles(nora, typed)[0] == "Ida Berg", typed
    assert "Ida Berg" not in titles(nora, "karim")
    assert "Ida Berg" not in titles(nora, "ida karim")


def test_the_newest_of_many_of_one_name_stands_first(
    form: Any, nora: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr("makegood.customers.finding.WALKED", 3)
    for number in range(6):
        write_form(form, "Hello", email=f"ida{number}@example.com", name=f"Ida {number}")
    assert titles(nora, "ida")[0] == "Ida 5"


def test_nobody_finds_whom_they_may_not_see(lamp: Conversation, vera: Any, nora: Any) -> None:
    assert "Ida Berg" in titles(nora, "ida")
    assert [one for one in titles(vera, "ida") if "“" not in one] == []
    assert f"#{lamp.pk} {lamp.subject}" in titles(nora, str(lamp.pk))
    assert [one for one in titles(vera, str(lamp.pk)) if "“" not in one] == []


def test_a_number_leads_to_its_conversation(lamp: Conversation, nora: Any) -> None:
    for typed in (str(lamp.pk), f"#{lamp.pk}"):
        assert found_for(nora, typed)[0].to == f"/conversations/{lamp.pk}/"
    assert all("#" not in one for one in titles(nora, "999999"))
    assert titles(nora, "9" * 40)


def test_nothing_typed_finds_nothing(nora: Any) -> None:
    assert found_for(nora, "  ") == []


def test_a_word_in_english_is_known_in_german(nora: Any) -> None:
    nora.language = "de"
    nora.save()
    offered = {one["name"]: one for one in commands(signed_in(nora))}
    assign = offered["key:a"]
    assert assign["title"] == "Zuweisen"
    assert {"Assign", "owner"} <= set(assign["words"].split())


def test_looking_somebody_up_asks_little(lamp: Conversation, nora: Any) -> None:
    client = signed_in(nora)
    client.get("/palette/found/?q=ida")
    with at_most(11):
        found = client.get("/palette/found/?q=ida").json()["commands"]
    assert found[0]["title"] == "Ida Berg"


def test_without_script_it_is_a_page(lamp: Conversation, nora: Any) -> None:
    shown = signed_in(nora).get("/palette/?q=ida").content.decode()
    assert "Ida Berg" in shown
    assert "/inbox/waiting/" in shown
    assert "/office/inboxes/" not in shown


def test_acts_are_offered_with_what_they_take(lamp: Conversation, nora: Any, tomas: Any) -> None:
    tag_conversation(lamp, ["late parcel"], by=nora)
    offered = {one["name"]: one for one in commands(signed_in(nora))}
    assert offered[f"act:assign:{tomas.ref}"]["title"] == "Assign: Tomas"
    assert {"act:tag:late parcel", "act:priority:urgent", "act:rest:1d"} <= {
        name.replace("act:snooze", "act:rest") for name in offered
    }


def test_an_act_is_done_to_the_open_conversation(lamp: Conversation, nora: Any, tomas: Any) -> None:
    client = signed_in(nora)
    offered = {one["name"]: one for one in commands(client)}
    for name in (f"act:assign:{tomas.ref}", "act:priority:urgent"):
        one = offered[name]
        to = one["to"].replace(OPEN, str(lamp.pk))
        assert client.post(to, one["send"], headers=HTMX).status_code == 200
    lamp.refresh_from_db()
    assert lamp.assignee == tomas
    assert lamp.get_priority_display() == "urgent"


def test_an_act_that_makes_no_sense_is_refused_in_words(lamp: Conversation, nora: Any) -> None:
    to = f"/conversations/{lamp.pk}/acts/"
    for sent in ({"do": "fly"}, {"do": "priority", "with": "whatever"}, {}):
        answer = signed_in(nora).post(to, sent, headers=HTMX)
        assert answer.status_code == 409, sent
    lamp.refresh_from_db()
    assert lamp.get_priority_display() == "normal"


@pytest.mark.parametrize(
    "query", ["", "?theme=dark", "?theme=dark&from=rtl", "?theme=pink&from=up"]
)
def test_the_design_page_shows_real_parts(olga: Any, query: str) -> None:
    shown = signed_in(olga).get(f"/office/style/{query}").content.decode()
    for part in ("button--main", "row--unread", "message--incoming", "note__words", "empty--done"):
        assert part in shown, part
    assert ('dir="rtl"' in shown) == ("rtl" in query)


def test_the_design_page_is_for_whoever_sets_up(nora: Any) -> None:
    assert signed_in(nora).get("/office/style/").status_code == 404


def test_what_is_being_written_leaves_in_another_way(nora: Any, olga: Any) -> None:
    offered = {one["name"]: one for one in commands(signed_in(nora))}
    later = offered["put:later@tomorrow"]
    assert later["form"] == "#reply-form"
    assert later["send"] == {"put": "later@tomorrow"}
    assert later["to"] == "/conversations/{conversation}/prepared/"
    role = save_role(None, name="Sorter", words="", permissions=["act"], by=olga)
    change_agent(nora, role=f"own:{role.pk}", by=olga)
    nora.refresh_from_db()
    assert "put:later@tomorrow" not in {one["name"] for one in commands(signed_in(nora))}


@pytest.mark.parametrize("word", ["2h", "evening", "tomorrow", "monday"])
def test_every_word_of_the_palette_is_a_time(word: str, mailbox: Any, nora: Any) -> None:
    here = conversation_of(arrive(mailbox, mail_bytes("Where is it?")))
    address = f"/conversations/{here.pk}/prepared/"
    said = {"text": "Soon.", "put": f"later@{word}", "seen": here.last_message}
    answer = signed_in(nora).post(address, said)
    prepared = Prepared.objects.first()
    is_over = word == "evening" and timezone.localtime().hour >= 18
    assert (prepared is None) == is_over, answer.content.decode()[:400]


def test_a_saved_reply_is_found_to_be_put_in(nora: Any, vera: Any) -> None:
    wish = ReplyWish(name="Late parcel", shortcut="late", texts={"en": "Sorry!"}, agent=nora)
    reply = save_reply(None, wish, by=nora)
    (found,) = [one for one in found_for(nora, "late par") if one.insert]
    assert (found.insert, found.title) == (reply.pk, "Late parcel")
    assert not [one for one in found_for(vera, "late par") if one.insert]
