"""Customers of a file: found by their address, made or told more of, taken out again."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.customers.actions import (
    Details,
    change_details,
    details_of,
    fill_customer_fields,
    lock_customer,
    meet,
    note_on_customer,
    tag_customer,
)
from makegood.customers.finding import find_again
from makegood.customers.models import Customer, Handle
from makegood.customers.newcomers import Newcomer, meet_newcomers, refuse_newcomer
from makegood.fields.actions import forget_values
from makegood.fields.models import Value
from makegood.fields.queries import fields_of
from makegood.fields.reading import read_value
from makegood.kit.errors import Refused
from makegood.ledger.actions import record
from makegood.rolls.events import CustomerTakenOut
from makegood.rolls.models import RollLine
from makegood.rolls.people import ByAddress, Said, listed, name_of, refuse_address
from makegood.team.models import Agent


class Customers(ByAddress):
    """Who is known already is told more of, never less: an empty cell says nothing."""

    def known(self, keys: Sequence[str]) -> Mapping[str, int]:
        handles = Handle.objects.filter(kind="email", address__in=[key for key in keys if key])
        found = handles.select_related("customer")
        return {one.address: one.customer.merged_into_id or one.customer_id for one in found}

    def refuse(self, line: RollLine, words: Said, by: Agent) -> None:
        refuse_address(line.key)
        if len(words.get("language", "")) > 10:
            raise Refused(_("“%(words)s” is no language.") % {"words": words["language"][:40]})
        refuse_newcomer(self.newcomer(line.key, words))
        typed = _typed(words)
        for field in fields_of("customer") if typed else ():
            if field.key in typed:
                read_value(field, typed[field.key])

    def differs(self, thing: int, words: Said, by: Agent) -> bool:
        now, wanted = self.portrait(thing), self._wanted(words)
        tags, fields = set(wanted.pop("tags")), wanted.pop("fields")
        has_fields = {field.key: field.pk for field in fields_of("customer")} if fields else {}
        return (
            any(text and now[name] != text for name, text in wanted.items())
            or not tags <= set(now["tags"])
            or any(now["fields"].get(str(has_fields.get(k))) != v for k, v in fields.items())
            or bool(words.get("note"))
        )

    def _wanted(self, words: Said) -> dict[str, Any]:
        return {
            "name": name_of(words),
            "language": words.get("language", "").lower(),
            "time_zone": words.get("time_zone", ""),
            "tags": [tag.lstrip("#").lower() for tag in listed(words.get("tags", ""))],
            "fields": _typed(words),
        }

    def portrait(self, thing: int) -> dict[str, Any]:
        """Everything that a file could have said, and how much hangs on them besides."""
        customer = Customer.objects.filter(pk=thing).first()
        if customer is None:
            return {}
        values = Value.objects.filter(field__noun="customer", thing=thing)
        return {
            **details_of(customer),
            "tags": sorted(customer.tags.values_list("word", flat=True)),
            "fields": {str(pk): text for pk, text in values.values_list("field_id", "text")},
            "notes": customer.notes.count(),
            "handles": customer.handles.count(),
            "merged_into": customer.merged_into_id,
        }

    def bring(self, thing: int | None, words: Said, by: Agent) -> int:
        wanted, now = self._wanted(words), timezone.now()
        if thing is None:
            address = words["email"]
            customer = meet("email", address, name=wanted["name"], at=now, by=by).customer
        else:
            customer = Customer.objects.get(pk=thing)
        details = {name: wanted[name] or text for name, text in details_of(customer).items()}
        if details != details_of(customer):
            change_details(customer, Details(**details), by=by)
        if wanted["tags"]:
            has = customer.tags.values_list("word", flat=True)
            tag_customer(customer, [*has, *wanted["tags"]], by=by)
        if wanted["fields"]:
            fill_customer_fields(customer, wanted["fields"], role=by.role, by=by)
        if words.get("note"):
            note_on_customer(customer, words["note"], by=by)
        return customer.pk

    def newcomer(self, address: str, words: Said) -> Newcomer:
        wanted = self._wanted(words)
        return Newcomer(
            address=address,
            name=wanted["name"],
            language=wanted["language"],
            time_zone=wanted["time_zone"],
            tags=tuple(wanted["tags"]),
            note=words.get("note", ""),
        )

    def bring_together(self, some: Sequence[tuple[RollLine, Said]], by: Agent) -> None:
        """Those whom nobody here has met, in a few statements for all."""
        people = [self.newcomer(line.key, words) for line, words in some]
        met = meet_newcomers(people, at=timezone.now(), by=by)
        for (line, words), one, customer in zip(some, people, met, strict=True):
            line.thing, line.before = customer.pk, {}
            line.after = _portrait_of_new(customer, one)
            if typed := _typed(words):
                fill_customer_fields(customer, typed, role=by.role, by=by)
                line.after = self.portrait(customer.pk)

    def restore(self, thing: int, before: dict[str, Any], by: Agent) -> None:
        customer = Customer.objects.get(pk=thing)
        names = ("name", "language", "time_zone")
        change_details(customer, Details(**{name: before[name] for name in names}), by=by)
        tag_customer(customer, before["tags"], by=by)
        keys = {str(field.pk): field.key for field in fields_of("customer")}
        typed = {key: before["fields"].get(pk, "") for pk, key in keys.items()}
        fill_customer_fields(customer, typed, role=by.role, by=by)

    def remove(self, thing: int, by: Agent) -> None:
        """Only who never wrote and hangs on nothing can be taken out."""
        customer = lock_customer(Customer.objects.get(pk=thing))
        record(CustomerTakenOut(name=str(customer)), about=[customer], by=by)
        try:
            customer.notes.all().delete()
            customer.handles.all().delete()
            forget_values("customer", [thing])
            customer.tags.all().delete()
            find_again([thing])
            customer.delete()
        except ProtectedError as error:
            raise Refused(_("They wrote, or something hangs on them meanwhile.")) from error


def _portrait_of_new(customer: Customer, one: Newcomer) -> dict[str, Any]:
    """What `portrait` would read of somebody who was met this moment."""
    return {
        **details_of(customer),
        "tags": one.words(),
        "fields": {},
        "notes": int(bool(one.note.strip())),
        "handles": 1,
        "merged_into": None,
    }


def _typed(words: Said) -> dict[str, str]:
    """What is said of fields of the shop's own, by their keys."""
    return {
        word.removeprefix("field:"): text
        for word, text in words.items()
        if word.startswith("field:")
    }
