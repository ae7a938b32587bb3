"""What apps do about an event at once, in its transaction: database only, and quick."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from makegood.ledger.facts import Fact
from makegood.ledger.models import Event

Reaction = Callable[[Event], None]
Together = Callable[[Sequence[Event]], None]
_REACTIONS: dict[str, list[Reaction]] = defaultdict(list)
_TOGETHER: dict[Together, set[str]] = {}


def reacts_to(*facts: type[Fact]) -> Callable[[Reaction], Reaction]:
    """Register a function to run inside the transaction of every such event."""

    def register(reaction: Reaction) -> Reaction:
        for fact in facts:
            if reaction not in _REACTIONS[fact.kind]:
                _REACTIONS[fact.kind].append(reaction)
        return reaction

    return register


def reacts_together_to(*facts: type[Fact]) -> Callable[[Together], Together]:
    """The same for what many such events need in common: it is given them all, in their order.

    Where nobody gathers that is one. Else it runs once, behind all of them: for what asks the
    same for each, and nothing that happens between them hangs on its answer.
    """

    def register(reaction: Together) -> Together:
        _TOGETHER.setdefault(reaction, set()).update(fact.kind for fact in facts)
        return reaction

    return register


def reactions_to(kind: str) -> list[Reaction]:
    return _REACTIONS[kind]


def hears_together(kind: str) -> bool:
    return any(kind in kinds for kinds in _TOGETHER.values())


def react_together(events: Iterable[Event]) -> None:
    """Give every reaction its share of what was written."""
    written = list(events)
    for reaction, kinds in _TOGETHER.items():
        if theirs := [event for event in written if event.kind in kinds]:
            reaction(theirs)
