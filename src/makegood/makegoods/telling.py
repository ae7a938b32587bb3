"""Whom the facts of a make-good are about, and amounts as the ledger keeps them."""

from makegood.kit.money import Money
from makegood.ledger.actors import System
from makegood.makegoods.models import Makegood

HOUSE = System("makegoods")


def about(makegood: Makegood) -> list[str]:
    refs = [makegood.ref]
    if makegood.conversation_id:
        refs.append(f"conversation:{makegood.conversation_id}")
    if makegood.order_id:
        refs.append(f"order:{makegood.order_id}")
    return refs


def digits(money: Money) -> str:
    """In digits that no language changes."""
    return f"{money.decimal()} {money.currency}"
