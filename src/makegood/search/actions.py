from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from django.db import connection, transaction

from makegood.kit.bulk import load
from makegood.search.documents import Document
from makegood.search.index import backend, entry_of
from makegood.search.models import Indexed
from makegood.search.numbers import choices, first_free

LOCK = 7_465_012
FEW = 500


@transaction.atomic
def put(documents: Iterable[Document]) -> int:
    """Let these be found as they are now, whether they were known or not; how many."""
    wanted = {document.ref: document for document in documents}
    if not wanted:
        return 0
    _one_writer_at_a_time()
    rows = list(Indexed.objects.filter(ref__in=wanted).values_list("ref", "id", "about"))
    known = {ref: number for ref, number, _about in rows}
    for ref, _number_of, about in rows:
        if about != wanted[ref].about:
            Indexed.objects.filter(ref=ref).update(about=wanted[ref].about)
    moved = [ref for ref, number in known.items() if number not in _choices(wanted[ref])]
    if moved:
        _forget(moved)
    fresh = [document for ref, document in wanted.items() if ref not in known or ref in moved]
    known |= _number(fresh)
    backend().write(entry_of(document, known[ref]) for ref, document in wanted.items())
    return len(wanted)


@transaction.atomic
def put_new(documents: Iterable[Document]) -> int:
    """The same for very many that are certainly not known yet."""
    fresh = list(documents)
    _one_writer_at_a_time()
    known = _number(fresh)
    backend().write(entry_of(document, known[document.ref]) for document in fresh)
    return len(fresh)


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
    asked = {wish for document in documents for wish in islice(_choices(document), 2)}
    taken = _taken(asked)
    rows = []
    for document in documents:
        number = first_free(document.at, document.ref, taken)
        while number not in asked:
            asked.add(number)
            taken |= _taken({number})
            number = first_free(document.at, document.ref, taken)
        taken.add(number)
        rows.append((number, document.ref, document.about))
    load(Indexed, ("id", "ref", "about"), rows)
    return {ref: number for number, ref, _about in rows}


def _taken(numbers: set[int]) -> set[int]:
    rows = Indexed.objects.values_list("id", flat=True)
    if len(numbers) <= FEW:
        return set(rows.filter(id__in=numbers))
    return numbers.intersection(rows.filter(id__range=(min(numbers), max(numbers))))


def _choices(document: Document) -> Iterator[int]:
    return choices(document.at, document.ref)


def _one_writer_at_a_time() -> None:
    """SQLite has one writer anyway; on PostgreSQL the follower and a rebuild take turns."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
