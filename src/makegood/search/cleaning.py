"""Words that were taken out of the index leave its files, too."""

from django.db import connection, transaction

PAGES = 400


@transaction.atomic
def merge_some() -> bool:
    """Merge a little of the index; whether there is more to do.

    FTS5 marks what is taken out and drops it where parts are merged. A negative number puts all
    parts on one level first, so that they become one; PostgreSQL has no such parts.
    """
    if connection.vendor != "sqlite":
        return False
    with connection.cursor() as cursor:
        before = _parts(cursor)
        cursor.execute(
            "INSERT INTO search_words(search_words, rank) VALUES ('merge', %s)", [-PAGES]
        )
        cursor.execute("SELECT changes()")
        return _parts(cursor) != before


def _parts(cursor: object) -> bytes:
    """The index's own account of its parts."""
    cursor.execute("SELECT block FROM search_words_data WHERE id = 10")  # type: ignore[attr-defined]
    row = cursor.fetchone()  # type: ignore[attr-defined]
    return bytes(row[0]) if row else b""
