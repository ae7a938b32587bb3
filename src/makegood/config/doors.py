"""The ports that a server needs: looked at before anything starts."""

import os
import socket

from django.conf import settings
from django.core.management.base import CommandError

BESIDE = 25
"""The mail listener's port stands this far from the pages', if nobody said otherwise."""


def look_at_doors(host: str, port: int, only: str | None) -> None:
    """Refuse a port that is taken: two servers would share it in silence.

    Two desks on one machine must not take in each other's mail either, so the listener
    stands beside its own pages.
    """
    if "MAKEGOOD_SMTP_LISTEN" not in os.environ:
        beside = port + BESIDE if port + BESIDE < 65_536 else port - BESIDE
        settings.SMTP_LISTEN = f"127.0.0.1:{beside}"
    if only != "work" and not _is_free(host, port):
        raise CommandError(f"Port {port} is taken. Choose another: --port {port + 100}")
    mail_host, _colon, mail_port = settings.SMTP_LISTEN.rpartition(":")
    if only != "web" and settings.SMTP_LISTEN and not _is_free(mail_host, int(mail_port)):
        raise CommandError(
            f"{settings.SMTP_LISTEN}, where mail would come in, is taken. Set MAKEGOOD_SMTP_LISTEN"
            " to another address, or to nothing to do without."
        )


def _is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((host.strip("[]"), port))
        except OSError:
            return False
        return True
