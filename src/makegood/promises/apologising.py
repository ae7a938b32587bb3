"""What is said to a customer whose promise broke: what was promised and since when, and no more.

A draft, in their language: whoever answers reads it, changes it, and sends it or does not.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import formats, translation
from django.utils.translation import gettext as _

from makegood.promises.models import Promise
from makegood.promises.sentences import spoken_with
from makegood.team.models import Agent

Kind = Promise.Kind


def apology_for(promise: Promise, zone: ZoneInfo, *, by: Agent) -> str:
    """What we said, by when it was due, and that we are sorry."""
    spoken = spoken_with(promise.conversation) if promise.conversation else None
    with translation.override(spoken):
        told = {
            "since": _day(promise.since, zone),
            "due": _until(promise.due_at, promise.since, zone),
            "words": promise.words.rstrip(".!"),
        }
        return _words(promise, by) % told


def _words(promise: Promise, by: Agent) -> str:
    """Translators: said to a customer."""
    if promise.is_personal:
        if promise.owner_id == by.pk:
            return _(
                "On %(since)s I wrote to you: “%(words)s”. That was to be by %(due)s, and I did "
                "not keep it. I am sorry."
            )
        return _(
            "On %(since)s we wrote to you: “%(words)s”. That was to be by %(due)s, and we did "
            "not keep it. I am sorry."
        )
    if promise.kind == Kind.RESOLUTION:
        return _(
            "You have been waiting since %(since)s for us to settle this, and it is still not "
            "done. That is too long, and I am sorry."
        )
    return _(
        "You wrote to us on %(since)s, and we meant to answer by %(due)s. We did not, and I am "
        "sorry that you had to wait."
    )


def _day(at: datetime, zone: ZoneInfo) -> str:
    return formats.date_format(at.astimezone(zone), _("l, j F"))


def _until(at: datetime, since: datetime, zone: ZoneInfo) -> str:
    """An hour, where the day was named a moment before."""
    local = at.astimezone(zone)
    if local.date() == since.astimezone(zone).date():
        # Translators: the form of an hour, as in “by 15:00”.
        return formats.time_format(local.time(), _("G:i"))
    return formats.date_format(local, _("l, j F, H:i"))
