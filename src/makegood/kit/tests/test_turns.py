"""Who wants to write waits for their turn, and no longer than their patience lasts."""

import os
import sqlite3
import threading
import time
from pathlib import Path

import pytest
from django.db.utils import ConnectionHandler

from makegood.kit.sqlite import turns
from makegood.kit.sqlite.turns import take_turn


@pytest.fixture
def place(tmp_path: Path) -> Path:
    with sqlite3.connect(tmp_path / "turns.sqlite3") as link:
        link.execute("CREATE TABLE said (number integer)")
    return tmp_path / "turns.sqlite3"


def link_to(place: Path) -> sqlite3.Connection:
    return sqlite3.connect(place, isolation_level=None, timeout=0, check_same_thread=False)


def begin(link: sqlite3.Connection, patience: float) -> None:
    take_turn(lambda: link.execute("BEGIN IMMEDIATE"), patience)


def test_whoever_comes_second_waits_for_the_first(place: Path) -> None:
    first, second = link_to(place), link_to(place)
    begin(first, 1)
    waiting = threading.Thread(target=begin, args=[second, 60])
    waiting.start()
    first.execute("INSERT INTO said VALUES (1)")
    assert not second.in_transaction
    first.execute("COMMIT")
    waiting.join(60)
    assert second.in_transaction
    assert second.execute("SELECT number FROM said").fetchall() == [(1,)]


def test_whoever_waits_too_long_gives_up(place: Path) -> None:
    first, second = link_to(place), link_to(place)
    begin(first, 1)
    began = time.monotonic()
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        begin(second, 0.05)
    assert time.monotonic() - began >= 0.05


def test_another_trouble_is_told_at_once(place: Path) -> None:
    link = link_to(place)
    begin(link, 1)
    with pytest.raises(sqlite3.OperationalError, match="within a transaction"):
        begin(link, 60)


def test_a_process_forked_while_somebody_waited_has_a_line_of_its_own(place: Path) -> None:
    first, second = link_to(place), link_to(place)
    begin(first, 1)
    waiting = threading.Thread(target=begin, args=[second, 60])
    waiting.start()
    time.sleep(0.02)  # that it stands in line already: where it does not, the test says less
    child = os.fork()
    if child == 0:
        try:
            begin(link_to(place), 0.01)
        except sqlite3.OperationalError:
            os._exit(7)
        os._exit(0)
    first.execute("COMMIT")
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) in (0, 7)
    waiting.join(60)
    second.execute("COMMIT")


@pytest.mark.django_db
def test_a_single_write_stands_in_line_too(place: Path) -> None:
    """Without a transaction it would wait as SQLite does, and starve where others write."""
    options = {"timeout": 60, "transaction_mode": "IMMEDIATE"}
    house = {"ENGINE": "makegood.kit.sqlite", "NAME": str(place), "OPTIONS": options}
    ours = ConnectionHandler({"default": house})["default"]
    other, is_over = link_to(place), threading.Event()
    other.execute("BEGIN IMMEDIATE")

    def let_go() -> None:
        while not turns._LINE.locked() and not is_over.wait(0.001):
            """Nobody stands in line yet."""
        other.execute("COMMIT")

    waiting = threading.Thread(target=let_go)
    waiting.start()
    try:
        with ours.cursor() as cursor:
            cursor.execute("INSERT INTO said VALUES (%s)", [7])
            cursor.execute("SELECT number FROM said")
            assert cursor.fetchall() == [(7,)]
    finally:
        is_over.set()
        waiting.join(60)
        ours.close()
