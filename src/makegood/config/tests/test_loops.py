"""What the worker's loops do with what fails."""

import errno

import pytest

from makegood.channels.actions import RawArrival, take_in
from makegood.channels.models import Arrival, Inbox
from makegood.config import loops


def test_a_full_disk_is_not_held_against_what_arrived(
    mailbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_in([RawArrival(inbox_id=mailbox.pk, raw=b"Subject: x\r\n\r\nx\r\n", origin="smtp")])

    def full(_pk: int) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(loops, "take_in_arrival", full)
    for _try in range(6):
        with pytest.raises(OSError, match="No space"):
            loops.take_in_what_arrived()
    assert Arrival.objects.get().attempts == 0
    monkeypatch.undo()
    assert loops.take_in_what_arrived() == 1
    assert Arrival.objects.get().taken_at is not None


def test_another_trouble_lets_the_others_go_first(
    mailbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_in([RawArrival(inbox_id=mailbox.pk, raw=b"Subject: x\r\n\r\nx\r\n", origin="smtp")])

    def odd(_pk: int) -> str:
        raise ValueError("odd")

    monkeypatch.setattr(loops, "take_in_arrival", odd)
    assert loops.take_in_what_arrived() == 1
    assert Arrival.objects.get().attempts == 1
