import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from makegood.watch.models import Probe
from makegood.watch.probing import probe_inbox
from makegood.watch.queries import inboxes_to_probe, probes_again

LOOK_EVERY = 1.0


class Command(BaseCommand):
    """Send test messages to ourselves and wait until they are back. The worker has to run."""

    help = "Send a test message every way that leads to us, and say when each came back."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("inbox", nargs="?", default="", help="an address, a name or a number")
        parser.add_argument("--wait", type=int, default=120, help="seconds; 0 sends and goes")

    def handle(self, *_args: Any, **options: Any) -> None:
        inboxes = inboxes_to_probe(options["inbox"])
        if not inboxes:
            raise CommandError("There is no such inbox that a test message could be sent to.")
        sent = [probe for inbox in inboxes for probe in probe_inbox(inbox)]
        until = time.monotonic() + options["wait"]
        while time.monotonic() < until and any(self._is_open(one) for one in sent):
            time.sleep(LOOK_EVERY)
            sent = probes_again(sent)
        for probe in sent:
            self.stdout.write(self._line(probe))
        if options["wait"] and any(probe.state != Probe.State.CAME for probe in sent):
            sys.exit(1)

    def _is_open(self, probe: Probe) -> bool:
        return probe.state == Probe.State.WAITING

    def _line(self, probe: Probe) -> str:
        if probe.lag is not None:
            return f"came back  {probe.to}  after {probe.lag.total_seconds():.1f} s"
        if probe.state == Probe.State.FAILED:
            return f"failed     {probe.to}  {probe.trouble}"
        return f"waiting    {probe.to}"
