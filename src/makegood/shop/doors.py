"""Who reads what comes in by a connection's door: shops here, and what apps above register.

A carrier's tracker or a payment provider is no shop, but tells us things by the same door: its
app registers a reader under the kind of its connections.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

from django.utils.functional import Promise as Lazy

from makegood.shop.applying import apply
from makegood.shop.connecting import asked, link_of
from makegood.shop.connectors.interface import Ask, Connector, Field, Head, Link, Probed
from makegood.shop.connectors.registry import CONNECTORS, connector
from makegood.shop.models import Connection, Signal
from makegood.shop.seen import Seen


class Reader(Protocol):
    """Knows one kind of signals."""

    @property
    def label(self) -> str | Lazy: ...

    @property
    def fields(self) -> Sequence[Field]: ...

    @property
    def headers(self) -> Sequence[str]:
        """What is kept beside the bytes, in small letters; the rest is forgotten."""
        ...

    @property
    def makes_signing(self) -> bool: ...

    @property
    def signing_says(self) -> str | Lazy: ...

    def probe(self, link: Link) -> Probed:
        """A live test when it is connected. Raises `Declined` or `TryLater`."""
        ...

    def verify(self, link: Link, raw: bytes, headers: Mapping[str, str]) -> Head:
        """On the raw bytes, in constant time. Raises `NotGenuine`; so does an empty secret."""
        ...

    def take(self, connection: Connection, signal: Signal) -> bool:
        """Understand a signal and do what follows; False where it is not for us.

        Runs in the worker, outside of a transaction, and perhaps more than once: what it does
        must end the same however often it is done. Raises `Refused` or `TryLater`.
        """
        ...


class ShopReader:
    """Reads for a connector: what it sees is applied to the mirror."""

    def __init__(self, speaks: Connector) -> None:
        self._speaks = speaks
        self.label, self.fields, self.headers = speaks.label, speaks.fields, speaks.headers
        self.makes_signing, self.signing_says = speaks.makes_signing, speaks.signing_says

    def probe(self, link: Link) -> Probed:
        return self._speaks.probe(link)

    def verify(self, link: Link, raw: bytes, headers: Mapping[str, str]) -> Head:
        return self._speaks.verify(link, raw, headers)

    def take(self, connection: Connection, signal: Signal) -> bool:
        link = link_of(connection)
        told = self._speaks.read(link, signal.topic, bytes(signal.raw))
        if told is None or connection.shop is None:
            return False
        for one in told:
            seen = self._fetched(connection, link, one) if isinstance(one, Ask) else one
            if seen is not None:
                apply(connection.shop, seen)
        return True

    def _fetched(self, connection: Connection, link: Link, one: Ask) -> Seen | None:
        return asked(connection, lambda: self._speaks.fetch(link, one.what, one.external_id))


_READERS: dict[str, Reader] = {}


def register(kind: str, reader: Reader) -> None:
    """Let an app above read one kind of signals."""
    _READERS[kind] = reader


def reader_of(kind: str) -> Reader:
    """Whoever reads signals of a kind. A kind that we lack is a KeyError."""
    return ShopReader(connector(kind)) if kind in CONNECTORS else _READERS[kind]


def kinds() -> Sequence[str]:
    """Every kind of connection that can be made, shops first."""
    return [*CONNECTORS, *_READERS]
