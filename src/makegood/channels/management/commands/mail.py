import json
import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from makegood.channels.email.archives import mails_in
from makegood.channels.email.child import ReadFailed, ask_apart
from makegood.channels.email.known_keys import add_known_keys, known_keys
from makegood.channels.email.verdict import NoAnswer, judge, names
from makegood.channels.interface import Address, Incoming
from makegood.kit.errors import Refused


class Command(BaseCommand):
    """`makegood mail explain FILE…`: say what we understand of mails, one JSON object per line.

    `makegood mail know FILE…` remembers certificates, by which signatures are then judged.
    """

    help = "Say what is understood of mails, one JSON object per line. Touches no database."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["explain", "know"])
        parser.add_argument("paths", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--pretty", action="store_true", help="Break the JSON into lines.")
        parser.add_argument(
            "--dns", action="store_true", help="Ask the DNS, for the verdict on the sender."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        for path in options["paths"]:
            if not path.exists():
                raise CommandError(f"{path} does not exist.")
            if options["what"] == "know":
                self.know(path)
                continue
            for name, raw in mails_in(path):
                told = {"file": name, **_explained(raw, asks_dns=options["dns"])}
                indent = 2 if options["pretty"] else None
                self.stdout.write(json.dumps(told, ensure_ascii=False, indent=indent))

    def know(self, path: Path) -> None:
        """Remember the certificates in a file, and say whose they are."""
        try:
            for name in add_known_keys(path.read_bytes()):
                self.stdout.write(name)
        except Refused as error:
            raise CommandError(f"{path}: {error}") from error


def _explained(raw: bytes, *, asks_dns: bool) -> dict[str, Any]:
    begun = time.perf_counter()
    try:
        told = _asked(raw)
    except ReadFailed as error:
        told = {"error": error.reason}
    told.pop("blobs", None)
    told["milliseconds"] = round((time.perf_counter() - begun) * 1000, 1)
    if "from" in told:
        told["verdict"] = _verdict(raw, told["from"], asks_dns=asks_dns)
    return told


def _asked(raw: bytes) -> dict[str, Any]:
    """What the child says; where HTML or files break it, without them."""
    keys = {"keys": known_keys()}
    try:
        return ask_apart(raw, {"do": "explain", "envelope": keys, "careful": False})
    except ReadFailed:
        return ask_apart(raw, {"do": "explain", "envelope": keys, "careful": True})


def _verdict(raw: bytes, sender: dict[str, str], *, asks_dns: bool) -> dict[str, str]:
    incoming = Incoming(external_id="", sender=Address(**sender), text="")
    verdict = judge(raw, {}, incoming, resolver=names if asks_dns else _nobody)
    return {"trust": verdict.trust.value, "reason": str(verdict.reason)}


def _nobody(_name: str) -> list[Any]:
    raise NoAnswer
