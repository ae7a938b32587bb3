"""Foreign bytes are read in a child that can do no harm and takes nobody down with it."""

import os
import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from makegood.channels.email import child, framing, limits
from makegood.channels.email.limits import Allowance
from makegood.channels.email.reading import read

from .mails import HEAD, names, raw


@pytest.mark.parametrize("name", names())
def test_what_comes_back_from_the_child_is_what_was_read(name):
    envelope = {"to": ["r.abcdefghijklmnopqrstuvwxyz@x.test"], "from": "a@b.test"}
    assert child.read_apart(raw(name), envelope) == read(raw(name), envelope)


def test_the_child_holds_no_secret_and_no_right():
    child.read_apart(b"", {})
    process = child._server.process
    assert process is not None
    environment = Path(f"/proc/{process.pid}/environ").read_bytes().decode().split("\0")
    assert {line.partition("=")[0] for line in environment if line} == {
        "PYTHONPATH",
        "LANG",
        "PATH",
    }
    status = Path(f"/proc/{process.pid}/status").read_text()
    assert "NoNewPrivs:\t1" in status
    if os.geteuid() == 0:
        assert Path(f"/proc/{process.pid}").stat().st_uid == 65534
        assert [line for line in Path(f"/proc/{process.pid}/net/dev").read_text().splitlines()[2:]
                if not line.strip().startswith("lo:")] == []  # fmt: skip


def test_a_mail_that_eats_memory_fails_alone(monkeypatch):
    # Half a gigabyte of tags that each open anew is more than a child may hold.
    bomb = HEAD + b"Content-Type: text/html\n\n" + b"<i>".join([b"<p>"] * 200) + b"<p>" * 660_000
    with suppress(child.ReadFailed):
        child.read_apart(bomb, {})
    assert child.read_apart(HEAD + b"\nnext", {}).text == "next"


def test_a_server_that_dies_is_started_again():
    child.read_apart(HEAD + b"\nfirst", {})
    process = child._server.process
    assert process is not None
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    # The children that waited when it died still read what they are given.
    for _mail in range(12):
        assert child.read_apart(HEAD + b"\nagain", {}).text == "again"
    assert child._server.process is not process


def test_many_are_read_at_once():
    with ThreadPoolExecutor(8) as pool:
        texts = pool.map(lambda i: child.read_apart(HEAD + b"\n%d" % i, {}).text, range(100))
    assert list(texts) == [str(i) for i in range(100)]


def _frame(head: bytes, blobs: bytes = b"") -> object:
    data = len(head).to_bytes(8, "big") + head + blobs

    def take(size: int) -> bytes:
        nonlocal data
        if len(data) < size:
            raise EOFError
        taken, data = data[:size], data[size:]
        return taken

    return take


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"[]",
        b"{}",
        b'{"blobs": [-1]}',
        b'{"blobs": [999999999999]}',
        b'{"blobs": "x"}',
        b"[" * 100_000,
        b"\xff",
    ],
)
def test_nonsense_from_a_child_is_refused(head):
    with pytest.raises(framing.BadFrame):
        framing.unpack(_frame(head))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "change",
    [
        {"text": None},
        {"text": "\ud800"},
        {"text": "\0"},
        {"sender": "x"},
        {"sent_at": "never"},
        {"parts": [{}]},
        {"automatic": "yes"},
        {"receipts": [1]},
        {"facts": []},
        {"to": [{"address": 1, "name": 2}]},
    ],
)
def test_an_answer_with_a_wrong_field_is_refused(change):
    head, blobs = framing.told(read(raw("plain"), {}))
    with pytest.raises(framing.BadFrame):
        framing.understood({**head, **change}, blobs)


def ended_by(act: Callable[[Allowance], None]) -> int:
    """The signal that ends a child which does this under its allowance."""
    pid = os.fork()
    if not pid:
        try:
            act(Allowance())
        finally:
            os._exit(0)
    return os.WTERMSIG(os.waitpid(pid, 0)[1])


def spin(seconds: float) -> None:
    until = time.process_time() + seconds
    while time.process_time() < until:
        pass


def test_each_mail_has_its_own_time_and_no_more(monkeypatch):
    monkeypatch.setattr(limits, "CPU_SECONDS", 0.3)

    def two_in_turn(allowance: Allowance) -> None:
        for _mail in range(2):
            with allowance:
                spin(0.2)

    def one_that_stalls(allowance: Allowance) -> None:
        with allowance:
            spin(5)

    assert ended_by(two_in_turn) == 0
    assert ended_by(one_that_stalls) == signal.SIGPROF


def test_a_child_is_replaced_after_some_mails_and_after_a_heavy_one(monkeypatch):
    monkeypatch.setattr(limits, "_MAILS", 3)
    monkeypatch.setattr(limits, "CPU_SECONDS", time.process_time() + 60)
    allowance = Allowance.__new__(Allowance)
    allowance.mails, allowance.is_odd = 2, False
    assert allowance.lasts()
    allowance.mails = 3
    assert not allowance.lasts()
    allowance.mails, allowance.is_odd = 1, True
    assert not allowance.lasts()


def test_a_mail_that_ends_its_child_ends_no_other(monkeypatch):
    # Whatever was read there before: the mails after it are read as if it had never come.
    texts = []
    for number in range(120):
        if number % 10 == 0:
            kill_one_waiting_child()
        texts.append(child.read_apart(HEAD + b"\n%d" % number, {}).text)
    assert texts == [str(number) for number in range(120)]


def kill_one_waiting_child() -> None:
    process = child._server.process
    assert process is not None
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    if children:
        with suppress(ProcessLookupError):
            os.kill(int(children[0]), signal.SIGKILL)
