from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from makegood.kit.errors import Refused
from makegood.office.backup import back_up


class Command(BaseCommand):
    help = "Write everything into one file, while the desk goes on working."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("target", type=Path, help="A folder, or a file that is not there yet.")
        parser.add_argument(
            "--with-root-key",
            action="store_true",
            help="Put the root key in as well: whoever has the backup can then open every secret.",
        )

    def handle(self, **options: Any) -> None:
        try:
            path, missing = back_up(options["target"], with_root_key=options["with_root_key"])
        except FileExistsError as error:
            raise CommandError("There is such a file already; nothing is overwritten.") from error
        except (OSError, Refused) as error:
            raise CommandError(f"No backup was made: {error}") from error
        self.stdout.write(f"{path} ({path.stat().st_size / 1e6:.1f} MB)")
        if not options["with_root_key"]:
            self.stdout.write("The root key is not in it: keep a copy of it elsewhere.")
        if missing:
            raise CommandError(f"Files that should be there are missing: {', '.join(missing[:5])}")
