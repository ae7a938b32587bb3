"""Where a conversation stands now: in itself, or in the one that it was joined into.

A joined conversation keeps its number, its tokens and its own people; what is said in it
stands in the last of the chain. Whoever changes a conversation locks that last one: while it
is held, nobody can join it further or take out what was joined into it.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from django.db.models import BigAutoField, Expression, QuerySet

from makegood.conversations.models import Conversation
from makegood.kit.compiled import Compiled

LONGEST_CHAIN = 200


def standing_number(pk: int) -> int:
    """The number of the conversation that this one is part of now; its own where of none."""
    for _step in range(LONGEST_CHAIN):
        into = Conversation.objects.values_list("joined_into", flat=True).get(pk=pk)
        if into is None:
            return pk
        pk = into
    raise RuntimeError(f"Conversation {pk} is joined into itself.")


def lock_standing(pk: int, *related: str) -> Conversation:
    """Lock the conversation that this one is part of; waits for joins that are under way."""
    wanted, number = _locking(related), pk
    while True:
        locked = wanted.first(number)
        # Somebody may have joined it while we waited for the lock.
        if locked is not None and (number == pk or number == standing_number(pk)):
            return locked
        number = standing_number(pk)


@cache
def _locking(related: tuple[str, ...]) -> Compiled[Conversation]:
    """Whoever changes a conversation passes here."""

    def rows(number: Expression) -> QuerySet[Conversation]:
        found = Conversation.objects.select_for_update(of=("self",)).filter(pk=number)
        found = found.filter(joined_into=None)
        return found.select_related(*related) if related else found

    return Compiled(rows, BigAutoField())


def hold(pks: Iterable[int]) -> Mapping[int, Conversation]:
    """Lock several in the order of their numbers. An action that comes to one of them in this
    transaction takes it as it stands, and asks for it no more.
    """
    wanted = Conversation.objects.select_for_update(of=("self",)).filter(pk__in=list(pks))
    found = {row.pk: row for row in wanted.select_related("inbox", "team").order_by("pk")}
    for row in found.values():
        row.is_held = row.joined_into_id is None
    return found


def joined_into(*pks: int) -> Sequence[int]:
    """The numbers of all conversations that are part of these, directly or not."""
    found: list[int] = []
    fresh = list(pks)
    while fresh:
        below = Conversation.objects.filter(joined_into__in=fresh).order_by("pk")
        fresh = list(below.values_list("pk", flat=True))
        found += fresh
    return found
