"""Thousands of visitors in one process: streams that listen, and words that are said."""

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Heard = Callable[[bytes], None]
AT_ONCE = 100
"""So many begin to listen together: they come one after the other in life as well."""


@dataclass(eq=False)
class Stream:
    """One open feed."""

    writer: asyncio.StreamWriter
    reading: "asyncio.Task[None]"

    def close(self) -> None:
        self.reading.cancel()
        self.writer.close()


async def listen(port: int, path: str, headers: dict[str, str], heard: Heard) -> Stream:
    """Open a feed and hand each of its lines on. Raises where it is not opened."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=8 * 1024)
    writer.write(_request("GET", path, headers))
    status = await reader.readline()
    if b" 200 " not in status:
        raise RuntimeError(f"{path} answered {status!r}.")

    async def read() -> None:
        while line := await reader.readline():
            heard(line)

    return Stream(writer, asyncio.create_task(read()))


@dataclass
class Wire:
    """One connection that stays open; requests go one after the other."""

    port: int
    headers: dict[str, str]
    _link: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def ask(self, method: str, path: str, body: Any = None) -> tuple[int, bytes]:
        """One request; the status and the body of its answer."""
        async with self._turn:
            if self._link is None:
                self._link = await asyncio.open_connection("127.0.0.1", self.port)
            reader, writer = self._link
            content = b"" if body is None else json.dumps(body).encode()
            writer.write(_request(method, path, self.headers, content))
            return await _answer(reader)

    def close(self) -> None:
        if self._link is not None:
            self._link[1].close()


def _request(method: str, path: str, headers: dict[str, str], content: bytes = b"") -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if content:
        lines += ["Content-Type: application/json", f"Content-Length: {len(content)}"]
    return "\r\n".join([*lines, "", ""]).encode() + content


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    status, length, is_chunked = int((await reader.readline()).split()[1]), 0, False
    while (line := await reader.readline()).strip():
        name, _colon, value = line.decode("latin-1").partition(":")
        if name.lower() == "content-length":
            length = int(value)
        is_chunked = is_chunked or (name.lower() == "transfer-encoding" and "chunked" in value)
    if not is_chunked:
        return status, await reader.readexactly(length)
    body = b""
    while size := int((await reader.readline()).strip() or b"0", 16):
        body += await reader.readexactly(size)
        await reader.readline()
    await reader.readline()
    return status, body


def now() -> float:
    return time.perf_counter()
