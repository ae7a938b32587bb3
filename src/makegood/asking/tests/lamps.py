"""A vocabulary of a program about lamps, and questions made by chance."""

from typing import Any

from hypothesis import strategies as st

from makegood.asking.fields import Choice, Field, Kind, Vocabulary
from makegood.asking.tree import Node, Range, Test, When, Word, all_of, any_of, not_

COLOURS = (Choice(name="red"), Choice(name="green", aliases=("grün",)), Choice(name="none"))
LAMPS = Vocabulary(
    fields=(
        Field(
            name="colour",
            kind=Kind.CHOICE,
            says="Its colour.",
            example="colour:red",
            aliases=("farbe",),
            choices=COLOURS,
        ),
        Field(
            name="maker",
            kind=Kind.NAME,
            says="Who made it.",
            example="maker:ida",
            choices=(Choice(name="me", aliases=("ich",)), Choice(name="none")),
        ),
        Field(name="label", kind=Kind.WORDS, says="What it says.", example="label:lamp"),
        Field(name="watts", kind=Kind.NUMBER, says="Its power.", example="watts:>=5"),
        Field(name="burnt", kind=Kind.LENGTH, says="For how long.", example="burnt:>2h"),
        Field(name="made", kind=Kind.MOMENT, says="When.", example="made:today"),
        Field(name="number", kind=Kind.NUMBER, says="Its number.", example="#12"),
    ),
    words=Field(name="words", kind=Kind.WORDS, says="Words.", example="late"),
)
LAMPS = Vocabulary(fields=LAMPS.fields, words=LAMPS.words, number=LAMPS.named("number"))

plain = st.text("abcdefgöß1", min_size=3, max_size=6)
anything = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=8)


def _words(text: st.SearchStrategy[str]) -> st.SearchStrategy[Word]:
    quoted = text.map(lambda said: Word("a" + said.strip(), is_quoted=True))
    starred = plain.map(lambda said: Word(said, is_beginning=True))
    return st.one_of(plain.map(Word), quoted, starred)


def _ranges(step: int, most: int) -> st.SearchStrategy[Range]:
    number = st.integers(0, most).map(lambda one: one * step)
    pairs = st.tuples(number, number).map(sorted)
    return st.one_of(
        number.map(lambda low: Range(low, None)),
        number.map(lambda high: Range(None, high)),
        pairs.map(lambda pair: Range(pair[0], pair[1])),
    )


_MOMENTS = st.one_of(
    st.sampled_from(["today", "yesterday", "this week", "last month", "last year", "-3d", "now"]),
    st.dates().filter(lambda day: 1970 <= day.year <= 2199).map(lambda day: day.isoformat()),
    st.sampled_from(["2026", "2026-03", "2025-12"]),
)
_TIMES = st.one_of(
    st.tuples(st.sampled_from(["=", "<", ">", "<=", ">="]), _MOMENTS).filter(
        lambda pair: pair[0] != "=" or not (pair[1].startswith("-") or pair[1] == "now")
    ).map(lambda pair: When(*pair)),
    st.tuples(_MOMENTS, _MOMENTS).map(lambda pair: When("..", *pair)),
)  # fmt: skip
_VALUES: dict[str, st.SearchStrategy[Any]] = {
    "colour": st.sampled_from(["red", "green", "none"]).map(Word),
    "maker": st.one_of(_words(anything), st.sampled_from(["me", "none"]).map(Word)),
    "watts": _ranges(1, 10**6),
    "burnt": _ranges(60, 10**4),
    "made": _TIMES,
    "number": _ranges(1, 10**6),
}


def _test(field: str) -> st.SearchStrategy[Node]:
    values = st.lists(_VALUES[field], min_size=1, max_size=3, unique=True)
    return values.map(lambda found: Test(field, tuple(found)))


_LEAVES = st.one_of(
    *map(_test, _VALUES),
    _words(anything).map(lambda word: Test("words", (word,))),
    _words(anything).map(lambda word: Test("label", (word,))),
)
questions = st.recursive(
    _LEAVES,
    lambda inner: st.one_of(
        inner.map(not_),
        st.lists(inner, min_size=2, max_size=3).map(all_of),
        st.lists(inner, min_size=2, max_size=3).map(any_of),
    ),
    max_leaves=12,
)
