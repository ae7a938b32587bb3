"""PostgreSQL is stopped as hard as can be, again and again, while the whole product works (R18).

Mail comes in, agents read and answer, answers leave. What was acknowledged is there once; pages
say that they are away, quickly; and within seconds of its return everything goes on by itself.
"""

import json
import re
import smtplib
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from operator import gt
from pathlib import Path

import httpx
import pytest

from tests import moulds
from tests.faults import size
from tests.faults.cluster import Cluster, running
from tests.faults.sink import start_sink
from tests.faults.tally import Tally, count
from tests.served import Served

STOPS = size.of(3, 30)
UP, DOWN = 2, 1
"""Seconds at least between two stops, and until it is started again."""
BACK_WITHIN = 180
"""Seconds, of a busy machine, for whatever comes back; how long a mail waited is printed."""
SLOWEST = 30
"""Seconds in which a page comes or says that it is away: likewise."""

SETTING = """
from makegood.channels.connecting import InboxSettings, connect_inbox
from makegood.ledger.actors import System
from makegood.team.actions import add_agent
by = System("setup")
add_agent("nora@shop.test", "Nora", role="owner", password="a lamp in every window", by=by)
settings = {{"smtp": {{"host": "127.0.0.1", "port": {port}, "security": "none"}}}}
wanted = InboxSettings(
    name="S", kind="email", address="support@shop.test", settings=settings,
    secrets={{"password": "x"}},
)
connect_inbox(wanted, by=by)
"""
LOOKING = """
import json
from collections import Counter
from makegood.channels.models import Arrival, Delivery
from makegood.channels.queries import raw_bytes
from makegood.conversations.models import Message
mails = map(raw_bytes, Arrival.objects.all())
kept = [raw.split(b"Subject: ")[1].split(b"\\r\\n")[0].decode() for raw in mails]
said = list(Message.objects.filter(direction="outgoing").values_list("text", flat=True))
print(json.dumps(dict(
    kept=kept, said=said, waiting=Arrival.objects.filter(taken_at=None).count(),
    messages=Message.objects.filter(direction="incoming").count(),
    states=Counter(Delivery.objects.values_list("state", flat=True)),
    keys=dict(Delivery.objects.values_list("outgoing__key", "state")),
)))
"""

LEASES_LAST = 10
LEASES_END = """
from datetime import timedelta
from django.utils import timezone
from makegood.channels.models import Delivery
past = timezone.now() - timedelta(seconds=1)
Delivery.objects.filter(state="sending").update(leased_until=past)
"""
"""What was in the sender's hands as the database went is looked at again minutes later: now."""


@dataclass
class Load:
    """What is asked of the product all the time, and what it answered."""

    install: Served
    session: str
    conversation: str = ""
    over: threading.Event = field(default_factory=threading.Event)
    taken: list[tuple[float, str]] = field(default_factory=list)
    refused: Counter[int] = field(default_factory=Counter)
    read: list[tuple[int, float]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    unsaid: list[int] = field(default_factory=list)

    def counts(self) -> list[int]:
        """Mails taken, answers taken, pages shown; mails refused, pages that were away."""
        codes = Counter(code for code, _seconds in self.read)
        refused = sum(self.refused.values())
        return [len(self.taken), len(self.said), codes[200], refused, codes[503]]

    def write_in(self) -> None:
        number = 0
        while not self.over.wait(0.2):
            number += 1
            code = self.send(number)
            if code == 250:
                self.taken.append((time.monotonic(), str(number)))
            else:
                self.refused[code] += 1

    def send(self, number: int) -> int:
        mail = (
            f"From: c{number}@customer.test\r\nTo: support@shop.test\r\n"
            f"Subject: {number}\r\n\r\nWhere is it?\r\n"
        )
        try:
            with smtplib.SMTP("127.0.0.1", self.install.smtp_port, timeout=120) as link:
                link.sendmail(f"c{number}@customer.test", "support@shop.test", mail)
        except smtplib.SMTPResponseException as refusal:
            return refusal.smtp_code
        except (smtplib.SMTPException, OSError):
            return 0
        return 250

    def client(self) -> httpx.Client:
        client = httpx.Client(base_url=self.install.url, trust_env=False, timeout=120)
        client.cookies.set("session", self.session)
        return client

    def read_along(self) -> None:
        with self.client() as client:
            while not self.over.wait(0.05):
                begun = time.monotonic()
                with suppress(httpx.TransportError):
                    self.read.append(
                        (client.get("/inbox/open/").status_code, time.monotonic() - begun)
                    )

    def answer(self) -> None:
        """The same words again, until they are taken: as a page does that got no answer."""
        with self.client() as client:
            number = 0
            while not self.over.wait(0.2):
                number += 1
                while not self.over.is_set():
                    code = self.say(client, number)
                    if code in (200, 302, 303):
                        self.said.append(f"Answer {number}.")
                        break
                    self.unsaid.append(code)
                    time.sleep(0.2)

    def say(self, client: httpx.Client, number: int) -> int:
        try:
            page = client.get(self.conversation)
            token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)
            seen = re.search(r'name="seen" value="(\d+)"', page.text)
            if token is None or seen is None:
                return page.status_code if page.status_code != 200 else -1
            fields = {
                "csrfmiddlewaretoken": token.group(1), "text": f"Answer {number}.",
                "seen": seen.group(1), "client_key": f"restart-{number}",
                "accept": "",
            }  # fmt: skip
            return client.post(f"{self.conversation}messages/", data=fields).status_code
        except httpx.TransportError:
            return 0


def test_a_database_that_is_stopped_and_comes_back_costs_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tally = Tally(scene="PostgreSQL stopped under load")
    begun = time.monotonic()
    left = tmp_path / "left"
    left.write_text("")
    with running() as cluster:
        database = moulds.new_database(cluster.url, "desk")
        install = Served(tmp_path / "data", database).start("--empty")
        try:
            install.ask(SETTING.format(port=start_sink(left)))
            load = Load(install, install.session_of("nora@shop.test"))
            assert load.send(0) == 250
            load.conversation = wait_for_conversation(load)
            returns = suffer(cluster, load)
            found = settled(install)
        finally:
            install.stop()
    tally.points = STOPS
    tally.delivered = len(returns)
    judge(load, found, left, tally)
    tally.seconds = round(time.monotonic() - begun, 1)
    count("R18", tally)
    with capsys.disabled():
        print(f"\n{tally.told()}; {sum(load.refused.values())} mails refused, "
              f"{len(load.read)} pages, slowest {max(s for _c, s in load.read):.1f} s, "
              f"back after at most {max(returns):.1f} s")  # fmt: skip
    assert tally.delivered == STOPS
    assert set(load.refused) <= {0, 421, 450, 451, 452}, load.refused
    assert sum(load.refused.values()), "the stops never met a mail"
    assert {code for code, _seconds in load.read} == {200, 503}
    assert max(seconds for _code, seconds in load.read) < SLOWEST
    assert load.said
    assert (tally.lost, tally.duplicated, tally.corrupt) == (0, 0, 0)


def wait_for_conversation(load: Load) -> str:
    with load.client() as client:
        until = time.monotonic() + BACK_WITHIN
        while time.monotonic() < until:
            found = re.search(r'href="(/conversations/\d+/)', client.get("/inbox/open/").text)
            if found:
                return found.group(1)
            time.sleep(0.2)
    raise AssertionError("The first mail became no conversation.")


def suffer(cluster: Cluster, load: Load) -> list[float]:
    """Stop and start the database; after how many seconds each time a mail was taken again."""
    workers = [
        threading.Thread(target=one) for one in (load.write_in, load.read_along, load.answer)
    ]
    for worker in workers:
        worker.start()
    returns: list[float] = []
    try:
        for _stop in range(STOPS):
            meet(load, UP, lambda was, now: all(map(gt, now[:3], was[:3])))
            cluster.stop()
            meet(load, DOWN, lambda was, now: all(map(gt, now[3:], was[3:])))
            up = time.monotonic()
            cluster.start()
            while not load.taken or load.taken[-1][0] < up:
                time.sleep(0.05)
                assert time.monotonic() - up < BACK_WITHIN, load.install.log()
            returns.append(time.monotonic() - up)
        meet(load, UP, lambda was, now: all(map(gt, now[:3], was[:3])))
    finally:
        load.over.set()
        for worker in workers:
            worker.join(timeout=BACK_WITHIN)
    return returns


def meet(load: Load, seconds: float, have_met: Callable[[list[int], list[int]], bool]) -> None:
    """So long at least, and until what is asked has met the database as it is now."""
    begun, was = time.monotonic(), load.counts()
    time.sleep(seconds)
    while not have_met(was, load.counts()):
        assert time.monotonic() - begun < BACK_WITHIN, load.install.log()
        time.sleep(0.05)


def settled(install: Served) -> dict[str, object]:
    """Everything, once nothing waits any more."""
    begun = time.monotonic()
    while (waited := time.monotonic() - begun) < 2 * BACK_WITHIN:
        found: dict[str, object] = json.loads(install.ask(LOOKING))
        states = found["states"]
        assert isinstance(states, dict)
        if not found["waiting"] and not {"queued", "sending"} & set(states):
            return found
        if waited > LEASES_LAST:
            install.ask(LEASES_END)
        time.sleep(0.5)
    raise AssertionError(
        f"It did not go on by itself: {found['waiting']} {states}\n{install.log()}"
    )


def judge(load: Load, found: dict[str, object], left: Path, tally: Tally) -> None:
    kept, said, keys = (found[name] for name in ("kept", "said", "keys"))
    assert isinstance(kept, list)
    assert isinstance(said, list)
    assert isinstance(keys, dict)
    mails, answers = Counter(kept), Counter(said)
    acknowledged = [number for _at, number in load.taken]
    tally.acknowledged = len(acknowledged) + len(load.said)
    tally.lost += sum(not mails[one] for one in acknowledged)
    tally.lost += sum(not answers[one] for one in load.said)
    # A mail that was refused after it had been kept would come again as another arrival.
    tally.duplicated += sum(number - 1 for number in answers.values())
    tally.duplicated += sum(number - 1 for number in mails.values())
    tally.corrupt += found["messages"] != len(kept)
    arrived = Counter(json.loads(line) for line in left.read_text().splitlines())
    for key, state in keys.items():
        tally.lost += state == "sent" and not arrived[key]
        tally.in_doubt += state == "in doubt"
        tally.in_doubt_arrived += state == "in doubt" and bool(arrived[key])
        tally.duplicated += max(0, arrived[key] - 1)
