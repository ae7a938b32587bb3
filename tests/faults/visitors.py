"""Visitors of a chat over a weak line, as docs/channels/chat.md has a program do it.

What is not acknowledged is said again under the same name; what came is asked for from the last
number on. A careless one makes a new name for each try: the counting must find them out.
"""

import hashlib
import itertools
import json
import threading
import time
import uuid
from dataclasses import dataclass, field

import httpx

PAUSES = (0.0, 0.25, 0.5, 1.0)
"""Until the next try; the last one stays."""


@dataclass
class Visitor:
    """One browser: a thread that speaks, and one that listens."""

    number: int
    base: str
    words: int
    is_careless: bool = False
    heard: list[tuple[int, str]] = field(default_factory=list)
    back: list[tuple[float, float]] = field(default_factory=list)
    """When each feed broke, and when it was open again."""
    tries: int = 0
    is_over: threading.Event = field(default_factory=threading.Event)
    _seen: int = 0

    def __post_init__(self) -> None:
        self.secret = f"{self.number:043d}"
        # Each from a network of its own, as in life.
        network = f"10.{self.number // 250}.{self.number % 250}.7"
        self.headers = {"Authorization": f"Bearer {self.secret}", "X-Forwarded-For": network}

    def speak(self) -> None:
        with httpx.Client(headers=self.headers, timeout=10, trust_env=False) as client:
            for number in range(self.words):
                self._say(client, f"{self.number}:{number}")

    def _say(self, client: httpx.Client, text: str) -> None:
        name, tried, work = uuid.uuid4().hex, 0, ""
        while not self.is_over.is_set():
            self.tries += 1
            pause = PAUSES[min(tried, len(PAUSES) - 1)]
            try:
                body = {"client_id": name, "text": text, "work": work}
                answer = client.post(f"{self.base}messages/", json=body)
                if answer.status_code == 201:
                    return
                pause = float(answer.headers.get("Retry-After", pause))
                puzzle = answer.json().get("work") if answer.status_code == 403 else None
                work = solved(puzzle["seed"], puzzle["bits"]) if puzzle else ""
            except httpx.TransportError:
                pass
            self.is_over.wait(pause)
            tried += 1
            if self.is_careless:
                name = uuid.uuid4().hex

    def listen(self) -> None:
        """Hold the feed open; fetch what it says is new; come again when it breaks."""
        broke, tried = 0.0, 0
        with httpx.Client(headers=self.headers, timeout=20, trust_env=False) as client:
            while not self.is_over.is_set():
                try:
                    with client.stream("GET", f"{self.base}live/?after={self._seen}") as feed:
                        if feed.status_code == 200:
                            if broke:
                                self.back.append((broke, time.monotonic()))
                            broke, tried = 0.0, 0
                            self._follow(client, feed)
                except httpx.TransportError:
                    pass
                broke = broke or time.monotonic()
                time.sleep(PAUSES[min(tried, len(PAUSES) - 1)] or 0.05)
                tried += 1

    def _follow(self, client: httpx.Client, feed: httpx.Response) -> None:
        for line in feed.iter_lines():
            if self.is_over.is_set():
                return
            if line.startswith("data:") and json.loads(line[5:]).get("seq", 0) > self._seen:
                self.fetch(client)

    def fetch(self, client: httpx.Client) -> None:
        """Everything after the last that was seen, in order."""
        while not self.is_over.is_set():
            answer = client.get(f"{self.base}messages/?after={self._seen}")
            if answer.status_code != 200:  # too many wait: it says when to come again
                self.is_over.wait(float(answer.headers.get("Retry-After", 1)))
                continue
            told = answer.json()
            for message in told["messages"]:
                self.heard.append((message["seq"], message["text"]))
                self._seen = message["seq"]
            if not told["is_more"]:
                return

    def answers(self) -> list[str]:
        """What they were answered, as it came."""
        return [text for _seq, text in self.heard if text.startswith("answer ")]


def solved(seed: str, bits: int) -> str:
    """The work that the desk asks of a browser that writes much: docs/channels/chat.md."""
    for number in itertools.count():
        found = hashlib.sha256(f"{seed}:{number}".encode()).digest()
        if int.from_bytes(found) >> (256 - bits) == 0:
            return f"{seed}:{number}"
    raise AssertionError
