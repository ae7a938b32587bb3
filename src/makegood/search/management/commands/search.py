from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from makegood.search.rebuilding import rebuild


class Command(BaseCommand):
    """`makegood search rebuild`: make the search index anew, while the desk is used."""

    help = "Make the search index anew. Searching goes on meanwhile."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["rebuild"])
        parser.add_argument(
            "--from-nothing", action="store_true", help="Empty the index first, then fill it."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        total = rebuild(from_nothing=options["from_nothing"], tell=self._tell)
        self.stdout.write(f"{total} things can be found.")

    def _tell(self, done: int) -> None:
        if done % 50_000 < 500:
            self.stderr.write(f"{done} …")
