import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor

from makegood.config.doors import look_at_doors
from makegood.config.tree import Child, Tree
from makegood.office.first_run import set_up_word
from makegood.sample.chats import begin_some_chats
from makegood.sample.mails import send_samples
from makegood.sample.shop import is_empty, prepare_sample_shop
from makegood.sample.trade import begin_to_trade

STARTING_SECONDS = 30.0


def send_samples_in() -> None:
    """Send the sample shop its mails, as soon as the listener answers."""
    host, _colon, port = settings.SMTP_LISTEN.rpartition(":")
    until = time.monotonic() + STARTING_SECONDS
    while True:
        try:
            send_samples(host, int(port))
        except ConnectionRefusedError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
        else:
            return


class Command(BaseCommand):
    help = "Serve the desk: pages, live feed, mail listener and worker, in one command."
    requires_system_checks: list[str] = []  # run once below, after migrating

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--empty", action="store_true", help="no sample shop on first start")
        parser.add_argument("--only", choices=["web", "work"], help="one kind of process")

    def handle(self, *_args: Any, **options: Any) -> None:
        begun = time.monotonic()
        look_at_doors(options["host"], options["port"], options["only"])
        self._migrate()
        self.check(databases=["default"])
        is_new = not options["empty"] and is_empty()
        words = self._first_start(is_new)
        children = self._children(options)
        if is_new and settings.SMTP_LISTEN:
            children.append(Child("samples", send_samples_in, is_once=True))
        connections.close_all()
        seconds = time.monotonic() - begun
        self._greet(options, words, seconds)
        Tree(children).run()

    def _migrate(self) -> None:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write("Preparing the database …")
            call_command("migrate", interactive=False, verbosity=0)

    def _first_start(self, is_new: bool) -> list[str]:
        """What a newcomer needs to know: how to get in, and what to try first."""
        if is_new:
            shop = prepare_sample_shop()
            begin_to_trade(shop.owner)
            begin_some_chats(shop)
            return [
                f"Sign in as {self.style.SUCCESS(shop.owner.email)}",
                f"with the password {self.style.SUCCESS(shop.password)}",
                "",
                "This is a sample shop; its mails are coming in by SMTP right now. Try first:",
                "  1. open the one who waits longest, and press r to answer",
                "  2. watch the customer write back while the page is open",
                "  3. press ? for all keys; connect your own mailbox under Office",
                "",
            ]
        word = set_up_word()
        return [f"Make yourself its owner there, with the word {word}"] if word else []

    def _children(self, options: dict[str, Any]) -> list[Child]:
        import makegood.config.asgi  # noqa: F401  # loaded before the fork: shared by all
        from makegood.config.loops import helpers, loops
        from makegood.config.web import serve_pages
        from makegood.config.worker import work

        children = [
            Child("web", lambda: serve_pages(options["host"], options["port"])),
            Child("work", lambda: work(loops(), helpers())),
        ]
        return [child for child in children if options["only"] in (None, child.name)]

    def _greet(self, options: dict[str, Any], words: list[str], seconds: float) -> None:
        address = f"http://{options['host']}:{options['port']}"
        self.stdout.write(f"\n  Makegood serves {self.style.SUCCESS(address)}")
        if settings.SMTP_LISTEN and options["only"] != "web":
            self.stdout.write(f"  Mail comes in at {settings.SMTP_LISTEN} (SMTP)")
        for line in words:
            self.stdout.write(f"  {line}")
        self.stdout.write(f"  Ready in {seconds:.1f} s. Stop with Ctrl-C.\n")
        self.stdout.flush()
