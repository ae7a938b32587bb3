"""The chat's invitations: whom they were shown to, what came of it, and how each fares.

The page alone knows where a rule holds, so a browser tells of it: under a word that it makes anew
for each day, by which nobody is known. One word counts once; without a showing, nothing counts.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from makegood.calendars.queries import hours_of
from makegood.channels.models import Inbox
from makegood.chat.events import InvitationAnswered
from makegood.chat.models import Showing
from makegood.chat.queries import settings_of
from makegood.conversations.models import Message
from makegood.customers.actions import CustomerActor
from makegood.kit.ids import digest
from makegood.ledger.actions import record

DAYS = (7, 30)
KEPT = timedelta(days=90)
LEADS = timedelta(days=1)
"""So long after it was shown, what is written counts as an answer to it."""
SWEPT_AT_ONCE = 20
MOST_IN_A_DAY = 2
"""So often one visitor is invited in a day, by all rules together, where the shop is silent."""


@dataclass(frozen=True)
class Shown:
    """Which invitation a browser tells of, and under which word; in which language it read."""

    invitation: str
    word: str
    language: str = ""


@dataclass(frozen=True, kw_only=True)
class Fared:
    """What came of an invitation in so many days."""

    days: int
    shown: int
    opened: int
    put_away: int
    led: int


def invitations_of(inbox: Inbox) -> Sequence[Mapping[str, Any]]:
    """The rules of a chat, as they stand now."""
    return settings_of(inbox).get("invitations") or []


def most_in_a_day(inbox: Inbox) -> int:
    """How often one visitor is invited within a day, by all rules together; 0: never."""
    found = settings_of(inbox).get("invites_most", MOST_IN_A_DAY)
    return found if isinstance(found, int) and found >= 0 else MOST_IN_A_DAY


def invites_now(inbox: Inbox, now: datetime) -> bool:
    """Whether it is a time of the day at which the shop invites, by the clock of its hours."""
    chat = settings_of(inbox)
    begins, ends = (_clock(chat.get(name)) for name in ("invites_from", "invites_until"))
    if begins is None or ends is None:
        return True
    hours = hours_of(inbox.ref, *(team.ref for team in inbox.teams.order_by("pk")))
    at = timezone.localtime(now, hours.zone if hours else None).time()
    # From the evening until the morning goes over midnight.
    return begins <= at < ends if begins < ends else at >= begins or at < ends


def _clock(said: object) -> time | None:
    return time.fromisoformat(said) if isinstance(said, str) and said else None


def wording_of(rule: Mapping[str, Any]) -> str:
    """How a rule reads: changed, it counts anew."""
    return digest(json.dumps(rule, sort_keys=True))[:16]


def is_counted(inbox: Inbox, shown: Shown) -> bool:
    """Whether this was told before, or there is no such invitation: nothing to count."""
    return _rule(inbox, shown.invitation) is None or _of(inbox, shown).exists()


@transaction.atomic
def count_showing(inbox: Inbox, shown: Shown) -> None:
    """It stands beside the button, in one browser. Told twice at once, it counts once."""
    rule, now = _rule(inbox, shown.invitation), timezone.now()
    if rule is None:
        return
    row = Showing(
        inbox=inbox,
        invitation=shown.invitation,
        wording=wording_of(rule),
        browser=digest(shown.word),
        at=now,
    )
    Showing.objects.bulk_create([row], ignore_conflicts=True)
    old = Showing.objects.filter(at__lt=now - KEPT).order_by("at")
    Showing.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:SWEPT_AT_ONCE])).delete()


def count_opened(inbox: Inbox, shown: Shown) -> None:
    """Somebody opened the chat while it stood there."""
    _of(inbox, shown).filter(opened_at=None).update(opened_at=timezone.now())


def count_put_away(inbox: Inbox, shown: Shown) -> None:
    """Somebody put it away."""
    _of(inbox, shown).filter(put_away_at=None).update(put_away_at=timezone.now())


@transaction.atomic
def count_answer(shown: Shown, message: Message) -> None:
    """They wrote: the conversation tells after which words of ours. Said twice, it counts once."""
    place = message.conversation
    found = _of(message.inbox, shown).select_for_update().filter(led_to=None)
    row = found.filter(at__gt=timezone.now() - LEADS).first()
    if row is None or message.handle is None:
        return
    row.led_to = place
    row.opened_at = row.opened_at or timezone.now()
    row.save(update_fields=["led_to", "opened_at"])
    fact = InvitationAnswered(
        invitation=shown.invitation, words=_words(message, shown), showing=row.pk
    )
    about = [place, place.customer, message.inbox]
    record(fact, about=about, by=CustomerActor(message.handle))


def fared(inbox: Inbox, now: datetime) -> Mapping[str, Sequence[Fared]]:
    """What came of each invitation, as it reads now: by its name, for each number of days."""
    asked = {
        f"{name}_{days}": Count("pk", filter=Q(at__gt=now - timedelta(days=days)) & holds)
        for days in DAYS
        for name, holds in _OUTCOMES.items()
    }
    rows = Showing.objects.filter(inbox=inbox, at__gt=now - timedelta(days=DAYS[-1]))
    found: dict[tuple[str, str], Mapping[str, Any]] = {
        (row["invitation"], row["wording"]): row
        for row in rows.values("invitation", "wording").annotate(**asked).order_by()
    }
    return {
        rule["key"]: [_fared(found.get((rule["key"], wording_of(rule)), {}), n) for n in DAYS]
        for rule in invitations_of(inbox)
    }


_OUTCOMES = {
    "shown": Q(),
    "opened": Q(opened_at__isnull=False),
    "put_away": Q(put_away_at__isnull=False),
    "led": Q(led_to__isnull=False),
}


def _fared(row: Mapping[str, Any], days: int) -> Fared:
    return Fared(days=days, **{name: row.get(f"{name}_{days}", 0) for name in _OUTCOMES})


def _rule(inbox: Inbox, key: str) -> Mapping[str, Any] | None:
    return next((one for one in invitations_of(inbox) if one.get("key") == key), None)


def _words(message: Message, shown: Shown) -> str:
    """What it says in the language of their page, or in the one there is."""
    said = (_rule(message.inbox, shown.invitation) or {}).get("words") or {}
    words: str = said.get(shown.language) or next(filter(None, said.values()), "")
    return words


def _of(inbox: Inbox, shown: Shown) -> QuerySet[Showing]:
    browser = digest(shown.word)
    return Showing.objects.filter(inbox=inbox, invitation=shown.invitation, browser=browser)
