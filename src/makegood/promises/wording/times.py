"""Days, clocks and lengths as they stand in an English or a German sentence."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from makegood.kit.rx import rx
from makegood.promises.wording.due import NO_YEAR, Clock, Day, Length, When
from makegood.promises.wording.words import MONTHS, Words, named

_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_Reader = Callable[[str], When | None]


@dataclass(frozen=True)
class Said:
    """A time that was said: from which word to which, what is meant, and whether that is clear."""

    begins: int
    ends: int
    when: When
    is_clear: bool = True


@dataclass(frozen=True)
class Speech:
    """How one language says times: what stands for what, and how each is read."""

    parts: Any
    readers: Mapping[str, _Reader]
    glue: frozenset[str]
    """Words between the parts of one time."""
    before: frozenset[str]
    never: frozenset[str]
    """Words that make of a time none by which something is due: since, from, after."""
    vague: frozenset[str]


def times_in(words: Words, speech: Speech) -> list[Said]:
    """Every time in a sentence, its parts joined: `Thursday`, `3 December`, `at 10`."""
    joined: list[Said] = []
    for said in _parts(words, speech):
        merged = _merged(joined[-1], said, words, speech) if joined else None
        if merged:
            joined[-1] = merged
        else:
            joined.append(said)
    return [
        _with_word_before(said, words, speech) for said in joined if _counts(said, words, speech)
    ]


def _parts(words: Words, speech: Speech) -> Iterator[Said]:
    for match in speech.parts.finditer(words.line):
        kind = match.lastgroup
        when = speech.readers[kind](match[0])
        if when is None:
            continue
        begins, ends = words.number_at(match.start()), words.number_at(match.end() - 1) + 1
        if kind == "bare" and not _stands_alone(words, ends):
            continue
        clear = not speech.vague & set(match[0].split()) and kind != "bare"
        yield Said(begins, ends, when, clear)


_GOES_ON = named(
    ". , ; ! ) - : at on by today tomorrow and or the this sharp in am um bis heute morgen von "
    "oder und an zurueck bei"
)


def _stands_alone(words: Words, ends: int) -> bool:
    """A number after `by` is a clock only where nothing is counted by it."""
    return ends >= len(words.all) or words.all[ends].folded in _GOES_ON


def _merged(one: Said, other: Said, words: Words, speech: Speech) -> Said | None:
    between = {word.folded for word in words.all[one.ends : other.begins]}
    if other.begins - one.ends > 3 or not between <= speech.glue:
        return None
    first, second = one.when, other.when
    if first.length or second.length:
        return None
    clock = _one_clock(first.clock, second.clock)
    day = _one_day(first.day, second.day)
    if (first.clock and second.clock and not clock) or (first.day and second.day and not day):
        return None
    return Said(one.begins, other.ends, When(day, clock), one.is_clear and other.is_clear)


def _one_clock(one: Clock | None, other: Clock | None) -> Clock | None:
    if not one or not other:
        return one or other
    if one.part and not other.part:
        one, other = other, one
    if one.part or not other.part:
        return None
    if other.part in ("afternoon", "evening") and one.hour < 12:
        return Clock(one.hour + 12, one.minute)
    return Clock(one.hour, one.minute)


def _one_day(one: Day | None, other: Day | None) -> Day | None:
    if not one or not other:
        return one or other
    if {one.kind, other.kind} == {"weekday", "week"}:
        day, week = (one, other) if one.kind == "weekday" else (other, one)
        return replace(day, week=week.week)
    named = next((day for day in (one, other) if day.kind in ("on", "of_month")), None)
    return named if named and "weekday" in (one.kind, other.kind) else None


def _counts(said: Said, words: Words, speech: Speech) -> bool:
    """Not `since Monday`, not `your mail of 3 December`, not `every Friday`."""
    for back in (1, 2):
        if said.begins >= back:
            word = words.all[said.begins - back].folded
            if word in speech.never:
                return False
            if word not in speech.glue:
                return True
    return True


def _with_word_before(said: Said, words: Words, speech: Speech) -> Said:
    """`before Friday`; and the words that lead to a time belong to it."""
    begins = said.begins
    is_before = False
    while begins and words.all[begins - 1].folded in speech.glue | speech.before:
        begins -= 1
        is_before = is_before or words.all[begins].folded in speech.before
        if words.all[begins].folded == ",":
            begins += 1
            break
    is_before = is_before and not (said.when.day and said.when.day.kind == "weekend")
    return replace(said, begins=begins, when=replace(said.when, is_before=is_before))


# ── What both languages share ────────────────────────────────────────────────

_NUMBER = rx(r"\d+")
NUMBERS = {
    word: number
    for number, words in {
        1: "a an one ein eine einem einer eines einen",
        2: "two couple zwei beiden",
        3: "three few drei paar",
        4: "four vier",
        5: "five fuenf",
        6: "six sechs",
        7: "seven sieben",
        8: "eight acht",
        9: "nine neun",
        10: "ten zehn",
        11: "eleven elf",
        12: "twelve zwoelf",
        14: "fourteen vierzehn",
        15: "fifteen fuenfzehn",
        20: "twenty zwanzig",
        24: "vierundzwanzig",
        30: "thirty dreissig",
        48: "achtundvierzig",
        60: "sixty sechzig",
    }.items()
    for word in words.split()
}


def numbers_in(said: str) -> list[int]:
    return [
        int(word) if word.isdigit() else NUMBERS[word]
        for word in said.split()
        if (word.isdigit() and len(word) < 5) or word in NUMBERS
    ]


def last_number(said: str) -> int:
    return (numbers_in(said) or [1])[-1]


def in_days(count: int) -> _Reader:
    return lambda _said: When(day=Day("in_days", count))


def at_part(part: str) -> _Reader:
    return lambda _said: When(clock=Clock(part=part))


def today_at(part: str) -> _Reader:
    return lambda _said: When(day=Day("in_days", 0), clock=Clock(part=part))


def read_date(said: str) -> When | None:
    """A day and a month, in any order; the year where it is said."""
    words = said.split()
    month = next((MONTHS[word] for word in words if word in MONTHS), None)
    found = numbers_in(" ".join(word for word in words if word.isdigit()))
    if month is None:
        if len(found) < 2:
            return None
        if found[0] > 31:
            return _dated(*found[:3]) if len(found) > 2 else None
        if "/" in words and found[0] <= 12 and found[1] <= 12:
            return None  # nobody can tell which is the month
        day, month = (found[1], found[0]) if found[1] > 12 else (found[0], found[1])
        return _dated(found[2] if len(found) > 2 else 0, month, day)
    return _dated(found[1] if len(found) > 1 else 0, month, found[0]) if found else None


def _dated(year: int, month: int, day: int) -> When | None:
    """Without a year it is the next such day: `NO_YEAR` stands for that."""
    try:
        on = date(year + 2000 if 0 < year < 100 else year or NO_YEAR, month, day)
    except ValueError:
        return None
    return When(day=Day("on", on=on))


def read_of_month(said: str) -> When | None:
    number = last_number(said)
    return When(day=Day("of_month", number)) if 1 <= number <= 31 else None


def clock_of(hour: int, minute: int, half: str = "", *, is_exact: bool = False) -> When | None:
    """`half` is `a` or `p` where it is said which half of the day is meant."""
    if hour > 24 or minute > 59 or (half and not 1 <= hour <= 12):
        return None
    if half:
        return When(clock=Clock(hour % 12 + (12 if half == "p" else 0), minute))
    if hour == 24:
        return When(clock=Clock(part="midnight"))
    return When(clock=Clock(hour, minute, is_twelve_hours=not is_exact and 1 <= hour < 12))


def month_names() -> str:
    return _MONTH


def read_length(said: str, unit: str, *, of_hours: bool, halves: float = 0) -> When | None:
    count = halves or last_number(said)
    return When(length=Length(count, unit, of_hours)) if 0 < count < 10_000 else None
