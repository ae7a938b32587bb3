"""An answer that breaks off at any byte, and a question too: said again, it is one message."""

import json
import socket
import time
import uuid
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.browser.hand import Hand
from tests.faults import size
from tests.faults.tally import Tally, count
from tests.faults.test_chatting import LOOKING, SETTING
from tests.faults.visitors import Visitor, solved
from tests.served import Served

EVERY = size.of(27, 1)
"""So many bytes from one cut to the next."""
WORDS_EACH = 8
"""Then the next visitor speaks: nobody's own budget is tried here."""
BELIEVED = b"HTTP/1.1 201"
TRIES = 40


class Line:
    """One connection for each question, which may break off while it is asked or answered."""

    def __init__(self, install: Served, public_id: str) -> None:
        self.install, self.path = install, f"/chat/{public_id}/messages/"

    def asked(self, visitor: Visitor, body: dict[str, str]) -> bytes:
        content = json.dumps(body).encode()
        head = [f"POST {self.path} HTTP/1.1", "Host: 127.0.0.1", "Connection: close"]
        head += [f"{name}: {value}" for name, value in visitor.headers.items()]
        head += ["Content-Type: application/json", f"Content-Length: {len(content)}", "", ""]
        return "\r\n".join(head).encode() + content

    def ask(self, question: bytes, *, sent: int | None = None, heard: int | None = None) -> bytes:
        """What came of it. Only so many bytes are sent, or listened to; then it is cut."""
        with socket.create_connection(("127.0.0.1", self.install.port), timeout=60) as line:
            line.sendall(question if sent is None else question[:sent])
            if sent is not None:
                return b""
            found = b""
            while heard is None or len(found) < heard:
                some = line.recv(65536 if heard is None else heard - len(found))
                if not some:
                    break
                found += some
            return found

    def until_said(self, visitor: Visitor, body: dict[str, str]) -> None:
        """Again under the same name until it is acknowledged, with the work that is asked for."""
        for _try in range(TRIES):
            answer = self.ask(self.asked(visitor, body))
            if answer.startswith(BELIEVED):
                return
            told = json.loads(answer.partition(b"\r\n\r\n")[2] or b"{}")
            puzzle = told.get("work")
            if puzzle:
                body = body | {"work": solved(puzzle["seed"], puzzle["bits"])}
            else:
                time.sleep(0.2)
        raise AssertionError(answer)


def cut_at_each_byte(data: Path, what: str, *, is_careless: bool = False) -> Tally:
    """Cut the question or its answer at one byte after the other; each is then said again."""
    tally = Tally(scene=f"{what} cut at a byte{', careless' if is_careless else ''}")
    with ExitStack() as house:
        install = Served(data, extra={"MAKEGOOD_TRUST_PROXY": "1"}).start("--empty")
        house.callback(install.stop)
        hand = Hand(install)
        house.callback(hand.close)
        public_id = hand.ask(SETTING)
        line = Line(install, public_id)
        base = f"http://127.0.0.1:{install.port}/chat/{public_id}/"
        told: list[str] = []
        at, end = 0, _length(line, Visitor(9000, base, 1), what)
        while at < end:
            visitor = Visitor(len(told) // WORDS_EACH, base, 1)
            words = f"{visitor.number}:{at}"
            body = {"client_id": uuid.uuid4().hex, "text": words}
            question = line.asked(visitor, body)
            line.ask(question, **{"sent" if what == "question" else "heard": at})
            if is_careless:
                body["client_id"] = uuid.uuid4().hex
            line.until_said(visitor, body)
            told.append(words)
            tally.points, tally.delivered, at = tally.points + 1, tally.delivered + 1, at + EVERY
        said = json.loads(hand.ask(LOOKING))
    kept = Counter(text for texts in said.values() for text in texts)
    tally.acknowledged = len(told)
    tally.lost = sum(not kept[text] for text in told)
    tally.duplicated = sum(kept[text] - 1 for text in told if kept[text])
    tally.stored_once = sum(kept[text] == 1 for text in told)
    return tally


def _length(line: Line, visitor: Visitor, what: str) -> int:
    """How many bytes there are to cut at: one whole question, or one whole answer."""
    body = {"client_id": uuid.uuid4().hex, "text": "1000:1000"}
    question = line.asked(visitor, body)
    answer = line.ask(question)
    assert answer.startswith(BELIEVED), answer
    return len(question if what == "question" else answer)


@pytest.mark.parametrize("what", ["question", "answer"])
def test_what_breaks_off_at_any_byte_and_is_said_again_is_one_message(
    what: str, tmp_path: Path
) -> None:
    tally = count("R11", cut_at_each_byte(tmp_path, what))
    assert tally.delivered > 300 // EVERY
    assert (tally.lost, tally.duplicated) == (0, 0)
    assert tally.stored_once == tally.acknowledged == tally.delivered


def test_who_names_the_second_try_anew_is_found_out(tmp_path: Path) -> None:
    """The control: with another name for the second try, words are said twice."""
    tally = cut_at_each_byte(tmp_path, "answer", is_careless=True)
    assert tally.duplicated > 0
