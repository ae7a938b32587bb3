"""Twice the mail, twice the work: every reader of mail, on what would make a careless one stall."""

import pytest

from makegood.channels.email.corpus.growing import SHAPES


@pytest.mark.parametrize("grow", SHAPES.values(), ids=SHAPES)
def test_twice_the_mail_is_at_most_little_more_than_twice_the_work(grow, count_lines):
    count_lines(grow(2))
    small, large = count_lines(grow(150)), count_lines(grow(300))
    assert large <= small * 2.6 + 500
