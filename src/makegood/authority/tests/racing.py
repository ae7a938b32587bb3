"""Eight who take at once from one agent and for one case, each over a connection of its own.

    python -m makegood.authority.tests.racing      on the database that the settings name

Careless ones look first and take afterwards, as nobody may: they show that a race would be seen.
"""

import json
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date

import django
from django.db import connection, transaction
from django.utils import timezone

WORKERS, TRIES = 8, 6
EACH = 5_00
"""Of 25 euros for one case: five takes fit, of forty-eight that are tried."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of a race."""

    taken: int
    refused: int
    sum: int
    gave_back: int


def race(*, is_careful: bool) -> Outcome:
    """Let everybody take at once; what is taken, refused, and stands in the end."""
    from makegood.authority.models import Spending  # the settings must be ready first
    from makegood.ledger.actors import System
    from makegood.team.actions import add_agent

    agent = add_agent("r@lantern.example", "R", role="agent", password="x" * 20, by=System("race"))
    gate = threading.Barrier(WORKERS)
    heard: list[str] = []

    def work(worker: int) -> None:
        gate.wait(60)
        try:
            for number in range(TRIES):
                one = _careful if is_careful else _careless
                heard.append(one(agent.pk, f"makegood:{worker}{number}", gate))
        finally:
            connection.close()

    _all_at_once(work)
    taken = heard.count("taken")
    return Outcome(
        taken=taken, refused=heard.count("refused"), gave_back=heard.count("back"),
        sum=sum(one.minor for one in Spending.objects.all()),
    )  # fmt: skip


def _all_at_once(work: Callable[[int], None]) -> None:
    threads = [threading.Thread(target=work, args=[worker]) for worker in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(300)


def _careful(agent: int, ref: str, _gate: threading.Barrier) -> str:
    """As everybody takes; every third gives back what it took."""
    from makegood.authority.actions import BeyondAuthority, give_back, take
    from makegood.kit.money import Money
    from makegood.team.models import Agent

    who = Agent.objects.get(pk=agent)
    try:
        take(who, Money(EACH, "EUR"), ref=ref, case="order:1", by=who)
    except BeyondAuthority:
        return "refused"
    if ref.endswith("0"):
        give_back(ref, by=who)
        return "back"
    return "taken"


def _careless(agent: int, ref: str, gate: threading.Barrier) -> str:
    """Looks at what is left, and writes a moment later: all of them see the same."""
    from makegood.authority.models import Spending
    from makegood.authority.queries import left
    from makegood.kit.money import Money
    from makegood.team.models import Agent

    who = Agent.objects.get(pk=agent)
    has_room = left(who, "EUR", "order:1").holds(Money(EACH, "EUR"))
    gate.wait(60)
    if not has_room:
        return "refused"
    with transaction.atomic():
        Spending.objects.create(
            agent=who, ref=ref, case="order:1", currency="EUR", minor=EACH,
            counts_on=date(2026, 3, 2), at=timezone.now(),
        )  # fmt: skip
    return "taken"


if __name__ == "__main__":
    import sys

    django.setup()
    found = race(is_careful="careless" not in sys.argv)
    sys.stdout.write(json.dumps(asdict(found)))
