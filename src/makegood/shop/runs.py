"""Files of orders: read, matched, begun, stopped, taken out again."""

import gzip
import io
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO, cast
from zoneinfo import available_timezones

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.files import storage
from makegood.files.actions import keep_file
from makegood.files.leaving import let_go
from makegood.kit.errors import Refused
from makegood.kit.money import known_currency
from makegood.kit.sheets import guessed_columns, rows_in
from makegood.kit.text import one_line
from makegood.ledger.actions import record
from makegood.shop.columns import COLUMNS, NEEDED
from makegood.shop.events import ImportBegun, ImportStopped, ShopConnected
from makegood.shop.models import ImportRun, Shop
from makegood.team.models import Agent

LARGEST = 100_000_000
FIRST_LINES = 3
CELL_SHOWN = 60
State = ImportRun.State


@dataclass(frozen=True, kw_only=True)
class FileWish:
    """A file, and whose orders it holds: a shop that is known, or a new one."""

    name: str
    shop: str
    currency: str
    time_zone: str


def read_orders(wish: FileWish, content: bytes, *, by: Agent) -> ImportRun:
    """Keep a file of orders and see what its columns are; nothing is brought in yet."""
    if len(content) > LARGEST:
        raise Refused(_("This file is too large: 100 megabytes at most."))
    with opened(io.BytesIO(content)) as stream:
        rows = [cells for _number, cells in islice(rows_in(stream), FIRST_LINES + 1)]
    if len(rows) < 2:
        raise Refused(_("This file has no lines under its header."))
    return _keep(wish, rows, content, by)


@transaction.atomic
def _keep(wish: FileWish, rows: Sequence[Sequence[str]], content: bytes, by: Agent) -> ImportRun:
    header, now = [one_line(cell, 120) for cell in rows[0]], timezone.now()
    first = [[one_line(cell, CELL_SHOWN) for cell in cells] for cells in rows[1:]]
    return ImportRun.objects.create(
        shop=_shop(wish, by), name=one_line(wish.name, 120) or "?", file=keep_file(content),
        agent=by, header=header, first=first, matched=guessed_columns(COLUMNS, header),
        at=now, worked_at=now,
    )  # fmt: skip


def _shop(wish: FileWish, by: Agent) -> Shop:
    name, currency = one_line(wish.shop, 80), known_currency(wish.currency)
    if not name:
        raise Refused(_("Say which shop these orders are of."))
    if wish.time_zone not in available_timezones():
        raise Refused(_("There is no such time zone: choose one of the list."))
    known = Shop.objects.filter(name__iexact=name).first()
    if known is not None:
        if known.currency != currency:
            told = {"shop": known.name, "currency": known.currency}
            raise Refused(_("%(shop)s counts in %(currency)s.") % told)
        return known
    shop = Shop.objects.create(
        name=name, currency=currency, time_zone=wish.time_zone, made_at=timezone.now()
    )
    record(ShopConnected(name=name, currency=currency), about=[shop], by=by)
    return shop


@contextmanager
def opened(raw: BinaryIO) -> Iterator[BinaryIO]:
    """A file as it is, or unpacked as it streams by where it is packed."""
    is_packed = raw.read(2) == b"\x1f\x8b"
    raw.seek(0)
    try:
        yield cast(BinaryIO, gzip.GzipFile(fileobj=raw)) if is_packed else raw
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise Refused(_("This file is damaged: it cannot be unpacked.")) from error


@contextmanager
def file_of(run: ImportRun) -> Iterator[BinaryIO]:
    """The file of a run, from the disk."""
    if run.file is None or not storage.has(run.file.sha256):
        raise Refused(_("The file is gone: bring it again."))
    with storage.path_of(run.file.sha256).open("rb") as raw, opened(raw) as stream:
        yield stream


def lock_run(pk: int) -> ImportRun:
    rows = ImportRun.objects.select_for_update(of=("self",))
    return rows.select_related("agent", "shop").get(pk=pk)


@transaction.atomic
def match_columns(run: ImportRun, matched: Sequence[str], *, by: Agent) -> None:
    """Say what each column is; then every line is looked at, and nothing is changed."""
    run = lock_run(run.pk)
    if run.state not in (State.MATCHING, State.LOOKING, State.LOOKED, State.FAILED):
        raise Refused(_("This file was begun already."))
    names = {one.word: one.name for one in COLUMNS}
    wanted = [word if word in names else "" for word in matched][: len(run.header)]
    chosen = [word for word in wanted if word]
    for word in NEEDED:
        if word not in chosen:
            raise Refused(_("Say which column holds this: %(column)s.") % {"column": names[word]})
    if len(chosen) != len(set(chosen)):
        raise Refused(_("Two columns cannot be the same."))
    run.lines.all().delete()
    run.troubles.all().delete()
    run.matched, run.state, run.agent = wanted, State.LOOKING, by
    run.counts, run.read_to, run.trouble = {}, 0, ""
    run.save()


@transaction.atomic
def begin_run(run: ImportRun, *, by: Agent) -> None:
    """Bring in what was looked over, or go on with it. Asked twice, it begins once."""
    run = lock_run(run.pk)
    if run.state not in (State.LOOKED, State.STOPPED):
        return
    file, run.state, run.agent, run.file = run.file_id, State.RUNNING, by, None
    run.save(update_fields=["state", "agent", "file"])
    if file is not None:
        let_go([file])  # all that it said waits in lines by now
    record(ImportBegun(name=run.name), about=[run, run.shop], by=by)


@transaction.atomic
def stop_run(run: ImportRun, *, by: Agent) -> None:
    """Stop where it is: what came in stays until it is taken out."""
    run = lock_run(run.pk)
    if run.state != State.RUNNING:
        return
    run.state = State.STOPPED
    run.save(update_fields=["state"])
    record(ImportStopped(name=run.name), about=[run, run.shop], by=by)


@transaction.atomic
def undo_run(run: ImportRun, *, by: Agent) -> None:
    """Take out again what a file brought, as far as nothing changed it since."""
    run = lock_run(run.pk)
    if run.state not in (State.DONE, State.STOPPED):
        return
    run.state, run.agent = State.UNDOING, by
    run.save(update_fields=["state", "agent"])
