from hypothesis import assume, given
from hypothesis import strategies as st

from makegood.asking.reading import LONGEST, read
from makegood.asking.tests.lamps import LAMPS, questions
from makegood.asking.tree import AllOf, AnyOf, Node, Not, Range, Test, When, Word
from makegood.asking.writing import write


def tree(text: str) -> Node:
    asked = read(text, LAMPS)
    assert asked.tree is not None, asked.problems
    return asked.tree


def wrong(text: str) -> list[tuple[str, str]]:
    """What the problems point at, and what they would write instead."""
    problems = read(text, LAMPS).problems
    assert problems, text
    return [(text[one.start : one.end], one.instead) for one in problems]


def words(text: str, is_quoted: bool = False) -> Test:
    return Test("words", (Word(text, is_quoted),))


def test_words_side_by_side_are_all_wanted() -> None:
    assert tree("late parcel") == AllOf((words("late"), words("parcel")))


def test_and_binds_more_closely_than_or() -> None:
    found = tree('late parcel OR -"no lamp" ODER (a1 b1)')
    assert found == AnyOf(
        (
            AllOf((words("late"), words("parcel"))),
            Not(words("no lamp", is_quoted=True)),
            AllOf((words("a1"), words("b1"))),
        )
    )


def test_values_are_read_by_their_kind() -> None:
    found = tree('colour:GRÜN,red maker:"Ida  Berg",me watts:>5 burnt:<2h made:2026-03..today #12')
    assert found == AllOf(
        (
            Test("colour", (Word("green"), Word("red"))),
            Test("maker", (Word("Ida  Berg", is_quoted=True), Word("me"))),
            Test("watts", (Range(6, None),)),
            Test("burnt", (Range(None, 7200),)),
            Test("made", (When("..", "2026-03", "today"),)),
            Test("number", (Range(12, 12),)),
        )
    )


def test_two_words_of_a_time_need_no_quotes() -> None:
    assert tree("made:last week late") == AllOf(
        (Test("made", (When("=", "last week"),)), words("late"))
    )
    assert tree("made:letzte woche") == tree('made:"last week"') == tree("made:last-week")
    assert tree("made:last week..this week") == Test(
        "made", (When("..", "last week", "this week"),)
    )


def test_what_is_pasted_is_not_misread() -> None:
    for pasted in ("Re: lamp", "10:30", "https://example.com/x?a=b", "f(x)", ":)", '6" pipe', "&"):
        assert read(pasted, LAMPS).problems == (), pasted


def test_nothing_typed_is_everything() -> None:
    assert read("  ", LAMPS).is_empty()
    assert not read("late", LAMPS).is_empty()


def test_a_problem_points_at_its_word() -> None:
    assert wrong("late colur:red") == [("colur", "colour")]
    assert wrong("late colour:redd") == [("redd", "red")]
    assert wrong("watts:many") == [("many", "")]
    assert wrong("late (red OR blue") == [("(", "")]
    assert wrong("late ) red") == [(")", "")]
    assert wrong("late OR") == [("OR", "")]
    assert wrong("AND late") == [("AND", "")]
    assert wrong("late -()") == [("()", "")]
    assert wrong('late "not closed') == [('"not closed', "")]
    assert wrong("colour: red") == [("colour:", "")]
    assert wrong("colour:red,,green") == [("red,,green", "")]
    assert wrong("made:2026-02-30") == [("2026-02-30", "")]
    assert wrong("label:a*") == [("a*", "")]
    assert wrong("watts:9..2") == [("9..2", "")]


def test_every_problem_is_told_up_to_three() -> None:
    assert len(wrong("colur:a mkr:b wat:c mde:d")) == 3


def test_depth_and_length_have_an_end() -> None:
    assert "brackets" in read("(" * 400 + "a", LAMPS).problems[0].words
    assert "too much" in read("a1 " * 200, LAMPS).problems[0].words
    assert "too long" in read("a" * (LONGEST + 1), LAMPS).problems[0].words
    assert tree("-" * 401 + "late") == Not(words("late"))


@given(questions)
def test_a_question_said_again_is_the_same_question(question: Node) -> None:
    text = write(question, LAMPS)
    assume(len(text) <= LONGEST)
    assert tree(text) == question


@given(st.text(max_size=60))
def test_whatever_is_typed_has_a_meaning_or_a_problem_in_its_place(text: str) -> None:
    _has_meaning_or_problem(text)


_BITS = [
    *("(", ")", "-", "OR", "AND", "NOT", '"', ":", ",", "..", ">", "*", "#", "„", " ", "late", "9"),
    *("colour:", "made:", "watts:", "maker:", "last ", "week", "red", "2026", "-3d"),
]


@given(st.lists(st.sampled_from(_BITS), max_size=25).map("".join))
def test_whatever_signs_are_mixed_up_have_a_meaning_or_a_problem(text: str) -> None:
    _has_meaning_or_problem(text)


def _has_meaning_or_problem(text: str) -> None:
    asked = read(text, LAMPS)
    assert (asked.tree is None) == bool(asked.problems)
    for one in asked.problems:
        assert 0 <= one.start < one.end <= len(text)
        assert one.words
    if asked.tree is not None:
        assert tree(write(asked.tree, LAMPS)) == asked.tree
