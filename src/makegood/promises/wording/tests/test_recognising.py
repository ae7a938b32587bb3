import sys
from datetime import UTC, datetime
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from makegood.calendars.hours import Hours, Shift, Span
from makegood.promises.wording.recognising import recognise
from makegood.promises.wording.tests.corpus_of_promises import (
    BERLIN,
    HOURS,
    NOW,
    found_in,
    measured,
    sentences_of,
)
from makegood.promises.wording.words import named


def at(said: str) -> datetime:
    return datetime.fromisoformat(said).replace(tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("name", "recall", "precision"),
    [("english", 0.98, 0.98), ("german", 0.98, 0.98), ("held_out", 0.9, 0.95)],
)
def test_promises_are_found_and_others_are_not(name: str, recall: float, precision: float) -> None:
    figures = measured(name)
    sys.stdout.write(
        f"{name}: {figures.right} of {figures.made} found with the right minute, "
        f"{figures.wrong} wrongly; recall {figures.recall:.1%}, precision {figures.precision:.1%}\n"
    )
    assert figures.recall >= recall, figures.missed
    assert figures.precision >= precision, figures.alarms


def test_the_corpus_holds_as_many_sentences_without_a_promise() -> None:
    every = [one for name in ("english", "german", "held_out") for one in sentences_of(name)]
    silent = sum(one.due_at is None for one in every)
    assert len(every) >= 400
    assert silent >= len(every) / 2


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_named_language_finds_the_same(language: str) -> None:
    name = {"en": "english", "de": "german"}[language]
    assert measured(name, language) == measured(name)


def test_words_and_place_of_a_promise_are_told() -> None:
    text = "Hi Ann,\n\nthank you. I'll check and get back to you by Thursday noon.\n\nBest\nNora"
    (found,) = found_in(text)
    assert found.words == "I'll check and get back to you by Thursday noon"
    assert text[slice(*found.span)].startswith("I'll check")
    assert (found.due_at, found.sure) == (at("2026-11-26 12:00"), "sure")


@pytest.mark.parametrize(
    ("text", "sure"),
    [
        ("I'll write by Friday.", "sure"),
        ("I'll try to write by Friday.", "likely"),
        ("If it is there, I'll write by Friday.", "likely"),
        ("My colleague will call you on Friday.", "likely"),
        ("I'll write in a few days.", "likely"),
        ("I'll call you at 5.", "likely"),
        ("Ich melde mich bis Freitag.", "sure"),
        ("Wenn es da ist, melde ich mich bis Freitag.", "likely"),
    ],
)
def test_what_is_hedged_is_only_likely(text: str, sure: str) -> None:
    assert [one.sure for one in found_in(text)] == [sure]


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("I'll write by Thursday.", "2026-11-26 18:00"),
        ("I'll write by Saturday.", "2026-11-28 18:00"),
        ("I'll write within two business days.", "2026-11-26 18:00"),
        ("I'll write within 4 working hours.", "2026-11-24 14:00"),
    ],
)
def test_without_hours_a_day_ends_at_six(text: str, due: str) -> None:
    assert [one.due_at for one in found_in(text, hours=None)] == [at(due)]


def test_days_on_which_nobody_is_there_are_no_working_days() -> None:
    closed = Span(at("2026-11-26 00:00"), at("2026-11-27 00:00"))
    hours = Hours(BERLIN, HOURS.week, {at("2026-11-25 00:00").date(): ()}, (closed,))
    (found,) = found_in("I'll write within one working day.", hours=hours)
    assert found.due_at == at("2026-11-27 17:00")


def test_a_day_that_is_closed_ends_with_itself() -> None:
    (found,) = found_in("I'll write by Saturday.")
    assert found.due_at == at("2026-11-28 23:59")


def test_hours_that_never_open_promise_no_working_day() -> None:
    never = Hours(BERLIN, ((),) * 7)
    assert not found_in("I'll write within two business days.", hours=never)


def test_clocks_that_change_do_not_move_the_wall() -> None:
    friday = datetime(2026, 3, 27, 9, tzinfo=UTC)
    (found,) = recognise("I'll call you on Monday at 9:30.", "en", friday, BERLIN, HOURS)
    assert found.due_at.astimezone(BERLIN) == at("2026-03-30 09:30")


def test_night_shifts_end_with_their_day() -> None:
    hours = Hours(BERLIN, ((Shift(22 * 60, 30 * 60),),) * 7)
    (found,) = found_in("I'll write by Thursday.", hours=hours)
    assert found.due_at == at("2026-11-26 23:59")


@pytest.mark.parametrize(
    "hostile",
    [
        "I will " * 3000,
        "by Friday " * 2000,
        "in 2 days, " * 2000,
        "3. " * 7000,
        "“" * 20_000,
        '"' * 20_000,
        "ich rufe " * 2000 + "an",
        "between 9 and " * 1500,
        "I'll write " + "and " * 5000 + "by Friday",
        "I'll write by 99999999999999999999 and 31.2. and 0 o'clock " * 300,
    ],
)
def test_hostile_texts_are_read_in_no_time(hostile: str) -> None:
    begun = process_time()
    assert len(found_in(hostile)) <= 5
    assert process_time() - begun < 5


PIECES = sorted(
    named(
        "I'll we will write ich melde mich bis by Friday Freitag , . morgen tomorrow in 2 30 days "
        "Tagen um 15 Uhr 5pm 31 2 : - the 3rd nicht if > “ ” next woche before vor weekend"
    )
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.sampled_from(PIECES),
            st.text(max_size=6),
        ),
        max_size=40,
    )
)
def test_whatever_is_written_a_promise_lies_ahead_and_in_the_text(parts: list[str]) -> None:
    text = " ".join(parts)
    for found in found_in(text):
        assert found.due_at > NOW
        assert 0 <= found.span[0] < found.span[1] <= len(text)
        assert found.words == " ".join(text[slice(*found.span)].split())
