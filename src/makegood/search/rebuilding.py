"""Making the index anew while it is used: batch by batch, in the order of the sources."""

from collections.abc import Callable

from makegood.search.actions import drop, drop_everything, put
from makegood.search.documents import Source, documents_of, sources
from makegood.search.models import Indexed

BATCH = 500
Tell = Callable[[int], None]


def _quiet(_done: int) -> None:
    """Nobody is listening."""


def rebuild(*, from_nothing: bool = False, tell: Tell = _quiet) -> int:
    """Put everything in as it is now, and take out what is no more; how many there are.

    Searching goes on meanwhile: each batch is a transaction of its own, and putting in what
    is in already changes nothing.
    """
    if from_nothing:
        drop_everything()
    total = 0
    for source in sources():
        total = _put_all(source, total, tell)
    _drop_what_is_gone()
    return total


def _put_all(source: Source, total: int, tell: Tell) -> int:
    after = 0
    while pks := source.walk(after, BATCH):
        total += put(source.read(pks))
        after = pks[-1]
        tell(total)
    return total


def _drop_what_is_gone() -> None:
    after = -1
    while True:
        rows = Indexed.objects.filter(id__gt=after).order_by("id")
        batch = list(rows.values_list("id", "ref")[:BATCH])
        if not batch:
            return
        refs = [ref for _number, ref in batch]
        known = documents_of(refs)
        if gone := [ref for ref in refs if ref not in known]:
            drop(gone)
        after = batch[-1][0]
