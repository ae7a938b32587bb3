from hypothesis import given, settings
from hypothesis import strategies as st

from makegood.search.language import Term, parse


def test_words_phrases_fields_and_what_to_leave_out() -> None:
    question = parse('late subject:Lamp "Two  words" -newsletter from:ida@example.com -tag:"a b"')
    assert not question.problems
    assert question.terms == (
        Term(words=("late",), is_beginning=True),
        Term(words=("lamp",), field="subject", is_beginning=True),
        Term(words=("two", "words")),
        Term(words=("newsletter",), is_negated=True, is_beginning=True),
        Term(words=("ida", "example", "com"), field="customer", is_beginning=True),
        Term(words=("a", "b"), field="tags", is_negated=True),
    )


def test_a_problem_points_at_its_word() -> None:
    typed = 'lamp colour:red subject: "not closed'
    found = [typed[problem.start : problem.end] for problem in parse(typed).problems]
    assert found == ["colour:red", "subject:", '"not closed']
    assert "colour" in parse(typed).problems[0].words


def test_what_is_pasted_is_not_misread_as_fields() -> None:
    question = parse("Re: lamp 10:30 https://example.com/x?a=b")
    assert not question.problems
    assert [term.words for term in question.terms] == [
        ("re",),
        ("lamp",),
        ("10", "30"),
        ("https", "example", "com", "x", "a", "b"),
    ]


def test_leaving_out_alone_is_no_question() -> None:
    question = parse("-lamp")
    assert not question.asks_for_something()
    assert question.problems


@settings(deadline=None)
@given(st.text())
def test_anything_typed_is_understood_or_pointed_at(typed: str) -> None:
    question = parse(typed)
    for problem in question.problems:
        assert 0 <= problem.start <= problem.end <= len(typed)
    for term in question.terms:
        assert all(word and word.isprintable() and '"' not in word for word in term.words)
