"""One store for all tests of this folder: to start it takes a minute."""

import threading
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.test import Client

from makegood.shop.models import Connection
from makegood.shop.signals import read_next_signals
from tests.ordered import SIGNING, a_way_to_a_shop
from tests.stores.goods import Goods, stocked
from tests.stores.medusa_store import LOGS, Store, medusa

Letter = tuple[bytes, dict[str, str]]


@dataclass
class Post:
    """What the store posted, byte by byte, until a test hands it to our door."""

    letters: list[Letter] = field(default_factory=list)
    news: threading.Condition = field(default_factory=threading.Condition)

    def put(self, letter: Letter) -> None:
        with self.news:
            self.letters.append(letter)
            self.news.notify_all()

    def about(self, *marks: str, after: int = 0) -> Letter:
        """A letter that says all of this: waited for, because stores post afterwards."""
        with self.news:
            found = self.news.wait_for(lambda: self._found(marks, after), timeout=120)
        assert found, f"The store posted nothing about {marks}: {self.letters[after:]}"
        return found

    def _found(self, marks: tuple[str, ...], after: int) -> Letter | None:
        came = self.letters[after:]
        fits = (one for one in came if all(mark.encode() in one[0] for mark in marks))
        return next(fits, None)


@dataclass
class Shelves:
    """A store that runs, and what was put in."""

    store: Store
    goods: Goods


@dataclass
class Met:
    """A real store with things to sell, and our connection to it."""

    store: Store
    goods: Goods
    post: Post
    way: Connection

    def deliver(self, *letters: Letter) -> list[int]:
        """Hand letters to our door as they came, and have them read."""
        place = f"/signals/{self.way.public_id}/"
        kind = "application/json"
        answers = [
            Client().post(place, raw, content_type=kind, headers=headers)
            for raw, headers in letters
        ]
        read_next_signals()
        return [one.status_code for one in answers]


@pytest.fixture(scope="session")
def post() -> Iterator[tuple[Post, str]]:
    kept = Post()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            marks = {name: value for name, value in self.headers.items()
                     if name.lower().startswith("webhook-")}  # fmt: skip
            kept.put((raw, marks))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_args: Any) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=[0.05], daemon=True).start()
    yield kept, f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def shelves(post: tuple[Post, str]) -> Iterator[Shelves]:
    with medusa(post[1], SIGNING) as store:
        yield Shelves(store, stocked(store))


@pytest.fixture
def met(db: None, settings: Any, shelves: Shelves, post: tuple[Post, str]) -> Met:
    store, goods = shelves.store, shelves.goods
    settings.NEAR_HOSTS = (f"127.0.0.1:{store.port}",)
    way = a_way_to_a_shop("medusa", store.url, token=store.token)
    return Met(store, goods, post[0], way)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Beside a test that failed stands what the store said last."""
    report: pytest.TestReport = yield
    for log in LOGS if report.failed else ():
        if log.exists():
            report.sections.append(
                ("What the store wrote", log.read_text(errors="replace")[-4000:])
            )
    return report
