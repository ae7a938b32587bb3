"""How a shop is asked over the network, and what its answers mean for whoever asked.

A question that only reads may be asked again at any time. One that does something may not:
where it left and nothing is known of it, that is `Unsure`, and somebody looks first.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.kit.egress import Fetched, NoAnswer, Unreachable, call
from makegood.kit.errors import Refused
from makegood.kit.text import one_line
from makegood.shop.connectors.interface import Declined, TryLater, Unsure

SECONDS = 25.0
LATER = 60.0
SOON = 10.0
NOT_LET_IN = (401, 403)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the shop said: its status, what its JSON holds, and its headers."""

    status: int
    said: Any
    headers: Mapping[str, str]

    @property
    def is_there(self) -> bool:
        return self.status < 400


@dataclass(frozen=True, kw_only=True)
class Question:
    """One request: where, with which rights, and whether it does something."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: Any = None
    raw: bytes = b""
    """Instead of the body, where its bytes were signed."""
    does: bool = False


def address(base: str, *parts: str, **query: str | None) -> str:
    """An address below a shop's own; each part is quoted, and what is None is left out."""
    path = "/".join(quote(part, safe="") for part in parts)
    asked = urlencode({name: value for name, value in query.items() if value is not None})
    return f"{base.rstrip('/')}/{path}" + (f"?{asked}" if asked else "")


def checked_base(url: str) -> str:
    """A shop's address as it is kept. Raises `Refused` where secrets would travel in the open."""
    parts = urlsplit(url.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query:
        raise Refused(_("The address has to look like https://shop.example.com"))
    if parts.username or parts.password:
        raise Refused(_("Leave the password out of the address: it has a field of its own."))
    near = f"{parts.hostname}:{parts.port or (443 if parts.scheme == 'https' else 80)}"
    if parts.scheme == "http" and near not in settings.NEAR_HOSTS:
        raise Refused(
            _("The address has to begin with https:// – what we ask for is nobody else’s business.")
        )
    return url.strip().rstrip("/")


def ask(question: Question) -> Answer:
    """Ask. That a thing is not there (404, 410), or where it is to be seen (303), is an answer;
    everything else that is no success is raised: `Declined`, `TryLater` or `Unsure`."""
    content = question.raw or (b"" if question.body is None else json.dumps(question.body).encode())
    headers = {"Accept": "application/json", **question.headers}
    if content:
        headers.setdefault("Content-Type", "application/json")
    try:
        checked_base(question.url.partition("?")[0])
        found = call(
            question.method, question.url, headers=headers, content=content, seconds=SECONDS
        )
    except NoAnswer as silent:
        if question.does:
            raise Unsure(str(silent)) from silent
        raise TryLater(LATER, str(silent)) from silent
    except Unreachable as silent:
        raise TryLater(LATER, str(silent)) from silent
    return _understood(question, found)


def _understood(question: Question, found: Fetched) -> Answer:
    if found.status == 429 or (found.status == 503 and "retry-after" in found.headers):
        raise TryLater(_retry_after(found), _("The shop asked us to wait."))
    if found.status >= 500 or found.status == 408:
        words = _("The shop failed (%(status)s).") % {"status": found.status}
        raise Unsure(words) if question.does else TryLater(LATER, words)
    said = _json(found)
    if found.status in NOT_LET_IN:
        words = _("The shop does not let us do this: %(words)s")
        raise Declined(words % {"words": _words(said) or found.status})
    is_elsewhere = found.status == 303 and question.method == "GET"  # it says where
    if is_elsewhere or found.status in (404, 410):
        return Answer(status=found.status, said=said, headers=found.headers)
    if found.status >= 300:
        words = _("The shop says no: %(words)s")
        raise Declined(words % {"words": _words(said) or found.status})
    if said is None and found.content:
        words = _("The shop answers with something else than JSON.")
        raise Unsure(words) if question.does else TryLater(LATER, words)
    return Answer(status=found.status, said=said, headers=found.headers)


def _json(found: Fetched) -> Any:
    """Numbers with a point stay as they are written: no amount goes through binary halves."""
    try:
        return json.loads(found.content, parse_float=Decimal) if found.content else None
    except (ValueError, RecursionError):
        return None


def _words(said: Any) -> str:
    """What a shop gives as its reason, wherever in its JSON it stands."""
    for name in ("message", "error_description", "errors", "error", "detail", "code"):
        if isinstance(said, dict) and said.get(name):
            inner = said[name]
            if isinstance(inner, str):
                return one_line(inner, 200)
            return _words(inner) or one_line(
                json.dumps(inner, ensure_ascii=False, default=str), 200
            )
    if isinstance(said, list) and said:
        return _words(said[0]) or one_line(str(said[0]), 200)
    return one_line(said, 200) if isinstance(said, str) else ""


def _retry_after(found: Fetched) -> float:
    told = found.headers.get("retry-after", "").strip()
    if told.replace(".", "", 1).isdigit() and told.isascii():
        return float(told[:12])
    try:
        return max(1.0, (parsedate_to_datetime(told) - timezone.now()).total_seconds())
    except (ValueError, TypeError):
        return SOON
