"""Who may keep what for whom, what is refused, and what the ledger says of it."""

from typing import Any

import pytest
from django.http import Http404

from makegood.kit.errors import Refused
from makegood.ledger.models import Event
from makegood.macros.actions import (
    MacroWish,
    ReplyWish,
    count_use,
    remove_reply,
    save_macro,
    save_reply,
)
from makegood.macros.models import SavedReply
from makegood.macros.queries import (
    macro_to_change,
    reply_for,
    reply_to_change,
    saved_replies_for,
    written_for,
)

LATE = {"en": "It is late, {customer.first_name|dear}.", "de": "Es verspätet sich."}


def wish(name: str = "Late", **more: Any) -> ReplyWish:
    return ReplyWish(name=name, texts=more.pop("texts", LATE), **more)


def test_everybodys_is_offered_to_everybody_and_changed_by_owners(olga: Any, nora: Any) -> None:
    reply = save_reply(None, wish(), by=olga)
    assert saved_replies_for(nora) == [reply]
    assert reply_to_change(olga, reply.pk) == reply
    with pytest.raises(Http404):
        reply_to_change(nora, reply.pk)


def test_an_agent_keeps_for_themselves_alone(nora: Any, tomas: Any, olga: Any) -> None:
    own = save_reply(None, wish(agent=nora), by=nora)
    assert [saved_replies_for(one) for one in (nora, tomas, olga)] == [[own], [], []]
    with pytest.raises(Http404):
        reply_for(olga, own.pk)
    with pytest.raises(Refused, match="ask an owner"):
        save_reply(None, wish("Else"), by=nora)


def test_a_lead_keeps_for_their_own_team(front: Any, back: Any, tomas: Any, vera: Any) -> None:
    reply = save_reply(None, wish(team=front), by=tomas)
    assert saved_replies_for(tomas) == [reply]
    assert saved_replies_for(vera) == []
    with pytest.raises(Refused):
        save_reply(None, wish("Else", team=back), by=tomas)


def test_two_of_one_name_or_shortcut_are_refused(olga: Any, nora: Any) -> None:
    save_reply(None, wish(shortcut="/late"), by=olga)
    with pytest.raises(Refused, match="already one"):
        save_reply(None, wish("LATE"), by=olga)
    with pytest.raises(Refused, match="/late is taken"):
        save_reply(None, wish("Other", shortcut="late"), by=olga)
    assert save_reply(None, wish("late", shortcut="late", agent=nora), by=nora).pk


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        ({}, "Write what"),
        ({"en": "  "}, "Write what"),
        ({"xx": "Hello"}, "no language"),
        ({"en": "Dear {nobody}"}, "Line 1"),
        ({"en": "x" * 20_001}, "longer"),
    ],
)
def test_what_cannot_be_is_refused_in_words(olga: Any, texts: Any, words: str) -> None:
    with pytest.raises(Refused, match=words):
        save_reply(None, wish(texts=texts), by=olga)
    assert not SavedReply.objects.exists()


def test_the_ledger_keeps_what_it_said_before(olga: Any) -> None:
    reply = save_reply(None, wish(), by=olga)
    save_reply(reply, wish(texts={"en": "Soon."}), by=olga)
    remove_reply(reply, by=olga)
    made, changed, removed = Event.objects.filter(kind__startswith="savedreply.").order_by("pk")
    assert made.facts["before"] == {}
    assert (changed.facts["before"]["texts"], changed.facts["after"]["texts"]) == (
        LATE,
        {"en": "Soon."},
    )
    assert removed.facts["before"]["texts"] == {"en": "Soon."}


def test_words_find_in_name_shortcut_and_text_and_the_most_used_stand_first(olga: Any) -> None:
    late = save_reply(None, wish(shortcut="late"), by=olga)
    lost = save_reply(None, wish("Lost", texts={"en": "We are so sorry: late, lost."}), by=olga)
    count_use(lost)
    assert saved_replies_for(olga) == [lost, late]
    assert saved_replies_for(olga, "late") == [late, lost]
    assert saved_replies_for(olga, "sorry lost") == [lost]
    assert saved_replies_for(olga, "verspätet") == [late]


def test_the_customers_language_chooses_the_words(olga: Any, nora: Any, lamp: Any) -> None:
    reply = save_reply(None, wish(), by=olga)
    assert written_for(reply, lamp, nora).text == "It is late, Ida."
    lamp.customer.language = "de"
    assert written_for(reply, lamp, nora).text == "Es verspätet sich."


@pytest.mark.parametrize(
    ("acts", "words"),
    [
        ([], "at least one"),
        ([("fly", "")], "Act 1: There is no act"),
        ([("resolve", ""), ("tag", " ")], "Act 2: Name a tag"),
        ([("snooze", "soon")], "3h"),
        ([("assign", "agent:9")], "no agent"),
        ([("assign", "nobody@x.example")], "no agent"),
        ([("team", "Nowhere")], "no team"),
        ([("reply", "Dear {x}")], "Line 1"),
        ([("reply", "One."), ("reply", "Two.")], "one answer"),
        ([("tag", "a")] * 21, "more than 20"),
    ],
)
def test_acts_that_cannot_be_are_refused_with_their_place(olga: Any, acts: Any, words: str) -> None:
    with pytest.raises(Refused, match=words):
        save_macro(None, MacroWish(name="Late", acts=acts), by=olga)


def test_acts_are_kept_as_they_are_meant(olga: Any, nora: Any, front: Any) -> None:
    typed = [("assign", nora.email), ("team", "Front"), ("tag", "#Late"), ("snooze", "2 D")]
    macro = save_macro(None, MacroWish(name="Late", acts=typed), by=olga)
    assert [act["with"] for act in macro.acts] == [nora.ref, front.ref, "late", "2d"]
    with pytest.raises(Http404):
        macro_to_change(nora, macro.pk)


@pytest.mark.parametrize(("name", "words"), [("join", "1"), ("read", "")])
def test_what_hangs_on_one_conversation_is_no_part_of_a_macro(
    olga: Any, name: str, words: str
) -> None:
    with pytest.raises(Refused, match="A macro cannot do this"):
        save_macro(None, MacroWish(name="Odd", acts=[(name, words)]), by=olga)
