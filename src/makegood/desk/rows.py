"""Rows of the lists, written once: a row that did not change since is taken as it was."""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from django.template import engines
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from markupsafe import Markup

from makegood.conversations.listing import Row
from makegood.conversations.saving import COLUMNS
from makegood.kit import html
from makegood.search.queries import Hit

CHANNELS: dict[str, tuple[str, str | Promise]] = {
    "email": ("mail", _("by e-mail")),
    "web": ("globe", _("by the form")),
    "chat": ("message-circle", _("in the chat")),
}

KEPT = 4000
"""How many written rows a process remembers: about four megabytes."""


def written(rows: Iterable[Row], suffix: str = "", columns: tuple[str, ...] = COLUMNS) -> Markup:
    """The rows as HTML. A row says today's hours and older days, so a new day writes it anew."""
    when = _today()
    return html.written("".join(_written(row, suffix, columns, when) for row in rows))


def written_hits(hits: Sequence[tuple[Row, Hit | None]]) -> Markup:
    """The same of what was found, each with the place where."""
    when = _today()
    return html.written("".join(_written_hit(row, hit, when) for row, hit in hits))


def _today() -> tuple[str, date, str]:
    zone = timezone.get_current_timezone_name()
    return translation.get_language() or "", timezone.localdate(), zone


@lru_cache(maxsize=KEPT)
def _written(row: Row, suffix: str, columns: tuple[str, ...], _when: tuple[str, date, str]) -> str:
    templates: Any = engines["jinja2"]
    row_of = templates.env.get_template("desk/row.html").module.row_of
    written_row: str = row_of(row, CHANNELS, suffix, columns)
    return written_row


@lru_cache(maxsize=KEPT)
def _written_hit(row: Row, hit: Hit | None, _when: tuple[str, date, str]) -> str:
    templates: Any = engines["jinja2"]
    written_hit: str = templates.env.get_template("desk/hit.html").module.hit_of(row, hit)
    return written_hit
