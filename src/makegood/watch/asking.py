"""What a look at a domain's records is told, and how it answers."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from makegood.channels.email.authentication import organisation
from makegood.channels.email.verdict import Resolver
from makegood.channels.models import Inbox


class State(StrEnum):
    """How a record fares."""

    OK = "ok"
    ATTENTION = "attention"
    BROKEN = "broken"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Put:
    """What to put into the DNS, field by field as every provider asks for it."""

    kind: str
    name: str
    value: str


@dataclass(frozen=True, kw_only=True)
class Record:
    """One thing about a domain. `why` names the sentence that says what it means."""

    name: str
    state: State
    why: str
    values: dict[str, Any] = field(default_factory=dict)
    found: str = ""
    put: Put | None = None


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Whose records are looked at, whom to ask, and what the newest test message proved."""

    inbox: Inbox
    domain: str
    names: Resolver
    proof: dict[str, Any]

    def texts(self, name: str, starts: str) -> list[str]:
        """The TXT records of a name that begin with a word."""
        found = [str(each) for each in self.names(f"TXT {name}")]
        return [each for each in found if each.lower().startswith(starts.lower())]

    def has_address(self, host: str) -> bool:
        return bool(self.names(f"A {host}") or self.names(f"AAAA {host}"))

    def server(self, kind: str) -> str:
        """The host of one of the inbox's servers; empty where it has none."""
        return str((self.inbox.settings.get(kind) or {}).get("host") or "")


Look = Callable[[Asked], Iterator[Record]]


def is_same_house(one: str, other: str) -> bool:
    """Whether two names belong together: one below the other, or both of one organisation."""
    if one == other or one.endswith(f".{other}") or other.endswith(f".{one}"):
        return True
    return organisation(one) == organisation(other) != ""
