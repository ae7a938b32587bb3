from hypothesis import given, settings
from hypothesis import strategies as st

from makegood.search.words import _FOLDING, folded, words


def test_case_accents_and_width_do_not_matter() -> None:
    assert words("Größe: ÉCLAIR ｆｕｌｌ ﬁn e\u0301") == ["grosse", "eclair", "full", "fin", "e"]
    assert words("don't_stop № ٣") == ["don", "t", "stop", "no", "3"]


@settings(deadline=None)
@given(st.text() | st.text(alphabet="aßﬁé\u0301 \n"))
def test_every_word_is_found_again_where_it_stood(text: str) -> None:
    there = folded(text)
    assert [there.place_of(at, at + 1)[0] for at in range(len(there.text))] == [
        at for at, letter in enumerate(text) for _ in _FOLDING[ord(letter)]
    ]
    end = 0
    for word in there.text.split():
        start = there.text.index(word, end)
        end = start + len(word)
        first, last = there.place_of(start, end)
        assert word in text[first:last].translate(_FOLDING)


@settings(deadline=None)
@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    once = words(text)
    assert words(" ".join(once)) == once
