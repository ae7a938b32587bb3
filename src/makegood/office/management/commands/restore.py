from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from makegood.kit.errors import Refused
from makegood.office.restoring import checked, restore


class Command(BaseCommand):
    help = "Check a backup to the last bit, and lay it down in a folder that is not there yet."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--data", type=Path, help="Where to; must not be there yet.")
        parser.add_argument("--check", action="store_true", help="Only check the backup.")

    def handle(self, **options: Any) -> None:
        data: Path | None = options["data"]
        if data is None and not options["check"]:
            raise CommandError("Say where to: --data DIR; or --check.")
        try:
            backup = checked(options["file"])
            if data is not None:
                restore(backup, data.resolve())
        except (OSError, Refused) as error:
            raise CommandError(str(error)) from error
        manifest = backup.manifest
        self.stdout.write(
            f"Whole: {len(manifest['parts'])} parts, made {manifest['made_at']}, "
            f"the ledger up to event {manifest['ledger']['event']}."
        )
        if manifest["missing"]:
            names = ", ".join(manifest["missing"][:5])
            self.stderr.write(f"Files were missing already when it was made: {names}")
        if data is not None:
            self._say_what_next(data, manifest)

    def _say_what_next(self, data: Path, manifest: dict[str, Any]) -> None:
        if "root.key" not in manifest["parts"]:
            self.stdout.write(f"Now put its root key to {data}/root.key (mode 600).")
        self.stdout.write(f"Then: bin/serve --data {data}")
