from collections.abc import Iterable, Sequence

from django.db import connection, transaction

from makegood.search.documents import Document
from makegood.search.index import backend, entry_of
from makegood.search.models import Indexed
from makegood.search.numbers import choices, first_free

LOCK = 7_465_012


@transaction.atomic
def put(documents: Iterable[Document]) -> int:
    """Let these be found as they are now, whether they were known or not; how many."""
    wanted = {document.ref: document for document in documents}
    if not wanted:
        return 0
    _one_writer_at_a_time()
    known = dict(Indexed.objects.filter(ref__in=wanted).values_list("ref", "id"))
    moved = [ref for ref, number in known.items() if number not in _choices(wanted[ref])]
    if moved:
        _forget(moved)
    fresh = [document for ref, document in wanted.items() if ref not in known or ref in moved]
    known |= _number(fresh)
    backend().write(entry_of(document, known[ref]) for ref, document in wanted.items())
    return len(wanted)


@transaction.atomic
def drop(refs: Sequence[str]) -> None:
    """Let these be found no more."""
    _one_writer_at_a_time()
    _forget(refs)


@transaction.atomic
def drop_everything() -> None:
    """Empty the index. What is in it can be made again from where it came."""
    _one_writer_at_a_time()
    Indexed.objects.all().delete()
    backend().empty()


def _forget(refs: Sequence[str]) -> None:
    rows = Indexed.objects.filter(ref__in=refs)
    backend().erase(list(rows.values_list("id", flat=True)))
    rows.delete()


def _number(documents: Sequence[Document]) -> dict[str, int]:
    """Give each a number of its time that nobody has."""
    wishes = [wish for document in documents for wish in _choices(document)[:2]]
    taken = set(Indexed.objects.filter(id__in=wishes).values_list("id", flat=True))
    rows = []
    for document in documents:
        number = first_free(document.at, document.ref, taken)
        while number not in wishes and Indexed.objects.filter(id=number).exists():
            taken.add(number)
            number = first_free(document.at, document.ref, taken)
        taken.add(number)
        rows.append(Indexed(id=number, ref=document.ref, about=document.about))
    Indexed.objects.bulk_create(rows, batch_size=2000)
    return {row.ref: row.id for row in rows}


def _choices(document: Document) -> list[int]:
    return choices(document.at, document.ref)


def _one_writer_at_a_time() -> None:
    """SQLite has one writer anyway; on PostgreSQL the follower and a rebuild take turns."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
