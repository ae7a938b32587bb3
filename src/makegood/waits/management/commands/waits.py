from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from makegood.waits.rebuilding import rebuild


class Command(BaseCommand):
    help = "Make every wait anew from the ledger (rebuild)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("do", choices=["rebuild"])

    def handle(self, *_args: Any, **_options: Any) -> None:
        read, written = rebuild()
        self.stdout.write(f"{read} events read, {written} waits written")
