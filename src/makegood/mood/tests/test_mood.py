import tomllib
from collections import Counter
from pathlib import Path

import pytest

from makegood.mood.reading import Mood, mood_of

JUDGED = tomllib.loads((Path(__file__).parent / "judged.toml").read_text("utf-8"))
TUNED = ("tuned", "tuned_too", "tuned_last")
Pair = tuple[str, str]


def told(part: str, language: str) -> Counter[Pair]:
    """How often each judged mood was heard as which."""
    return Counter(
        (judged, str(mood_of(text)))
        for judged, texts in JUDGED[part][language].items()
        for text in texts
    )


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("part", TUNED)
def test_what_the_lists_were_made_with_is_heard_as_it_was_judged(part: str, language: str) -> None:
    found = told(part, language)

    assert {pair for pair in found if pair[0] != pair[1]} == set()


@pytest.mark.parametrize(("language", "right"), [("en", 13), ("de", 11)])
def test_of_words_never_seen_half_are_heard(language: str, right: int) -> None:
    found = told("unseen", language)

    assert found.total() == 24
    assert sum(number for (judged, heard), number in found.items() if judged == heard) == right


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_feeling_is_said_only_where_there_is_one(language: str) -> None:
    found = told("unseen", language)
    felt = {pair: number for pair, number in found.items() if pair[1] != Mood.NEUTRAL}
    wrong = {pair: number for pair, number in felt.items() if pair[0] != pair[1]}

    assert found[Mood.NEUTRAL, Mood.NEUTRAL] == 6
    assert wrong in ({}, {("angry", "unhappy"): 1})


@pytest.mark.parametrize(
    ("text", "mood"),
    [
        ("I am not angry, only curious where it is.", Mood.NEUTRAL),
        ("I am not happy with it.", Mood.UNHAPPY),
        ("Ich bin damit überhaupt nicht zufrieden.", Mood.UNHAPPY),
        ("It would be great if you could send it by Friday.", Mood.NEUTRAL),
        ("Es wäre super, wenn Sie es bis Freitag schicken könnten.", Mood.NEUTRAL),
        ("Thank you, and have a good day!!!", Mood.NEUTRAL),
        ("It isn’t working again.", Mood.UNHAPPY),
        ("I HAVE A QUESTION ABOUT THE SIZE", Mood.NEUTRAL),
        ("", Mood.NEUTRAL),
        ("?!?!", Mood.NEUTRAL),
    ],
)
def test_politeness_and_denial_are_heard_for_what_they_are(text: str, mood: Mood) -> None:
    assert mood_of(text) == mood


def test_a_language_without_a_list_has_no_mood() -> None:
    text = "Bonjour, je suis vraiment furieux car la lampe que vous avez envoyée est cassée."

    assert mood_of(text) is None


def test_however_much_is_written_little_is_read() -> None:
    assert (
        mood_of("where is my lamp and when is it here " * 10_000 + "unacceptable") == Mood.NEUTRAL
    )
