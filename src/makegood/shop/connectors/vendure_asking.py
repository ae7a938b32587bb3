"""How Vendure is asked: one address, and what its GraphQL says went wrong."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from makegood.kit.text import one_line
from makegood.shop.connectors.asking import LATER, Question, address, ask
from makegood.shop.connectors.interface import Declined, Link, TryLater, Unsure
from makegood.shop.connectors.json_said import an_object, objects, text

SHUT = ("FORBIDDEN", "UNAUTHORIZED", "UNAUTHENTICATED")
REFUSED = ("USER_INPUT_ERROR", "BAD_USER_INPUT", "GRAPHQL_VALIDATION_FAILED", "ENTITY_NOT_FOUND",
           "ILLEGAL_OPERATION", "CHANNEL_NOT_FOUND")  # fmt: skip
"""Codes by which nothing happened; whatever else goes wrong may come after the act."""


class NotAllowed(Declined):
    """Our key lacks the right."""


def asked(link: Link, query: str, values: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """What it says to a question. Raises `Declined`, `TryLater` or, of an act, `Unsure`."""
    does = query.startswith("mutation")
    rights = {"vendure-api-key": link.secrets.get("token", "")}
    if channel := link.settings.get("channel"):
        rights["vendure-token"] = channel
    body = {"query": query, "variables": dict(values or {})}
    url = address(link.base_url, "admin-api")
    answer = ask(Question(method="POST", url=url, headers=rights, body=body, does=does))
    if not answer.is_there:
        raise Declined(_("No Vendure answers at this address."))
    said = an_object(answer.said)
    if errors := objects(said.get("errors")):
        raise _wrong(errors[0], does=does)
    return an_object(said.get("data"))


def acted(link: Link, query: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """What an act made, named `did`. What it declines, it declines as an answer like any other."""
    made = an_object(asked(link, query, values).get("did"))
    if text(made, "message"):
        words = _("The shop says no: %(words)s")
        raise Declined(words % {"words": one_line(text(made, "message"), 200)})
    return made


def _wrong(error: dict[str, Any], *, does: bool) -> Exception:
    code = text(error.get("extensions") or {}, "code")
    words = one_line(text(error, "message"), 200)
    if code in SHUT:
        return NotAllowed(_("The shop does not let us do this: %(words)s") % {"words": words})
    if code in REFUSED:
        return Declined(_("The shop says no: %(words)s") % {"words": words})
    return Unsure(words) if does else TryLater(LATER, words)
