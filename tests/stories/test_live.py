"""The live feed of the running product: who hears of what, and nothing is missed."""

import contextlib
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.served import Served

SCENE = """
from makegood.channels.connecting import InboxSettings, connect_inbox
from makegood.ledger.actors import System
from makegood.team.actions import add_agent
from makegood.team.models import Team
by = System("setup")
front, back = Team.objects.create(name="Front"), Team.objects.create(name="Back")
for name, team in (("nora", front), ("lena", front), ("vera", back)):
    agent = add_agent(f"{name}@lantern.example", name, password="a lamp in every window", by=by)
    agent.teams.add(team)
inbox = connect_inbox(InboxSettings(name="Form", kind="web"), teams=[front], by=by)
"""
WRITE = """
import json
from makegood.channels.actions import RawArrival, take_in
from makegood.channels.models import Inbox
inbox = Inbox.objects.get(kind="web")
for number in range({count}):
    raw = json.dumps(dict(email="ida@example.com", name="Ida", text=f"Where? {word} {{number}}"))
    take_in([RawArrival(inbox_id=inbox.pk, raw=raw.encode(), origin="form")])
"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    served = Served(tmp_path_factory.mktemp("live"))
    served.start("--empty")
    served.ask(SCENE)
    yield served
    served.stop()


class Stream(threading.Thread):
    """One open page: keeps what it hears."""

    def __init__(self, served: Served, session: str, query: str = "") -> None:
        super().__init__(daemon=True)
        self.url, self.cookies = f"{served.url}/live/{query}", {"session": session}
        self.news: list[dict[str, Any]] = []
        self.is_open, self.heard, self.is_over = (threading.Event() for _each in range(3))
        self.wanted = ""

    def run(self) -> None:
        with (
            contextlib.suppress(httpx.RemoteProtocolError),
            httpx.Client(trust_env=False, timeout=300) as client,
            client.stream("GET", self.url, cookies=self.cookies) as response,
        ):
            for line in response.iter_lines():
                self.is_open.set()
                if line.startswith("data:"):
                    self.news.append(json.loads(line.removeprefix("data:")))
                    self.heard.set()
        self.is_over.set()

    def opened(self) -> "Stream":
        self.start()
        assert self.is_open.wait(120)
        return self


def abouts(stream: Stream) -> list[str]:
    return [ref for news in stream.news for ref in news["about"]]


def test_who_may_see_hears_and_who_may_not_does_not(served: Served) -> None:
    nora = Stream(served, served.session_of("nora@lantern.example")).opened()
    vera = Stream(served, served.session_of("vera@lantern.example")).opened()
    served.ask(WRITE.format(count=1, word="first"))
    assert nora.heard.wait(120)
    assert any(ref.startswith("conversation:") for ref in abouts(nora))
    assert all(set(news) == {"id", "about"} for news in nora.news), "ids and nothing else"
    assert vera.news == []


def test_a_page_that_was_away_hears_what_it_missed(served: Served) -> None:
    session = served.session_of("nora@lantern.example")
    newest = int(
        served.ask("from makegood.ledger.reading import newest_position; print(newest_position())")
    )
    served.ask(WRITE.format(count=3, word="missed"))
    again = Stream(served, session, f"?after={newest}").opened()
    assert again.heard.wait(120)
    told = httpx.get(
        f"{served.url}/live/poll/?after={newest}",
        cookies={"session": session},
        trust_env=False,
        timeout=120,
    ).json()["events"]
    assert told[0]["id"] == again.news[0]["id"]


def test_who_is_let_go_hears_no_more(served: Served) -> None:
    stream = Stream(served, served.session_of("lena@lantern.example")).opened()
    served.ask(
        "from makegood.team.actions import add_agent, change_agent\n"
        "from makegood.team.models import Agent\n"
        "from makegood.ledger.actors import System\n"
        "o = add_agent('olga@lantern.example', 'Olga', role='owner', by=System('setup'))\n"
        "change_agent(Agent.objects.get(email='lena@lantern.example'), is_active=False, by=o)\n"
    )
    assert stream.is_over.wait(120)
    served.ask(WRITE.format(count=1, word="after"))
    assert not any("after" in str(news) for news in stream.news)


def test_nobody_hears_without_a_session(served: Served) -> None:
    assert httpx.get(f"{served.url}/live/", trust_env=False, timeout=120).status_code == 403
    assert Path(served.data / "root.key").stat().st_mode & 0o777 == 0o600


DEAFEN = """
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND query = 'LISTEN makegood_beside'"
    )
    print(sum(row[0] for row in cursor.fetchall()))
"""


@pytest.mark.postgres
def test_an_open_page_hears_again_after_its_ear_was_cut_off(served: Served) -> None:
    stream = Stream(served, served.session_of("nora@lantern.example")).opened()
    assert int(served.ask(DEAFEN)) >= 1
    for word in ("meanwhile", "afterwards"):
        served.ask(WRITE.format(count=1, word=word))
    until = threading.Event()
    for _look in range(600):
        if len({ref for ref in abouts(stream) if ref.startswith("conversation:")}) >= 2:
            break
        until.wait(0.1)
    heard = {ref for ref in abouts(stream) if ref.startswith("conversation:")}
    assert len(heard) == 2, "what was said while it was deaf, and what came after"
