"""Readers who ask for much and take nothing hold up nobody: neither a visitor nor an agent."""

import socket
from collections.abc import Iterator

import httpx
import pytest

from tests.served import Served

READERS = 12
"""More than there are threads to make pages."""
FILE = """
from makegood.channels.connecting import InboxSettings, connect_inbox
from makegood.chat.actions import Said, admit, say
from makegood.chat.uploads import keep_upload
from makegood.ledger.actors import System
from makegood.portal.chat.showing import shown
by = System("setup")
inbox = connect_inbox(InboxSettings(name="Chat", kind="chat"), by=by)
visitor = admit(inbox, "s" * 43)
large = b"%PDF-1.7 " + b"lamp" * 2_000_000
token = keep_upload(visitor, name="lamp.pdf", content_type="application/pdf", content=large)
said = say(visitor, Said(client_id="a-large-file-of-a-lamp", text="Look:", files=[token]))
told = shown(said, visitor)
print(inbox.public_id, told["files"][0]["url"])
"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    served = Served(tmp_path_factory.mktemp("slow")).start("--empty")
    yield served
    served.stop()


def test_readers_who_take_nothing_hold_up_nobody(served: Served) -> None:
    public_id, url = served.ask(FILE).split()
    path = url.removeprefix(served.url)
    whole = httpx.get(served.url + path, trust_env=False, timeout=120)
    assert len(whole.content) > 8_000_000
    readers = [_reader(served.port, path) for _reader_number in range(READERS)]
    try:
        for page in (f"/chat/{public_id}/hello/", "/accounts/login/") * 3:
            answer = httpx.get(served.url + page, trust_env=False, timeout=60)
            assert answer.status_code in (200, 302), page
    finally:
        for one in readers:
            one.close()
    again = httpx.get(served.url + path, trust_env=False, timeout=120)
    assert again.content == whole.content


def _reader(port: int, path: str) -> socket.socket:
    """Asks, sees that the answer begins, and takes no more of it."""
    link = socket.socket()
    link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    link.settimeout(60)
    link.connect(("127.0.0.1", port))
    link.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
    assert link.recv(64).startswith(b"HTTP/1.1 200")
    return link
