"""A chat over a line that breaks, at a server that dies: nothing lost, doubled, or out of order."""

import json
import os
import random
import signal
import statistics
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.browser.hand import Hand
from tests.faults import cluster, size
from tests.faults.returns import Returns
from tests.faults.tally import Tally, count
from tests.faults.visitors import Visitor
from tests.faults.weak_line import WeakLine
from tests.served import Served

VISITORS = size.of(8, 100)
WORDS = size.of(12, 70)
CUTS_EVERY = (1.0, 3.0)
KILLED_EVERY = 5.0
SERVES_FOR = 2.0
"""At least so long it serves before it dies: on a busy machine it would do nothing but begin."""
PATIENCE = size.of(600, 7200)

SETTING = """
from makegood.channels.connecting import InboxSettings, connect_inbox
from makegood.ledger.actors import System
from makegood.team.actions import add_agent
by = System("setup")
add_agent("nora@shop.test", "Nora", role="owner", password="a lamp in every window", by=by)
print(connect_inbox(InboxSettings(name="Chat", kind="chat"), by=by).public_id)
"""
ANSWERING = """
from makegood.chat.models import Visitor
from makegood.conversations.models import Conversation
from makegood.conversations.replying import Reply, reply_to
from makegood.team.models import Agent
nora, visitors = Agent.objects.get(), list(Visitor.objects.select_related("handle"))
are_there = Conversation.objects.count() == {visitors}
print("answered" if are_there else "")
for number in range({begin}, {end}) if are_there else []:
    for visitor in visitors:
        place = Conversation.objects.get(customer=visitor.handle.customer_id)
        words = Reply(text=f"answer {{number}}", client_key=f"{{visitor.pk}}-{{number}}")
        reply_to(place, words, by=nora)
"""
LOOKING = """
import json
from makegood.chat.models import Visitor
from makegood.conversations.models import Message
said = {}
for visitor in Visitor.objects.all():
    theirs = Message.objects.filter(handle=visitor.handle_id).order_by("pk")
    said[visitor.secret_hash] = list(theirs.values_list("text", flat=True))
print(json.dumps(said))
"""
ANSWERS = size.of(6, 30)


def chat_under_fire(data: Path, *, url: str = "", is_careless: bool = False) -> Tally:
    """Everybody speaks and listens while the line breaks and the server dies."""
    where = " on PostgreSQL" if url else ""
    tally = Tally(scene=f"chat{where}{', careless' if is_careless else ''}")
    begun, chance = time.monotonic(), random.Random(11)
    with ExitStack() as house:
        install = Served(data, database_url=url, extra={"MAKEGOOD_TRUST_PROXY": "1"}).start(
            "--empty"
        )
        house.callback(install.stop)
        hand = Hand(install)
        house.callback(hand.close)
        public_id = hand.ask(SETTING)
        line = house.enter_context(WeakLine(install.port))
        base = f"http://127.0.0.1:{line.port}/chat/{public_id}/"
        everybody = [Visitor(n, base, WORDS, is_careless) for n in range(VISITORS)]
        speaking = [threading.Thread(target=one.speak, daemon=True) for one in everybody]
        listening = [threading.Thread(target=one.listen, daemon=True) for one in everybody]
        cutting = threading.Thread(
            target=line.cut_now_and_then, args=[CUTS_EVERY, chance], daemon=True
        )
        returns = house.enter_context(Returns(install.port))
        for thread in [*speaking, *listening, cutting]:
            thread.start()
        kills = _kill_and_answer(install, hand, speaking)
        _wait_for_all_answers(everybody, install)
        tally.delivered = tally.points = kills + line.fell
        for one in everybody:
            one.is_over.set()
        _judge(everybody, json.loads(hand.ask(LOOKING)), tally)
        _how_soon_back(everybody, returns, tally)
    tally.seconds = round(time.monotonic() - begun, 1)
    return tally


def _kill_and_answer(install: Served, hand: Hand, speaking: list[threading.Thread]) -> int:
    """Kill who serves the pages every five seconds; an agent answers meanwhile, three times."""
    kills, begin, next_kill = 0, 0, time.monotonic() + KILLED_EVERY
    until = time.monotonic() + PATIENCE
    while begin < ANSWERS or any(one.is_alive() for one in speaking):
        assert time.monotonic() < until, install.log()
        if begin < ANSWERS and kills >= begin // 3:
            end = min(begin + 3, ANSWERS)
            begin = (
                end
                if hand.ask(ANSWERING.format(visitors=VISITORS, begin=begin, end=end))
                else begin
            )
        if time.monotonic() > next_kill:
            looked = time.monotonic()
            serving = _who_serves(install)
            if time.monotonic() - looked > 0.2:  # it was waited for: it has only just begun
                time.sleep(SERVES_FOR)
            os.kill(serving, signal.SIGKILL)
            kills, next_kill = kills + 1, time.monotonic() + KILLED_EVERY
        time.sleep(0.1)
    return kills


def _who_serves(install: Served) -> int:
    """The child of the tree that holds the pages' port."""
    assert install.process is not None
    until = time.monotonic() + 120
    while time.monotonic() < until:
        wanted = _listening_at(install.port)
        parent = install.process.pid
        children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
        for child in children:
            if wanted & _sockets_of(int(child)):
                return int(child)
        time.sleep(0.05)
    raise AssertionError(f"Nobody serves.\n{install.log()}")


def _listening_at(port: int) -> set[str]:
    """The sockets that listen at a port, by their numbers in the kernel."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return {row[9] for row in rows if row[3] == "0A" and row[1].endswith(f":{port:04X}")}


def _sockets_of(pid: int) -> set[str]:
    found = set()
    try:
        for link in Path(f"/proc/{pid}/fd").iterdir():
            target = os.readlink(link)
            if target.startswith("socket:["):
                found.add(target[8:-1])
    except OSError:
        pass  # it ended while we looked
    return found


def _wait_for_all_answers(everybody: list[Visitor], install: Served) -> None:
    until = time.monotonic() + PATIENCE
    while any(len(one.answers()) < ANSWERS for one in everybody):
        assert time.monotonic() < until, install.log()
        time.sleep(0.1)


def _judge(everybody: list[Visitor], said: dict[str, list[str]], tally: Tally) -> None:
    """Both sides against what was said: the shop's rows, and what each visitor heard."""
    rows = {texts[0].partition(":")[0]: texts for texts in said.values()}
    for one in everybody:
        told = [f"{one.number}:{number}" for number in range(one.words)]
        kept = Counter(rows[str(one.number)])
        tally.acknowledged += len(told) + ANSWERS
        tally.lost += sum(not kept[text] for text in told)
        tally.duplicated += sum(times - 1 for times in kept.values())
        answers, wanted = Counter(one.answers()), [f"answer {n}" for n in range(ANSWERS)]
        tally.lost += sum(not answers[text] for text in wanted)
        tally.duplicated += sum(times - 1 for times in answers.values())
        tally.stored_once += sum(times == 1 for times in (kept + answers).values())
        once = list(dict.fromkeys(rows[str(one.number)]))
        tally.corrupt += (once != told) + (one.answers() != wanted)


def _how_soon_back(everybody: list[Visitor], returns: Returns, tally: Tally) -> None:
    """From the break on, and from when there was somebody again to come back to."""
    pairs = [pair for one in everybody for pair in one.back]
    if not pairs:
        return
    in_all = sorted(back - broke for broke, back in pairs)
    reached = sorted(back - returns.before(back, at_least=broke) for broke, back in pairs)
    late = int(len(pairs) * 0.95)
    tally.scene += (
        f" ({len(pairs)} feeds back {statistics.median(reached):.2f} s after somebody served, "
        f"p95 {reached[late]:.2f} s; {statistics.median(in_all):.2f} and {in_all[late]:.2f} s "
        "after they broke)"
    )


@pytest.fixture(scope="module")
def apart() -> Iterator[str]:
    with cluster.running() as running:
        yield running.url


@pytest.mark.parametrize("database", ["SQLite", "PostgreSQL"])
def test_a_chat_over_a_weak_line_loses_doubles_and_disorders_nothing(
    database: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    request: pytest.FixtureRequest,
) -> None:
    url = request.getfixturevalue("apart") if database == "PostgreSQL" else ""
    tally = count("R10", chat_under_fire(tmp_path, url=url))
    with capsys.disabled():
        print(f"\n{tally.told()}")
    assert tally.delivered > VISITORS
    assert (tally.lost, tally.duplicated, tally.corrupt) == (0, 0, 0)
    assert tally.stored_once == tally.acknowledged == VISITORS * (WORDS + ANSWERS)


def test_visitors_who_name_each_try_anew_are_found_out(tmp_path: Path) -> None:
    """The control: without one name for all tries, some words are said twice."""
    tally = chat_under_fire(tmp_path, is_careless=True)
    assert tally.duplicated > 0
