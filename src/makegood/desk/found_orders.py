"""Orders among what a search found: by number, e-mail address, telephone number or name."""

from collections.abc import Mapping, Sequence

from makegood.asking.tree import Test, Word, conjuncts
from makegood.conversations.naming import Understood
from makegood.shop.finding import orders_like
from makegood.shop.models import Order
from makegood.team.models import Agent

MOST_ORDERS = 5


def orders_in_search(
    agent: Agent, understood: Understood, asked: Mapping[str, str]
) -> Sequence[Order]:
    """The orders that a search may mean: on its first page."""
    if asked.get("after"):
        return []
    whole = asked.get("q", "").strip()
    hashed = [whole] if whole.startswith("#") else []  # `#12` asks for a conversation as well
    for typed in (understood.words, *_named(understood), *hashed):
        found = orders_like(agent, typed, most=MOST_ORDERS) if typed else []
        if found:
            return found
    return []


def _named(understood: Understood) -> Sequence[str]:
    """The numbers behind `order:`."""
    tree = understood.asked.tree
    parts = conjuncts(tree) if tree is not None and not understood.problems else ()
    asked = [one for one in parts if isinstance(one, Test) and one.field == "order"]
    return [value.text for one in asked for value in one.values if isinstance(value, Word)]
