"""What the worker does alone: nothing that fails holds up what does not."""

import threading
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from makegood.channels.actions import RawArrival, take_in
from makegood.channels.models import Arrival, Inbox
from makegood.config import loops, worker
from makegood.config.loops import FollowerLoop, take_in_what_arrived, wake_what_slept
from makegood.conversations.intake import ATTEMPTS, read_again
from makegood.conversations.models import Conversation, Message
from makegood.conversations.resting import snooze_conversation
from makegood.files import storage
from makegood.ledger import followers
from makegood.ledger.models import Event, Follower
from tests.world import mail_bytes


@pytest.fixture
def lost(mailbox: Inbox) -> Arrival:
    """An arrival whose bytes are gone from the disk: it cannot be taken in."""
    big = mail_bytes("x" * 200_000)
    take_in([RawArrival(inbox_id=mailbox.pk, raw=big, origin="smtp")])
    arrival = Arrival.objects.select_related("file").get()
    assert arrival.file is not None
    storage.path_of(arrival.file.sha256).unlink()
    return arrival


def test_one_that_cannot_be_taken_in_holds_up_nobody(lost: Arrival, mailbox: Inbox) -> None:
    take_in([RawArrival(inbox_id=mailbox.pk, raw=mail_bytes("After it"), origin="smtp")])
    assert take_in_what_arrived() == 2
    assert [message.text.strip() for message in Message.objects.all()] == ["After it"]
    lost.refresh_from_db()
    assert lost.attempts == 1
    assert "FileNotFoundError" in lost.trouble


def test_after_five_tries_it_stands_in_the_list_and_can_be_read_again(
    lost: Arrival, nora: Any
) -> None:
    for _try in range(ATTEMPTS):
        Arrival.objects.update(next_try_at=None)
        take_in_what_arrived()
    assert take_in_what_arrived() == 0
    told = Event.objects.about(lost.ref).in_order()
    assert [event.kind for event in told] == ["arrival.troubled"]
    assert lost.file is not None
    storage.store(mail_bytes("x" * 200_000))
    read_again(lost, by=nora)
    assert take_in_what_arrived() == 1
    assert Message.objects.count() == 1


def test_what_slept_wakes_when_its_time_has_come(lamp: Conversation, nora: Any) -> None:
    now = timezone.now()
    snooze_conversation(lamp, until=now + timedelta(hours=1), by=nora)
    assert wake_what_slept() == 0
    Conversation.objects.update(snoozed_until=now - timedelta(seconds=1))
    assert wake_what_slept() == 1
    lamp.refresh_from_db()
    assert lamp.status == Conversation.Status.OPEN
    assert wake_what_slept() == 0


def test_a_follower_in_trouble_says_so_and_the_others_go_on(
    lamp: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_events: Sequence[Event]) -> None:
        raise LookupError("no such thing")

    monkeypatch.setitem(followers._FOLLOWERS, "aaa", fails)
    with pytest.raises(LookupError):
        FollowerLoop("aaa").step()
    assert Follower.objects.get(name="aaa").trouble == "LookupError: no such thing"
    assert FollowerLoop("seal").step() > 0
    assert Follower.objects.get(name="seal").position == Event.objects.latest("pk").pk


def test_bytes_on_disk_are_private_and_named_by_their_content(lost: Arrival) -> None:
    sha256 = storage.store(b"../../etc/passwd")
    path = storage.path_of(sha256)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_bytes() == b"../../etc/passwd"
    assert Path(path.name).name == sha256
    with pytest.raises(ValueError, match="SHA-256"):
        storage.path_of("../../../../etc/passwd")


def test_what_an_error_says_of_an_arrival_may_hold_any_letters(
    mailbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    for text in ("one", "two"):
        take_in([RawArrival(inbox_id=mailbox.pk, raw=mail_bytes(text), origin="smtp")])
    first, second = Arrival.objects.order_by("pk").values_list("pk", flat=True)
    give_its_place = loops.take_in_arrival

    def stumble(pk: int) -> str:
        if pk == first:
            raise ValueError("foreign words: \0 \udcff")
        return give_its_place(pk)

    monkeypatch.setattr(loops, "take_in_arrival", stumble)
    take_in_what_arrived()
    assert Arrival.objects.get(pk=first).attempts == 1
    assert Arrival.objects.get(pk=second).taken_at is not None


def test_a_helper_that_falls_starts_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "HELPER_RESTS", 0)
    tries: list[int] = []

    def helper(_ending: threading.Event) -> None:
        tries.append(1)
        if len(tries) < 3:
            raise RuntimeError("nobody foresaw this")

    worker._kept_up(helper, threading.Event())
    assert len(tries) == 3
