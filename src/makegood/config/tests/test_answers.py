"""A page is written at once and taken slowly: whole, in order, and nobody waits for its reader."""

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.config import answers
from makegood.config.answers import Answers

START: dict[str, Any] = {"type": "http.response.start", "status": 200, "headers": []}


def piece(body: bytes, *, more: bool = True) -> dict[str, Any]:
    return {"type": "http.response.body", "body": body, "more_body": more}


class Reader:
    """Takes what comes, once `may_read` is set."""

    def __init__(self) -> None:
        self.told: list[dict[str, Any]] = []
        self.may_read = asyncio.Event()

    async def send(self, message: dict[str, Any]) -> None:
        await self.may_read.wait()
        self.told.append(message)

    def heard(self) -> bytes:
        return b"".join(one["body"] for one in self.told[1:])


@given(st.lists(st.binary(max_size=200_000), max_size=6))
def test_it_arrives_whole_and_in_order(pieces: list[bytes]) -> None:
    async def story() -> None:
        among, reader = Answers(), Reader()
        answer = among.begin()
        passing = asyncio.create_task(answer.pass_on(reader.send))
        await answer.take(START)
        for number, one in enumerate(pieces):
            await answer.take(piece(one))
            if number == 2:
                reader.may_read.set()
                await asyncio.sleep(0)
        await answer.take(piece(b"", more=False))
        reader.may_read.set()
        await passing
        assert reader.told[0] == START
        assert reader.heard() == b"".join(pieces)
        assert [one["more_body"] for one in reader.told[1:]][-1] is False
        assert all(one["more_body"] for one in reader.told[1:-1])
        assert among.held == 0

    asyncio.run(story())


def test_whoever_makes_it_does_not_wait_for_its_reader() -> None:
    async def story() -> None:
        among, reader = Answers(), Reader()
        answer = among.begin()
        passing = asyncio.create_task(answer.pass_on(reader.send))
        await answer.take(START)
        for _piece in range(100):
            await answer.take(piece(b"x" * 65_536))
        await answer.take(piece(b"", more=False))
        assert not reader.told
        assert among.held == 100 * 65_536
        reader.may_read.set()
        await passing
        assert len(reader.heard()) == 100 * 65_536
        assert among.held == 0

    asyncio.run(story())


def test_what_is_large_begins_before_it_is_whole() -> None:
    async def story() -> None:
        reader = Reader()
        reader.may_read.set()
        answer = Answers().begin()
        passing = asyncio.create_task(answer.pass_on(reader.send))
        await answer.take(START)
        await answer.take(piece(b"x" * (answers.IN_MEMORY + 1)))
        for _turn in range(20):
            await asyncio.sleep(0)
        assert len(reader.heard()) == answers.IN_MEMORY + 1
        await answer.take(piece(b"end", more=False))
        await passing
        assert reader.heard().endswith(b"end")

    asyncio.run(story())


def test_who_takes_nothing_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "SECONDS", 0.05)

    async def story() -> None:
        among, reader = Answers(), Reader()

        async def send(message: dict[str, Any]) -> None:
            if message["type"] != "http.response.start":
                await reader.send(message)

        answer = among.begin()
        passing = asyncio.create_task(answer.pass_on(send))
        await answer.take(START)
        await answer.take(piece(b"x", more=False))
        with pytest.raises(TimeoutError):
            await passing
        assert among.held == 0
        await answer.take(piece(b"dropped"))
        assert among.held == 0

    asyncio.run(story())


def test_too_much_of_all_together_waits_for_its_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "MOST_TOGETHER", 1_000_000)

    async def story() -> None:
        among, reader = Answers(), Reader()
        answer = among.begin()
        passing = asyncio.create_task(answer.pass_on(reader.send))
        await answer.take(START)
        writing = asyncio.create_task(answer.take(piece(b"x" * 1_500_000, more=False)))
        await asyncio.sleep(0.2)
        assert not writing.done()
        reader.may_read.set()
        await asyncio.gather(writing, passing)
        assert among.held == 0

    asyncio.run(story())
