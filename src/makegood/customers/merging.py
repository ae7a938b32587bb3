"""Two customers who are one person: merged field by field, and split again at any time.

The absorbed one keeps their own row as it was. What followed to the kept one is written
down, so that it can go back; what the kept one said before is, too, and comes back unless
somebody changed it since. Conversations follow by the events (`conversations/following.py`).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makegood.customers.actions import details_of
from makegood.customers.events import CustomersMerged, CustomersSplit
from makegood.customers.finding import find_again
from makegood.customers.models import Block, Customer, CustomerTag, Handle, Merge
from makegood.fields.actions import put_value
from makegood.fields.queries import fields_of, values_of
from makegood.fields.reading import read_value
from makegood.kit.errors import Refused
from makegood.kit.text import one_line
from makegood.ledger.actions import record
from makegood.ledger.actors import Actor

MOST_STEPS = 50
DETAILS: dict[str, str | Promise] = {
    "name": gettext_lazy("Name"),
    "language": gettext_lazy("Language"),
    "time_zone": gettext_lazy("Time zone"),
}


@dataclass(frozen=True, kw_only=True)
class Side:
    """One thing that two customers may say differently."""

    key: str
    name: str | Promise
    kept: str
    absorbed: str

    def differs(self) -> bool:
        return self.kept != self.absorbed and bool(self.absorbed)


def sides_of(kept: Customer, absorbed: Customer) -> Sequence[Side]:
    """What both say, field by field, to choose from."""
    ours, theirs = _said(kept), _said(absorbed)
    names = {f"field:{field.pk}": field.name for field in fields_of("customer")}
    return [
        Side(key=key, name=name, kept=ours.get(key, ""), absorbed=theirs.get(key, ""))
        for key, name in {**DETAILS, **names}.items()
    ]


@transaction.atomic
def merge_customers(
    kept: Customer,
    absorbed: Customer,
    *,
    take: Collection[str] = (),
    reason: str = "",
    by: Actor,
) -> Merge:
    """Make two customers one. `take` names what the absorbed one says better.

    Both are held in the order of their numbers, so that two who merge at once wait for
    one another; whoever was absorbed already takes no part, so that no circle can close.
    """
    kept, absorbed = _lock_both(kept, absorbed)
    before, theirs = _said(kept), _said(absorbed)
    after = {key: theirs.get(key, "") if key in take else words for key, words in before.items()}
    after |= {key: theirs[key] for key in theirs if key in take or not after.get(key)}
    moved = {
        "handle": _numbers(absorbed.handles.all()),
        "customernote": _numbers(absorbed.notes.all()),
        "tag": _add_tags(kept, absorbed),
    }
    merge = Merge.objects.create(
        kept=kept,
        absorbed=absorbed,
        reason=one_line(reason, 250),
        before={**before, "first_seen_at": kept.first_seen_at.isoformat()},
        after=after,
        moved=moved,
        by_name=by.name,
        at=timezone.now(),
    )
    _carry_blocks(absorbed)
    absorbed.handles.update(customer=kept)
    absorbed.notes.update(customer=kept)
    Customer.objects.filter(pk=absorbed.pk).update(merged_into=kept)
    kept.first_seen_at = min(kept.first_seen_at, absorbed.first_seen_at)
    kept.last_seen_at = max(kept.last_seen_at, absorbed.last_seen_at)
    _let_say(kept, after)
    find_again([kept.pk, absorbed.pk])
    record(_merged(merge), about=[kept, absorbed, merge], by=by, at=merge.at)
    return merge


def _lock_both(kept: Customer, absorbed: Customer) -> tuple[Customer, Customer]:
    if kept.pk == absorbed.pk:
        raise Refused(_("That is one and the same customer."))
    rows = Customer.objects.select_for_update().filter(pk__in=[kept.pk, absorbed.pk])
    found = {customer.pk: customer for customer in rows.order_by("pk")}
    for customer in found.values():
        if customer.merged_into_id is not None:
            raise Refused(_("One of them was merged already. Load the page again."))
        if customer.forgotten_at is not None:
            raise Refused(_("One of them was forgotten: nobody can say who that was."))
    return found[kept.pk], found[absorbed.pk]


def _merged(merge: Merge) -> CustomersMerged:
    return CustomersMerged(
        merge=merge.pk,
        kept=merge.kept_id,
        absorbed=merge.absorbed_id,
        kept_name=merge.kept.name,
        absorbed_name=merge.absorbed.name,
        reason=merge.reason,
    )


def _said(customer: Customer) -> dict[str, str]:
    """What a customer says: details, and the fields that are in use."""
    fields = fields_of("customer")
    values = values_of(fields, customer.pk)
    return details_of(customer) | {
        f"field:{field.pk}": values[field.pk] for field in fields if field.pk in values
    }


def _let_say(customer: Customer, said: dict[str, str]) -> None:
    for key in DETAILS:
        setattr(customer, key, said.get(key, ""))
    customer.save()
    for field in fields_of("customer"):
        key = f"field:{field.pk}"
        if key in said:
            try:
                put_value(field, customer.pk, read_value(field, said[key]))
            except Refused:
                continue  # a choice that is none any more: it stays with whoever had it


def _numbers(rows: Any) -> list[int]:
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _add_tags(kept: Customer, absorbed: Customer) -> list[str]:
    """The words that the kept one did not have."""
    ours = set(kept.tags.values_list("word", flat=True))
    fresh = sorted(set(absorbed.tags.values_list("word", flat=True)) - ours)
    CustomerTag.objects.bulk_create([CustomerTag(customer=kept, word=word) for word in fresh])
    return fresh


def _carry_blocks(absorbed: Customer) -> None:
    """Who was blocked stays so, address by address: the other's addresses were not."""
    block = absorbed.blocks.filter(lifted_at=None).first()
    if block is None:
        return
    blocked = set(
        Block.objects.filter(handle__customer=absorbed, lifted_at=None).values_list(
            "handle", flat=True
        )
    )
    for handle in absorbed.handles.exclude(pk__in=blocked):
        Block.objects.create(
            handle=handle,
            reason=block.reason,
            by_name=block.by_name,
            since=block.since,
            until=block.until,
        )


def note_followers(merge: int, noun: str, numbers: Sequence[int]) -> None:
    """What of other apps followed a merge, so that it can go back."""
    row = Merge.objects.select_for_update().get(pk=merge)
    row.moved = {**row.moved, noun: list(numbers)}
    row.save(update_fields=["moved"])


@transaction.atomic
def split_customers(merge: Merge, *, by: Actor) -> Customer:
    """Undo a merge. What followed goes back; what came later goes to whose address it came by."""
    merge = Merge.objects.select_for_update().select_related("absorbed").get(pk=merge.pk)
    holder = kept_instead_of(merge.kept)
    list(
        Customer.objects.select_for_update()
        .filter(pk__in=[holder.pk, merge.absorbed_id])
        .order_by("pk")
    )
    if merge.undone_at is not None:
        raise Refused(_("This merge was undone already."))
    if holder.forgotten_at is not None:
        raise Refused(_("This person was forgotten: nobody can say who that was."))
    merge.undone_at = timezone.now()
    merge.save(update_fields=["undone_at"])
    absorbed = merge.absorbed
    absorbed.merged_into = None
    absorbed.save(update_fields=["merged_into"])
    holder.handles.filter(pk__in=merge.moved["handle"]).update(customer=absorbed)
    holder.notes.filter(pk__in=merge.moved["customernote"]).update(customer=absorbed)
    holder.tags.filter(word__in=merge.moved["tag"]).delete()
    _take_back(holder, merge)
    find_again([holder.pk, absorbed.pk])
    record(_split(merge, holder), about=[holder, absorbed, merge], by=by)
    return absorbed


def _take_back(holder: Customer, merge: Merge) -> None:
    """What the merge changed and nobody has changed since."""
    if holder.pk != merge.kept_id:
        return  # that one was merged on: what they say now was chosen by somebody else
    now = _said(holder)
    for key, words in merge.after.items():
        if now.get(key, "") == words:
            now[key] = merge.before.get(key, "")
    holder.first_seen_at = datetime.fromisoformat(merge.before["first_seen_at"])
    _let_say(holder, now)


def _split(merge: Merge, holder: Customer) -> CustomersSplit:
    return CustomersSplit(
        merge=merge.pk,
        kept=holder.pk,
        absorbed=merge.absorbed_id,
        kept_name=holder.name,
        absorbed_name=merge.absorbed.name,
    )


def kept_instead_of(customer: Customer) -> Customer:
    """Whom this customer is part of by now: themselves, where nobody merged them."""
    for _step in range(MOST_STEPS):
        if customer.merged_into is None:
            return customer
        customer = customer.merged_into
    return customer


def merge_numbered(pk: int) -> Merge:
    """A merge, or 404. Whose it is, the caller's gate decides."""
    found = Merge.objects.select_related("kept", "absorbed").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def merges_of(customer: Customer) -> Sequence[Merge]:
    """The merges of which this customer is made, the newest first."""
    parts = [customer.pk, *parts_of(customer)]
    merges = Merge.objects.filter(kept__in=parts, undone_at=None).select_related("absorbed")
    return list(merges.order_by("-pk"))


def parts_of(customer: Customer) -> Sequence[int]:
    """The numbers of those who were merged into this one, and into them."""
    found: list[int] = []
    layer = [customer.pk]
    for _step in range(MOST_STEPS):
        below = Customer.objects.filter(merged_into__in=layer).exclude(pk__in=found)
        layer = list(below.values_list("pk", flat=True))
        if not layer:
            break
        found += layer
    return found


def note_seen(customer: int, at: datetime) -> None:
    """When somebody was last heard of, where that is later than we thought."""
    Customer.objects.filter(pk=customer, last_seen_at__lt=at).update(last_seen_at=at)


def handles_of(customer: int) -> Sequence[int]:
    return list(Handle.objects.filter(customer=customer).values_list("pk", flat=True))
