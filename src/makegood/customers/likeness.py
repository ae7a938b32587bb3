"""Who may be the same person, and why. Said to agents; nothing is ever merged by itself."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils.translation import gettext as _

from makegood.customers.finding import fold_word, found_by_all, words_of_name
from makegood.customers.models import Customer, Different, Handle
from makegood.fields.queries import telling_values, things_saying_the_same
from makegood.fields.reading import phone_digits

MOST = 20
SHOWN = 5
TOO_COMMON = frozenset(
    ["info", "mail", "post", "office", "shop", "sales", "support", "admin", "contact", "hello",
     "kontakt", "service", "bestellung", "order", "orders", "me", "home", "unknown"]
)  # fmt: skip
"""What stands before the @ of many who are not the same."""

Suggests = Callable[[Customer], Iterable[tuple[int, str]]]
_SUGGEST: list[Suggests] = []


def suggests(suggest: Suggests) -> Suggests:
    """Register who knows more reasons: the numbers of those who may be the same, and why."""
    if suggest not in _SUGGEST:
        _SUGGEST.append(suggest)
    return suggest


@dataclass(frozen=True, kw_only=True)
class Alike:
    """A customer who may be the same, and every reason for it."""

    customer: Customer
    handles: Sequence[Handle] = ()
    reasons: Sequence[str] = ()


@dataclass
class _Found:
    """The reasons that were found so far, by customer."""

    reasons: dict[int, list[str]] = field(default_factory=dict)

    def add(self, customers: Iterable[int], reason: str) -> None:
        for pk in customers:
            self.reasons.setdefault(pk, []).append(reason)


def alike(customer: Customer, handles: Sequence[Handle] | None = None) -> Sequence[Alike]:
    """Those who look like this customer, with the most reasons first."""
    if customer.forgotten_at is not None or customer.merged_into_id is not None:
        return []
    if handles is None:
        handles = list(customer.handles.order_by("pk")[:50])
    found = _Found()
    _same_name(customer, handles, found)
    _same_local_part(handles, found)
    _same_phone(handles, found)
    for value in telling_values(customer.pk):
        same = things_saying_the_same(value, most=MOST)
        what = {"name": value.field.name, "value": value.text}
        found.add(same, _("The same %(name)s: %(value)s") % what)
    for suggest in _SUGGEST:
        for pk, reason in suggest(customer):
            found.add([pk], reason)
    return _told(customer, found)


def _same_name(customer: Customer, handles: Sequence[Handle], found: _Found) -> None:
    """The same whole name, of two words at least, at the same domain or at two."""
    words = words_of_name(customer.name)
    if len(words) < 2:
        return
    others = found_by_all(words, most=MOST)
    name, domains = fold_word(customer.name), {_domain(one) for one in handles} - {""}
    people = Customer.objects.filter(pk__in=others).exclude(pk=customer.pk)
    for other in people.prefetch_related("handles"):
        if fold_word(other.name) == name:
            shared = domains & {_domain(one) for one in other.handles.all()}
            reason = _("The same name, and both at %(domain)s") % {
                "domain": min(shared, default="")
            }
            found.add([other.pk], reason if shared else _("The same name"))


def _same_local_part(handles: Sequence[Handle], found: _Found) -> None:
    """What stands before the @ is the same, and both proved that the address is theirs."""
    for handle in handles:
        local = handle.address.rpartition("@")[0]
        if handle.verified_at is None or len(local) < 5 or local in TOO_COMMON:
            continue
        others = Handle.objects.filter(
            kind=handle.kind, customer__in=found_by_all([fold_word(local)], most=MOST)
        ).exclude(Q(verified_at=None) | Q(customer=handle.customer_id))
        same = [one.customer_id for one in others if one.address.rpartition("@")[0] == local]
        found.add(same, _("Two verified addresses that begin with %(local)s@") % {"local": local})


def _same_phone(handles: Sequence[Handle], found: _Found) -> None:
    for handle in handles:
        digits = phone_digits(handle.address)
        if digits:
            same = [pk for pk in found_by_all([digits], most=MOST) if pk != handle.customer_id]
            found.add(same, _("The same telephone number"))


def _domain(handle: Handle) -> str:
    return handle.address.rpartition("@")[2] if handle.kind == "email" else ""


def _told(customer: Customer, found: _Found) -> Sequence[Alike]:
    if not found.reasons:
        return []
    apart = Different.objects.filter(Q(one=customer) | Q(other=customer))
    different = {pk for pair in apart.values_list("one_id", "other_id") for pk in pair}
    people = Customer.objects.filter(pk__in=found.reasons, merged_into=None, forgotten_at=None)
    told = [
        Alike(customer=one, handles=list(one.handles.all()), reasons=_once(found.reasons[one.pk]))
        for one in people.exclude(pk__in=different | {customer.pk}).prefetch_related("handles")
    ]
    return sorted(told, key=lambda one: (-len(one.reasons), one.customer.pk))[:SHOWN]


def _once(reasons: Sequence[str]) -> Sequence[str]:
    return list(dict.fromkeys(reasons))
