"""How much a visitor may write: nobody waits for a machine, and no machine gets far."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from makegood.channels.models import Arrival, Inbox
from makegood.chat.models import Upload, Visitor
from makegood.conversations.models import Message
from makegood.customers.blocking import block_handle
from makegood.ledger.models import Event
from makegood.portal.budgets import BUDGETS, HOUR, Budget, Charge, Exhausted, spend, take
from makegood.portal.chat import rush
from makegood.portal.chat.work import bits_for, new_seed, work_done, zero_bits
from makegood.portal.models import Spending
from makegood.portal.tests.test_chat import PIXEL, Browser
from makegood.team.models import Agent


@pytest.fixture(autouse=True)
def calm(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has called from here before."""
    for name in ("ANYTHING", "LOOKING", "TELLING", "NAMING"):
        one: rush.Rush = getattr(rush, name)
        one._counted.clear()


@pytest.fixture
def ida(chat: Inbox) -> Browser:
    return Browser(chat)


def limit(monkeypatch: pytest.MonkeyPatch, name: str, most: int, free: int | None = None) -> None:
    monkeypatch.setitem(BUDGETS, name, Budget(most, BUDGETS[name].period, free=free))


def easy(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine of the tests need not work long."""
    monkeypatch.setattr("makegood.portal.chat.work.FEWEST", 6)
    monkeypatch.setattr("makegood.portal.chat.work.MOST", 8)


def solve(work: dict[str, Any]) -> str:
    for number in count():
        given = f"{work['seed']}:{number}"
        if hashlib.sha256(given.encode()).digest()[0] < 2 ** (8 - work["bits"]):
            return given
    raise AssertionError


def words(ida: Browser, many: int, begins: int = 0, **more: Any) -> list[Any]:
    return [ida.say(f"Word {n}", f"word-number-{n:08d}", **more)
            for n in range(begins, begins + many)]  # fmt: skip


def test_who_writes_at_leisure_is_never_asked_for_anything(ida: Browser) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for number in range(20):
            assert ida.say("Go on", f"word-number-{number:08d}").status_code == 201
            clock.shift(30)


def test_thirty_a_minute_are_too_much_of_one(ida: Browser) -> None:
    with time_machine.travel(timezone.now(), tick=False):
        answers = [one.status_code for one in words(ida, 17)]
        assert answers == [201] * 16 + [403]
        asked = ida.say("More", "word-number-99999999").json()
    assert asked["error"] == "work"
    assert asked["work"]["bits"] == 14
    assert Message.objects.count() == 16


def test_work_opens_once(ida: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    easy(monkeypatch)
    limit(monkeypatch, "chat-words-of-a-network", 100, free=1)
    assert ida.say("One").status_code == 201
    asked = ida.say("Two", "second-word-of-ida").json()
    work = solve(asked["work"])
    assert ida.say("Two", "second-word-of-ida", work=work).status_code == 201
    again = ida.say("Three", "third-word-of-ida", work=work)
    assert (again.status_code, again.json()["error"]) == (403, "work")
    other = solve(again.json()["work"])
    assert ida.say("Three", "third-word-of-ida", work=other).status_code == 201
    assert Message.objects.count() == 3


@pytest.mark.parametrize(
    "how", ["unsolved", "another's", "old", "easier", "forged", "none", "huge"]
)
def test_work_that_was_not_done_opens_nothing(how: str) -> None:
    whose, seed = "shop ida", new_seed("shop ida", 8)
    numbers = (f"{seed}:{n}" for n in count())
    good = next(one for one in numbers if zero_bits(one) >= 8)
    assert work_done(whose, good, bits=8) is not None
    assert work_done(whose, good, bits=10) is not None
    if how == "unsolved":
        bad = next(f"{seed}:x{n}" for n in count() if zero_bits(f"{seed}:x{n}") < 8)
        assert work_done(whose, bad, bits=8) is None
    elif how == "another's":
        assert work_done("shop karim", good, bits=8) is None
    elif how == "old":
        with time_machine.travel(timezone.now() + timedelta(minutes=6)):
            assert work_done(whose, good, bits=8) is None
    elif how == "easier":
        assert work_done(whose, good, bits=11) is None
    elif how == "forged":
        assert work_done(whose, good.replace(".8.", ".0.", 1), bits=0) is None
    elif how == "none":
        assert [work_done(whose, one, bits=0) for one in ("", ":", "a:b", seed, "\ud800:1")] == [
            None
        ] * 5
    else:
        assert work_done(whose, good + "1" * 500, bits=0) is None


def test_the_puzzle_grows_with_the_pressure() -> None:
    assert [bits_for(one) for one in (-1.0, 0.0, 0.5, 1.0, 9.0)] == [14, 14, 18, 22, 22]


def test_past_every_measure_work_is_no_way_either(
    ida: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit(monkeypatch, "chat-words-an-hour", 2, free=2)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        assert [one.status_code for one in words(ida, 3)] == [201] * 3
        refused = ida.say("More", "word-number-99999999")
        assert (refused.status_code, refused.json()["error"]) == (429, "too_much")
        assert 3500 < int(refused.headers["Retry-After"]) <= 3601
        assert "work" not in refused.json()
        clock.shift(int(refused.headers["Retry-After"]))
        assert ida.say("More", "word-number-99999999").status_code == 201


def test_what_was_refused_costs_nobody_else(
    ida: Browser, chat: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit(monkeypatch, "chat-words-an-hour", 1)
    limit(monkeypatch, "chat-words-of-a-network", 4)
    words(ida, 12)
    assert Browser(chat, "k" * 43).say("Good morning").status_code == 201


def test_a_network_brings_so_many_strangers(chat: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    limit(monkeypatch, "chat-visitors-of-a-network", 3, free=2)
    answers = [Browser(chat, letter * 43).say("Hello") for letter in "abcd"]
    assert [one.status_code for one in answers] == [201, 201, 403, 403]
    assert Visitor.objects.count() == 2
    files = Browser(chat, "e" * 43).upload(PIXEL)
    assert files.json()["error"] == "work"
    assert not Upload.objects.exists()


def test_files_are_counted_by_number_and_by_bytes(
    ida: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    ida.say("Hello?")
    limit(monkeypatch, "chat-files", 3)
    limit(monkeypatch, "chat-bytes", 200)
    assert ida.upload(PIXEL).status_code == 201
    assert ida.upload(b"x" * 500).status_code == 429
    assert [ida.upload(PIXEL).status_code for _ in range(3)] == [201, 201, 429]
    assert Upload.objects.count() == 3


def test_a_file_as_large_as_we_say_is_taken_and_no_larger_one(ida: Browser, chat: Inbox) -> None:
    most = chat.limits.attachment_bytes
    assert ida.upload(PIXEL + b"0" * (most - len(PIXEL))).status_code == 201
    assert ida.upload(PIXEL + b"0" * most).status_code == 422


def test_who_is_blocked_is_asked_for_no_work(
    ida: Browser, olga: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    ida.say("Hello?")
    block_handle(Visitor.objects.get().handle, reason="Abuse", by=olga)
    limit(monkeypatch, "chat-words-of-a-network", 100, free=0)
    assert ida.say("You fools", "second-word-of-ida").json()["error"] == "blocked"
    assert ida.upload(PIXEL).json()["error"] == "blocked"
    assert Arrival.objects.count() == 1


def test_ten_thousand_words_of_a_browser_are_news_to_nobody(ida: Browser) -> None:
    ida.say("Hello?")
    events = Event.objects.count()
    told = [ida.post("seen/", {"typing": bool(n % 2)}).status_code for n in range(200)]
    assert told.count(204) == rush.TELLING.limit
    assert told[-1] == 429
    assert Event.objects.count() == events


def test_what_is_no_news_is_not_written_again(ida: Browser) -> None:
    ida.say("Hello?")
    told = {"typing": True, "page": {"url": "https://shop.example/lamp", "title": "Lamp"}}
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for many in (1, 0, 0):
            with CaptureQueriesContext(connection) as asked:
                ida.post("seen/", told)
            written = [one for one in asked if one["sql"].startswith("UPDATE")]
            assert len(written) == many
        clock.shift(4)
        ida.post("seen/", told)
        assert Visitor.objects.get().typing_at == timezone.now()


def test_paying_is_one_statement(chat: Inbox) -> None:
    charges = [Charge("chat-words", "1"), Charge("chat-words-a-minute", "1"), Charge("once", "x")]
    take(charges[:1])
    with CaptureQueriesContext(
        connection,
    ) as asked:
        take(charges)
    said = [one["sql"] for one in asked if "SAVEPOINT" not in one["sql"]]
    assert len(said) == 1


def test_a_purse_gives_what_it_holds_and_not_one_more(db: None) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        assert [spend("writes-of-a-network", "a") for _ in range(22)] == [True] * 20 + [False] * 2
        assert spend("writes-of-a-network", "b", 20)
        assert not spend("writes-of-a-network", "c", 21)
        clock.shift(HOUR - timedelta(seconds=1))
        assert not spend("writes-of-a-network", "a")
        clock.shift(1)
        assert spend("writes-of-a-network", "a")
        with pytest.raises(Exhausted):
            take([Charge("writes"), Charge("writes-of-a-network", "a", 20)])
        assert not Spending.objects.filter(budget="writes").exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_many_at_once_do_not_take_more_than_there_is() -> None:
    def one(number: int) -> bool:
        try:
            return spend("confirmations-for-a-network", "a")
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as many:
        assert sum(many.map(one, range(40))) == 10
