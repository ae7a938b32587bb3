import sys
from typing import Any

from django.core.management.base import BaseCommand

from makegood.office.doctor import findings, symptoms


class Command(BaseCommand):
    help = "Say what is wrong with this install, and what to do."
    requires_system_checks: list[str] = []

    def handle(self, **_options: Any) -> None:
        found = [*findings(), *symptoms()]
        for finding in found:
            sign = self.style.ERROR("wrong") if finding.is_wrong else self.style.WARNING("hint ")
            self.stdout.write(f"{sign}  {finding.about}: {finding.says}")
            if finding.do:
                self.stdout.write(f"       → {finding.do}")
        if any(finding.is_wrong for finding in found):
            sys.exit(1)
        self.stdout.write("Nothing is wrong.")
