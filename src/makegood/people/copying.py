"""A copy of everything that we hold of one person, for a day, for the one who asked (GDPR 15, 20).

Asked for in a page, made by the worker, kept outside the database and outside of backups,
and taken off the disk when its day is over.
"""

import logging
import os
import tempfile
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.http import FileResponse
from django.http.response import HttpResponseBase
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from makegood.customers.actions import lock_customer
from makegood.customers.models import Customer
from makegood.files.serving import disposition
from makegood.kit.errors import Refused
from makegood.ledger.actions import record
from makegood.ledger.actors import System
from makegood.people.events import CopyAsked, CopyFetched, CopyMade
from makegood.people.models import Copy
from makegood.people.packing import pack
from makegood.team.models import Agent

log = logging.getLogger(__name__)

LASTS = timedelta(hours=24)
LEASE = timedelta(minutes=30)
ATTEMPTS = 3


def folder() -> Path:
    return Path(settings.DATA) / "copies"


def path_of(copy: Copy) -> Path:
    return folder() / f"{copy.place}.zip"


@transaction.atomic
def ask_for_copy(customer: Customer, *, by: Agent) -> Copy:
    """Let the worker gather everything. Asked twice, it is made once."""
    if not by.may("customers.export"):
        raise Refused(_("Only leads and owners may hand over a person's data."))
    customer = lock_customer(customer)
    mine = Copy.objects.filter(customer=customer, asked_by=by, state=Copy.State.WAITING)
    waiting = mine.first()
    if waiting is not None:
        return waiting
    copy = Copy.objects.create(customer=customer, asked_by=by, asked_at=timezone.now())
    record(CopyAsked(copy=copy.pk), about=[customer, copy], by=by)
    return copy


def make_next_copy() -> int:
    """Make the copy that was asked for first, and clear away what is over; how many."""
    cleared = _clear_away(timezone.now())
    is_asked = Copy.objects.filter(state=Copy.State.WAITING).exists()
    copy = _lease(timezone.now()) if is_asked else None
    if copy is None:
        return cleared
    try:
        with translation.override(copy.asked_by.language or settings.LANGUAGE_CODE):
            _make(copy)
    except OSError as error:
        log.exception("A copy was not made.", extra={"copy": copy.pk})
        _note_failure(copy, f"{type(error).__name__}: {error}")
    return cleared + 1


@transaction.atomic
def _lease(now: datetime) -> Copy | None:
    free = Q(leased_until=None) | Q(leased_until__lt=now)
    waiting = Copy.objects.filter(free, state=Copy.State.WAITING).order_by("pk")
    copy = (
        waiting.select_for_update(skip_locked=True, of=("self",))
        .select_related("customer", "asked_by")
        .first()
    )
    if copy is None:
        return None
    copy.leased_until, copy.attempts = now + LEASE, copy.attempts + 1
    copy.save(update_fields=["leased_until", "attempts"])
    return copy


def _make(copy: Copy) -> None:
    """Write the file beside its place, whole and safe on the disk, and only then say so."""
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=folder(), suffix=".part")
    try:
        with os.fdopen(handle, "w+b") as file:
            pack(copy.customer, copy.asked_by, file)
            file.flush()
            os.fsync(file.fileno())
            size = file.tell()
        os.rename(name, path_of(copy))
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    if not _is_ready(copy, size):
        path_of(copy).unlink(missing_ok=True)  # the person was forgotten meanwhile


@transaction.atomic
def _is_ready(copy: Copy, size: int) -> bool:
    now = timezone.now()
    waiting = Copy.objects.filter(pk=copy.pk, state=Copy.State.WAITING)
    if not waiting.update(
        state=Copy.State.READY, size=size, ready_at=now, expires_at=now + LASTS, leased_until=None
    ):
        return False
    record(CopyMade(copy=copy.pk, size=size), about=[copy.customer, copy], by=System("copies"))
    return True


def _note_failure(copy: Copy, trouble: str) -> None:
    state = Copy.State.FAILED if copy.attempts >= ATTEMPTS else Copy.State.WAITING
    Copy.objects.filter(pk=copy.pk, state=Copy.State.WAITING).update(
        state=state, trouble=trouble[:250]
    )


def _clear_away(now: datetime) -> int:
    over = Copy.objects.filter(state=Copy.State.READY, expires_at__lte=now)
    return sum(_throw_away(copy) for copy in over)


def _throw_away(copy: Copy) -> bool:
    path_of(copy).unlink(missing_ok=True)
    return bool(
        Copy.objects.filter(pk=copy.pk).exclude(state=Copy.State.GONE).update(state=Copy.State.GONE)
    )


def throw_copies_away(customers: Sequence[int]) -> list[str]:
    """A person is forgotten: no copy of them stays. The references that events name."""
    copies = list(Copy.objects.filter(customer__in=customers))
    for copy in copies:
        transaction.on_commit(partial(path_of(copy).unlink, missing_ok=True))
    Copy.objects.filter(customer__in=customers).update(state=Copy.State.GONE, trouble="")
    return [copy.ref for copy in copies]


def fetch_copy(copy: Copy, *, by: Agent) -> HttpResponseBase:
    """The file, in a box. That it was fetched is told."""
    handle = path_of(copy).open("rb")
    with transaction.atomic():
        record(CopyFetched(copy=copy.pk), about=[copy.customer, copy], by=by)
    response = FileResponse(handle, content_type="application/zip")
    name = _("customer %(n)s") % {"n": copy.customer_id}
    response.headers["Content-Disposition"] = disposition("attachment", f"{name}.zip")
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
