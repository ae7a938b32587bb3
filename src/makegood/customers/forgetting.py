"""What of a person lies in this app: taken away for good, the rows that are counted stay."""

from collections.abc import Callable, Sequence
from datetime import datetime

from makegood.customers.models import (
    Block,
    Consent,
    Customer,
    CustomerNote,
    CustomerTag,
    Different,
    FoundBy,
    Handle,
    Merge,
    Refusal,
    SetAside,
)
from makegood.fields.actions import forget_values

ForgetsAddresses = Callable[[Sequence[str]], None]
_FORGET: list[ForgetsAddresses] = []


def forgets_by_address(forget: ForgetsAddresses) -> ForgetsAddresses:
    """Register who keeps words of people whom only their address tells: asked before it goes."""
    if forget not in _FORGET:
        _FORGET.append(forget)
    return forget


def forget_details(customers: Sequence[int], now: datetime) -> list[str]:
    """Empty everything that says who they are; the references under which events tell of it."""
    refs = [f"customer:{pk}" for pk in customers]
    notes = CustomerNote.objects.filter(customer__in=customers)
    blocks = Block.objects.filter(customer__in=customers) | Block.objects.filter(
        handle__customer__in=customers
    )
    merges = Merge.objects.filter(kept__in=customers) | Merge.objects.filter(absorbed__in=customers)
    handles = list(Handle.objects.filter(customer__in=customers))
    for forget in _FORGET:
        forget([handle.address for handle in handles])
    refs += [f"customernote:{pk}" for pk in notes.values_list("pk", flat=True)]
    refs += [row.ref for row in (*blocks, *merges, *handles)]
    notes.delete()
    Block.objects.filter(pk__in=[block.pk for block in blocks]).update(reason="", by_name="")
    Merge.objects.filter(pk__in=[merge.pk for merge in merges]).update(
        before={}, after={}, reason="", by_name=""
    )
    Consent.objects.filter(customer__in=customers).update(how="", by_name="")
    for model in (CustomerTag, FoundBy):
        model._default_manager.filter(customer__in=customers).delete()
    Different.objects.filter(one__in=customers).delete()
    Different.objects.filter(other__in=customers).delete()
    Refusal.objects.filter(handle__customer__in=customers).update(said="")
    forget_values("customer", customers)
    for handle in handles:
        handle.address, handle.name = f"forgotten.{handle.pk}@invalid", ""
        handle.verified_at = handle.bounced_at = None
        handle.bounced_because = ""
        handle.save()
    Customer.objects.filter(pk__in=customers).update(
        name="", language="", time_zone="", forgotten_at=now
    )
    return refs


def arrivals_of(customers: Sequence[int]) -> Sequence[int]:
    """What was set aside because it came from them."""
    rows = SetAside.objects.filter(handle__customer__in=customers)
    return list(rows.values_list("arrival", flat=True))
