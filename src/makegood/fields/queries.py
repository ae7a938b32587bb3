from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import CharField
from django.http import Http404

from makegood.fields.models import Field, Value
from makegood.kit.compiled import Compiled


@dataclass(frozen=True, kw_only=True)
class Filled:
    """A field and what it says of one thing; `value` is empty where it says nothing."""

    field: Field
    value: str
    may_edit: bool


def fields_of(noun: str, *, with_archived: bool = False) -> Sequence[Field]:
    """The fields of a noun in their order."""
    return (_ALL_OF if with_archived else _OF).all(noun)


_ALL_OF: Compiled[Field] = Compiled(lambda noun: Field.objects.filter(noun=noun), CharField())
_OF: Compiled[Field] = Compiled(
    lambda noun: Field.objects.filter(noun=noun, archived_at=None), CharField()
)


def all_fields() -> Sequence[Field]:
    """Every field there is or was, for the office."""
    return list(Field.objects.all())


def field_numbered(pk: int) -> Field:
    """A field, or 404; whoever asks looked before whether they may change fields."""
    found = Field.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def fields_seen(noun: str, role: str) -> Sequence[Field]:
    """The fields of a noun that this role may see: what a search may ask for."""
    return [field for field in fields_of(noun) if field.may_be_seen_by(role)]


def filled_fields(noun: str, thing: int, *, role: str) -> Sequence[Filled]:
    """What the fields say of one thing, as far as this role may know: two queries."""
    fields = fields_seen(noun, role)
    values = values_of(fields, thing)
    return [
        Filled(field=field, value=values.get(field.pk, ""), may_edit=field.may_be_edited_by(role))
        for field in fields
    ]


def values_of(fields: Sequence[Field], thing: int) -> Mapping[int, str]:
    if not fields:
        return {}
    values = Value.objects.filter(thing=thing, field__in=[field.pk for field in fields])
    return dict(values.values_list("field_id", "text"))


def telling_values(thing: int) -> Sequence[Value]:
    """What a customer's fields say that may tell them apart, or together with another."""
    values = Value.objects.filter(
        thing=thing,
        field__noun=Field.Noun.CUSTOMER,
        field__is_telling=True,
        field__archived_at=None,
    )
    return list(values.select_related("field"))


def things_saying_the_same(value: Value, *, most: int) -> Sequence[int]:
    same = Value.objects.filter(field=value.field_id, folded=value.folded)
    return list(same.exclude(thing=value.thing).values_list("thing", flat=True)[:most])
