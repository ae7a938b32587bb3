from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from makegood.channels.email import gaps
from makegood.channels.email.mailbox import Cursor, Fetched


def whole(numbers: Iterable[int]) -> list[Fetched]:
    return [Fetched(uid=number, raw=b"x") for number in numbers]


NUMBERS = st.sets(st.integers(1, 60), max_size=40)


@given(NUMBERS, NUMBERS)
def test_every_number_is_either_taken_or_a_gap(first: set[int], then: set[int]) -> None:
    cursor = Cursor(validity=1, uid=0).after(whole(first)).after(whole(then))
    left = gaps.as_gaps(cursor.gaps)
    assert cursor.uid == max(first | then, default=0)
    for number in range(1, cursor.uid + 1):
        assert gaps.contains(left, number) != (number in first | then)


@given(NUMBERS)
def test_gaps_are_written_as_imap_writes_them_and_read_back(numbers: set[int]) -> None:
    found = gaps.between(0, sorted(numbers))
    assert gaps.as_gaps(gaps.as_text(found)) == found


def test_gaps_beyond_counting_are_closed_from_the_oldest_on() -> None:
    cursor = Cursor(validity=1, uid=0).after(whole(range(2, 3 * gaps.LIMIT, 2)))
    left = gaps.as_gaps(cursor.gaps)
    assert len(left) == gaps.LIMIT
    assert left[-1] == (cursor.uid - 1, cursor.uid - 1)


def test_what_was_only_counted_is_looked_at_once_more() -> None:
    stored = {"INBOX": {"validity": 7, "uid": 40, "start": 10, "taken": 25}}
    assert Cursor.of(stored, "INBOX") == Cursor(validity=7, uid=40, start=10, gaps="11:40")
    nothing = {"INBOX": {"validity": 7, "uid": 10, "start": 10, "taken": 0}}
    assert Cursor.of(nothing, "INBOX") == Cursor(validity=7, uid=10, start=10)


def test_what_did_not_come_stays_a_gap_until_it_comes() -> None:
    cursor = Cursor(validity=1, uid=0).after([*whole([1, 2]), Fetched(uid=5, is_whole=False)])
    assert (cursor.uid, cursor.gaps) == (5, "3:5")
    assert cursor.after(whole([5])).gaps == "3:4"
