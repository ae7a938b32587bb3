"""One command on an empty machine: a desk that serves, recovers, and ends in good order."""

import contextlib
import os
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from makegood.config.tree import DRAIN_SECONDS
from tests.served import Served, own_database


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    served = Served(tmp_path / "data")
    yield served
    served.stop()


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Served]:
    """On a machine that has nothing at all yet: it migrates by itself."""
    served = Served(tmp_path / "data", own_database(is_bare=True), is_bare=True)
    yield served
    served.stop()


def children_of(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in found]


def test_the_first_start_prints_how_to_get_in_and_mails_come_the_real_way(bare: Served) -> None:
    served = bare.start()
    log = served.log()
    assert served.url in log
    email = log.partition("Sign in as ")[2].split()[0]
    password = log.partition("with the password ")[2].split()[0]
    with httpx.Client(
        base_url=served.url, timeout=120, trust_env=False, follow_redirects=True
    ) as client:
        client.get("/accounts/login/")
        page = client.post(
            "/accounts/login/",
            data={
                "login": email,
                "password": password,
                "csrfmiddlewaretoken": client.cookies["csrf"],
            },
            headers={"Origin": served.url},
        )
        assert page.status_code == 200, page.text[:2000]
        until = time.monotonic() + 120
        while "lantern" not in (page := client.get("/inbox/open/")).text.lower():
            assert time.monotonic() < until, page.text[:2000]
    origins = served.ask(
        "from makegood.channels.models import Arrival\n"
        "print(sorted(set(Arrival.objects.values_list('origin', flat=True))))"
    )
    assert "smtp" in origins
    served.stop()
    served.start()
    assert "with the password" not in served.log().rpartition("Makegood serves")[2]


def test_a_process_that_dies_is_replaced(served: Served) -> None:
    served.start("--empty")
    assert served.process is not None
    before = children_of(served.process.pid)
    os.kill(before[0], signal.SIGKILL)
    until = time.monotonic() + 120
    while len(now := children_of(served.process.pid)) < len(before) or before[0] in now:
        assert time.monotonic() < until
        time.sleep(0.1)
    served._wait_until_it_answers()
    assert "A process ended and is replaced." in served.log()


def test_it_ends_in_good_order_when_asked(served: Served) -> None:
    served.start("--empty")
    assert served.process is not None
    pid = served.process.pid
    begun = time.monotonic()
    os.kill(pid, signal.SIGTERM)
    assert served.process.wait(timeout=120) == 0
    served.process = None
    assert time.monotonic() - begun < DRAIN_SECONDS, "a process was killed in the end"
    with pytest.raises(httpx.TransportError):
        httpx.get(served.url, trust_env=False)


def test_visitors_who_dribble_hold_up_nobody(served: Served) -> None:
    served.start("--empty")
    head = (
        "POST /accounts/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100000\r\n\r\nlogin="
    )
    with contextlib.ExitStack() as slow:
        for _visitor in range(20):  # more than there are threads for pages
            sock = slow.enter_context(socket.create_connection(("127.0.0.1", served.port)))
            sock.sendall(head.encode())
        time.sleep(0.5)
        answer = httpx.get(f"{served.url}/health/live", timeout=60, trust_env=False)
    assert answer.status_code == 200
