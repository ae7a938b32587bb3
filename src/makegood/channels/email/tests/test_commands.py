"""Mail by a pipe and out of an archive."""

import io
import mailbox as python_mailbox
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from makegood.channels.email.archives import mails_in
from makegood.channels.models import Arrival, Delivery, Inbox
from makegood.channels.queries import raw_bytes

from .mails import names, raw


class Piped:
    def __init__(self, content: bytes) -> None:
        self.buffer = io.BytesIO(content)


def pipe(monkeypatch: Any, content: bytes, *arguments: str) -> None:
    monkeypatch.setattr(sys, "stdin", Piped(content))
    call_command("pipe", *arguments)


def test_a_mail_comes_in_by_a_pipe_once(mailbox: Inbox, monkeypatch):
    for _time in range(2):
        pipe(monkeypatch, raw("plain"), "--inbox", mailbox.address, "--from", "ida@customer.test")
    [arrival] = Arrival.objects.all()
    assert raw_bytes(arrival) == raw("plain")
    assert (arrival.origin, arrival.envelope["from"]) == ("pipe", "ida@customer.test")


def test_an_unknown_inbox_is_told_to_the_mail_server(mailbox, monkeypatch):
    with pytest.raises(SystemExit) as ended:
        pipe(monkeypatch, raw("plain"), "--inbox", "nobody@shop.test")
    assert ended.value.code == 67


def test_a_full_disk_asks_the_mail_server_to_try_again(mailbox, monkeypatch, settings):
    settings.DISK_RESERVE_BYTES = 1 << 60
    with pytest.raises(SystemExit) as ended:
        pipe(monkeypatch, raw("plain"), "--inbox", mailbox.address)
    assert ended.value.code == 75
    assert not Arrival.objects.exists()


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    box = python_mailbox.mbox(str(tmp_path / "old.mbox"))
    for name in ("plain", "gmail_reply", "interleaved"):
        message = python_mailbox.mboxMessage(raw(name))
        message.set_from("ida@customer.test", (2026, 3, 2, 9, 0, 0, 0, 61, 0))
        box.add(message)
    box.add(b"Subject: escaped\n\nHello\n\nFrom here on it is text.\n\nFrom me\n")
    box.flush()
    folder = python_mailbox.Maildir(str(tmp_path / "Maildir"))
    folder.add(raw("plain"))
    folder.add(raw("inline_image"))
    return tmp_path


def test_mbox_and_maildir_are_read_mail_by_mail(archive):
    mails = [content for _name, content in mails_in(archive / "old.mbox")]
    assert len(mails) == 4
    assert b"\nFrom here on it is text.\n\nFrom me" in mails[3]
    kept = [content for _name, content in mails_in(archive / "Maildir")]
    assert set(kept) == {raw("plain"), raw("inline_image")}


def test_an_archive_may_be_taken_in_again_and_sends_nothing(archive, mailbox):
    out = io.StringIO()
    for _time in range(2):
        call_command("import_mail", "--inbox", mailbox.address, str(archive), stdout=out)
    first, second = out.getvalue().splitlines()
    assert first.startswith("6 mails read")
    assert second == "6 mails read, 0 of them new."
    assert {arrival.origin for arrival in Arrival.objects.all()} == {"import"}
    assert not Delivery.objects.exists()


def test_single_mails_can_be_taken_in(mailbox, tmp_path):
    for name in names()[:5]:
        (tmp_path / f"{name}.eml").write_bytes(raw(name))
    call_command("import_mail", "--inbox", mailbox.address, str(tmp_path), stdout=io.StringIO())
    assert Arrival.objects.count() == 5


def test_what_is_not_there_is_said(mailbox):
    with pytest.raises(CommandError, match="Not there"):
        call_command("import_mail", "--inbox", mailbox.address, "/nowhere/at/all")
    with pytest.raises(CommandError, match="No inbox"):
        call_command("import_mail", "--inbox", "nobody@shop.test", "/nowhere/at/all")
