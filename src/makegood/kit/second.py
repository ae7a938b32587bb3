"""Two who save the same at the same moment: one is let in, and the other hears it in words."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import IntegrityError
from django.utils.translation import gettext as _

from makegood.kit.errors import Refused

P = ParamSpec("P")
R = TypeVar("R")

_TWICE_ON_POSTGRESQL = "23505"
_TWICE = (2067, 1555)
"""SQLITE_CONSTRAINT_UNIQUE and SQLITE_CONSTRAINT_PRIMARYKEY."""


def is_second(error: BaseException | None) -> bool:
    """Whether what may stand once stands already, and nothing else is wrong."""
    while error is not None:
        if getattr(error, "sqlstate", "") == _TWICE_ON_POSTGRESQL:
            return True
        if getattr(error, "sqlite_errorcode", 0) in _TWICE:
            return True
        error = error.__cause__
    return False


def refuses_a_second(act: Callable[P, R]) -> Callable[P, R]:
    """For an act that looks whether a name is free: between the look and the writing lies a moment.

    Stands outside of the transaction, so that nothing of the second is left.
    """

    @wraps(act)
    def acted(*args: P.args, **more: P.kwargs) -> R:
        try:
            return act(*args, **more)
        except IntegrityError as wrong:
            if not is_second(wrong):
                raise
            words = _(
                "Somebody saved the same a moment ago. Look at what is there now, then save again."
            )
            raise Refused(words) from wrong

    return acted
