import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from makegood.sample.desk import make_desk
from makegood.sample.mails import send_samples
from makegood.sample.shop import Shop, prepare_sample_shop


class Command(BaseCommand):
    """`makegood sample`: the sample shop's mails; with `--conversations`, a desk of any size."""

    help = "Send the sample shop its mails, or make a desk of any size for measuring."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--conversations", type=int, default=0, help="How many to make.")

    def handle(self, *args: Any, **options: Any) -> None:
        shop = prepare_sample_shop()
        if options["conversations"]:
            self._make(shop, options["conversations"])
        else:
            host, _, port = settings.SMTP_LISTEN.rpartition(":")
            sent = send_samples(host, int(port))
            self.stdout.write(f"{sent} mails sent in over SMTP.")
        if shop.password:
            self.stdout.write(f"Sign in as {shop.owner.email} with {shop.password}")

    def _make(self, shop: Shop, count: int) -> None:
        began = time.monotonic()
        messages = make_desk(shop, count, self._tell)
        seconds = time.monotonic() - began
        self.stdout.write(f"{count} conversations, {messages} messages in {seconds:.0f} s.")

    def _tell(self, done: int) -> None:
        if done % 20_000 < 2_000:
            self.stderr.write(f"{done} …")
