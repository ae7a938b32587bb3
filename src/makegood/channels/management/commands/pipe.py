import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError

from makegood.channels.actions import RawArrival, take_in
from makegood.channels.models import Inbox
from makegood.files.room import has_room
from makegood.kit.disk import TRY_AGAIN

# How a mail server learns what to do with the mail (sysexits.h).
NOBODY_HERE = 67


class Command(BaseCommand):
    """Take in one mail from standard input, for mail servers that can run a command."""

    help = "Take in one mail from standard input; ends with 0 once it is on the disk."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--inbox", required=True, help="the address of the inbox")
        parser.add_argument("--from", dest="sender", default=os.environ.get("SENDER"))
        parser.add_argument("--to", action="append", help="whom it was sent to, as often as needed")

    def handle(self, *_args: Any, **options: Any) -> None:
        raw = sys.stdin.buffer.read()
        try:
            inbox = Inbox.objects.filter(kind="email", address=options["inbox"].lower()).first()
            if inbox is None:
                self._end(NOBODY_HERE, f"No inbox has the address {options['inbox']}.")
                return
            if not has_room():
                self._end(TRY_AGAIN, "Too little room is left on the disk.")
            recipients = options["to"] or [os.environ.get("ORIGINAL_RECIPIENT", "")]
            envelope: dict[str, Any] = {"to": [one for one in recipients if one]}
            if options["sender"] is not None:
                envelope["from"] = options["sender"]
            arrival = RawArrival(inbox_id=inbox.pk, raw=raw, origin="pipe", envelope=envelope)
            take_in([arrival])
        except (DatabaseError, OSError) as error:
            self._end(TRY_AGAIN, f"Not kept, try again: {error}")

    def _end(self, code: int, words: str) -> None:
        self.stderr.write(words)
        sys.exit(code)
