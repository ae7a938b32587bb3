"""`makegood mail explain`: the same reader, told as JSON."""

import io
import json

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from .mails import HEAD, SAMPLES


def explain(*paths):
    out = io.StringIO()
    call_command("mail", "explain", *map(str, paths), stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_a_reply_is_told_from_its_quote():
    [told] = explain(SAMPLES / "gmail_reply.eml")
    assert told["kind"] == "person"
    assert told["reply"] == "Thank you – Friday is fine."
    assert [each["kind"] for each in told["folded"]] == ["quote"]
    assert told["from"]["address"] == "ida@customer.test"
    assert told["verdict"]["trust"] == "unverified"


def test_a_bounce_is_told_with_its_recipient():
    [told] = explain(SAMPLES / "bounce_full_mailbox.eml")
    [recipient] = told["recipients"]
    assert told["kind"] == "bounce"
    assert (recipient["status"], recipient["severity"]) == ("5.2.2", "soft")
    assert recipient["reason"] == "The mailbox is full."
    assert recipient["said"]


def test_a_folder_and_a_box_are_read_mail_by_mail(tmp_path):
    (tmp_path / "cur").mkdir()
    (tmp_path / "cur" / "1:2,S").write_bytes(HEAD + b"\nfirst")
    box = b"".join(b"From a@x.test Mon Mar  2 09:00:00 2026\n%s\n%d\n>From me\n\n" % (HEAD, n)
                   for n in (2, 3))  # fmt: skip
    (tmp_path / "old").write_bytes(box)
    told = explain(tmp_path)
    assert [each["reply"] for each in told] == ["first", "2\nFrom me", "3\nFrom me"]
    assert told[2]["file"].endswith("old#2")


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(CommandError, match="nowhere"):
        explain(tmp_path / "nowhere.eml")
