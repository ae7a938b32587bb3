from typing import Any

import pytest
from django.db import connection

from makegood.acts.vocabulary import read_act
from makegood.asking.completing import complete
from makegood.conversations.actions import resolve_conversation, set_mood, set_priority
from makegood.conversations.fields import CONVERSATIONS
from makegood.conversations.finding import Finder
from makegood.conversations.listing import rows_for
from makegood.conversations.merging import join_conversation
from makegood.conversations.models import Conversation
from makegood.conversations.naming import understand
from makegood.desk.tests.asking import signed_in
from makegood.kit.errors import Refused
from makegood.ledger.models import Event
from tests.world import arrive, conversation_of, mail_bytes, write_form

ANGRY = "This is the third time I ask. Unacceptable!! I want my money back."
PLEASED = "Thank you so much, it arrived today and it is beautiful."


@pytest.fixture
def furious(form: Any) -> Conversation:
    return conversation_of(write_form(form, ANGRY, email="karim@example.com", name="Karim"))


def fresh(conversation: Conversation) -> Conversation:
    return Conversation.objects.get(pk=conversation.pk)


def found(question: str, agent: Any) -> list[int]:
    return [row.pk for row in Finder(understand(question, agent)).page().rows]


def test_how_they_sound_is_told_from_the_first_words(lamp: Any, furious: Any) -> None:
    assert (lamp.mood, furious.mood) == ("neutral", "angry")


def test_the_latest_words_count(furious: Any, form: Any) -> None:
    conversation_of(
        write_form(form, PLEASED, email="karim@example.com", conversation=furious.public_id)
    )
    latest = Conversation.objects.order_by("-last_incoming").first()

    assert latest is not None
    assert latest.mood == "pleased"


def test_a_machine_says_nothing_of_the_mood(furious: Any, mailbox: Any) -> None:
    raw = mail_bytes(
        PLEASED, sender="karim@example.com", subject="Out of office", auto_submitted="auto-replied"
    )
    arrive(mailbox, raw)

    assert fresh(furious).mood == "angry"


def test_what_an_agent_hears_stands_in_its_place(furious: Any, nora: Any) -> None:
    set_mood(furious, "unhappy", by=nora)

    told = Event.objects.get(kind="conversation.mood_said")
    assert (fresh(furious).mood, fresh(furious).mood_told) == ("unhappy", True)
    assert told.facts == {"before": "angry", "after": "unhappy"}


def test_there_is_no_mood_of_another_name(furious: Any, nora: Any) -> None:
    with pytest.raises(ValueError, match="'hungry' is not a valid"):
        set_mood(furious, "hungry", by=nora)
    with pytest.raises(Refused, match="angry, unhappy, neutral, pleased"):
        read_act("mood", "hungry")


def test_whoever_is_joined_is_heard_by_their_latest_words(
    lamp: Any, furious: Any, nora: Any
) -> None:
    join_conversation(furious, into=lamp, by=nora)

    assert fresh(lamp).mood == "angry"


def test_moods_are_asked_for(lamp: Any, furious: Any, nora: Any) -> None:
    assert found("mood:angry", nora) == [furious.pk]
    assert sorted(found("stimmung:wütend,sachlich", nora)) == sorted([lamp.pk, furious.pk])
    assert found("-mood:angry", nora) == [lamp.pk]
    assert found("mood:unknown", nora) == []


def test_a_mood_that_there_is_not_is_pointed_at(nora: Any) -> None:
    (problem,) = understand("lamp mood:hungry", nora).asked.problems

    assert "lamp mood:hungry"[problem.start : problem.end] in ("hungry", "mood:hungry")


def test_moods_are_completed(nora: Any) -> None:
    offered = complete("mood:un", 7, CONVERSATIONS, lambda _field, _typed: [])

    assert [one.insert.strip() for one in offered.options] == ["unhappy", "unknown"]


def test_the_few_that_sound_troubled_are_found_by_their_index(furious: Any, nora: Any) -> None:
    finder = Finder(understand("mood:angry", nora))
    asked = finder.conditions.of(finder.parts[0])
    sql = f"SELECT c.id FROM conversations_conversation c WHERE {asked.text} AND c.status = 'open'"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
        explain = "EXPLAIN " if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN "
        cursor.execute(explain + sql)
        plan = str(cursor.fetchall())

    assert list(finder.known or []) == [furious.pk]
    assert "by_mood" in plan


def test_a_row_shows_trouble_only_while_they_wait(furious: Any, lamp: Any, nora: Any) -> None:
    rows = rows_for(nora, [furious.pk, lamp.pk])
    resolve_conversation(furious, by=nora)
    (settled,) = rows_for(nora, [furious.pk])

    assert [row.sounds() for row in rows] == ["angry", ""]
    assert settled.sounds() == ""


def test_the_page_says_it_and_lets_an_agent_say_otherwise(furious: Any, nora: Any) -> None:
    client = signed_in(nora)
    page = f"/conversations/{furious.pk}/"
    before = client.get(page).content.decode()
    client.post(f"{page}acts/", {"do": "mood", "with": "pleased"})
    after = client.get(page).content.decode()

    assert "So their latest words sound, by the words alone." in before
    assert "So one of us heard it." in after
    assert fresh(furious).mood == "pleased"


def test_another_act_leaves_the_mood_alone(furious: Any, nora: Any) -> None:
    set_mood(furious, "pleased", by=nora)
    set_priority(furious, Conversation.Priority.HIGH, by=nora)

    assert (fresh(furious).mood, fresh(furious).mood_told) == ("pleased", True)
