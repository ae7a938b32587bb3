"""What a visitor's browser is told when it may not, or not yet."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from makegood.kit.errors import Refused

CODES = {
    400: "odd", 401: "secret", 403: "blocked", 422: "refused", 429: "too_much", 503: "later",
    507: "full",
}  # fmt: skip


class Coded(Refused):
    """A refusal that a browser has a word of its own for."""

    code = ""


class TooFast(Coded):
    """A budget is used up; it is filled again after so many seconds."""

    status, code = 429, "too_much"

    def __init__(self, wait: int) -> None:
        if wait <= 60:
            words = _("That was a lot at once. Please wait a moment, then try again.")
        else:
            words = _("That was a lot at once. Please try again later, or reach us another way.")
        super().__init__(words)
        self.wait = wait


class WorkWanted(Coded):
    """It gets through for some work of the browser: see `portal.chat.work`."""

    status, code = 403, "work"

    def __init__(self, seed: str, bits: int) -> None:
        super().__init__(_("We check that no machine is writing. This takes a moment."))
        self.work = {"seed": seed, "bits": bits}


class Elsewhere(Coded):
    """The secret belongs to a browser on another page of the shop's."""

    status, code = 403, "origin"

    def __init__(self) -> None:
        super().__init__(_("This page may not open the chat."))


def told(refused: Refused) -> tuple[dict[str, Any], int, Mapping[str, str]]:
    """The body, the status and the headers that say it."""
    status = 422 if refused.status == 409 else refused.status
    code = refused.code if isinstance(refused, Coded) else CODES.get(status, "refused")
    body: dict[str, Any] = {"error": code, "words": str(refused)}
    headers = {}
    if isinstance(refused, WorkWanted):
        body["work"] = refused.work
    if isinstance(refused, TooFast):
        headers["Retry-After"] = str(refused.wait)
    return body, status, headers
