"""What came in finds its place: a new matter, and a word in a known one, one after another."""

import statistics
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from makegood.bench.benches.intake import commits_a_second
from makegood.bench.figures import Figure, figure
from makegood.channels.actions import RawArrival, take_in
from makegood.channels.models import Inbox
from makegood.conversations.intake import take_in_arrival, waiting_arrivals
from makegood.conversations.models import Conversation, Message, Token
from makegood.conversations.replying import reply_address
from makegood.conversations.tokens import make_token
from makegood.kit.ids import new_token

AT_ONCE = 10
MOMENT = 0.2
WORDS = "The lamp came with a crack along the base, and the shade is another colour.\n" * 8


def taking_in(rounds: int) -> Iterator[Figure]:
    """In turns with bare durable commits, so that whatever else this machine does slows all."""
    inbox = Inbox.objects.filter(kind="email").order_by("pk")[0]
    inbox.settings["acknowledgement"] = ""
    kinds: dict[str, Callable[[], bytes]] = {
        "new": lambda: _mail(inbox.address),
        "known": _answers(inbox),
    }
    speeds: dict[str, list[float]] = {name: [] for name in kinds}
    statements: dict[str, int] = {}
    bare: list[float] = []
    for _round in range(max(4, rounds // 4)):
        bare.append(commits_a_second(MOMENT))
        for name, write in kinds.items():
            speed, statements[name] = _taken_in_a_second(inbox, write)
            speeds[name].append(speed)
    commits = statistics.median(bare)
    for name, each in speeds.items():
        n = AT_ONCE * len(each)
        yield figure(f"taking_in.{name}", statistics.median(each), "a second", commits, n)
        yield figure(f"taking_in.{name}_statements", statements[name], "", None, 1)


def _taken_in_a_second(inbox: Inbox, write: Callable[[], bytes]) -> tuple[float, int]:
    """How many a second, each in a transaction of its own; and how many statements one is."""
    before = set(waiting_arrivals(10_000))
    now = timezone.now()
    take_in(
        RawArrival(inbox_id=inbox.pk, raw=write(), origin="smtp", arrived_at=now)
        for _number in range(AT_ONCE + 1)
    )
    first, *others = sorted(set(waiting_arrivals(10_000)) - before)
    with CaptureQueriesContext(connection) as captured:
        take_in_arrival(first)
    began = time.perf_counter()
    for pk in others:
        take_in_arrival(pk)
    return len(others) / (time.perf_counter() - began), len(captured)


def _mail(to: str, sender: str = "") -> bytes:
    name = new_token()
    sender = sender or f"Ida Berg <{name}@bench.example>"
    return (
        f"From: {sender}\r\nTo: {to}\r\nSubject: My lamp {name}\r\n"
        f"Message-ID: <{name}@bench.example>\r\n\r\n{WORDS}"
    ).encode()


def _answers(inbox: Inbox) -> Callable[[], bytes]:
    """A customer who writes again and again, as in a chat: in a conversation that waits for us."""
    now = timezone.now()
    first = RawArrival(inbox_id=inbox.pk, raw=_mail(inbox.address), origin="smtp", arrived_at=now)
    take_in([first])
    outcome = take_in_arrival(waiting_arrivals(10_000)[-1])
    message = Message.objects.select_related("conversation", "handle").get(
        pk=int(outcome.partition(":")[2])
    )
    conversation, handle = message.conversation, message.handle
    assert handle is not None
    Conversation.objects.filter(pk=conversation.pk).update(
        turn_since=conversation.turn_since - timedelta(minutes=1)
    )
    to = reply_address(inbox, make_token(conversation, handle, Token.Purpose.REPLY))
    return lambda: _mail(to, f"Ida Berg <{handle.address}>")
