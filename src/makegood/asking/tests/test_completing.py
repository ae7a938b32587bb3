from hypothesis import given
from hypothesis import strategies as st

from makegood.asking.completing import complete
from makegood.asking.fields import Field
from makegood.asking.reading import read
from makegood.asking.tests.lamps import LAMPS


def named(_field: Field, typed: str) -> list[str]:
    return [name for name in ("Ida Berg", "Nora", "none") if name.lower().startswith(typed.lower())]


def offered(text: str) -> list[str]:
    """The whole text as each option would leave it."""
    found = complete(text, len(text), LAMPS, named)
    return [text[: found.start] + one.insert + text[found.end :] for one in found.options]


def test_fields_and_their_words_come_by_their_beginning() -> None:
    assert offered("late co") == ["late colour:"]
    assert offered("gr") == ["colour:green"]
    assert offered("far") == ["colour:"]


def test_after_the_colon_come_values() -> None:
    assert offered("colour:") == ["colour:red", "colour:green", "colour:none"]
    assert offered("-colour:red,g") == ["-colour:red,green"]
    assert offered("maker:id") == ['maker:"Ida Berg"']
    assert offered('maker:"I') == ['maker:"Ida Berg"']
    assert offered("maker:no") == ["maker:none", "maker:Nora", 'maker:"none"']
    assert 'made:"last week"' in offered("made:la")


def test_where_nothing_is_begun_nothing_is_offered() -> None:
    assert offered("late ") == []
    assert offered("shape:r") == []


@given(st.text(max_size=40), st.integers(-3, 50))
def test_completing_never_fails(text: str, caret: int) -> None:
    found = complete(text, caret, LAMPS, named)
    assert 0 <= found.start <= found.end <= len(text)


@given(st.sampled_from(["c", "colour:", "maker:", "made:", "watts:", "burnt:", "n", "-ma", "(lab"]))
def test_what_is_offered_is_understood(text: str) -> None:
    for whole in offered(text):
        if not whole.endswith(":"):
            assert not read(whole.lstrip("("), LAMPS).problems, whole
