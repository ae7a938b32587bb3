"""The one client for addresses that others chose: checked, pinned, small, without cookies.

A name is resolved once, every address behind it is checked, and the connection goes to the
very address that was checked: a name that changes its mind in between gains nothing.
Redirects are checked like first requests (security.md T85, D15).
"""

import ipaddress
import socket
import ssl
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpcore
import httpx
from django.conf import settings
from django.utils.translation import gettext as _

from makegood.kit.errors import Refused

SECONDS = 5.0
MOST_BYTES = 2 * 1024 * 1024
MOST_BYTES_OF_A_CALL = 16 * 1024 * 1024
MOST_REDIRECTS = 3
PORTS = {80, 443, 8080, 8443}
NAT64 = ipaddress.ip_network("64:ff9b::/96")
CARRIER_GRADE = ipaddress.ip_network("100.64.0.0/10")
MORE_CLOSED = [
    ipaddress.ip_network(text)
    for text in ("64:ff9b:1::/48", "2001::/32", "2002::/16", "fec0::/10", "192.88.99.0/24")
]


class Unreachable(Refused):
    """The address may not be fetched, or gave no answer that we take."""


class NoAnswer(Unreachable):
    """It was asked, and what it did about it is not known."""


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """What an address answered."""

    status: int
    content_type: str
    content: bytes
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    """By their names in small letters."""


def is_open_address(text: str) -> bool:
    """Whether an IP address belongs to the public network, in whatever clothes it comes."""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped
        if inner is None and address in NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_open_address(str(inner))
    closed = any(address.version == net.version and address in net for net in MORE_CLOSED)
    in_carrier = address.version == 4 and address in CARRIER_GRADE
    return address.is_global and not address.is_multicast and not closed and not in_carrier


class _Timed(httpcore.NetworkStream):
    """A connection that ends at a moment, however slowly the other side drips."""

    def __init__(self, inner: httpcore.NetworkStream, until: float) -> None:
        self._inner, self._until = inner, until

    def _left(self, timeout: float | None) -> float:
        left = self._until - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("Its time is over.")
        return left if timeout is None else min(left, timeout)

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._left(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        sealed = self._inner.start_tls(ssl_context, server_hostname, self._left(timeout))
        return _Timed(sealed, self._until)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class _Pinned(httpcore.SyncBackend):
    """Connects to an address that it has checked itself, never to a name."""

    def __init__(self, until: float, near: Iterable[str] = ()) -> None:
        self._until, self._near = until, frozenset(near)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        is_near = f"{host}:{port}" in self._near
        if port not in PORTS and not is_near:
            raise Unreachable(_("That port is not one for web pages."))
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = [str(info[4][0]) for info in found]
        is_open = all(is_open_address(address) for address in addresses)
        if not addresses or not (is_near or is_open):
            raise Unreachable(_("That address is not on the public network."))
        found_at = super().connect_tcp(addresses[0], port, timeout, local_address, socket_options)
        return _Timed(found_at, self._until)


class _Transport(httpx.HTTPTransport):
    def __init__(self, until: float, near: Iterable[str] = ()) -> None:
        super().__init__(trust_env=False)
        self._pool = httpcore.ConnectionPool(
            ssl_context=ssl.create_default_context(), network_backend=_Pinned(until, near)
        )


def trusted_roots() -> list[bytes]:
    """The certificates that this machine trusts, each as DER: those that we connect by."""
    return ssl.create_default_context().get_ca_certs(binary_form=True)


def is_public_host(host: str) -> bool:
    """Whether a name leads to the public network and nowhere else."""
    try:
        found = socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return False
    return bool(found) and all(is_open_address(str(info[4][0])) for info in found)


def submit(url: str, fields: Mapping[str, str]) -> Fetched:
    """POST a form to an address; where it redirects is not followed. Raises `Unreachable`."""
    return _once("POST", _checked(url), fields, seconds=SECONDS * 4)  # a form may take its time


def deliver(url: str, content: bytes, headers: Mapping[str, str]) -> Fetched:
    """POST bytes to an address that somebody else chose. Raises `Unreachable`."""
    return _once("POST", _checked(url), seconds=SECONDS, content=content, headers=headers)


def call(
    method: str, url: str, *, headers: Mapping[str, str], content: bytes = b"", seconds: float
) -> Fetched:
    """Ask a shop, with whatever method; where it redirects is not followed.

    Raises `NoAnswer` where it may have done what was asked, and `Unreachable` where nothing of
    the question left. Hosts that whoever runs the desk named may be on a network of their own.
    """
    until = time.monotonic() + seconds
    transport = _Transport(until, settings.NEAR_HOSTS)
    timeout = httpx.Timeout(seconds, connect=min(seconds, SECONDS))
    told = {"User-Agent": "Makegood", **headers}
    try:
        with (
            httpx.Client(transport=transport, timeout=timeout, trust_env=False) as client,
            client.stream(method, _checked(url), headers=told, content=content or None) as response,
        ):
            said = {name.lower(): value for name, value in response.headers.items()}
            body = _body(response, until, MOST_BYTES_OF_A_CALL)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.InvalidURL) as error:
        raise Unreachable(_("That address did not answer.")) from error
    except (OSError, UnicodeError, httpx.UnsupportedProtocol) as error:  # its name is not known
        raise Unreachable(_("That address did not answer.")) from error
    except httpx.HTTPError as error:
        raise NoAnswer(_("That address did not answer.")) from error
    content_type = said.get("content-type", "").partition(";")[0].strip().lower()
    return Fetched(
        status=response.status_code, content_type=content_type, content=body, url=url, headers=said
    )


def _once(
    method: str, url: str, fields: Mapping[str, str] | None = None, *, seconds: float, **what: Any
) -> Fetched:
    """One request, over after so many seconds whatever the other side does."""
    until = time.monotonic() + seconds
    try:
        with (
            httpx.Client(
                transport=_Transport(until),
                timeout=min(seconds, SECONDS * 2),
                trust_env=False,
                headers={"User-Agent": "Makegood"},
            ) as client,
            client.stream(method, url, data=dict(fields or {}), **what) as response,
        ):
            content = _body(response, until)
    except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError) as error:
        raise Unreachable(_("That address did not answer.")) from error
    content_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    return Fetched(status=response.status_code, content_type=content_type, content=content, url=url)


def fetch(url: str, *, accept: str = "*/*") -> Fetched:
    """GET an address that somebody else chose. Raises `Unreachable` with the reason."""
    until = time.monotonic() + SECONDS
    with httpx.Client(
        transport=_Transport(until),
        timeout=SECONDS,
        trust_env=False,
        headers={"User-Agent": "Makegood", "Accept": accept},
    ) as client:
        for _hop in range(MOST_REDIRECTS + 1):
            answer = _get(client, _checked(url), until)
            if not isinstance(answer, str):
                return answer
            url = urljoin(url, answer)
    raise Unreachable(_("That address redirects too often."))


def _checked(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Unreachable(_("Only web addresses can be fetched."))
    if parts.username or parts.password:
        raise Unreachable(_("An address with a password in it is not fetched."))
    return url


def _get(client: httpx.Client, url: str, until: float) -> Fetched | str:
    """The answer, or where it redirects to."""
    try:
        with client.stream("GET", url) as response:
            client.cookies.clear()
            if response.is_redirect:
                return str(response.headers.get("location", ""))
            content = _body(response, until)
    except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError) as error:
        raise Unreachable(_("That address did not answer.")) from error
    content_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    return Fetched(status=response.status_code, content_type=content_type, content=content, url=url)


def _body(response: httpx.Response, until: float, most: int = MOST_BYTES) -> bytes:
    content = bytearray()
    for chunk in response.iter_bytes():
        content += chunk
        if len(content) > most or time.monotonic() > until:
            raise NoAnswer(_("That address answers with too much, or too slowly."))
    return bytes(content)
