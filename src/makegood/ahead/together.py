"""Many at once, each in a transaction of its own: one that cannot be told holds up no other."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from makegood.ahead.models import Prepared, Slip, Telling
from makegood.ahead.preparing import prepare
from makegood.ahead.telling import Letter, tell
from makegood.kit.errors import Refused
from makegood.team.models import Agent


@dataclass(kw_only=True)
class Outcome:
    told: list[Telling] = field(default_factory=list)
    prepared: list[Prepared] = field(default_factory=list)
    """Letters that wait for their coupon."""
    refused: list[tuple[Slip, str]] = field(default_factory=list)


def tell_all(slips: Sequence[Slip], letter: Letter, *, by: Agent) -> Outcome:
    done = Outcome()
    for slip in slips:
        try:
            if letter.amends:
                done.prepared.append(prepare(slip, letter, by=by))
            else:
                done.told.append(tell(slip, letter, by=by))
        except Refused as error:
            done.refused.append((slip, str(error)))
    return done
