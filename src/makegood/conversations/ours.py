"""The names and addresses that are our own: read once in a step, however often it is asked."""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from makegood.channels.models import Inbox
from makegood.customers.actions import canonical_address
from makegood.kit.compiled import Compiled
from makegood.kit.remembering import remembered
from makegood.team.models import Agent


@dataclass(frozen=True)
class House:
    """Who writes for the shop, and from where."""

    agents: Sequence[tuple[str, str, bool]]
    """Address, name, and whether they still work here."""
    inboxes: Sequence[tuple[str, str, str, Sequence[str]]]
    """Kind, address, the name it writes under, and other addresses of it."""

    @cached_property
    def agent_addresses(self) -> Set[str]:
        return {address for address, _name, _is_active in self.agents}

    @cached_property
    def addresses(self) -> Set[str]:
        """Where mail comes in, as it is compared."""
        mail = [(address, *also) for kind, address, _name, also in self.inboxes if kind == "email"]
        return {canonical_address("email", one) for each in mail for one in each}

    @cached_property
    def domains(self) -> Sequence[str]:
        found = [address.rpartition("@")[2].lower() for _k, address, _n, _a in self.inboxes]
        return [one for one in found if one]

    def names(self) -> Iterable[tuple[str, str]]:
        """(address, name) of agents and inboxes; a single first name is anybody's."""
        for address, name, is_active in self.agents:
            if is_active and len(name.split()) > 1:
                yield address, name
        for _kind, address, name, _also in self.inboxes:
            yield address, name


_AGENTS: Compiled[tuple[str, str, bool]] = Compiled(
    lambda: Agent.objects.values_list("email", "name", "is_active")
)
_INBOXES: Compiled[tuple[str, str, str, Any]] = Compiled(
    lambda: Inbox.objects.values_list("kind", "address", "sender_name", "settings")
)


def house() -> House:
    return remembered(("our names and addresses",), _read)


def _read() -> House:
    return House(
        agents=_AGENTS.all(),
        inboxes=[
            (kind, address, name, [str(one) for one in settings.get("aliases", ())])
            for kind, address, name, settings in _INBOXES.all()
        ],
    )
