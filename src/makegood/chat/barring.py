"""Networks that the chat does not hear, and how often those who are blocked have tried."""

import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.chat.events import NetworkBlocked, NetworkUnblocked
from makegood.chat.models import NetworkBlock, TurnedAway, Visitor
from makegood.customers.models import Customer
from makegood.kit.errors import Refused
from makegood.kit.text import one_line
from makegood.ledger.actions import record
from makegood.ledger.actors import Actor

WRITTEN_EVERY = 5.0
MOST_NETWORKS = 20
SHOWN = 200


class _Tally:
    """Attempts that this process has not written down yet: a flood of them is one row's update."""

    lock = threading.Lock()
    waiting: Counter[str] = Counter()
    written: dict[str, float] = {}


def turn_away(block: str) -> None:
    """Count that somebody who is blocked tried again; written down once in some seconds."""
    now = time.monotonic()
    with _Tally.lock:
        _Tally.waiting[block] += 1
        if now - _Tally.written.get(block, -WRITTEN_EVERY) < WRITTEN_EVERY:
            return
        _Tally.written[block] = now
        many = _Tally.waiting.pop(block)
    _write_down(block, many)


def write_what_waits() -> None:
    """Write down what a flood has left to be counted; nothing is asked where nothing waits.

    Called while other visitors' browsers tell of themselves: who is blocked may never come again.
    """
    if not _Tally.waiting:
        return
    now, due = time.monotonic(), {}
    with _Tally.lock:
        for block in list(_Tally.waiting):
            if now - _Tally.written.get(block, -WRITTEN_EVERY) >= WRITTEN_EVERY:
                _Tally.written[block] = now
                due[block] = _Tally.waiting.pop(block)
    for block, many in due.items():
        _write_down(block, many)


@transaction.atomic
def _write_down(block: str, many: int) -> None:
    now = timezone.now()
    row, made = TurnedAway.objects.get_or_create(
        block=block, defaults={"attempts": many, "last_at": now}
    )
    if not made:
        theirs = TurnedAway.objects.filter(pk=row.pk)
        theirs.update(attempts=F("attempts") + many, last_at=now)


def attempts_at(blocks: Sequence[str]) -> Mapping[str, int]:
    """How often somebody tried, by the block's reference."""
    rows = TurnedAway.objects.filter(block__in=blocks)
    return dict(rows.values_list("block", "attempts"))


def network_block_on(network: str, now: datetime) -> NetworkBlock | None:
    """The block that holds for a network at this moment."""
    return NetworkBlock.objects.filter(network=network, lifted_at=None, until__gt=now).first()


def networks_of(customer: Customer) -> Sequence[str]:
    """Where somebody's browsers wrote from last; as hashes."""
    theirs = Visitor.objects.filter(handle__customer=customer).exclude(network="")
    return sorted(set(theirs.order_by("-pk").values_list("network", flat=True)[:MOST_NETWORKS]))


@transaction.atomic
def block_networks(
    customer: Customer, *, reason: str, until: datetime | None, by: Actor
) -> Sequence[NetworkBlock]:
    """Hear nothing in the chat from where this person writes. Others may sit there, too."""
    now, reason, networks = timezone.now(), one_line(reason, 250), networks_of(customer)
    if not reason:
        raise Refused(_("Say why: whoever looks at this later wants to know."))
    if until is None or until <= now:
        raise Refused(_("A network is blocked until some day: others may sit there, too."))
    if not networks:
        raise Refused(_("Nobody knows from which network they wrote."))
    NetworkBlock.objects.filter(network__in=networks, lifted_at=None).update(lifted_at=now)
    blocks = [
        NetworkBlock.objects.create(
            network=network, whom=str(customer)[:120], customer=customer, reason=reason,
            by_name=by.name, since=now, until=until,
        )
        for network in networks
    ]  # fmt: skip
    fact = NetworkBlocked(whom=str(customer), reason=reason, until=until)
    record(fact, about=[customer, *blocks], by=by)
    return blocks


@transaction.atomic
def unblock_network(block: NetworkBlock, *, by: Actor) -> None:
    """Hear that network again."""
    if NetworkBlock.objects.filter(pk=block.pk, lifted_at=None).update(lifted_at=timezone.now()):
        about = [block, *([block.customer] if block.customer else [])]
        record(NetworkUnblocked(whom=block.whom), about=about, by=by)


def network_blocks_of(customer: Customer, now: datetime) -> Sequence[NetworkBlock]:
    """The network blocks that hold and were laid because of somebody."""
    holding = NetworkBlock.objects.filter(
        Q(customer=customer) | Q(customer__merged_into=customer), lifted_at=None, until__gt=now
    )
    return list(holding.order_by("pk")[:MOST_NETWORKS])


def network_blocks_now(now: datetime) -> Sequence[tuple[NetworkBlock, int]]:
    """The newest blocks of networks that hold, and how often somebody tried there."""
    holding = NetworkBlock.objects.filter(lifted_at=None, until__gt=now)
    blocks = list(holding.select_related("customer").order_by("-pk")[:SHOWN])
    attempts = attempts_at([one.ref for one in blocks])
    return [(one, attempts.get(one.ref, 0)) for one in blocks]


def network_block_numbered(pk: int) -> NetworkBlock:
    """A network block, or 404. Whose it is, the caller's gate decides."""
    found = NetworkBlock.objects.select_related("customer").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
