"""Forms that write mail in somebody's name: the person is behind the robot, not the robot.

Only where it is safe: the mail comes from one of our own addresses or from a robot, and names
another address. An ordinary person's Reply-To never turns an answer elsewhere: it is shown.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from makegood.channels.interface import Address, Automatic, Incoming
from makegood.conversations.ours import house
from makegood.customers.actions import canonical_address

_WORDS: dict[str, list[str]] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
ROBOTS = frozenset(_WORDS["robots"])
RELAYS = tuple(_WORDS["relays"])
ADDRESSES = frozenset(_WORDS["addresses"])
FREE_MAIL = frozenset(_WORDS["free_mail"])
LABELS = frozenset(_WORDS["labels"])
MOST_LINES = 200


@dataclass(frozen=True, kw_only=True)
class Author:
    """Who wrote, by what the mail says: a person, and the robot that carried it."""

    person: Address
    robot: str = ""
    answers_to: str = ""
    """Where an ordinary sender asks for answers, when that is elsewhere."""


def author_of(incoming: Incoming) -> Author:
    """The person behind a mail; the sender themselves wherever that is not certain."""
    sender, reply_to = incoming.sender, incoming.reply_to
    asked = reply_to if reply_to and not _is_same(reply_to.address, sender.address) else None
    is_ours = _is_ours(sender.address)
    if not (is_ours or _is_robot(sender.address)) or not _may_carry(incoming):
        return Author(person=sender, answers_to=asked.address if asked else "")
    person = asked if asked and _is_person(asked.address) else _named_in(incoming.text)
    if person is None:
        return Author(person=sender)
    return Author(person=person, robot=sender.address)


def _may_carry(incoming: Incoming) -> bool:
    """A bounce or an answer by machine carries nobody; a known form's own marks mean nothing."""
    return incoming.automatic == Automatic.NOT or (
        is_relay(incoming.sender.address) and not incoming.receipts
    )


def is_relay(address: str) -> bool:
    """Whether a known form service writes from this address."""
    domain = address.rpartition("@")[2].lower()
    return address.lower() in ADDRESSES or any(
        domain == each or domain.endswith(f".{each}") for each in RELAYS
    )


def _is_robot(address: str) -> bool:
    local = address.partition("@")[0].lower()
    return local.partition("+")[0] in ROBOTS or is_relay(address)


def _is_ours(address: str) -> bool:
    """One of our inboxes, or a nameless address of our own domain; never a colleague's."""
    address = canonical_address("email", address)
    domain = address.rpartition("@")[2]
    if not domain or address in house().agent_addresses:
        return False
    ours = house().addresses
    domains = {one.rpartition("@")[2] for one in ours}
    return address in ours or (domain not in FREE_MAIL and domain in domains)


def _is_person(address: str) -> bool:
    return "@" in address and not _is_robot(address) and not _is_ours(address)


def _is_same(one: str, other: str) -> bool:
    return canonical_address("email", one) == canonical_address("email", other)


def _named_in(text: str) -> Address | None:
    """The one address beside a form's label: `E-mail: ida@example.org`, or on the next line."""
    found: dict[str, None] = {}
    lines = [line.strip(" *\t>|") for line in text.split("\n")[:MOST_LINES]]
    for at, line in enumerate(lines):
        label, colon, value = line.partition(":")
        if "-".join(label.lower().split()).strip("*") not in LABELS:
            continue
        below = next((each for each in lines[at + 1 : at + 3] if each), "")
        given = value.strip(" *") or (below if not colon or not value.strip(" *") else "")
        address = given.split(" ")[0].strip("<>()[],;") if given else ""
        if address.count("@") == 1 and "." in address.partition("@")[2] and _is_person(address):
            found[canonical_address("email", address)] = None
    return Address(address=next(iter(found))) if len(found) == 1 else None
