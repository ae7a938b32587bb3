"""The typed content of an event: a class per kind, so that nothing is told in loose JSON."""

import dataclasses
from datetime import datetime
from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

KINDS: dict[str, type["Fact"]] = {}


class Fact:
    """What one kind of event says. Subclasses are frozen keyword-only dataclasses.

    `says` is the sentence, translated when read. `personal` names the fields that can be
    forgotten; a field of text that is neither personal nor listed in `plain` fails a house
    test, so that nobody forgets to decide.
    """

    kind: ClassVar[str] = ""
    says: ClassVar[str | Promise] = ""
    personal: ClassVar[tuple[str, ...]] = ()
    plain: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls, kind: str) -> None:
        if kind in KINDS and KINDS[kind].__qualname__ != cls.__qualname__:
            raise TypeError(f"Two facts are of the kind {kind}.")
        cls.kind = kind
        KINDS[kind] = cls

    def split(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """The fields for everybody, and those that can be forgotten."""
        fields = {
            field.name: _plain(getattr(self, field.name))
            for field in dataclasses.fields(self)  # type: ignore[arg-type]
        }
        personal = {name: fields.pop(name) for name in self.personal}
        return fields, personal


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def sentence(kind: str, fields: dict[str, Any]) -> str:
    """An event in words; fields that were forgotten read as such."""
    fact = KINDS.get(kind)
    if fact is None:
        return kind
    return str(fact.says).format_map(_Told(fields))


class _Told(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return str(_("(forgotten)"))
