from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from makegood.fields.events import FieldArchived, FieldFilled, FieldRestored, FieldSaved
from makegood.fields.models import Field, Value
from makegood.fields.reading import Read, read_value
from makegood.kit.errors import Refused
from makegood.kit.records import Record
from makegood.kit.second import refuses_a_second
from makegood.kit.text import one_line
from makegood.ledger.actions import record
from makegood.ledger.actors import Actor

MOST_FIELDS = 60
MOST_CHOICES = 100


@dataclass(frozen=True, kw_only=True)
class Wish:
    """A field as the office wants it. Noun and kind are settled when it is made."""

    name: str
    noun: str = Field.Noun.CUSTOMER
    kind: str = Field.Kind.TEXT
    help: str = ""
    choices: Sequence[str] = ()
    place: int = 0
    seen_by: str = Field.Least.AGENT
    edited_by: str = Field.Least.AGENT
    is_telling: bool = False


@refuses_a_second
@transaction.atomic
def save_field(field: Field | None, wish: Wish, *, by: Actor) -> Field:
    """Make a field, or change it; its kind stays, because values of it may be there."""
    if field is None:
        field, before = _new(wish), {}
    else:
        field = Field.objects.select_for_update().get(pk=field.pk)
        before = _told(field)
    choices = list(dict.fromkeys(one_line(one, 80) for one in wish.choices if one.strip()))
    if field.kind == Field.Kind.CHOICE and not choices:
        raise Refused(_("Name at least one choice."))
    if len(choices) > MOST_CHOICES:
        raise Refused(_("That is more than %(n)s choices.") % {"n": MOST_CHOICES})
    field.name, field.help = one_line(wish.name, 80), one_line(wish.help, 250)
    field.choices, field.place = choices, wish.place
    field.seen_by, field.edited_by = wish.seen_by, wish.edited_by
    field.is_telling = wish.is_telling
    if not field.name:
        raise Refused(_("A field needs a name."))
    after = _told(field)
    if before == after:
        return field
    field.save()
    fact = FieldSaved(field=field.pk, name=field.name, before=before, after=after)
    record(fact, about=[field], by=by)
    return field


def _new(wish: Wish) -> Field:
    known = Field.objects.filter(noun=wish.noun)
    if known.filter(archived_at=None).count() >= MOST_FIELDS:
        raise Refused(_("That is more than %(n)s fields.") % {"n": MOST_FIELDS})
    base = slugify(wish.name)[:34] or "field"
    taken = set(known.filter(key__startswith=base).values_list("key", flat=True))
    numbered = (f"{base}-{number}" for number in range(2, MOST_FIELDS * 20))
    key = base if base not in taken else next(one for one in numbered if one not in taken)
    return Field(noun=wish.noun, kind=wish.kind, key=key)


def _told(field: Field) -> dict[str, str]:
    """A field as an event tells it."""
    return {
        "name": field.name,
        "noun": field.noun,
        "kind": field.kind,
        "help": field.help,
        "choices": ", ".join(field.choices),
        "place": str(field.place),
        "seen_by": field.seen_by,
        "edited_by": field.edited_by,
        "is_telling": "yes" if field.is_telling else "no",
    }


def next_place(noun: str) -> int:
    """Behind every field there is."""
    last = Field.objects.filter(noun=noun).aggregate(last=Max("place"))["last"]
    return int(last or 0) + 10


@transaction.atomic
def archive_field(field: Field, *, by: Actor) -> None:
    """Ask for it no more. What it said is kept, and stands in a person's copy."""
    if Field.objects.filter(pk=field.pk, archived_at=None).update(archived_at=timezone.now()):
        record(FieldArchived(field=field.pk, name=field.name), about=[field], by=by)


@transaction.atomic
def restore_field(field: Field, *, by: Actor) -> None:
    """Ask for it again."""
    archived = Field.objects.filter(pk=field.pk, archived_at__isnull=False)
    if archived.update(archived_at=None):
        record(FieldRestored(field=field.pk, name=field.name), about=[field], by=by)


@transaction.atomic
def fill_fields(
    thing: Record,
    typed: Mapping[str, str],
    *,
    role: str,
    about: Sequence[Record | str] = (),
    by: Actor,
) -> int:
    """Let fields of a thing say what was typed, by their words; how many changed.

    The caller has locked the thing. What this role may not edit is left as it is.
    """
    noun = str(thing._meta.model_name)
    fields = [
        field
        for field in Field.objects.filter(noun=noun, key__in=list(typed))
        if field.may_be_edited_by(role)
    ]
    values = {
        value.field_id: value for value in Value.objects.filter(thing=thing.pk, field__in=fields)
    }
    changed = 0
    for field in fields:
        before = values.get(field.pk)
        if before is None or before.text != typed[field.key].strip():
            wanted = read_value(field, typed[field.key])
            changed += _say(field, thing, before, wanted, [thing, *about], by)
    return changed


def _say(
    field: Field,
    thing: Record,
    before: Value | None,
    wanted: Read | None,
    about: Sequence[Record | str],
    by: Actor,
) -> bool:
    was, will = before.text if before else "", wanted.text if wanted else ""
    if was == will:
        return False
    put_value(field, thing.pk, wanted)
    fact = FieldFilled(field=field.pk, name=field.name, before=was, after=will)
    record(fact, about=about, by=by)
    return True


def put_value(field: Field, thing: int, wanted: Read | None) -> None:
    """Write a value down without telling of it: whoever calls, records what they do."""
    if wanted is None:
        Value.objects.filter(field=field, thing=thing).delete()
        return
    Value.objects.update_or_create(
        field=field,
        thing=thing,
        defaults={
            "text": wanted.text,
            "folded": wanted.folded,
            "number": wanted.number,
            "on": wanted.on,
        },
    )


def forget_values(noun: str, things: Sequence[int]) -> None:
    """Every field says nothing of these any more. The caller records why."""
    Value.objects.filter(field__noun=noun, thing__in=things).delete()
