"""What machines of ours write: once for each occasion, within budgets, never to a machine."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from makegood.automatic.actions import Occasion, allow_automatic_mail, write_by_machine
from makegood.automatic.models import AutomaticMail, Valve
from makegood.automatic.queries import machine_writing_of, stopped_inboxes
from makegood.automatic.refusing import is_nobodys, mailbox_of
from makegood.channels.connecting import InboxSettings, connect_inbox
from makegood.channels.interface import Address, Outgoing
from makegood.channels.models import Delivery, Inbox
from makegood.customers.actions import meet
from makegood.customers.delivering import RefusedMail, note_complaint, note_refusal
from makegood.ledger.models import Event
from makegood.office.doctor import findings
from tests.world import HOUSE

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
State = AutomaticMail.State


def write(
    inbox: Inbox,
    to: str = "ida@customer.net",
    *,
    about: str = "conversation:1",
    time: str = "1",
    text: str = "We have it, and answer within a day.",
    why_not: str = "",
) -> AutomaticMail:
    outgoing = Outgoing(
        key=f"<m.{to}.{about}.{time}@lantern.example>",
        to=[Address(address=to)],
        sender=Address(address=inbox.address),
        text=text,
        in_reply_to="<theirs@customer.net>",
    )
    occasion = Occasion(rule="test", about=about, occurrence=time, why_not=why_not)
    return write_by_machine(outgoing, inbox=inbox, occasion=occasion)


def test_an_occasion_is_written_of_once(mailbox: Inbox) -> None:
    assert write(mailbox).pk == write(mailbox).pk
    delivery = Delivery.objects.get()
    assert delivery.is_automatic
    assert delivery.outgoing["is_automatic"]


def test_a_mailbox_hears_from_a_machine_once_an_hour_and_three_times_a_day(mailbox: Inbox) -> None:
    states = []
    with time_machine.travel(NOW, tick=False) as clock:
        for number in range(40):
            clock.shift(timedelta(minutes=30))
            to = f"ida+{number}@customer.net"
            states.append(write(mailbox, to, about=f"conversation:{number}").state)
    assert states[:4] == [State.QUEUED, State.REFUSED, State.QUEUED, State.REFUSED]
    assert states.count(State.QUEUED) == 3


def test_of_one_conversation_three_a_day_leave_whoever_they_go_to(mailbox: Inbox) -> None:
    states = [write(mailbox, f"a{n}@customer.net", time=str(n)).state for n in range(5)]
    assert states == [State.QUEUED] * 3 + [State.REFUSED] * 2


def test_what_is_refused_is_written_down_with_its_reason(mailbox: Inbox) -> None:
    write(mailbox, time="1")
    write(mailbox, time="2")
    told = machine_writing_of(mailbox, datetime.now(UTC))
    assert (told.written, told.refused) == (1, 1)
    assert told.newest[0].reason == "We wrote there by machine within the last hour"
    said = Event.objects.filter(kind="automatic.refused").get().sentence()
    assert "within the last hour" in said


@pytest.mark.parametrize(
    "address",
    [
        "noreply@x.net", "no-reply@x.net", "No-Reply@x.net", "do-not-reply@x.net",
        "noreply-orders@x.net", "no-reply+abc@x.net", "mailer-daemon@x.net", "postmaster@x.net",
        "list-request@x.net", "owner-list@x.net", "list-bounces@x.net", "bounce+17=a@x.net",
        "unknown@invalid", "nobody", "",
    ],
)  # fmt: skip
def test_nobody_is_not_written_to(address: str) -> None:
    assert is_nobodys(address)


@pytest.mark.parametrize(
    "address",
    ["ida@x.net", "norepley@x.net", "bouncer.jim@x.net", "abuseidis@x.net", "rootbeer@x.net",
     "postmasters@x.net", "reply@x.net", "daemonios@x.net", "info@x.net", "crona@x.net"],
)  # fmt: skip
def test_a_person_is_not_nobody(address: str) -> None:
    assert not is_nobodys(address)


def test_our_own_addresses_are_never_written_to(mailbox: Inbox, nora: Any) -> None:
    wanted = InboxSettings(
        name="Loom", kind="email", address="loom@lantern.example",
        settings={"aliases": ["weave@lantern.example"], "reply_domain": "r.lantern.example"},
    )  # fmt: skip
    connect_inbox(wanted, by=HOUSE)
    ours = [
        "hello@lantern.example", "hello+x@lantern.example", "LOOM@lantern.example",
        "weave@lantern.example", "r.abc@r.lantern.example", nora.email,
    ]  # fmt: skip
    states = {write(mailbox, one, about=f"conversation:{one}").state for one in ours}
    assert states == {State.REFUSED}
    assert not Delivery.objects.exists()


def test_who_complained_or_refuses_mail_is_not_written_to(mailbox: Inbox) -> None:
    for name in ("angry", "gone"):
        meet("email", f"{name}@customer.net", at=NOW, by=HOUSE)
    angry = meet("email", "angry@customer.net", at=NOW, by=HOUSE)
    gone = meet("email", "gone@customer.net", at=NOW, by=HOUSE)
    note_complaint(angry, at=NOW, by=HOUSE)
    said = RefusedMail(about="delivery:1", is_final=True, cause="no such mailbox")
    note_refusal(gone, said, at=NOW, by=HOUSE)
    assert write(mailbox, angry.address).reason == "angry@customer.net called our mail spam"
    assert write(mailbox, gone.address, time="2").reason == "gone@customer.net does not take mail"


def test_a_storm_stops_the_inbox_until_somebody_has_looked(mailbox: Inbox, olga: Any) -> None:
    mailbox.settings["automatic_an_hour"] = 5
    mailbox.save(update_fields=["settings"])

    def storm(count: int, name: str) -> list[str]:
        return [
            write(mailbox, f"ida@{name}{n}.net", about=f"conversation:{name}{n}").state
            for n in range(count)
        ]

    assert storm(8, "a") == [State.QUEUED] * 5 + [State.HELD] * 3
    assert [valve.inbox for valve in stopped_inboxes()] == [mailbox]
    assert Event.objects.filter(kind="automatic.stopped").count() == 1
    assert any("writes nothing by itself" in finding.says for finding in findings())
    assert allow_automatic_mail(mailbox, by=olga)
    assert not allow_automatic_mail(mailbox, by=olga), "asked twice, it is said once"
    assert storm(6, "b") == [State.QUEUED] * 5 + [State.HELD]


def test_one_stranger_with_many_addresses_stops_nobodys_inbox(mailbox: Inbox) -> None:
    mailbox.settings["automatic_an_hour"] = 12
    mailbox.save(update_fields=["settings"])
    mallory = [f"a{n}@b{n}.mallory.co.uk" for n in range(12)] + ["a@mallory.co.uk"]
    states = [write(mailbox, to, about=f"conversation:{to}").state for to in mallory]
    assert states == [State.QUEUED] * 3 + [State.REFUSED] * 10
    refused = AutomaticMail.objects.filter(state=State.REFUSED).first()
    assert refused is not None
    assert refused.reason == "We wrote to mallory.co.uk by machine 3 times within the last hour"
    assert write(mailbox, "ida@customer.co.uk", about="conversation:ida").state == State.QUEUED
    assert not stopped_inboxes()


def test_what_must_not_leave_is_held_and_said(mailbox: Inbox) -> None:
    mail = write(mailbox, text="Dear {{ customer.name }}, we have it.")
    assert mail.state == State.HELD
    assert Valve.objects.get().closed_because == "A blank was not filled in: {{ customer.name }}"
    assert not Delivery.objects.exists()


def test_what_whoever_asks_knows_against_it_counts_first(mailbox: Inbox) -> None:
    assert write(mailbox, why_not="A machine wrote").reason == "A machine wrote"


def test_plus_addresses_are_one_mailbox() -> None:
    assert mailbox_of("Ida+shop@Customer.NET") == mailbox_of("ida@customer.net")
