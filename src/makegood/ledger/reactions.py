"""What apps do about an event at once, in its transaction: database only, and quick."""

from collections import defaultdict
from collections.abc import Callable

from makegood.ledger.facts import Fact
from makegood.ledger.models import Event

Reaction = Callable[[Event], None]
_REACTIONS: dict[str, list[Reaction]] = defaultdict(list)


def reacts_to(*facts: type[Fact]) -> Callable[[Reaction], Reaction]:
    """Register a function to run inside the transaction of every such event."""

    def register(reaction: Reaction) -> Reaction:
        for fact in facts:
            if reaction not in _REACTIONS[fact.kind]:
                _REACTIONS[fact.kind].append(reaction)
        return reaction

    return register


def reactions_to(kind: str) -> list[Reaction]:
    return _REACTIONS[kind]
