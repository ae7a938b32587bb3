"""How a query asks for fields: a word, an operator and what was typed become a condition.

For every language of queries: the list of customers uses it, and whoever reads
`field.vip:yes` or `field.size>12` for conversations can. Nothing here knows a table of theirs.
"""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from makegood.fields.models import Field, Value
from makegood.fields.queries import fields_seen
from makegood.fields.reading import folded, read_value
from makegood.kit.errors import Refused

OPERATORS = ("is", "is not", "has", "<", "<=", ">", ">=", "says")
ORDERED = {"<": "lt", "<=": "lte", ">": "gt", ">=": "gte"}
COLUMNS = {Field.Kind.NUMBER: "number", Field.Kind.DATE: "on"}


def field_named(noun: str, key: str, *, role: str) -> Field | None:
    """The field under this word, where this role may see it."""
    return next((field for field in fields_seen(noun, role) if field.key == key), None)


def operators_of(field: Field) -> tuple[str, ...]:
    """What can be asked of a field: the order of numbers and days, the words of text."""
    if field.kind in COLUMNS:
        return ("is", "is not", "<", "<=", ">", ">=", "has")
    if field.kind == Field.Kind.TEXT:
        return ("is", "is not", "says", "has")
    return ("is", "is not", "has")


def things_where(field: Field, operator: str, typed: str = "") -> "QuerySet[Value, int]":
    """The numbers of the things of which the condition holds, as a query to stand inside
    another: `Conversation.objects.filter(pk__in=things_where(field, "is", "gold"))`.

    `is not` is asked by its opposite: whoever wants it negates `is`.
    """
    if operator not in operators_of(field):
        raise Refused(_("That cannot be asked of “%(name)s”.") % {"name": field.name})
    values = Value.objects.filter(field=field.pk)
    if operator == "says":
        values = values.filter(folded__contains=folded(typed))
    elif operator != "has":
        values = values.filter(**_compared(field, operator, typed))
    return values.values_list("thing", flat=True)


def _compared(field: Field, operator: str, typed: str) -> dict[str, Any]:
    wanted = read_value(field, typed)
    if wanted is None:
        raise Refused(_("Say what “%(name)s” should be.") % {"name": field.name})
    if operator in ORDERED:
        column = COLUMNS[Field.Kind(field.kind)]
        return {f"{column}__{ORDERED[operator]}": getattr(wanted, column)}
    return {"folded": wanted.folded}


def condition(field: Field, operator: str, typed: str = "", *, column: str = "pk") -> Q:
    """The same as a condition on the things themselves, `is not` among them."""
    if operator == "is not":
        return ~Q(**{f"{column}__in": things_where(field, "is", typed)})
    return Q(**{f"{column}__in": things_where(field, operator, typed)})
