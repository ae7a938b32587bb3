import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from makegood.redaction.actions import stood_there
from makegood.redaction.cleaning import clean_up
from makegood.redaction.models import Redaction


class Command(BaseCommand):
    help = (
        "Check whether some words, given on standard input, are what a redaction removed; or "
        "clean up now what its traces are in the database's files."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("do", choices=["check", "clean"])
        parser.add_argument("number", nargs="?", type=int, help="with check: which redaction")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["do"] == "clean":
            while clean_up():
                self.stdout.write("…")
            return
        redaction = Redaction.objects.filter(pk=options["number"]).first()
        if redaction is None:
            raise CommandError("There is no redaction of this number.")
        if not stood_there(redaction, sys.stdin.read()):
            raise CommandError("These are not the words that stood there.")
        self.stdout.write(f"These words stood there, and were removed on {redaction.at:%Y-%m-%d}.")
