"""A flood stands before itself: nobody else waits for it, and what is too much is told so."""

import asyncio
from typing import Any

import pytest

from makegood.config import asgi, lanes
from makegood.config.lanes import Gates, Gone, Receive, TooMany, is_of_visitors


async def stays() -> dict[str, Any]:
    """Whoever asks, and goes on waiting."""
    return await asyncio.Future()


async def stand(
    gates: Gates, network: str, inside: list[str], out: asyncio.Event, receive: Receive = stays
) -> None:
    async with gates.passed(network, receive):
        inside.append(network)
        await out.wait()


async def settle() -> None:
    for _turn in range(10):
        await asyncio.sleep(0)


def test_of_one_network_only_some_are_inside() -> None:
    async def story() -> None:
        gates, inside, out = Gates(inside=2, waiting=5), list[str](), asyncio.Event()
        flood = [asyncio.create_task(stand(gates, "one", inside, out)) for _ in range(7)]
        await settle()
        assert inside == ["one", "one"]
        other = asyncio.create_task(stand(gates, "other", inside, out))
        await settle()
        assert inside[-1] == "other", "who comes from elsewhere does not wait for them"
        with pytest.raises(TooMany):
            await stand(gates, "one", inside, out)
        out.set()
        await asyncio.gather(*flood, other)
        assert inside.count("one") == 7
        await stand(gates, "one", inside, out)

    asyncio.run(story())


def test_who_goes_while_they_wait_leaves_their_place() -> None:
    async def story() -> None:
        gates, inside, out = Gates(inside=1, waiting=1), list[str](), asyncio.Event()
        first = asyncio.create_task(stand(gates, "one", inside, out))
        second = asyncio.create_task(stand(gates, "one", inside, out))
        await settle()
        second.cancel()
        await settle()
        third = asyncio.create_task(stand(gates, "one", inside, out))
        await settle()
        out.set()
        await asyncio.gather(first, third)
        assert inside == ["one", "one"]
        assert gates.here == 0
        assert not gates._gates, "nobody is remembered who has gone"

    asyncio.run(story())


def test_who_hangs_up_while_they_wait_is_not_waited_for() -> None:
    async def story() -> None:
        gates, inside, out = Gates(inside=1), list[str](), asyncio.Event()
        told = asyncio.Event()

        async def hangs_up() -> dict[str, Any]:
            await told.wait()
            return {"type": "http.disconnect"}

        first = asyncio.create_task(stand(gates, "one", inside, out))
        await settle()
        second = asyncio.create_task(stand(gates, "one", inside, out, hangs_up))
        third = asyncio.create_task(stand(gates, "one", inside, out))
        await settle()
        told.set()
        with pytest.raises(Gone):
            await second
        out.set()
        await asyncio.gather(first, third)
        assert inside == ["one", "one"]
        assert gates.here == 0
        await stand(gates, "one", inside, out)
        assert not gates._free.locked()

    asyncio.run(story())


def test_no_more_are_inside_than_there_are_threads() -> None:
    async def story() -> None:
        gates, inside, out = Gates(inside=2, threads=3), list[str](), asyncio.Event()
        tasks = [asyncio.create_task(stand(gates, str(n), inside, out)) for n in range(5)]
        await settle()
        assert inside == ["0", "1", "2"]
        tasks[4].cancel()
        out.set()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert inside == ["0", "1", "2", "3"]
        await stand(gates, "5", inside, out)

    asyncio.run(story())


def test_all_networks_together_are_bounded() -> None:
    async def story() -> None:
        gates, out = Gates(together=3), asyncio.Event()
        tasks = [asyncio.create_task(stand(gates, str(n), [], out)) for n in range(3)]
        await settle()
        with pytest.raises(TooMany):
            await stand(gates, "another", [], out)
        assert "another" not in gates._gates
        out.set()
        await asyncio.gather(*tasks)

    asyncio.run(story())


def test_who_is_refused_hears_it_late_while_there_is_room_to_stand(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lanes, "SECONDS", 3_600)

    async def story() -> None:
        gates = Gates(together=2)
        standing = [asyncio.create_task(gates.linger()) for _ in range(2)]
        await settle()
        assert gates.lingering == 2
        await asyncio.wait_for(gates.linger(), 60)
        for one in standing:
            one.cancel()
        await settle()
        assert gates.lingering == 0

    asyncio.run(story())


def test_who_cannot_wait_is_told_when_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes, "SECONDS", 0)
    monkeypatch.setattr(asgi, "_gates", Gates(inside=0, waiting=0))
    told: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request"}

    async def send(message: dict[str, Any]) -> None:
        told.append(message)

    scope = {"type": "http", "method": "GET", "path": "/chat/abc/hello/", "headers": []}
    asyncio.run(asgi.application({**scope, "client": ("127.0.0.1", 1)}, receive, send))
    assert told[0]["status"] == 503
    assert (b"retry-after", b"2") in told[0]["headers"]


@pytest.mark.parametrize("path", ["/chat/abc/messages/", "/write/abc/", "/c/token/", "/faces/a/"])
def test_what_visitors_open_is_theirs(path: str) -> None:
    assert is_of_visitors(path)


@pytest.mark.parametrize("path", ["/chats/", "/conversations/7/", "/inbox/waiting/", "/static/a"])
def test_what_agents_open_is_the_desks(path: str) -> None:
    assert not is_of_visitors(path)
