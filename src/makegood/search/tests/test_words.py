from hypothesis import given
from hypothesis import strategies as st

from makegood.search.words import placed_words, words


def test_case_accents_and_width_do_not_matter() -> None:
    assert words("Größe: ÉCLAIR ｆｕｌｌ ﬁn e\u0301") == ["grosse", "eclair", "full", "fin", "e"]
    assert words("don't_stop № ٣") == ["don", "t", "stop", "no", "3"]


@given(st.text())
def test_words_are_the_same_with_their_places(text: str) -> None:
    placed = list(placed_words(text))
    assert [one.word for one in placed] == words(text)
    for one in placed:
        assert words(text[one.start : one.end])[:1] == [one.word] or len(one.word) < 64


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    once = words(text)
    assert words(" ".join(once)) == once
