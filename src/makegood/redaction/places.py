"""Everywhere a passage may stand: found in the models themselves, so that none is overlooked.

Whatever leads to a conversation or a customer by its own bonds, directly or over others, belongs
to them; each of its texts is looked through. An app that is added later is found the same way.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q

from makegood.conversations.models import Conversation
from makegood.customers.models import Customer
from makegood.fields.models import Value
from makegood.rolls.models import Roll, RollLine

DEEPEST = 4
UNTOUCHED_APPS = {"ledger", "redaction", "search"}
"""The ledger forgets in its own way; the index is made anew from what is left."""
UNTOUCHED_MODELS = {"customers.customer", "customers.handle", "customers.foundby"}
"""Names and addresses are who somebody is: forgetting them is another act."""
UNTOUCHED_FIELDS = {
    "public_id", "token_hash", "external_id", "client_key", "address", "to", "cc", "kind",
    "content_type", "given_to", "state", "purpose", "trust", "automatic", "by", "by_name",
    "about", "cause", "delivery_state", "accepted", "cid", "moved", "key",
    "ranks",
}  # fmt: skip


@dataclass(frozen=True)
class Place:
    """A table with its texts, and the ways from it to a conversation and to a customer."""

    model: type[models.Model]
    fields: tuple[str, ...]
    to_conversations: tuple[str, ...]
    to_customers: tuple[str, ...]

    """Empty where another kind of bond leads there: see `of`."""

    @property
    def name(self) -> str:
        return str(self.model._meta.model_name)

    def of(self, conversations: list[int], customers: list[int]) -> "models.QuerySet[Any]":
        """The rows that belong to these."""
        ways = [Q(**{f"{path}__in": conversations}) for path in self.to_conversations]
        ways += [Q(**{f"{path}__in": customers}) for path in self.to_customers]
        if self.model is Value:
            ways += [Q(field__noun="conversation", thing__in=conversations)]
            ways += [Q(field__noun="customer", thing__in=customers)]
        if self.model is RollLine:
            ways += [Q(roll__what=Roll.What.CUSTOMERS, thing__in=customers)]
        # One way at a time: asked for all at once, the database reads the whole table.
        rows, found = self.model._default_manager, set[Any]()
        for way in ways:
            found |= set(rows.filter(way).values_list("pk", flat=True))
        return rows.filter(pk__in=sorted(found)).order_by("pk")


@lru_cache(maxsize=1)
def places() -> tuple[Place, ...]:
    """Every place, in the order of the apps."""
    return tuple(_places())


def _places() -> Iterator[Place]:
    for model in apps.get_models():
        label = model._meta.label_lower
        if not model.__module__.startswith("makegood.") or label in UNTOUCHED_MODELS:
            continue
        if model._meta.app_label in UNTOUCHED_APPS:
            continue
        fields = tuple(field.name for field in model._meta.concrete_fields if _may_hold(field))
        there = tuple(_ways(model, Conversation))
        theirs = tuple(_ways(model, Customer))
        if fields and (there or theirs or model in (Value, RollLine)):
            yield Place(model, fields, there, theirs)


def _may_hold(field: "models.Field[Any, Any]") -> bool:
    is_text = isinstance(field, models.CharField | models.TextField | models.JSONField)
    return (
        is_text
        and not field.primary_key
        and not field.choices
        and not field.unique
        and field.name not in UNTOUCHED_FIELDS
    )


def _ways(model: type[models.Model], goal: type[models.Model]) -> Iterator[str]:
    """The ways from one model to another along its own bonds."""
    if model is goal:
        yield "pk"
        return
    level: list[tuple[type[models.Model], str]] = [(model, "")]
    seen = {model}
    for _step in range(DEEPEST):
        further = list[tuple[type[models.Model], str]]()
        for here, path in level:
            for field in here._meta.concrete_fields:
                to = field.related_model
                if not field.is_relation or not isinstance(to, type):
                    continue
                way = f"{path}__{field.name}" if path else field.name
                if to is goal:
                    yield way
                elif to not in seen and to.__module__.startswith("makegood."):
                    seen.add(to)
                    further.append((to, way))
        level = further
