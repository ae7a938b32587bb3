from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from makegood.kit.errors import Refused
from makegood.ledger.actors import System
from makegood.office.first_run import forget_set_up_word
from makegood.office.passwords import asked_password
from makegood.team.actions import add_agent
from makegood.team.models import Agent


class Command(BaseCommand):
    help = "Make an owner: the person who connects mailboxes and invites agents."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email", required=True)
        parser.add_argument("--name", required=True)
        parser.add_argument("--password", help="Asked for where it is not given.")

    def handle(self, **options: Any) -> None:
        password = asked_password(options["password"])
        try:
            add_agent(
                options["email"],
                options["name"],
                role=Agent.Role.OWNER,
                password=password,
                by=System("command"),
            )
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        forget_set_up_word()
        self.stdout.write(f"{options['email']} is an owner and can sign in.")
