"""By whose clock a time is meant, and the sentence that says it to a customer."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import formats, translation
from django.utils.translation import gettext as _

from makegood.calendars.queries import hours_in
from makegood.conversations.models import Conversation
from makegood.promises.choosing import calendar_for
from makegood.promises.wording.due import Here
from makegood.team.models import Agent

SPOKEN = ("de", "en")


def here_of(conversation: Conversation, agent: Agent, now: datetime) -> Here:
    """By which hours and whose clock a time is meant: the shop's, or the writer's."""
    calendar = calendar_for(conversation)
    if calendar is None:
        return Here(now, agent.zone)
    return Here(now, ZoneInfo(calendar.zone), hours_in(calendar))


def spoken_with(conversation: Conversation) -> str:
    """The customer's language, where we speak it; else English."""
    language = (conversation.customer.language or conversation.inbox.language or "en")[:2]
    return language if language in SPOKEN else "en"


def sentence_of(due: datetime, zone: ZoneInfo, language: str) -> str:
    """One honest line in the customer's language: by when they hear from us."""
    with translation.override(language):
        local = due.astimezone(zone)
        # Translators: said to a customer; our own reader of promises must find it again.
        words = _("I will write to you again by %(when)s.")
        return words % {"when": formats.date_format(local, _("l, j F, H:i"))}


def in_words(due: datetime, zone: ZoneInfo) -> str:
    return formats.date_format(due.astimezone(zone), _("D j M, H:i"))
