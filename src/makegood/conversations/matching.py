"""Which of some conversations are what a question asks for: the same words, another way round."""

from collections.abc import Collection
from datetime import datetime

from makegood.asking.tree import Node, tests
from makegood.conversations.conditions import SPAM, Conditions
from makegood.conversations.fields import TEXT_COLUMNS
from makegood.conversations.listing import ask
from makegood.conversations.naming import Understood
from makegood.conversations.sql import Sql, both, is_one_of

STANDING, WITH_SPAM = Sql("c.status NOT IN ('joined', 'spam')"), Sql("c.status <> 'joined'")


def matching(
    understood: Understood, pks: Collection[int], now: datetime, node: Node | None = None
) -> set[int]:
    """Those of these that the question holds of, as whoever asks may see them; or a part of it.

    As in every list, spam is among them only where somebody asks for spam.
    """
    if not pks:
        return set()
    conditions = Conditions(understood, now)
    asked = conditions.of(understood.tree if node is None else node)
    stands = WITH_SPAM if node is not None or conditions.asks_for_spam else STANDING
    where = both([is_one_of("c.id", sorted(pks)), conditions.visible, stands, asked])
    rows = ask(f"SELECT c.id FROM conversations_conversation c WHERE {where.text}", where.values)  # noqa: S608
    return {pk for (pk,) in rows}


def asks_for_words(tree: Node) -> bool:
    """Whether the search index is asked: what was just said may not stand in it yet."""
    return any(test.field in TEXT_COLUMNS or test.field == "order" for test in tests(tree))


def asks_for_spam(tree: Node) -> bool:
    """Whether spam is asked for by name: else it is in nothing that is found."""
    return any(one.field in ("status", "is") and SPAM in one.values for one in tests(tree))
