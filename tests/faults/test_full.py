"""The disk fills up and is emptied again: nothing is promised in vain, and all goes on by itself.

The real worker serves mail on small disks of its own (R14). Whoever sends is answered 452 once
there is no room; when there is, the next mail is taken within seconds.
"""

import base64
import json
import smtplib
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults import size
from tests.faults.tally import Tally, count
from tests.served import ROOT, Served, free_port

MEGABYTES = tuple(range(16, 56, 2)) if size.IS_FULL else (16,)
RESERVES = ("0", "") if size.IS_FULL else ("0",)
"""To the last byte, and with the usual reserve."""
RECOVERS_WITHIN = 180
"""Seconds, of a busy machine: how long it really took is printed."""

SETTING = """
from makegood.channels.connecting import InboxSettings, connect_inbox
from makegood.ledger.actors import System
connect_inbox(InboxSettings(name="S", kind="email", address="support@shop.test"), by=System("t"))
"""
LOOKING = """
import json
from django.db import connection
from makegood.channels.models import Arrival
from makegood.channels.queries import raw_bytes
from makegood.conversations.models import Message
with connection.cursor() as cursor:
    cursor.execute("PRAGMA integrity_check")
    sound = cursor.fetchone()[0] == "ok"
subjects = [raw_bytes(one).split(b"\\r\\n")[2].decode() for one in Arrival.objects.all()]
waiting = Arrival.objects.filter(taken_at=None).count()
messages = Message.objects.filter(arrival__isnull=False).values_list("arrival", flat=True)
print(json.dumps([sound, subjects, waiting, len(messages) - len(set(messages))]))
"""


@contextmanager
def small_disk(place: Path, megabytes: int) -> Iterator[Path]:
    place.mkdir()
    options = ["-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(place)]
    done = subprocess.run(["mount", *options], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.fail(f"A small disk cannot be mounted here, so nothing is proven: {done.stderr}")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=False)


class Sender:
    """Sends mails that can be told apart, and remembers what was answered."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.number = 0
        self.acknowledged: list[str] = []
        self.answers: list[int] = []

    def send(self, kilobytes: int) -> int:
        """Send one mail; the code that it was answered with, 0 where nobody answered."""
        self.number += 1
        subject = f"Subject: {self.number}"
        content = base64.encodebytes(self.number.to_bytes(2, "big") * (kilobytes * 380))
        mail = (
            f"From: ida@customer.test\r\nTo: support@shop.test\r\n{subject}\r\n"
            "Content-Type: application/octet-stream; name=a.bin\r\n"
            "Content-Transfer-Encoding: base64\r\n\r\n" + content.decode().replace("\n", "\r\n")
        )
        try:
            with smtplib.SMTP("127.0.0.1", self.port, timeout=120) as link:
                link.sendmail("ida@customer.test", "support@shop.test", mail)
                code = 250
        except smtplib.SMTPResponseException as refusal:
            code = refusal.smtp_code
        except (smtplib.SMTPException, OSError):
            code = 0
        if code == 250:
            self.acknowledged.append(subject)
        self.answers.append(code)
        return code


def fill(place: Path, name: str) -> Path:
    """Take every byte that is left, as a neighbour's log would."""
    ballast = place / name
    with ballast.open("wb", buffering=0) as file:
        piece = 1 << 16
        while piece:
            try:
                file.write(b"x" * piece)
            except OSError:
                piece //= 2
    return ballast


@pytest.mark.parametrize("reserve", RESERVES)
@pytest.mark.parametrize("megabytes", MEGABYTES)
def test_a_full_disk_promises_nothing_and_recovers_by_itself(
    megabytes: int, reserve: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tally = Tally(scene=f"disk of {megabytes} MB{'' if reserve else ' with reserve'}")
    begun = time.monotonic()
    with small_disk(tmp_path / "disk", megabytes) as place:
        install = Served(place / "data", database_url="", extra={"MAKEGOOD_LOG_LEVEL": "CRITICAL"})
        if reserve:
            install.extra["MAKEGOOD_DISK_RESERVE"] = reserve
        install.lay_out()
        install.command("migrate", "--verbosity", "0")
        install.ask(SETTING)
        (place / "ballast").write_bytes(bytes(megabytes * 600_000))
        worker = start(install, tmp_path / "log")
        try:
            sender = Sender(install.smtp_port)
            until_answered(sender, RECOVERS_WITHIN)
            suffer(sender, place)
            wait_until_taken_in(install)
        finally:
            worker.terminate()
            worker.wait(timeout=180)
        judge(install, sender, tally)
    tally.points = tally.delivered = sum(code != 250 for code in sender.answers)
    tally.seconds = round(time.monotonic() - begun, 1)
    count("R14", tally)
    with capsys.disabled():
        print(f"\n{tally.told()}")
    assert tally.delivered
    assert 452 in sender.answers
    assert set(sender.answers) <= {0, 250, 451, 452}
    assert (tally.lost, tally.duplicated, tally.corrupt) == (0, 0, 0)


def start(install: Served, log: Path) -> subprocess.Popen[bytes]:
    with log.open("ab") as file:
        return subprocess.Popen(
            [
                sys.executable, "-m", "makegood", "serve", "--only", "work", "--empty",
                "--port", str(free_port()),
            ],
            cwd=ROOT, env=install.environment, stdout=file, stderr=file,
        )  # fmt: skip


def suffer(sender: Sender, place: Path) -> None:
    """Fill the disk with mail, then to the last byte; make room again, and count the seconds."""
    for kilobytes in (300, 40):
        for _mail in range(400):
            if sender.send(kilobytes) != 250:
                break
    rest = fill(place, "rest")
    for kilobytes in (1, 40, 300):
        sender.send(kilobytes)
    rest.unlink()
    (place / "ballast").unlink()
    until_answered(sender, RECOVERS_WITHIN)


def until_answered(sender: Sender, seconds: float) -> float:
    """Until a mail is taken; how long it took."""
    begun = time.monotonic()
    while sender.send(1) != 250:
        assert time.monotonic() - begun < seconds, "It did not come back by itself."
        time.sleep(0.5)
    return time.monotonic() - begun


def wait_until_taken_in(install: Served) -> None:
    """Until nothing waits any more; what does after a while is counted as lost."""
    until = time.monotonic() + 4 * RECOVERS_WITHIN
    while time.monotonic() < until and json.loads(install.ask(LOOKING))[2]:
        time.sleep(1)


def judge(install: Served, sender: Sender, tally: Tally) -> None:
    sound, subjects, waiting, doubled = json.loads(install.ask(LOOKING))
    tally.acknowledged += len(sender.acknowledged)
    tally.corrupt += not sound
    tally.lost += sum(subject not in subjects for subject in sender.acknowledged) + waiting
    tally.stored_once += sum(subjects.count(one) == 1 for one in sender.acknowledged)
    tally.duplicated += doubled + sum(subjects.count(one) > 1 for one in subjects)
