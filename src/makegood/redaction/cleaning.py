"""The last traces of what was removed: in old parts of the index, and in the write-ahead log.

The database overwrites what is deleted in its own file. The index keeps what was taken out of it
until its parts are merged, and the log keeps old pages until it is cut off: both are done here,
in small steps, by the worker.
"""

from django.db import connection
from django.utils import timezone

from makegood.redaction.models import Redaction
from makegood.redaction.queries import redactions_to_clean
from makegood.search.cleaning import merge_some


def clean_up() -> int:
    """One step of what is left to do; how much was done."""
    waiting = redactions_to_clean()
    if not waiting:
        return 0
    if merge_some():
        return 1
    if not _cut_the_log():
        return 0
    done = Redaction.objects.filter(pk__in=waiting, cleaned_at=None)
    return done.update(cleaned_at=timezone.now())


def _cut_the_log() -> bool:
    """Put every page into its file and cut the log off; whether nobody was in the way."""
    if connection.vendor != "sqlite":
        return True
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        busy, _log, _done = cursor.fetchone()
    return not busy
