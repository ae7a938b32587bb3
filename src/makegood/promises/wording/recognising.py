"""Personal promises in what an agent writes: which words, and by when; nothing is fetched."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from makegood.calendars.hours import Hours
from makegood.promises.wording.clauses import clauses_of, promises_in
from makegood.promises.wording.due import Here, due_at
from makegood.promises.wording.english import ENGLISH
from makegood.promises.wording.english_times import ENGLISH_TIMES
from makegood.promises.wording.german import GERMAN
from makegood.promises.wording.german_times import GERMAN_TIMES
from makegood.promises.wording.phrases import Grammar
from makegood.promises.wording.times import Speech, times_in
from makegood.promises.wording.words import Words, named, sentences

MOST_FOUND = 5
_SPOKEN: dict[str, tuple[Grammar, Speech]] = {
    "en": (ENGLISH, ENGLISH_TIMES),
    "de": (GERMAN, GERMAN_TIMES),
}
_GERMAN = named(
    "ich wir sie und der die das ist nicht mich uns ihnen von zu bis unser unsere ihr ihre"
)
_ENGLISH = named("i we you your and the is not me us to by of it i_ll we_ll you_ll my")


@dataclass(frozen=True)
class Found:
    """A promise in a text: its words, where they stand, and when it is due."""

    words: str
    span: tuple[int, int]
    due_at: datetime
    sure: Literal["sure", "likely"]


def recognise(
    text: str, language: str, now: datetime, zone: ZoneInfo, hours: Hours | None
) -> list[Found]:
    """The promises of one text, in its order. An empty language is told by the words."""
    here = Here(now, zone, hours)
    said = list(sentences(text))
    usual = language[:2] or spoken_in_most(said)
    found: list[Found] = []
    for sentence in said:
        if sentence.asks:
            continue
        known = usual if language else spoken_in(sentence) or usual
        for spoken in [known] if known else _SPOKEN:
            if spoken in _SPOKEN:
                found += _in_sentence(sentence, spoken, text, here)
        if len(found) >= MOST_FOUND:
            break
    return found[:MOST_FOUND]


def spoken_in(words: Words) -> str:
    """`de` or `en`, by the small words that only one of them has; nothing where both are near."""
    said = {word.folded for word in words.all}
    german, english = len(said & _GERMAN), len(said & _ENGLISH)
    return "" if german == english else "de" if german > english else "en"


def spoken_in_most(said: list[Words]) -> str:
    """The language of most sentences."""
    counted = [spoken_in(sentence) for sentence in said]
    german, english = counted.count("de"), counted.count("en")
    return "" if german == english else "de" if german > english else "en"


def _in_sentence(sentence: Words, language: str, text: str, here: Here) -> Iterator[Found]:
    grammar, speech = _SPOKEN[language]
    times = times_in(sentence, speech)
    if not times:
        return
    clauses = clauses_of(sentence, times, grammar)
    conditional = any(one.opens_with in grammar.subordinate for one in clauses)
    for promise in promises_in(clauses, grammar):
        due = due_at(promise.said.when, here)
        if due is None:
            continue
        whole = sentence.part(promise.begins, promise.ends).bare
        begins, ends = whole.all[0].begins, whole.all[-1].ends
        hedged = conditional or not promise.said.is_clear or grammar.hedged.search(whole.spaced)
        words = " ".join(text[begins:ends].split())
        yield Found(words, (begins, ends), due, "likely" if hedged else "sure")
