from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from makegood.ledger.actors import System
from makegood.office.passwords import asked_password, forget_second_step, reset_link
from makegood.team.actions import set_password
from makegood.team.queries import agent_with_address


class Command(BaseCommand):
    help = "Let an agent in who lost the password: a link to choose one, or set it here."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--set", action="store_true", help="Ask for a password here and now.")

        parser.add_argument(
            "--forget-second-step",
            action="store_true",
            help="Apps, passkeys and recovery codes of this agent no longer count.",
        )

    def handle(self, **options: Any) -> None:
        agent = agent_with_address(options["email"])
        if agent is None:
            raise CommandError("No agent who may sign in has this address.")
        if options["forget_second_step"]:
            forget_second_step(agent, by=System("command"))
        if options["set"]:
            set_password(agent, asked_password(None), by=System("command"))
            self.stdout.write("The password is set; every session of this agent has ended.")
        else:
            self.stdout.write(f"Works once, for 30 minutes:\n{reset_link(agent)}")
