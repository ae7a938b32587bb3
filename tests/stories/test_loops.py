"""Two desks that do not know one another, and machines that answer everything: it ends at once."""

import email
from collections.abc import Iterator
from typing import Any

import pytest

from makegood.automatic.models import AutomaticMail
from makegood.channels.connecting import InboxSettings, connect_inbox
from makegood.channels.email import verdict
from makegood.channels.email.outbox import send_next
from makegood.channels.email.tests.sink import Sink, running
from makegood.channels.models import Inbox
from makegood.conversations.models import Conversation
from tests.world import HOUSE, arrive, mail_bytes

OUTSIDE = {"hello@lantern.example": "shop@near.net", "care@loom.example": "desk@far.net"}
"""How each desk is known to the other: neither can tell that the other is one of its own."""
STRIPPED = ("auto-submitted", "precedence", "x-auto-response-suppress", "makegood-trace")


class Net:
    """Carries mail between the desks, and takes off whatever says that a machine wrote."""

    def __init__(self, sink: Sink, inboxes: list[Inbox]) -> None:
        self.sink, self.carried, self.read = sink, 0, 0
        self.doors = {OUTSIDE[inbox.address]: inbox for inbox in inboxes}

    def carry(self) -> int:
        """Let everything leave, and bring it to the other side; how much there was."""
        while send_next():
            pass
        fresh = self.sink.mails[self.read :]
        self.read += len(fresh)
        for raw in fresh:
            mail = email.message_from_bytes(raw)
            door = self.doors.get(email.utils.parseaddr(mail["To"])[1])
            if door is not None:
                self.bring(door, email.utils.parseaddr(mail["From"])[1], mail["Subject"])
        return len(fresh)

    def bring(self, door: Inbox, sender: str, subject: str, **headers: str) -> None:
        self.carried += 1
        shown = OUTSIDE.get(sender, sender)
        domain = shown.partition("@")[2]
        proof = f"mx.test; dmarc=pass header.from={domain}; dkim=pass header.d={domain}"
        raw = mail_bytes(
            f"Thank you, we have it. {self.carried}", sender=shown, to=door.address,
            subject=subject, message_id=f"<{self.carried}@{domain}>", **headers,
        )  # fmt: skip
        raw = f"Authentication-Results: {proof}\n".encode() + raw
        arrive(door, raw, **{"from": shown, "to": [door.address]})


@pytest.fixture
def sink(db: None) -> Iterator[Sink]:
    with running(Sink()) as started:
        yield started


@pytest.fixture
def net(sink: Sink, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Net:
    settings.ASKS_DNS = True
    monkeypatch.setattr(verdict, "names", lambda _name: [])  # a DNS without a word
    return Net(sink, [_desk(sink, "Lantern", "hello@lantern.example"),
                      _desk(sink, "Loom", "care@loom.example")])  # fmt: skip


def _desk(sink: Sink, name: str, address: str) -> Inbox:
    settings: dict[str, Any] = {
        "smtp": sink.settings(),
        "authserv_id": "mx.test",
        "acknowledgement": "Thank you, we have it and answer within a day.",
    }
    wanted = InboxSettings(
        name=name, kind="email", address=address, settings=settings, secrets={"password": "x"}
    )
    return connect_inbox(wanted, by=HOUSE)


def test_two_desks_that_acknowledge_each_other_stop_within_one_round(net: Net) -> None:
    net.bring(net.doors["shop@near.net"], "desk@far.net", "Hello there")
    rounds = 0
    while net.carry():
        rounds += 1
        assert rounds < 10, "it goes on"
    assert rounds == 2, "there, and back"
    assert len(net.sink.mails) == 2
    reasons = list(AutomaticMail.objects.filter(state="refused").values_list("reason", flat=True))
    assert reasons == ["We wrote there by machine within the last hour"]


def test_a_machine_that_answers_everything_at_once_gets_one_answer(net: Net) -> None:
    """It says nothing of being a machine, begins anew each time, and takes no breath."""
    door = net.doors["shop@near.net"]
    net.bring(door, "robot@elsewhere.net", "Hello")
    for number in range(60):
        net.carry()
        net.bring(door, "robot@elsewhere.net", f"We got your mail {number}")
    net.carry()
    assert len(net.sink.mails) == 1
    assert AutomaticMail.objects.filter(state="refused").count() == 60
    assert Conversation.objects.count() == 61, "what it wrote is all there to be read"


def test_what_we_send_by_machine_says_so(net: Net) -> None:
    net.bring(net.doors["shop@near.net"], "ida@customer.net", "My lamp")
    net.carry()
    mail = email.message_from_bytes(net.sink.mails[0])
    assert mail["Auto-Submitted"] == "auto-replied"
    assert mail["X-Auto-Response-Suppress"] == "All"
    assert mail["Precedence"] == "bulk"
    assert mail["In-Reply-To"] == "<1@customer.net>"
    assert any(line.upper().startswith("MAIL FROM:<>") for line in net.sink.heard)


def test_a_server_that_takes_no_empty_return_path_gets_ours(net: Net) -> None:
    net.sink.answers["MAIL FROM:<>"] = "501 5.1.7 Bad sender"
    net.bring(net.doors["shop@near.net"], "ida@customer.net", "My lamp")
    net.carry()
    assert len(net.sink.mails) == 1


@pytest.mark.parametrize(
    ("sender", "headers", "reason"),
    [
        ("ida@customer.net", {"auto_submitted": "auto-generated"}, "A machine wrote"),
        ("ida@customer.net", {"list_id": "<l.customer.net>"}, "A machine wrote"),
        ("ida@customer.net", {"precedence": "junk"}, "A machine wrote"),
        ("no-reply@customer.net", {}, "Nobody reads what is sent to no-reply@customer.net"),
    ],
)
def test_machines_lists_and_nobody_get_no_answer(
    net: Net, sender: str, headers: dict[str, str], reason: str
) -> None:
    net.bring(net.doors["shop@near.net"], sender, "Hello", **headers)
    kept = AutomaticMail.objects.get()
    assert (kept.state, kept.reason) == ("refused", reason)


def test_a_sender_who_proves_nothing_gets_no_answer(net: Net) -> None:
    door = net.doors["shop@near.net"]
    arrive(door, mail_bytes("Hello", sender="victim@customer.net"))
    assert AutomaticMail.objects.get().reason == "Nothing proves that the mail is from its sender"
