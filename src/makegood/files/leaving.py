"""How bytes leave the disk: only when no row names them, and never under one who comes.

The row goes in the transaction that decided so. The bytes go after it, while a row of the
same name is held but not committed: whoever stores the same content in that moment waits
for it, then finds the bytes gone and writes them again (`actions.keep_file`).
"""

from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from makegood.files import storage
from makegood.files.models import File, Leaving

AT_ONCE = 100


@transaction.atomic
def let_go(files: Iterable[int]) -> int:
    """Give up these contents, but for those that something else still carries; how many."""
    gone = 0
    for pk in sorted(files):
        file = File.objects.select_for_update().filter(pk=pk).first()
        if file is None:
            continue
        try:
            with transaction.atomic():
                file.delete()
        except ProtectedError:
            continue
        Leaving.objects.get_or_create(sha256=file.sha256, defaults={"since": timezone.now()})
        gone += 1
    if gone:
        transaction.on_commit(lambda: sweep() and None, robust=True)
    return gone


def sweep() -> int:
    """Take off the disk what was given up; how many. Run after the commit, and by the worker."""
    waiting = list(Leaving.objects.order_by("pk").values_list("sha256", flat=True)[:AT_ONCE])
    return sum(_take_off(sha256) for sha256 in waiting)


def _take_off(sha256: str) -> bool:
    try:
        with transaction.atomic():
            place = File.objects.create(sha256=sha256, size=0)
            storage.remove(sha256)
            place.delete()
            Leaving.objects.filter(sha256=sha256).delete()
    except IntegrityError:
        # Somebody carries the same content again: it stays.
        Leaving.objects.filter(sha256=sha256).delete()
        return False
    return True
