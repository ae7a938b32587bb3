"""Our own words as JSON: read strictly, and told as a schema, both from the same classes.

A field that we do not know is refused rather than passed over: it is a slip of the pen, or
something that its sender believes we take note of.
"""

import types
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import datetime
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from django.utils.translation import gettext as _

from makegood.kit.errors import Refused
from makegood.shop.models import Order, Scan
from makegood.shop.seen import OrderSeen, ScanSeen
from makegood.shop.seen_goods import GoneSeen

SAID_AS = {"external_id": "id", "told_at": "updated_at"}
"""Names of ours that read better otherwise on the wire."""
CHOICES: Mapping[tuple[type, str], Sequence[str]] = {
    (OrderSeen, "standing"): Order.Standing.values,
    (OrderSeen, "paid"): Order.Paid.values,
    (ScanSeen, "kind"): Scan.Kind.values,
    (GoneSeen, "what"): ("product", "coupon", "cart"),
}
MOST_PARTS = 2000

T = TypeVar("T")


def read(kind: type[T], said: Any, where: str) -> T:
    """One thing of ours out of JSON. Raises `Refused` and names the place."""
    if not isinstance(said, dict):
        raise _wrong(where, _("an object is expected"))
    hints = get_type_hints(kind)
    known = {said_as(one): one for one in fields(kind)}  # type: ignore[arg-type]
    if unknown := sorted(set(said) - set(known)):
        raise _wrong(where, _("“%(name)s” is not known here") % {"name": str(unknown[0])[:40]})
    values = {}
    for name, one in known.items():
        if name in said:
            values[one.name] = _value(
                kind, one.name, hints[one.name], said[name], f"{where}.{name}"
            )
        elif _is_needed(one):
            raise _wrong(f"{where}.{name}", _("it is missing"))
    return kind(**values)


def said_as(one: Field[Any]) -> str:
    return SAID_AS.get(one.name, one.name)


def _is_needed(one: Field[Any]) -> bool:
    return one.default is MISSING and one.default_factory is MISSING


def _value(owner: type, name: str, kind: Any, said: Any, where: str) -> Any:
    if _may_be_none(kind):
        if said is None:
            return None
        kind = next(one for one in get_args(kind) if one is not type(None))
    if get_origin(kind) is tuple:
        if not isinstance(said, list) or len(said) > MOST_PARTS:
            raise _wrong(where, _("a list is expected"))
        inner = get_args(kind)[0]
        return tuple(_value(owner, name, inner, one, f"{where}[{n}]") for n, one in enumerate(said))
    if is_dataclass(kind):
        return read(kind, said, where)  # type: ignore[arg-type]
    value = _plain(kind, said, where)
    choices = CHOICES.get((owner, name))
    if choices is not None and value not in choices:
        raise _wrong(
            where, _("one of these is expected: %(words)s") % {"words": ", ".join(choices)}
        )
    return value


def _plain(kind: Any, said: Any, where: str) -> Any:
    if kind is datetime:
        return _moment(said, where)
    if kind is int and (isinstance(said, bool) or not isinstance(said, int)):
        raise _wrong(where, _("a whole number is expected; money is in cents, yen or fils"))
    if kind is bool and not isinstance(said, bool):
        raise _wrong(where, _("true or false is expected"))
    if kind is str and not isinstance(said, str):
        raise _wrong(where, _("text is expected"))
    return said


def _moment(said: Any, where: str) -> datetime:
    try:
        moment = datetime.fromisoformat(said)
    except (TypeError, ValueError) as error:
        raise _wrong(where, _("a time like 2026-03-01T12:00:00Z is expected")) from error
    if moment.tzinfo is None:
        raise _wrong(where, _("a time needs its zone: 2026-03-01T12:00:00Z"))
    return moment


def _may_be_none(kind: Any) -> bool:
    return get_origin(kind) in (Union, types.UnionType) and type(None) in get_args(kind)


def _wrong(where: str, why: str) -> Refused:
    return Refused(_("%(where)s: %(why)s.") % {"where": where[:120], "why": why})


# The same, told as a schema


def schema(kind: type) -> dict[str, Any]:
    """What `read` takes, as JSON Schema."""
    hints = get_type_hints(kind)
    properties = {said_as(one): _told(kind, one.name, hints[one.name]) for one in fields(kind)}
    needed = [said_as(one) for one in fields(kind) if _is_needed(one)]
    return {
        "type": "object", "additionalProperties": False, "required": needed,
        "properties": properties,
    }  # fmt: skip


_PLAIN: Mapping[Any, dict[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    datetime: {"type": "string", "format": "date-time"},
}


def _told(owner: type, name: str, kind: Any) -> dict[str, Any]:
    if _may_be_none(kind):
        inner = next(one for one in get_args(kind) if one is not type(None))
        return {"anyOf": [_told(owner, name, inner), {"type": "null"}]}
    if get_origin(kind) is tuple:
        inner = get_args(kind)[0]
        return {"type": "array", "maxItems": MOST_PARTS, "items": _told(owner, name, inner)}
    if is_dataclass(kind):
        return schema(kind)  # type: ignore[arg-type]
    choices = CHOICES.get((owner, name))
    return {**_PLAIN[kind], **({"enum": list(choices)} if choices is not None else {})}
