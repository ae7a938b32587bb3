"""Hostile and odd mails, made by code, each with what must be understood of it.

`mails()` gives more than two thousand; the tests read them all. Every bug adds one.
"""

from collections.abc import Iterator

from .case import Case
from .clients import clients
from .containers import odd_mails
from .gathered import gathered
from .machines import machines
from .manners import manners
from .odd_charsets import odd_charsets
from .odd_files import odd_files
from .odd_headers import odd_headers
from .odd_parts import odd_parts
from .replies import replies
from .reports import reports
from .tongues import tongues
from .traps import traps
from .wrecks import wrecks

__all__ = ["Case", "mails"]


def mails() -> Iterator[Case]:
    """Every mail of the corpus, in the same order each time."""
    yield from replies()
    yield from traps()
    yield from reports()
    yield from machines()
    yield from odd_mails()
    yield from clients()
    yield from manners()
    yield from odd_headers()
    yield from odd_parts()
    yield from odd_charsets()
    yield from odd_files()
    yield from wrecks()
    yield from gathered()
    yield from tongues()
