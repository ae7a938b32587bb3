"""A mailbox at a real Dovecot, over a line that breaks: nothing is lost, doubled or stuck."""

import contextlib
import imaplib
import os
import shutil
import threading
import time
from collections.abc import Iterator

import pytest
from imapclient.exceptions import IMAPClientError

from makegood.bench.dovecot import PASSWORD, Dovecot, dovecot
from makegood.channels.email.fetching import Collector
from makegood.channels.email.servers import has_spoken, open_imap, server_of
from makegood.channels.models import Inbox
from makegood.channels.queries import raw_bytes
from tests.faults import size
from tests.faults.cutting import Cut, CuttableLine
from tests.faults.mailbox_scenes import (
    ACCOUNT,
    WITH_IDLE,
    Looks,
    Truth,
    connect,
    forget,
    look,
    mails,
)
from tests.faults.tally import Tally, count

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE = 60.0
"""Seconds that the fetcher waits for a server that has fallen silent."""
LITTLE = 1.5
"""Where it does fall silent: longer than a busy machine takes for an answer, mostly."""


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with dovecot() as running:
        yield running


@pytest.fixture
def line(server: Dovecot, mailbox: Inbox) -> Iterator[CuttableLine]:
    """The way from the inbox to its server, in our hand."""
    with CuttableLine(server.port) as breaking:
        connect(server, mailbox, port=breaking.port, timeout=PATIENCE)
        yield breaking


@pytest.fixture
def truth(server: Dovecot) -> Truth:
    """What lies in the mailbox: three mails, one of them large, and nothing of another test."""
    with signed_in(server) as client:
        empty(client)
    server.fill(ACCOUNT, small())
    return Truth(server).look()


def small() -> list[bytes]:
    return [mail[:2_000] for mail in mails(3)]


def signed_in(server: Dovecot) -> imaplib.IMAP4:
    client = imaplib.IMAP4("127.0.0.1", server.port)
    client.login(ACCOUNT, PASSWORD)
    return client


def empty(client: imaplib.IMAP4, folder: str = "INBOX", which: str = "1:*") -> None:
    client.select(folder)
    client.uid("STORE", which, "+FLAGS", r"(\Deleted)")
    client.expunge()


def fresh(inbox: Inbox) -> Inbox:
    return Inbox.objects.get(pk=inbox.pk)


def cut_at(cuts: list[Cut], scene: str, line: CuttableLine, truth: Truth, inbox: Inbox) -> Tally:
    """Cut at each of these places, look again over a whole line, and count."""
    tally = Tally(scene=scene)
    begun = time.monotonic()
    for cut in cuts:
        fell, started = line.fell, time.monotonic()
        if cut.how == "stall":
            connect(truth.server, inbox, port=line.port, timeout=LITTLE)
        for _again in range(3):
            forget(inbox)
            line.cut = cut
            look(inbox, WITH_IDLE)
            line.settle()
            # A session may be shorter than the one that was measured: news comes when it comes.
            if line.fell > fell or line.reached(cut):
                break
        assert time.monotonic() - started < 10 * PATIENCE, f"stuck after {cut}"
        tally.points += line.fell > fell or line.reached(cut)
        tally.delivered += line.fell - fell
        truth.judge_promises(fresh(inbox), tally)
        line.cut = None
        connect(truth.server, fresh(inbox), port=line.port, timeout=PATIENCE)
        look(inbox)
        truth.judge(fresh(inbox), tally)
        assert fresh(inbox).trouble == ""
    assert tally.points >= len(cuts) - 2, "sessions were much shorter than the one measured"
    tally.corrupt += not truth.is_untouched()
    tally.seconds = round(time.monotonic() - begun, 1)
    return tally


def judge(tally: Tally, capsys: pytest.CaptureFixture[str]) -> None:
    count("R01", tally)
    with capsys.disabled():
        print(f"\n{tally.told()}")
    assert tally.points == tally.delivered > 0
    assert tally.acknowledged > 0
    assert (tally.lost, tally.duplicated, tally.corrupt) == (0, 0, 0)


def session(line: CuttableLine, inbox: Inbox) -> tuple[bytes, bytes]:
    """What server and client say where nothing breaks."""
    look(inbox, WITH_IDLE)
    line.settle()
    said = line.said
    return said["server"], said["client"]


def test_a_cut_after_any_line_of_the_server_loses_and_doubles_nothing(
    line: CuttableLine, truth: Truth, mailbox: Inbox, capsys: pytest.CaptureFixture[str]
) -> None:
    server_said, _client_said = session(line, mailbox)
    ways = ("close", "reset") if size.IS_FULL else ("close",)
    numbers = range(server_said.count(b"\n"))
    cuts = [Cut(number, how=how) for number in numbers for how in ways]
    judge(cut_at(cuts, "cut after a line", line, truth, mailbox), capsys)


def test_a_cut_within_a_line_or_a_mail_loses_and_doubles_nothing(
    line: CuttableLine, truth: Truth, mailbox: Inbox, capsys: pytest.CaptureFixture[str]
) -> None:
    said = dict(zip(("server", "client"), session(line, mailbox), strict=True))
    cuts = [
        Cut(at, "bytes", side, "reset" if at % 2 else "close")
        for side in ("server", "client")
        for at in range(0, len(said[side]), size.of(131 if side == "server" else 29, 1))
    ]
    judge(cut_at(cuts, "cut within", line, truth, mailbox), capsys)


def test_a_line_that_falls_silent_is_left_in_time(
    line: CuttableLine, truth: Truth, mailbox: Inbox, capsys: pytest.CaptureFixture[str]
) -> None:
    server_said, _client_said = session(line, mailbox)
    lines = server_said.count(b"\n")
    # The last of them as well: by then something was kept, wherever the steps happen to fall.
    numbers = {*range(1, lines, size.of(13, 1)), lines - 1}
    cuts = [Cut(number, how="stall") for number in sorted(numbers)]
    judge(cut_at(cuts, "silence", line, truth, mailbox), capsys)


@pytest.mark.parametrize("how", ["close", "reset"])
def test_a_line_that_breaks_while_nothing_is_said_is_noticed_at_once(
    how: str, line: CuttableLine, truth: Truth, mailbox: Inbox
) -> None:
    server_said, _client_said = session(line, mailbox)
    told = server_said[: server_said.index(b"+ idling")].count(b"\n") + 1
    forget(mailbox)
    line.cut = Cut(told, how=how)  # type: ignore[arg-type]
    stop = threading.Event()
    collector = Collector(mailbox.pk, stop)
    assert collector.lease()
    patience = threading.Timer(120, stop.set)
    patience.start()
    with pytest.raises((IMAPClientError, OSError)):
        collector.collect()
    patience.cancel()
    assert not stop.is_set(), "it was noticed only when patience had ended"


def test_a_mail_told_of_with_the_answer_to_idle_is_not_waited_for(
    server: Dovecot, line: CuttableLine, mailbox: Inbox
) -> None:
    """The server's words come off the line together: nothing more comes that would wake us."""
    client = open_imap(server_of(mailbox, "imap"))
    client.select_folder("INBOX", readonly=True)
    with signed_in(server) as other:
        client.idle()
        client.idle_done()
        other.append("INBOX", "", "", b"Subject: Beside\r\n\r\nIt\r\n")
        client.idle()
        assert has_spoken(client, 60)
    client.idle_done()
    client.logout()


def test_new_numbers_and_a_folder_made_anew_bring_nothing_twice(
    server: Dovecot, truth: Truth, mailbox: Inbox, capsys: pytest.CaptureFixture[str]
) -> None:
    connect(server, mailbox, folder="Support")
    tally = Tally(scene="folder made anew")
    kept = list(truth.mails.values())
    with signed_in(server) as client:
        for number in range(4):
            # Half of the times without a word: the same UIDVALIDITY, and numbers from 1 on.
            validity = "4711" if number % 2 else str(5000 + number)
            client.delete("Support")
            client.create("Support")
            server.doveadm(
                "mailbox", "update", "-u", ACCOUNT, "--uid-validity", validity, "Support"
            )
            for mail in kept[: 3 if number % 2 == 0 else 2]:
                client.append("Support", "", "", mail)
            look(mailbox)
            tally.points += 1
            tally.delivered += 1
            anew = Truth(server, folder="Support").look()
            anew.judge_promises(fresh(mailbox), tally)
            assert mailbox.arrivals.count() == 3
        server.doveadm("mailbox", "update", "-u", ACCOUNT, "--uid-validity", "4712", "Support")
        client.append("Support", "", "", b"Subject: After all\r\n\r\nNew\r\n")
    look(mailbox)
    Truth(server, folder="Support").look()
    assert mailbox.arrivals.count() == 4
    judge(tally, capsys)


def test_a_mail_that_turns_up_late_is_taken_though_others_were_deleted(
    server: Dovecot, truth: Truth, mailbox: Inbox
) -> None:
    connect(server, mailbox)
    late = min(truth.mails) + 1
    look(mailbox)
    # As on a server that shows a mail only after others: it was not there when we looked.
    mailbox.arrivals.get(envelope__uid=late).delete()
    cursor = fresh(mailbox).cursor
    cursor["INBOX"]["gaps"] = str(late)
    Inbox.objects.filter(pk=mailbox.pk).update(cursor=cursor)
    with signed_in(server) as client:
        empty(client, which=str(min(truth.mails)))
    look(mailbox)
    assert mailbox.arrivals.filter(envelope__uid=late).count() == 1
    assert fresh(mailbox).cursor["INBOX"]["gaps"] == ""


def test_a_mail_at_which_the_server_hangs_up_holds_up_no_other(
    server: Dovecot, truth: Truth, mailbox: Inbox
) -> None:
    """As Dovecot does where it cannot read a mail: good-bye, and again at every try."""
    connect(server, mailbox)
    locked = sorted((server.home / "mail" / ACCOUNT).glob("*/*.bench*"))[1]
    shutil.chown(locked, os.geteuid())
    locked.chmod(0)
    collector = Collector(mailbox.pk, Looks())
    assert collector.lease()
    for _time in range(5):
        with contextlib.suppress(IMAPClientError):
            collector.stop = Looks(0)
            collector.collect()
    kept = set(map(raw_bytes, mailbox.arrivals.all()))
    assert len(kept & set(truth.mails.values())) == 2
    assert len(kept) == 3
    shutil.chown(locked, server.owner)
    locked.chmod(0o600)
    collector.release()
    look(mailbox)
    assert set(map(raw_bytes, mailbox.arrivals.all())) >= set(truth.mails.values())
    assert mailbox.arrivals.count() == 4
