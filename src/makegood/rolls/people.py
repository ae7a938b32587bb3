"""What the two kinds of people have in common when a file speaks of them."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from makegood.customers.actions import canonical_address
from makegood.kit.errors import Refused
from makegood.rolls.models import RollLine
from makegood.team.models import Agent

Said = Mapping[str, str]


class OneByOne(Exception):
    """These cannot be brought in together."""


class Kind(Protocol):
    """Customers or agents: how a line of a file becomes one of them."""

    def key(self, words: Said) -> str: ...

    def known(self, keys: Sequence[str]) -> Mapping[str, int]: ...

    def refuse(self, line: RollLine, words: Said, by: Agent) -> None: ...

    def differs(self, thing: int, words: Said, by: Agent) -> bool: ...

    def portrait(self, thing: int) -> dict[str, Any]: ...

    def bring(self, thing: int | None, words: Said, by: Agent) -> int: ...

    def bring_together(self, some: Sequence[tuple[RollLine, Said]], by: Agent) -> None: ...

    def restore(self, thing: int, before: dict[str, Any], by: Agent) -> None: ...

    def remove(self, thing: int, by: Agent) -> None: ...

    def twice(self, first: int) -> str: ...

    def changed_since(self) -> str: ...


class ByAddress:
    """People whom an e-mail address tells apart."""

    def key(self, words: Said) -> str:
        return canonical_address("email", words.get("email", ""))

    def bring_together(self, some: Sequence[tuple[RollLine, Said]], by: Agent) -> None:
        """One after the other, where there is no quicker way."""
        raise OneByOne

    def twice(self, first: int) -> str:
        return _("The same address stands in line %(n)s already.") % {"n": first}

    def changed_since(self) -> str:
        return _("Somebody changed it since.")


def refuse_address(key: str) -> None:
    if not key:
        raise Refused(_("There is no e-mail address."))
    try:
        validate_email(key)
    except ValidationError as error:
        raise Refused(_("“%(words)s” is no e-mail address.") % {"words": key[:80]}) from error


def name_of(words: Said) -> str:
    """The name, or first and last name as one."""
    parts = (words.get("first", ""), words.get("last", ""))
    return words.get("name") or " ".join(part for part in parts if part)


def listed(text: str) -> list[str]:
    """Words that stand in one cell, with commas, semicolons or bars between."""
    for sign in ";|":
        text = text.replace(sign, ",")
    return [one.strip() for one in text.split(",") if one.strip()]
