from makegood.kit.remembering import forget_answers, remembered, remembering

asked: list[str] = []


def ask() -> int:
    asked.append("how many?")
    return len(asked)


def test_inside_a_question_is_asked_once_and_outside_always() -> None:
    asked.clear()
    assert [remembered("n", ask), remembered("n", ask)] == [1, 2]
    with remembering():
        assert [remembered("n", ask), remembered("n", ask)] == [3, 3]
        forget_answers()
        assert remembered("n", ask) == 4
    assert remembered("n", ask) == 5
