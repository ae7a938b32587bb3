"""Whoever acts: an agent, a customer, or a part of the house itself."""

from dataclasses import dataclass
from typing import Protocol


class Actor(Protocol):
    """Has a reference that stays, and a name as it was at the time."""

    @property
    def ref(self) -> str: ...

    @property
    def name(self) -> str: ...


@dataclass(frozen=True)
class System:
    """A part of the house that acts alone: `System("mail")` is `system:mail`."""

    part: str

    @property
    def ref(self) -> str:
        return f"system:{self.part}"

    @property
    def name(self) -> str:
        return "Makegood"


@dataclass(frozen=True)
class Named:
    """An actor known only by reference and name, as read back from an event."""

    ref: str
    name: str
