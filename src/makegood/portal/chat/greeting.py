"""What a page shows before anybody wrote: who is there, how long it takes, how it looks.

Every page view of the shop asks for it: it is worked out once in a few seconds for everybody.
"""

import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.calendars.telling import moment_in_words
from makegood.channels.models import Inbox
from makegood.channels.queries import agents_of_teams, form_beside, shop_name
from makegood.chat.calling import slots_of
from makegood.chat.inviting import invitations_of, invites_now, most_in_a_day
from makegood.chat.queries import settings_of
from makegood.kit.jinja import initials
from makegood.portal.queries import is_somebody_here, who_is_there
from makegood.portraits.queries import words_of
from makegood.promises.foretelling import promised_by_chat
from makegood.waits.telling import is_long_for, line_for_form

LASTS = 10.0
TEAM_SHOWN = 3
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


def forget_greetings() -> None:
    """Work it all out anew at the next question."""
    _KEPT.clear()


def _greeting(inbox: Inbox, language: str) -> dict[str, Any]:
    now = timezone.now()
    there, is_here = who_is_there(inbox, now), is_somebody_here(inbox, now)
    chat = settings_of(inbox)
    # Where nobody said when, it is open while somebody is there.
    limits, is_open = inbox.limits, there.is_open if there else is_here
    return {
        "name": shop_name(inbox),
        "language": language,
        "is_open": is_open,
        "is_here": is_open and is_here,
        "opens": there.when if there and not there.is_open else "",
        "wait": _wait(inbox),
        "is_long": is_long_for(inbox),
        "theme": chat.get("theme") or {},
        "words": (chat.get("words") or {}).get(language) or {},
        "questions": _questions(chat, language),
        "team": chat.get("team") or (_team(inbox) if chat.get("shows_team") else []),
        "ways": ways(inbox),
        "invitations": _invitations(inbox, language, now) if is_open and is_here else [],
        "invites_most": most_in_a_day(inbox),
        "limits": {
            "characters": limits.characters,
            "attachments": limits.attachments,
            "attachment_bytes": limits.attachment_bytes,
        },
    }


def _questions(chat: dict[str, Any], language: str) -> list[dict[str, Any]]:
    """What is asked before the chat, in the page's language or in the one there is."""
    return [
        {name: said for name, said in one.items() if name != "labels"}
        | {"label": _in_language(one["labels"], language)}
        for one in chat.get("questions") or []
    ]


def _invitations(inbox: Inbox, language: str, now: datetime) -> list[dict[str, Any]]:
    """Whom the chat invites by itself; the page judges, because it alone knows where they are."""
    rules = invitations_of(inbox)
    if not rules or not invites_now(inbox, now):
        return []
    return [{**one, "words": _in_language(one["words"], language)} for one in rules]


def _in_language(said: Mapping[str, str], language: str) -> str:
    return said.get(language) or next(filter(None, said.values()), "")


def _team(inbox: Inbox) -> list[dict[str, str]]:
    """Some who answer here, by name: the shop wants them seen."""
    agents = agents_of_teams(inbox)[:TEAM_SHOWN]
    words = words_of(agents)
    return [
        {"name": one.name, "initials": initials(one.name), "photo": _address(words.get(one.pk))}
        for one in agents
    ]


def _address(word: str | None) -> str:
    return reverse("portal:face", args=[word]) if word else ""


def _wait(inbox: Inbox) -> str:
    """How long an answer takes; where nothing is known of that yet, what is promised."""
    if inbox.settings.get("hides_waits"):
        return ""
    return line_for_form(inbox) or promised_by_chat()


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
    now = timezone.now()
    slot = next(iter(slots_of(inbox, now)), None)
    if slot is not None:
        when = moment_in_words(slot.begins_at, now, slot.zone)
        label = _("Ask for a call (free from %(when)s)") % {"when": when}
        found.append({"kind": "callback", "label": label, "url": ""})
    return found
