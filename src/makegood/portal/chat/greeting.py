"""What a page shows before anybody wrote: who is there, how long it takes, how it looks.

Every page view of the shop asks for it: it is worked out once in a few seconds for everybody.
"""

import time
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.channels.models import Inbox
from makegood.channels.queries import form_beside, shop_name
from makegood.chat.queries import settings_of
from makegood.portal.queries import who_is_there
from makegood.waits.telling import line_for_form

LASTS = 10.0
MOST_KEPT = 200
_KEPT: dict[tuple[int, str], tuple[float, dict[str, Any]]] = {}


def greeting(inbox: Inbox, language: str) -> Mapping[str, Any]:
    """Everything that the launcher and the home of the chat show."""
    kept = _KEPT.get((inbox.pk, language))
    now = time.monotonic()
    if kept is None or now - kept[0] > LASTS:
        if len(_KEPT) >= MOST_KEPT:
            _KEPT.clear()
        kept = _KEPT[inbox.pk, language] = (now, _greeting(inbox, language))
    return kept[1]


def _greeting(inbox: Inbox, language: str) -> dict[str, Any]:
    there = who_is_there(inbox, timezone.now())
    chat = settings_of(inbox)
    limits = inbox.limits
    return {
        "name": shop_name(inbox),
        "language": language,
        "is_open": there is None or there.is_open,
        "opens": there.when if there and not there.is_open else "",
        "wait": line_for_form(inbox),
        "theme": chat.get("theme") or {},
        "words": (chat.get("words") or {}).get(language) or {},
        "questions": chat.get("questions") or [],
        "team": chat.get("team") or [],
        "ways": ways(inbox),
        "invitations": chat.get("invitations") or [],
        "limits": {
            "characters": limits.characters,
            "attachments": limits.attachments,
            "attachment_bytes": limits.attachment_bytes,
        },
    }


def ways(inbox: Inbox) -> list[dict[str, str]]:
    """How else somebody can reach the shop."""
    found = []
    form = form_beside(inbox)
    if form is not None:
        url = settings.URL + reverse("portal:write", args=[form.public_id])
        found.append({"kind": "form", "label": _("Write us by the form"), "url": url})
    if inbox.mail_inbox is not None and inbox.mail_inbox.address:
        address = inbox.mail_inbox.address
        found.append({"kind": "email", "label": address, "url": f"mailto:{address}"})
    return found
