from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from makegood.ledger.followers import catch_up
from makegood.ledger.sealing import public_key
from makegood.ledger.verifying import verify_ledger


class Command(BaseCommand):
    help = "Verify the ledger against its seals, seal what is not sealed yet, or print the key."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("do", choices=["verify", "seal", "key"])
        parser.add_argument("--key", default="", help="a public key that was kept elsewhere")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["do"] == "key":
            self.stdout.write(public_key())
        elif options["do"] == "seal":
            self.stdout.write(f"{catch_up('seal')} events sealed")
        else:
            self._verify(options["key"])

    def _verify(self, key: str) -> None:
        found = verify_ledger(key)
        if found.trouble:
            raise CommandError(f"The ledger does not fit: {found.trouble}.")
        self.stdout.write(
            f"The ledger fits: {found.sealed} events under {found.seals} seals, "
            f"{found.unsealed} not sealed yet, {found.forgotten} forgotten."
        )
