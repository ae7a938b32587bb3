"""What was written now, and what was quoted: never losing a line."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.channels.email.quoting import Mark, split

from .mails import sample


@pytest.mark.parametrize(
    "language",
    ["french", "spanish", "italian", "dutch", "swedish", "polish", "russian", "japanese"],
)
def test_a_quote_is_known_by_its_introduction_in_many_languages(language):
    read_mail = sample(f"quote_{language}")
    assert read_mail.text == "OK 1"
    assert "Lantern & Loom" in read_mail.quoted
    assert read_mail.quoted.endswith("> It leaves on Friday.")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("gmail_reply", "Thank you – Friday is fine."),
        ("outlook_reply_html_only", "Schön, danke!"),
        ("outlook_reply_plain", "Friday is fine, thanks.\n\nIda"),
        ("outlook_german_block", "Das passt."),
        ("bottom_posting", "Yes, Friday is good."),
        ("signature", "Where is it?"),
        ("iphone_signature", "Yes please."),
    ],
)
def test_the_text_is_what_was_written_now(name, text):
    read_mail = sample(name)
    assert read_mail.text == text
    assert read_mail.quoted


def _split(text, marks=()):
    told = split(text, marks)
    return told.written, told.quoted


def test_a_quote_may_begin_on_the_line_that_introduces_it():
    told = "  On Mon, Mar 2, 2026 at 9:12 AM, Shop<help@shop.test> wrote:   Hello Ida,"
    written, quoted = _split(f"Friday is fine.\n\n{told}\n\nit leaves on Friday.")
    assert written == "Friday is fine."
    assert quoted.startswith("  On Mon")
    tale = "On Monday you wrote:   it leaves on Friday. Where is it?"
    assert _split(tale) == (tale, "")


def test_forwarded_mail_is_told_from_the_words_above_it():
    read_mail = sample("forward_with_words")
    assert len(read_mail.text.splitlines()) <= 3
    assert len(read_mail.quoted.splitlines()) >= 4


def test_answers_between_the_lines_stay_with_their_questions():
    read_mail = sample("interleaved")
    assert len(read_mail.quoted.splitlines()) <= 1
    assert len(read_mail.text.splitlines()) >= 5


def test_a_mail_that_is_only_forwarded_is_shown_whole():
    read_mail = sample("forward")
    assert read_mail.quoted == ""
    assert len(read_mail.text.splitlines()) >= 6


def test_a_line_above_the_introduction_is_not_taken_for_a_part_of_it():
    text = "I need 3 lamps by 10:30\nOn Mon, 2 Mar 2026 at 09:30, Shop wrote:\n> How many?"
    assert _split(text)[0] == "I need 3 lamps by 10:30"


def test_a_quote_alone_is_what_was_written():
    assert _split("> only this\n> and that") == ("> only this\n> and that", "")


def test_the_signature_goes_with_the_quote():
    text, quoted = _split("Yes\n\n-- \nIda\n\nOn 2 Mar 2026 Shop <s@x.test> wrote:\n> Ok?")
    assert text == "Yes"
    assert quoted.startswith("-- \nIda")
    assert quoted.endswith("> Ok?")


_LINE = st.sampled_from(
    [
        "",
        "> quoted",
        ">",
        "words",
        "-- ",
        "On Mon, 2 Mar 2026 at 09:30, Shop <s@x.test>",
        "wrote:",
        "On 2 Mar 2026 at 09:30 Shop wrote:",
        "From: Shop",
        "Sent: Monday",
        "To: Ida",
        "_______________",
        "-----Original Message-----",
        "---------- Forwarded message ---------",
        "Sent from my iPhone",
    ]
)


_MARK = st.builds(
    Mark,
    st.sampled_from(["quote", "below", "signature", "indent"]),
    st.integers(0, 30),
    st.integers(0, 40),
)


@given(st.lists(_LINE, max_size=30), st.lists(_MARK, max_size=3))
def test_no_line_is_lost_and_none_is_told_twice(lines, marks):
    text, quoted = _split("\n".join(lines), marks)
    kept = Counter(line.rstrip() for line in [*text.split("\n"), *quoted.split("\n")])
    given = Counter(line.rstrip() for line in lines)
    assert {k: n for k, n in kept.items() if k} == {k: n for k, n in given.items() if k}


@given(st.text())
def test_any_text_is_split_without_loss(text):
    written, quoted = _split(text)
    assert sorted(written.split() + quoted.split()) == sorted(text.split())
