"""A desk of its own, in processes that may be killed: it asks the store, and sees how it ended.

    python -m tests.stores.deputy ask < what.json    orders are fetched, and errands asked
    python -m tests.stores.deputy work               the worker goes to the store for one of them
    python -m tests.stores.deputy later              leases have run out: until all is settled
    python -m tests.stores.deputy judge              how every errand ended

`careless` behind it takes a connector that does not look before it acts.
"""

import json
import sys
from typing import Any

import django

MOST = 30
OURS = "desk-"


def ask_all(told: dict[str, Any]) -> list[str]:
    """As an agent does at the desk: an errand for each order; their keys."""
    from makegood.errands.actions import ask
    from makegood.ledger.actors import System
    from makegood.shop.connecting import link_of
    from makegood.shop.connectors.registry import connector
    from makegood.team.actions import add_agent
    from tests.ordered import a_way_to_a_shop

    password = "a lamp in every window"
    owner = add_agent("o@l.example", "Olga", role="owner", password=password, by=System("setup"))
    way = a_way_to_a_shop("medusa", told["url"], token=told["token"])
    keys = []
    for number, (what, order) in enumerate(told["asked"]):
        seen = connector("medusa").fetch(link_of(way), "order", order)
        assert seen is not None
        key = f"{OURS}{number}"
        ask(_order(way, seen), _wanted(what, order, number), key=key, by=owner)
        keys.append(key)
    return keys


def _order(way: Any, seen: Any) -> Any:
    from makegood.shop.applying import apply
    from makegood.shop.models import Order

    assert apply(way.shop, seen)
    return Order.objects.get(external_id=seen.external_id)


def _wanted(what: str, order: str, number: int) -> Any:
    from makegood.shop.connectors.interface import Ability, Wanted

    return Wanted(
        what=Ability(what), order_id=order, amount_minor=1000, currency="EUR", reason="Late",
        code=f"DESK-{order[-6:].upper()}-{number}" if what == "coupon" else "",
    )  # fmt: skip


def work() -> int:
    """One turn of a worker: it goes to the store for one errand."""
    from makegood.errands.doing import run_next_errand

    return run_next_errand()


def later() -> int:
    """Time has gone by: again and again, until every errand is settled."""
    from django.utils import timezone

    from makegood.errands.models import Errand

    for turn in range(MOST):
        open_ones = Errand.objects.filter(settled_at=None)
        if not open_ones.exists():
            return turn
        open_ones.update(leased_until=None, next_at=timezone.now())
        work()
    return MOST


def judge() -> list[dict[str, Any]]:
    from makegood.errands.models import Errand

    names = ("key", "state", "what", "external_id", "tries", "words", "gave")
    return list(Errand.objects.order_by("pk").values(*names))


def go_blind() -> None:
    """The positive control: whoever does not look does everything once more."""
    from makegood.shop.connectors import registry
    from makegood.shop.connectors.medusa import Medusa

    class Careless(Medusa):
        def look(self, *_asked: object) -> None:
            return None

    def careless(_kind: str) -> Any:
        return Careless()

    import makegood.shop.connecting as connecting

    registry.connector = connecting.connector = careless  # type: ignore[assignment]


def main(words: list[str]) -> None:
    django.setup()
    if "careless" in words:
        go_blind()
    told = {
        "ask": lambda: ask_all(json.load(sys.stdin)), "work": work, "later": later, "judge": judge
    }[words[0]]()  # fmt: skip
    print(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1:])
