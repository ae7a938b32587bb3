"""What our mail server says, line by line; and that no second mail hides in a first."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.channels.email.smtp_session import KEPT, MAX_MISTAKES, NOT_NOW, Session


@dataclass
class House:
    max_bytes: int = 10_000
    room: bool = True

    def knows(self, recipient: str) -> bool:
        return recipient.endswith("@shop.test")

    def has_room(self) -> bool:
        return self.room


ENVELOPE = b"MAIL FROM:<ida@customer.test>\r\nRCPT TO:<support@shop.test>\r\nDATA\r\n"


def session(*, is_lmtp: bool = False, house: House | None = None) -> Session:
    opened = Session(house or House(), hostname="mx.shop.test", is_lmtp=is_lmtp)
    opened.receive(b"LHLO c.test\r\n" if is_lmtp else b"EHLO c.test\r\n")
    opened.out.clear()
    return opened


def said(opened: Session) -> list[str]:
    lines = opened.out.decode().splitlines()
    opened.out.clear()
    return [line[:9].split(" ")[0] for line in lines]


def test_a_mail_is_acknowledged_only_when_it_is_kept():
    opened = session()
    opened.receive(ENVELOPE)
    assert said(opened) == ["250", "250", "354"]
    opened.receive(b"Subject: x\r\n\r\n..dot\r\n.\r\n")
    assert said(opened) == []
    assert opened.finished is not None
    assert opened.finished.content == b"Subject: x\r\n\r\n.dot\r\n"
    assert opened.finished.sender == "ida@customer.test"
    opened.answer(KEPT)
    assert said(opened) == ["250"]


def test_a_mail_that_cannot_be_kept_is_asked_for_again():
    opened = session()
    opened.receive(ENVELOPE)
    opened.receive(b"x\r\n.\r\n")
    said(opened)
    opened.answer(NOT_NOW)
    assert said(opened) == ["451"]


def test_bytes_may_come_one_at_a_time():
    opened = session()
    for byte in ENVELOPE + b"a\r\n.b\r\n.\r\n"[:0]:
        opened.receive(bytes([byte]))
    for byte in b"a\r\n..\r\n.\r\n":
        opened.receive(bytes([byte]))
    assert opened.finished is not None
    assert opened.finished.content == b"a\r\n.\r\n"


def test_an_empty_mail_is_a_mail():
    opened = session()
    opened.receive(ENVELOPE)
    opened.receive(b".\r\n")
    assert opened.finished is not None
    assert opened.finished.content == b""


def test_lmtp_answers_for_each_recipient():
    opened = session(is_lmtp=True)
    opened.receive(b"MAIL FROM:<>\r\nRCPT TO:<a@shop.test>\r\nRCPT TO:<b@shop.test>\r\nDATA\r\n")
    opened.receive(b"x\r\n.\r\n")
    said(opened)
    opened.answer(KEPT)
    assert said(opened) == ["250", "250"]


@pytest.mark.parametrize(
    ("lines", "answers"),
    [
        ([b"MAIL FROM:<a@b.test>"], ["250"]),
        ([b"MAIL FROM:<>"], ["250"]),
        ([b"mail from: <a@b.test> SIZE=100 BODY=8BITMIME"], ["250"]),
        ([b"MAIL FROM:<a@b.test> SIZE=99999999"], ["552"]),
        ([b"MAIL FROM:a@b.test"], ["501"]),
        ([b"MAIL FROM:<a b@b.test>"], ["501"]),
        ([b"MAIL FROM:<a@b.test>", b"RCPT TO:<x@elsewhere.test>"], ["250", "550"]),
        ([b"MAIL FROM:<a@b.test>", b"RCPT TO:<>"], ["250", "501"]),
        ([b"MAIL FROM:<a@b.test>", b"MAIL FROM:<a@b.test>"], ["250", "503"]),
        ([b"RCPT TO:<a@shop.test>"], ["503"]),
        ([b"DATA"], ["503"]),
        ([b"MAIL FROM:<a@b.test>", b"RSET", b"DATA"], ["250", "250", "503"]),
        ([b"NOOP", b"VRFY x", b"EXPN x", b"STARTTLS", b"HELO", b"QUIT"],
         ["250", "252", "500", "500", "501", "221"]),
    ],
)  # fmt: skip
def test_each_command_has_its_answer(lines, answers):
    opened = session()
    for line in lines:
        opened.receive(line + b"\r\n")
    assert said(opened) == answers


def test_nothing_is_taken_while_the_disk_is_nearly_full():
    opened = session(house=House(room=False))
    opened.receive(b"MAIL FROM:<a@b.test>\r\n")
    assert said(opened) == ["452"]


def test_a_mail_that_is_too_large_is_not_held_in_memory():
    opened = session()
    opened.receive(ENVELOPE)
    for _chunk in range(100):
        opened.receive(b"x" * 998 + b"\r\n")
        assert len(opened._buffer) < 12_000
    opened.receive(b".\r\n")
    assert said(opened) == ["250", "250", "354", "552"]
    opened.receive(ENVELOPE)
    assert said(opened) == ["250", "250", "354"]


# Every way of ending that some server takes for an end, with a second mail behind it.
_ENDS = [
    b"\n.\n", b"\n.\r\n", b"\r\n.\n", b"\r.\r", b"\r\n.\r", b"\r.\r\n", b"\n.\r", b"\r.\n",
    b"\r\n\x00.\r\n", b"\r\n.\x00\r\n", b"\r\n. \r\n", b"\r\n .\r\n", b"\r\n..\r\n",
    b"\n\n.\r\n", b"\r\r\n.\r\n", b"\r\n.\r\r\n", b"\r\n.\n\r\n", b"\n.\n\n", b"\x85.\x85",
    b"\x0b.\x0b", b"\r\n\t.\r\n", b"\r\n.\t\r\n", b"\xe2\x80\xa8.\xe2\x80\xa8", b"\r\n.\x1a\r\n",
]  # fmt: skip


@pytest.mark.parametrize("end", _ENDS)
def test_no_other_end_of_data_lets_a_second_mail_through(end):
    opened = session()
    opened.receive(ENVELOPE)
    smuggled = b"MAIL FROM:<ceo@shop.test>\r\nRCPT TO:<support@shop.test>\r\nDATA\r\nevil"
    opened.receive(b"one" + end + smuggled + b"\r\n.\r\n")
    answers = said(opened)
    if opened.finished is not None:
        # All of it is one mail: that of the first sender.
        assert opened.finished.sender == "ida@customer.test"
        assert b"evil" in opened.finished.content
        opened.answer(KEPT)
        assert said(opened) == ["250"]
    else:
        assert "554" in answers or opened.is_over
    assert opened.finished is None


def test_data_before_the_go_ahead_ends_the_conversation():
    opened = session()
    opened.receive(ENVELOPE + b"Subject: early\r\n\r\n.\r\n")
    assert opened.is_over
    assert opened.finished is None


@pytest.mark.parametrize("line", [b"NOOP\n", b"NO\rOP\r\n", b"NOOP\x00\r\n", b"x" * 3_000])
def test_a_line_that_breaks_the_rules_ends_the_conversation(line):
    opened = session()
    opened.receive(line)
    assert opened.is_over


def test_too_many_mistakes_end_the_conversation():
    opened = session()
    opened.receive(b"WHAT\r\n" * MAX_MISTAKES)
    assert opened.is_over


@given(st.lists(st.binary(max_size=40) | st.sampled_from([ENVELOPE, b"\r\n.\r\n", b"QUIT\r\n"])))
def test_no_bytes_break_the_session(pieces):
    opened = Session(House(), hostname="mx.shop.test")
    for piece in pieces:
        opened.receive(piece)
        if opened.finished is not None:
            assert b"\n" not in opened.finished.content.replace(b"\r\n", b"")
            opened.answer(KEPT)


def test_a_name_of_any_bytes_is_stored_as_text():
    opened = session()
    opened.receive(b"EHLO caf\xe9\x01\r\n")
    assert opened.helo == "caf??"
    opened.helo.encode()


def test_who_only_talks_is_shown_the_door():
    opened = session()
    opened.receive(b"NOOP\r\n" * 100_000)
    assert opened.is_over
    assert len(opened.out) < 100_000
    assert opened.out.endswith(b"421 4.7.0 Too many commands\r\n")
