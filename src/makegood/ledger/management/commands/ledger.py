from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from makegood.ledger.followers import catch_up, held_events, retry_held
from makegood.ledger.sealing import public_key
from makegood.ledger.verifying import verify_ledger


class Command(BaseCommand):
    help = (
        "Verify the ledger against its seals, seal what is not sealed yet, print the key; list "
        "what followers passed over (held), or give it to them once more (retry)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("do", choices=["verify", "seal", "key", "held", "retry"])
        parser.add_argument("--follower", default="", help="with retry: only this one")
        parser.add_argument("--key", default="", help="a public key that was kept elsewhere")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["do"] == "key":
            self.stdout.write(public_key())
        elif options["do"] == "seal":
            self.stdout.write(f"{catch_up('seal')} events sealed")
        elif options["do"] == "held":
            for row in held_events():
                about = f"{row.follower_id} {row.event_id} {row.event.kind}"
                self.stdout.write(f"{about}: {row.trouble}")
        elif options["do"] == "retry":
            through, stuck = retry_held(options["follower"])
            self.stdout.write(f"{through} events went through, {stuck} did not")
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
