from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from makegood.config.told import pages


class Command(BaseCommand):
    """Write the pages of docs/ that the code itself tells; `--check` only compares."""

    help = "Write the generated pages of docs/ again."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="Fail where a page is stale.")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        stale = [
            (path, text)
            for path, text in pages(settings.CHECKOUT / "docs")
            if not path.exists() or path.read_text() != text
        ]
        names = ", ".join(path.name for path, _ in stale)
        if check and stale:
            raise CommandError(f"Stale: {names}. Run bin/makegood docs.")
        for path, text in stale:
            path.write_text(text)
        self.stdout.write(f"Written: {names}." if stale else "All current.")
