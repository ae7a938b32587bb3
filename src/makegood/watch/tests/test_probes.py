"""Test messages to ourselves: sent, recognised once, and nothing else."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.utils import timezone

from makegood.channels.email.composing import compose
from makegood.channels.models import Arrival, Delivery, Inbox
from makegood.channels.outgoing import from_json
from makegood.conversations.intake import take_in_arrival, waiting_arrivals
from makegood.conversations.models import Conversation
from makegood.customers.models import Customer
from makegood.team.models import Agent
from makegood.watch.keeping import watch_over
from makegood.watch.models import Alarm, Probe, Watched
from makegood.watch.probing import (
    can_be_probed,
    claim,
    due_inboxes,
    probe_inbox,
    switch_probes,
    watched,
)
from makegood.watch.queries import open_alarms, ways_of
from tests.world import arrive, mail_bytes


def load(_sha: str) -> bytes:
    raise OSError


def sent_mail(probe: Probe) -> bytes:
    """The bytes as they leave for the mail server."""
    assert probe.delivery is not None
    return compose(from_json(probe.delivery.outgoing), load)


def came_back(probe: Probe) -> str:
    return arrive(probe.inbox, sent_mail(probe), at=timezone.now())


def fresh(probe: Probe) -> Probe:
    return Probe.objects.get(pk=probe.pk)


def test_every_published_address_and_the_way_of_answers_is_tried(mailbox: Inbox) -> None:
    Inbox.objects.update(settings={**mailbox.settings, "aliases": ["Help@lantern.example"]})
    probes = probe_inbox(Inbox.objects.get())
    assert [(probe.way, probe.to.partition("r.")[0]) for probe in probes] == [
        ("address", "hello@lantern.example"),
        ("address", "help@lantern.example"),
        ("reply", "hello+"),
    ]
    assert Delivery.objects.count() == 3


def test_a_test_message_that_comes_back_is_nobodys_mail(mailbox: Inbox) -> None:
    probe = probe_inbox(mailbox)[0]
    assert came_back(probe) == probe.ref
    probe = fresh(probe)
    assert probe.state == Probe.State.CAME
    assert probe.lag is not None
    assert not Conversation.objects.exists()
    assert not Customer.objects.exists()
    assert Delivery.objects.filter(is_automatic=True).count() == 2, "no acknowledgement"


@pytest.mark.parametrize("kept", ["header", "Message-ID", "subject", "text"])
def test_one_word_that_survives_is_enough(mailbox: Inbox, kept: str) -> None:
    probe = probe_inbox(mailbox)[0]
    raw = sent_mail(probe).decode()
    word = raw.partition("Makegood-Probe: ")[2].partition("\r\n")[0]
    places: dict[str, dict[str, Any]] = {
        "header": {"makegood_probe": word},
        "Message-ID": {"message_id": f"<p.{word}@lantern.example>"},
        "subject": {"subject": f"[Spam?] Makegood test message [{word}]"},
        "text": {"text": f"> A test message.\n> {word}\n"},
    }
    mail = {"text": "stripped", "sender": "hello@lantern.example", **places[kept]}
    assert arrive(mailbox, mail_bytes(**mail)) == probe.ref


def test_a_word_works_once(mailbox: Inbox) -> None:
    probe = probe_inbox(mailbox)[0]
    word = probe.delivery.outgoing["probe"] if probe.delivery else ""
    came_back(probe)
    again = arrive(mailbox, mail_bytes(f"Look what I found: {word}"))
    assert again.startswith("message:"), "an ordinary mail"


@pytest.mark.parametrize("forged", ["signature", "token", "unknown"])
def test_a_forged_word_is_an_ordinary_mail(mailbox: Inbox, forged: str) -> None:
    from makegood.watch.recognising import new_word  # a good word that stands in no row

    probe = probe_inbox(mailbox)[0]
    word = probe.delivery.outgoing["probe"] if probe.delivery else ""
    _start, token, signature = word.split("-")
    wrong = {
        "signature": f"mgp1-{token}-{'0' * 32}",
        "token": f"mgp1-{'a' * 26}-{signature}",
        "unknown": new_word()[0],
    }[forged]
    outcome = arrive(mailbox, mail_bytes("Hello", subject=f"Test [{wrong}]"))
    assert outcome.startswith("message:")
    assert fresh(probe).state == Probe.State.WAITING


def test_the_form_is_tried_by_its_own_door(form: Inbox) -> None:
    probe = probe_inbox(form)[0]
    assert [take_in_arrival(pk) for pk in waiting_arrivals()] == [probe.ref]
    assert fresh(probe).state == Probe.State.CAME
    assert not Conversation.objects.exists()


def test_what_cannot_be_sent_to_is_not_tried(mailbox: Inbox) -> None:
    assert can_be_probed(mailbox)
    mailbox.state = Inbox.State.PAUSED
    assert not can_be_probed(mailbox)
    assert not can_be_probed(Inbox(kind="email", address="a@b.example"))
    sample = {"smtp": {"host": "x"}, "is_sample": True}
    assert not can_be_probed(Inbox(kind="email", address="a@b.example", settings=sample))


def test_a_probe_is_due_every_day_and_on_demand(mailbox: Inbox, olga: Agent) -> None:
    row, now = watched(mailbox), timezone.now()
    assert not due_inboxes(now)
    assert due_inboxes(now + timedelta(hours=1)) == [mailbox]
    probe_inbox(mailbox)
    row.refresh_from_db()
    assert timedelta(hours=21) < row.next_probe_at - now < timedelta(hours=27)
    switch_probes(mailbox, is_on=False, by=olga)
    assert not due_inboxes(now + timedelta(days=2))
    Watched.objects.update(asked_at=now)
    assert due_inboxes(now) == [mailbox], "somebody asked for one"


@pytest.fixture
def quiet(settings: LazySettings) -> None:
    """No disk of this machine, no looks of its own."""
    settings.DISK_RESERVE_BYTES = 0
    settings.WATCHES = False


def test_a_late_probe_is_an_alarm_until_it_comes(mailbox: Inbox, quiet: None) -> None:
    probe = probe_inbox(mailbox)[0]
    watch_over()
    assert not open_alarms(), "it has a quarter of an hour"
    Probe.objects.filter(pk=probe.pk).update(due_at=timezone.now() - timedelta(seconds=1))
    watch_over()
    watch_over()
    assert [one.says for one in open_alarms()] == [
        "Hello: a test message to hello@lantern.example did not come back"
    ]
    assert watched(mailbox).next_probe_at < timezone.now() + timedelta(hours=1, seconds=1)
    came_back(probe)
    watch_over()
    assert not open_alarms()
    assert Alarm.objects.get().closed_at is not None


def test_a_returned_probe_is_an_alarm_at_once(mailbox: Inbox, quiet: None) -> None:
    probe = probe_inbox(mailbox)[0]
    Delivery.objects.filter(about=probe.ref).update(
        state="bounced", trouble="550 5.1.1 no such mailbox"
    )
    watch_over()
    assert [one.said for one in open_alarms()] == ["550 5.1.1 no such mailbox"]
    assert fresh(probe).state == Probe.State.FAILED


def test_a_late_answer_path_is_an_alarm_of_its_own(mailbox: Inbox, quiet: None) -> None:
    address, reply = probe_inbox(mailbox)
    came_back(address)
    Probe.objects.filter(pk=reply.pk).update(due_at=timezone.now() - timedelta(seconds=1))
    watch_over()
    assert [alarm.cause for alarm in Alarm.objects.all()] == [Alarm.Cause.REPLY]


def test_the_usual_lag_is_the_middle_one(mailbox: Inbox) -> None:
    now = timezone.now()
    for number, seconds in enumerate([5, 7, 300]):
        Probe.objects.create(
            inbox=mailbox, way="address", to=mailbox.address, token_hash=str(number),
            state="came", sent_at=now, due_at=now, came_at=now + timedelta(seconds=seconds),
        )  # fmt: skip
    way = ways_of(mailbox)[0]
    assert way.usual == timedelta(seconds=7)
    assert [probe.token_hash for probe in way.probes] == ["0", "1", "2"]


def test_the_arrival_keeps_its_bytes(mailbox: Inbox) -> None:
    probe = probe_inbox(mailbox)[0]
    came_back(probe)
    assert Arrival.objects.get().outcome == probe.ref
    assert fresh(probe).arrival == Arrival.objects.get()


def test_the_command_sends_and_says_where_it_stands(
    mailbox: Inbox, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("probe", "hello@lantern.example", wait=0)
    assert "waiting    hello@lantern.example" in capsys.readouterr().out
    with pytest.raises(CommandError):
        call_command("probe", "nobody@lantern.example", wait=0)


def test_switched_off_only_what_is_asked_for_is_sent(
    mailbox: Inbox, settings: LazySettings
) -> None:
    settings.WATCHES = False
    now = timezone.now()
    watched(mailbox)
    assert not due_inboxes(now + timedelta(days=2))
    Watched.objects.update(asked_at=now)
    assert due_inboxes(now) == [mailbox]


def test_of_two_workers_one_sends(mailbox: Inbox) -> None:
    watched(mailbox)
    Watched.objects.update(asked_at=timezone.now())
    assert [claim(mailbox), claim(mailbox)] == [True, False]
