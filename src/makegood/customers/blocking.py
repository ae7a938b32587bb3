"""Whom the desk does not hear: what comes from them is kept, set aside, and counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.customers.actions import lock_customer
from makegood.customers.events import ArrivalSetAside, CustomerBlocked, CustomerUnblocked
from makegood.customers.models import Block, Customer, Handle, SetAside
from makegood.customers.queries import handle_at
from makegood.kit.compiled import Compiled
from makegood.kit.errors import Refused
from makegood.kit.records import Record
from makegood.kit.text import one_line
from makegood.ledger.actions import record
from makegood.ledger.actors import Actor, System

SHOWN = 100


@transaction.atomic
def block_customer(
    customer: Customer, *, reason: str, until: datetime | None = None, by: Actor
) -> Block:
    """Hear nothing more from any address of this person, until a day or until it is lifted."""
    customer = lock_customer(customer)
    return _block(Block(customer=customer), customer, str(customer), reason, until, by)


@transaction.atomic
def block_handle(handle: Handle, *, reason: str, until: datetime | None = None, by: Actor) -> Block:
    """Hear nothing more from this one address."""
    customer = lock_customer(handle.customer)
    return _block(Block(handle=handle), customer, handle.address, reason, until, by)


def _block(
    block: Block, customer: Customer, whom: str, reason: str, until: datetime | None, by: Actor
) -> Block:
    now, reason = timezone.now(), one_line(reason, 250)
    if not reason:
        raise Refused(_("Say why: whoever looks at this later wants to know."))
    if until is not None and until <= now:
        raise Refused(_("That time has passed: choose one that is still to come."))
    same = Block.objects.filter(customer=block.customer, handle=block.handle, lifted_at=None)
    held = same.first()
    if held is not None and held.holds(now):
        raise Refused(_("%(whom)s is blocked already.") % {"whom": whom})
    same.update(lifted_at=now)  # its time was over: a new one begins
    block.reason, block.until, block.since, block.by_name = reason, until, now, by.name
    block.save()
    fact = CustomerBlocked(block=block.pk, whom=whom, reason=reason, until=until)
    record(fact, about=_about(block, customer), by=by)
    return block


@transaction.atomic
def unblock(block: Block, *, by: Actor) -> int:
    """Hear them again; what was set aside meanwhile comes in now. How much that was."""
    block = Block.objects.select_for_update().get(pk=block.pk)
    if block.lifted_at is not None:
        return 0
    block.lifted_at = timezone.now()
    block.save(update_fields=["lifted_at"])
    waiting = block.set_aside.filter(let_in_at=None).update(let_in_at=block.lifted_at)
    fact = CustomerUnblocked(block=block.pk, whom=whom_of(block), waiting=waiting)
    record(fact, about=_about(block, owner_of(block)), by=by)
    return waiting


def _about(block: Block, customer: Customer) -> list[Record | str]:
    return [customer, block, *([block.handle] if block.handle else [])]


def owner_of(block: Block) -> Customer:
    """Whose block it is: the customer's own, or that of one of their addresses."""
    if block.customer is not None:
        return block.customer
    assert block.handle is not None
    return block.handle.customer


def whom_of(block: Block) -> str:
    return block.handle.address if block.handle else str(block.customer)


_ANY: Compiled[tuple[int]] = Compiled(
    lambda: Block.objects.filter(lifted_at=None).values_list("pk").order_by()[:1]
)


def block_on(kind: str, address: str, now: datetime) -> tuple[Handle, Block] | None:
    """The block that holds for an address at this moment, with its handle."""
    if not _ANY.all():
        return None
    handle = handle_at(kind, address)
    if handle is None:
        return None
    block = _holding(now).filter(Q(handle=handle) | Q(customer=handle.customer_id)).first()
    return (handle, block) if block is not None else None


def _holding(now: datetime) -> QuerySet[Block]:
    return Block.objects.filter(Q(until=None) | Q(until__gt=now), lifted_at=None)


def set_aside(handle: Handle, block: Block, *, arrival: int, at: datetime) -> str:
    """Keep something from a blocked address out of the desk; returns what became of it."""
    SetAside.objects.update_or_create(
        arrival=arrival,
        defaults={"block": block, "handle": handle, "at": at, "let_in_at": None},
    )
    fact = ArrivalSetAside(block=block.pk, address=handle.address)
    about: list[Record | str] = [handle.customer, handle, block, f"arrival:{arrival}"]
    record(fact, about=about, by=System("intake"), at=min(at, timezone.now()))
    return block.ref


def arrivals_set_aside(block: int) -> Sequence[int]:
    """The numbers of what this block kept out."""
    return list(SetAside.objects.filter(block=block).values_list("arrival", flat=True))


@dataclass(frozen=True, kw_only=True)
class Blocked:
    """One block as a page shows it: on whom, and how much it has kept out."""

    block: Block
    customer: Customer
    whom: str
    waiting: int
    holds: bool


def blocks_now(now: datetime) -> Sequence[Blocked]:
    """The newest blocks that were not lifted, those whose time is over among them."""
    waiting = Count("set_aside", filter=Q(set_aside__let_in_at=None))
    blocks = Block.objects.filter(lifted_at=None).annotate(waiting=waiting)
    found = blocks.select_related("customer", "handle__customer").order_by("-pk")[:SHOWN]
    return [_shown(block, now) for block in found]


def blocks_of(customer: Customer, now: datetime) -> Sequence[Blocked]:
    """The blocks that hold for a customer or for one of their addresses."""
    waiting = Count("set_aside", filter=Q(set_aside__let_in_at=None))
    mine = Q(customer=customer) | Q(handle__customer=customer)
    blocks = _holding(now).filter(mine).annotate(waiting=waiting).order_by("pk")
    found = blocks.select_related("customer", "handle__customer")[:SHOWN]
    return [_shown(block, now) for block in found]


def _shown(block: Block, now: datetime) -> Blocked:
    count = int(getattr(block, "waiting", 0))
    return Blocked(
        block=block,
        customer=owner_of(block),
        whom=whom_of(block),
        waiting=count,
        holds=block.holds(now),
    )


def block_numbered(pk: int) -> Block:
    """A block, or 404. Whose it is, the caller's gate decides."""
    found = Block.objects.select_related("customer", "handle__customer").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def how_many_blocks() -> int:
    return Block.objects.filter(lifted_at=None).count()
