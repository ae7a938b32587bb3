"""Addresses that must not be reached from inside, in all the clothes they come in."""

import ipaddress
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.kit import egress
from makegood.kit.egress import Unreachable, fetch, is_open_address

CLOSED = [
    "127.0.0.1",
    "127.255.255.254",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
    "192.0.2.1",
    "198.18.0.1",
    "::1",
    "::",
    "fe80::1%eth0",
    "fc00::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "2002:7f00:1::",
    "2001::1",
    "fec0::1",
]


@pytest.mark.parametrize("address", CLOSED)
def test_closed_addresses_are_closed(address: str) -> None:
    assert not is_open_address(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "64:ff9b::5db8:d822"])
def test_public_addresses_are_open(address: str) -> None:
    assert is_open_address(address)


@given(st.ip_addresses(v=4, network="10.0.0.0/8") | st.ip_addresses(v=4, network="192.168.0.0/16"))
def test_private_addresses_stay_closed_inside_others(address: ipaddress.IPv4Address) -> None:
    assert not is_open_address(str(address))
    assert not is_open_address(f"::ffff:{address}")
    assert not is_open_address(str(ipaddress.IPv6Address((0x64FF9B << 96) + int(address))))


HITS: list[str] = []


class Decoy(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        HITS.append(self.path)
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_args: Any) -> None:
        """Silent."""


@pytest.fixture
def decoy(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    server = HTTPServer(("127.0.0.1", 0), Decoy)
    threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
    monkeypatch.setattr(egress, "PORTS", {80, 443, server.server_port})
    HITS.clear()
    yield server.server_port
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "LOCALHOST",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "[::ffff:127.0.0.1]",
        "[::1]",
        "0",
        "127.0.0.1.",
        "①②⑦.0.0.1",
    ],
)
def test_no_writing_of_an_inner_address_reaches_it(decoy: int, host: str) -> None:
    with pytest.raises(Unreachable):
        fetch(f"http://{host}:{decoy}/inside")
    assert HITS == []


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "ftp://example.org/", "gopher://x", "", "http://", "http://a:b@host/"],
)
def test_only_plain_web_addresses_are_tried(url: str) -> None:
    with pytest.raises(Unreachable):
        fetch(url)


def test_a_name_with_one_inner_address_among_public_ones_is_refused(
    decoy: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def both(*_args: Any, **_kwargs: Any) -> list[Any]:
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", decoy)),
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", decoy)),
        ]

    monkeypatch.setattr(socket, "getaddrinfo", both)
    with pytest.raises(Unreachable, match="public network"):
        fetch(f"http://rebinding.example:{decoy}/")
    assert HITS == []


def test_what_is_allowed_is_fetched_and_what_is_too_much_is_not(
    decoy: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(egress, "is_open_address", lambda _address: True)
    assert fetch(f"http://127.0.0.1:{decoy}/open").status == 200
    assert HITS == ["/open"]
    with pytest.raises(Unreachable):
        fetch(f"http://127.0.0.1:{decoy + 1}/other-port")


def _ask(port: int) -> egress.Fetched:
    return egress.call("GET", f"http://127.0.0.1:{port}/inside", headers={}, seconds=5)


def test_a_shop_is_called_on_an_inner_network_only_where_it_is_named(
    decoy: int, settings: Any
) -> None:
    for named in ((), (f"127.0.0.1:{decoy + 1}",), (f"localhost:{decoy}",)):
        settings.NEAR_HOSTS = named
        with pytest.raises(Unreachable):
            _ask(decoy)
    assert HITS == []
    settings.NEAR_HOSTS = (f"127.0.0.1:{decoy}",)
    assert _ask(decoy).status == 200
    with pytest.raises(Unreachable):
        fetch(f"http://127.0.0.1:{decoy}/inside")
    assert HITS == ["/inside"]


def test_whether_a_question_may_have_arrived_is_told_apart(settings: Any) -> None:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
        settings.NEAR_HOSTS = (f"127.0.0.1:{port}",)
        with pytest.raises(Unreachable) as shut:
            _ask(port)
        assert not isinstance(shut.value, egress.NoAnswer)
        door.listen()

        def hang_up() -> None:
            there, _address = door.accept()
            there.recv(4096)
            there.close()

        threading.Thread(target=hang_up, daemon=True).start()
        with pytest.raises(egress.NoAnswer):
            _ask(port)
