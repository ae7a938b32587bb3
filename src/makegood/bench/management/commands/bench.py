from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from makegood.bench.running import BENCHES, FULL, QUICK, run


class Command(BaseCommand):
    """`makegood bench`: measure the figures of docs/performance.md again."""

    help = "Measure the figures of docs/performance.md, each beside the bare operation."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHES))
        parser.add_argument("--json", action="store_true", help="One JSON object a figure.")
        parser.add_argument("--quick", action="store_true", help="A smaller desk, under 40 s.")
        parser.add_argument("--desks", help="Where the measured desks are kept.")
        parser.add_argument("--inside", type=int, default=0, help="Measure this very desk.")

    def handle(self, *args: Any, **options: Any) -> None:
        names = options["names"] or list(BENCHES)
        if unknown := [name for name in names if name not in BENCHES]:
            self.stderr.write(f"There is no bench {', '.join(unknown)}.")
            raise SystemExit(2)
        if options["inside"]:
            for one in BENCHES[names[0]](options["inside"]):
                self.stdout.write(one.as_json())
            return
        root = Path(options["desks"] or settings.DATA / "bench")
        root.mkdir(parents=True, exist_ok=True)
        for name in names:
            for one in run(name, QUICK if options["quick"] else FULL, root):
                self.stdout.write(one.as_json() if options["json"] else one.as_line())
                self.stdout.flush()
