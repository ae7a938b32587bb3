"""What is sent with a request: whole and bounded, or never passed on to a page."""

import asyncio
from typing import Any

import pytest

from makegood.config import asgi, bodies

PART, END = ({"type": "http.request", "body": b"text=Dear", "more_body": more} for more in (1, 0))
GONE = {"type": "http.disconnect"}


class Visitor:
    """Somebody who sends these messages and then falls silent; `told` is what they hear."""

    def __init__(self, *messages: dict[str, Any]) -> None:
        self.messages = list(messages)
        self.told: list[dict[str, Any]] = []

    async def receive(self) -> dict[str, Any]:
        if not self.messages:
            await asyncio.sleep(30)
        return self.messages.pop(0)

    async def send(self, message: dict[str, Any]) -> None:
        self.told.append(message)

    def asks(self, *headers: tuple[bytes, bytes]) -> None:
        scope = {"type": "http", "method": "POST", "path": "/x/", "headers": list(headers)}
        asyncio.run(asgi.application(scope, self.receive, self.send))


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What reaches the pages: headers and body of each request."""
    requests: list[Any] = []

    async def pages(scope: dict[str, Any], receive: Any, _send: Any) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message["body"], message["more_body"]
        requests.append((scope["headers"], body))

    monkeypatch.setattr(asgi, "_desk", pages)
    return requests


def test_a_body_arrives_whole(heard: list[Any]) -> None:
    Visitor(PART, PART, END).asks()
    Visitor({"type": "http.request"}).asks()
    assert [body for _headers, body in heard] == [b"text=Dear" * 3, b""]
    assert asgi._bodies.held == 0


def test_who_leaves_in_the_middle_is_not_heard_by_half(heard: list[Any]) -> None:
    visitor = Visitor(PART, GONE)
    visitor.asks()
    assert (heard, visitor.told) == ([], [])
    assert asgi._bodies.held == 0


@pytest.mark.parametrize(
    ("bound", "value", "status"),
    [("SECONDS", 0.05, 408), ("MOST_BYTES", 20, 413), ("MOST_TOGETHER", 20, 503)],
)
def test_a_body_without_bounds_is_refused(
    heard: list[Any], monkeypatch: pytest.MonkeyPatch, bound: str, value: float, status: int
) -> None:
    monkeypatch.setattr(bodies, bound, value)
    visitor = Visitor(PART, PART, PART)
    visitor.asks()
    assert heard == []
    assert visitor.told[0]["status"] == status
    assert asgi._bodies.held == 0


def test_nobody_forges_what_a_proxy_says(heard: list[Any]) -> None:
    Visitor(END).asks((b"x_forwarded_for", b"10.0.0.1"), (b"x-forwarded-for", b"192.0.2.1"))
    [(headers, _body)] = heard
    assert headers == [(b"x-forwarded-for", b"192.0.2.1")]
