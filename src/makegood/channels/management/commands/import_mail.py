from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from makegood.channels.actions import RawArrival, take_in
from makegood.channels.email.archives import mails_in
from makegood.channels.models import Inbox

BATCH = 100


def _kept_at(file: Path) -> datetime | None:
    """When a mail that is a file of its own was kept; one inside an mbox does not say."""
    return datetime.fromtimestamp(file.stat().st_mtime, UTC) if file.is_file() else None


class Command(BaseCommand):
    """Take in the mails of an archive. Nothing is sent; what came before does not come again."""

    help = "Take in an mbox file, a Maildir or single mails. Sends nothing; may be run again."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--inbox", required=True, help="the address of the inbox")
        parser.add_argument("paths", nargs="+", type=Path)

    def handle(self, *_args: Any, inbox: str, paths: list[Path], **_options: Any) -> None:
        row = Inbox.objects.filter(kind="email", address=inbox.lower()).first()
        if row is None:
            raise CommandError(f"No inbox has the address {inbox}.")
        missing = [str(path) for path in paths if not path.exists()]
        if missing:
            raise CommandError(f"Not there: {', '.join(missing)}")
        seen = new = 0
        arrivals = self._arrivals(row, paths)
        while batch := list(islice(arrivals, BATCH)):
            seen, new = seen + len(batch), new + take_in(batch)
        self.stdout.write(f"{seen} mails read, {new} of them new.")

    def _arrivals(self, inbox: Inbox, paths: list[Path]) -> Iterator[RawArrival]:
        now = timezone.now()
        for path in paths:
            for name, raw in mails_in(path):
                kept_at = _kept_at(Path(name))
                at = min(kept_at or now, now)
                envelope = {"received_at": at.isoformat()} if kept_at else {}
                yield RawArrival(
                    inbox_id=inbox.pk,
                    raw=raw,
                    origin="import",
                    envelope=envelope,
                    arrived_at=at,
                )
