"""The mail server over real sockets: kept before acknowledged, once, and for the right inbox."""

import errno
import smtplib
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import DatabaseError, connection

from makegood.channels.actions import take_in
from makegood.channels.email import listener
from makegood.channels.email.listener import MailServer
from makegood.channels.models import Arrival, Inbox
from makegood.channels.queries import raw_bytes

MAIL = "Subject: hello\r\n\r\nWhere is my lamp?\r\n"


@pytest.fixture
def support(transactional_db: None) -> Inbox:
    return Inbox.objects.create(
        name="Support",
        kind="email",
        address="support@shop.test",
        settings={"reply_domain": "reply.shop.test", "aliases": ["help@shop.test"]},
    )


@pytest.fixture
def server(support: Inbox) -> Iterator[tuple[str, int]]:
    stop = threading.Event()
    mail_server = MailServer()
    host, _, port = mail_server.open("127.0.0.1:0").rpartition(":")

    def serve() -> None:
        mail_server.run(stop)
        mail_server.close()
        connection.close()

    thread = threading.Thread(target=serve)
    thread.start()
    yield host, int(port)
    stop.set()
    thread.join()


def deliver(server: tuple[str, int], to: str | list[str], content: str = MAIL) -> Any:
    with smtplib.SMTP(server[0], server[1], timeout=10) as client:
        return client.sendmail("ida@customer.test", to, content)


def test_what_was_acknowledged_is_kept_with_its_envelope(server, support):
    assert deliver(server, "support@shop.test") == {}
    [arrival] = Arrival.objects.all()
    assert raw_bytes(arrival).decode() == MAIL
    assert (arrival.inbox, arrival.origin) == (support, "smtp")
    assert arrival.envelope["from"] == "ida@customer.test"
    assert arrival.envelope["to"] == ["support@shop.test"]
    assert arrival.envelope["peer"] == "127.0.0.1"


@pytest.mark.parametrize(
    "address",
    [
        "Support@Shop.TEST",
        "help@shop.test",
        "support+r.abcdefghijklmnopqrstuvwxyz@shop.test",
        "r.abcdefghijklmnopqrstuvwxyz@reply.shop.test",
    ],
)
def test_sub_addresses_and_the_reply_domain_lead_to_the_inbox(server, support, address):
    deliver(server, address)
    assert Arrival.objects.get().inbox == support


def test_an_address_that_is_nobodys_is_refused_at_once(server):
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        deliver(server, "other@shop.test")
    assert refused.value.recipients["other@shop.test"][0] == 550
    assert not Arrival.objects.exists()


def test_a_mail_for_two_inboxes_arrives_in_both(server, support):
    sales = Inbox.objects.create(name="Sales", kind="email", address="sales@shop.test")
    deliver(server, ["support@shop.test", "sales@shop.test", "help@shop.test"])
    arrivals = {arrival.inbox: arrival.envelope["to"] for arrival in Arrival.objects.all()}
    assert arrivals == {
        support: ["support@shop.test", "help@shop.test"],
        sales: ["sales@shop.test"],
    }


def test_the_same_mail_again_is_acknowledged_and_kept_once(server):
    for _time in range(3):
        deliver(server, "support@shop.test")
    assert Arrival.objects.count() == 1


def test_a_large_mail_becomes_a_file(server):
    content = MAIL + "x" * 70 + "\r\n"
    deliver(server, "support@shop.test", content + ("y" * 70 + "\r\n") * 4_000)
    arrival = Arrival.objects.get()
    assert arrival.file is not None
    assert len(raw_bytes(arrival)) == arrival.size > 280_000


def test_many_senders_share_commits(server, monkeypatch):
    commits: list[int] = []

    def counted(arrivals: Any) -> int:
        commits.append(len(arrivals))
        return take_in(arrivals)

    monkeypatch.setattr(listener, "take_in", counted)
    ready = threading.Barrier(8)

    def send(number: int) -> None:
        with smtplib.SMTP(server[0], server[1], timeout=20) as client:
            ready.wait()
            for index in range(10):
                content = MAIL + f"{number}.{index}\r\n"
                client.sendmail("ida@customer.test", "support@shop.test", content)

    threads = [threading.Thread(target=send, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(commits) == Arrival.objects.count() == 80
    assert len(commits) < 80


def test_what_cannot_be_kept_is_not_acknowledged(server, monkeypatch):
    def broken(_arrivals: Any) -> int:
        raise DatabaseError("disk I/O error")

    monkeypatch.setattr(listener, "take_in", broken)
    with pytest.raises(smtplib.SMTPDataError) as refused:
        deliver(server, "support@shop.test")
    assert refused.value.smtp_code == 451
    monkeypatch.undo()
    deliver(server, "support@shop.test")
    assert Arrival.objects.count() == 1


def test_a_disk_that_fills_up_at_the_last_moment_is_said_so(server, monkeypatch):
    def full(_arrivals: Any) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(listener, "take_in", full)
    with pytest.raises(smtplib.SMTPDataError) as refused:
        deliver(server, "support@shop.test")
    assert refused.value.smtp_code == 452


def test_a_full_disk_is_said_and_passes(server, settings):
    settings.DISK_RESERVE_BYTES = 1 << 60
    with pytest.raises(smtplib.SMTPSenderRefused) as refused:
        deliver(server, "support@shop.test")
    assert refused.value.smtp_code == 452


def test_a_sender_who_goes_away_leaves_nothing(server):
    with socket.create_connection(server) as sock:
        sock.sendall(b"EHLO x\r\nMAIL FROM:<a@b.test>\r\nRCPT TO:<support@shop.test>\r\nDATA\r\n")
        sock.recv(1000)
        sock.sendall(b"half a mail")
    deliver(server, "support@shop.test")
    assert Arrival.objects.count() == 1


def test_lmtp_is_spoken_at_its_own_door(support, tmp_path):
    stop = threading.Event()
    mail_server = MailServer()
    mail_server.open(f"unix:{tmp_path / 'lmtp'}", is_lmtp=True)

    def serve() -> None:
        mail_server.run(stop)
        mail_server.close()
        connection.close()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        with smtplib.LMTP(str(tmp_path / "lmtp")) as client:
            client.sendmail("ida@customer.test", ["support@shop.test"], MAIL)
    finally:
        stop.set()
        thread.join()
    assert Arrival.objects.get().origin == "lmtp"


@pytest.mark.parametrize("name", [b"caf\xe9", b"\xff\xfe", b"a\x01b"])
def test_a_sender_of_any_name_is_heard(server, name):
    with socket.create_connection(server) as sock:
        say(sock, b"EHLO " + name)
        for line in (b"MAIL FROM:<a@b.test>", b"RCPT TO:<support@shop.test>", b"DATA"):
            say(sock, line)
        assert say(sock, b"Subject: x\r\n\r\nhello\r\n.") == b"250 2.0.0 Kept\r\n"
    assert Arrival.objects.count() == 1


def test_mail_for_an_inbox_that_went_meanwhile_is_not_acknowledged(server, support, monkeypatch):
    monkeypatch.setattr("makegood.channels.email.recipients.FRESH_SECONDS", 0)
    with socket.create_connection(server) as sock:
        for line in (b"EHLO x", b"MAIL FROM:<a@b.test>", b"RCPT TO:<support@shop.test>", b"DATA"):
            say(sock, line)
        support.address = "elsewhere@shop.test"
        support.save()
        assert say(sock, b"Subject: x\r\n\r\nhello\r\n.").startswith(b"451")
    assert not Arrival.objects.exists()


def test_who_does_not_listen_is_not_heard_either(server):
    """Answers that nobody reads do not pile up: at some point we stop reading, too."""
    with socket.create_connection(server) as deaf:
        deaf.settimeout(2)
        with pytest.raises(OSError, match=r"timed out|reset|Broken"):
            deaf.sendall(b"EHLO x\r\n" * 20_000_000)
        deliver(server, "support@shop.test")
    assert Arrival.objects.count() == 1


def test_one_peer_does_not_get_every_place(server, monkeypatch):
    monkeypatch.setattr(listener, "MAX_OF_ONE_PEER", 2)
    with socket.create_connection(server) as one, socket.create_connection(server) as two:
        assert one.recv(1000).startswith(b"220")
        assert two.recv(1000).startswith(b"220")
        with socket.create_connection(server) as three:
            assert three.recv(1000).startswith(b"421")
            assert three.recv(1000) == b""


def test_unfinished_mails_together_have_a_bound(server, monkeypatch):
    monkeypatch.setattr(listener, "MAX_HELD", 1_000_000)
    with socket.create_connection(server) as large:
        for line in (b"EHLO x", b"MAIL FROM:<a@b.test>", b"RCPT TO:<support@shop.test>", b"DATA"):
            say(large, line)
        with pytest.raises(OSError, match=r"reset|Broken"):
            large.sendall(b"z" * 50_000_000)
        deliver(server, "support@shop.test")
    assert Arrival.objects.count() == 1


def test_who_only_seems_busy_is_parted_with(support, monkeypatch):
    mail_server = MailServer()
    host, _, port = mail_server.open("127.0.0.1:0").rpartition(":")
    with socket.create_connection((host, int(port))) as slow:
        mail_server._welcome(mail_server.doors[0], is_lmtp=False)
        assert slow.recv(1000).startswith(b"220")
        monkeypatch.setattr(listener, "MAIL_SECONDS", -1)
        mail_server._sweep()
        assert slow.recv(1000) == b""
    mail_server.close()


def say(sock: socket.socket, line: bytes) -> bytes:
    """One line, and what is answered to it, after whatever greeting there was."""
    sock.sendall(line + b"\r\n")
    heard = b""
    while True:
        more = sock.recv(4096)
        assert more, f"the line was cut after {heard!r}"
        heard += more
        last = heard.rstrip(b"\r\n").rpartition(b"\r\n")[2]
        if heard.endswith(b"\r\n") and last[3:4] == b" " and not last.startswith(b"220"):
            return last + b"\r\n"
