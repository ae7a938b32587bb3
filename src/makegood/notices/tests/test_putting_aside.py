"""A push service that hangs or fails takes no time from the others, and is left alone then."""

import socket
import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from makegood.conversations.actions import assign_conversation
from makegood.conversations.models import Conversation
from makegood.desk.tests.asking import signed_in
from makegood.kit import egress
from makegood.kit.egress import Unreachable, deliver
from makegood.ledger.followers import catch_up
from makegood.notices.models import Browser, Push
from makegood.notices.pushing import PATIENCE, RESTS, keep_browser, push_next
from makegood.notices.tests.test_pushing import Browserside
from makegood.team.models import Agent

NOWHERE = "https://127.0.0.1/send/"
"""This machine is never written to, so whatever goes there fails at once."""


@pytest.fixture
def failing(nora: Agent) -> Browser:
    return keep_browser(Browserside().subscription(NOWHERE + "a"), "Firefox", by=nora)


@pytest.fixture
def noticed(lamp: Conversation, failing: Browser, nora: Agent, tomas: Agent) -> datetime:
    """Something concerns Nora; returns when it may leave."""
    assign_conversation(lamp, agent=nora, team=None, by=tomas)
    catch_up("notices")
    return timezone.now() + timedelta(seconds=10)


def tried(at: datetime) -> int:
    with time_machine.travel(at, tick=False):
        return push_next()


def again(browser: Browser) -> Browser:
    return Browser.objects.get(pk=browser.pk)


def test_what_failed_rests_and_what_waits_for_it_with_it(
    noticed: datetime, failing: Browser
) -> None:
    assert tried(noticed) == 1
    assert tried(noticed + RESTS[0] / 2) == 0
    assert tried(noticed + timedelta(hours=1)) == 1
    assert again(failing).failures == 2


def test_another_browser_hears_of_it_meanwhile(
    noticed: datetime, failing: Browser, nora: Agent
) -> None:
    other = keep_browser(Browserside().subscription(NOWHERE + "b"), "Chromium", by=nora)
    Push.objects.create(
        browser=other, notice=Push.objects.get().notice, send_after=noticed + timedelta(seconds=1)
    )
    soon = noticed + timedelta(seconds=2)
    assert [tried(soon), tried(soon), tried(soon)] == [1, 1, 0]
    assert (again(failing).failures, again(other).failures) == (1, 1)


def test_one_push_at_a_time_goes_to_a_browser(noticed: datetime, failing: Browser) -> None:
    first = Push.objects.get()
    first.leased_until = noticed + timedelta(seconds=30)
    first.save()
    assert tried(noticed) == 0
    assert tried(noticed + timedelta(minutes=1)) == 1


def test_who_fails_again_and_again_is_put_aside_until_agreed_anew(
    noticed: datetime, failing: Browser, lamp: Conversation, nora: Agent, tomas: Agent
) -> None:
    Browser.objects.filter(pk=failing.pk).update(failures=PATIENCE - 1)
    tried(noticed)
    page = signed_in(nora).get("/me/notices/").content.decode()
    assign_conversation(lamp, agent=None, team=None, by=tomas)
    assign_conversation(lamp, agent=nora, team=None, by=tomas)
    catch_up("notices")
    aside, waiting = again(failing), Push.objects.count()
    keep_browser(Browserside().subscription(NOWHERE + "a"), "Firefox", by=nora)

    assert aside.aside_at is not None
    assert waiting == 0
    assert "put aside: it did not answer" in page
    assert (again(failing).aside_at, again(failing).failures) == (None, 0)


@pytest.fixture
def dripping(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A server that sends one letter of its answer after the other, for ever."""
    listener = socket.create_server(("127.0.0.1", 0))
    port, is_over = listener.getsockname()[1], threading.Event()

    def drip() -> None:
        connection, _address = listener.accept()
        with connection:
            connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            while not is_over.wait(0.02):
                try:
                    connection.sendall(b"a")
                except OSError:
                    return

    thread = threading.Thread(target=drip, daemon=True)
    thread.start()
    monkeypatch.setattr(egress, "PORTS", {port})
    monkeypatch.setattr(egress, "is_open_address", lambda address: address == "127.0.0.1")
    monkeypatch.setattr(egress, "SECONDS", 0.5)
    yield f"http://127.0.0.1:{port}/"
    is_over.set()
    thread.join()
    listener.close()


def test_however_slowly_it_answers_it_ends(dripping: str) -> None:
    begun = time.monotonic()
    with pytest.raises(Unreachable):
        deliver(dripping, b"", {})
    assert time.monotonic() - begun < 30
