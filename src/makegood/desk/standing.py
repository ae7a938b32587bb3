"""Here or away, as an agent says it: the few words that are offered, and any time of the day."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from makegood.kit.errors import Refused
from makegood.team.models import Agent

MORNING = time(8)
AWAY: Sequence[tuple[str, str | Promise]] = (
    ("away", _("Away")),
    ("30m", _("Away for half an hour")),
    ("1h", _("Away for an hour")),
    ("tomorrow", _("Away until tomorrow morning")),
)
_LASTS = {"30m": timedelta(minutes=30), "1h": timedelta(hours=1)}


def back_at(word: str, said: str, agent: Agent, now: datetime) -> datetime | None:
    """Until when somebody is away who said this; None until they say otherwise."""
    local = now.astimezone(agent.zone)
    if word == "tomorrow":
        return datetime.combine(local.date() + timedelta(days=1), MORNING, agent.zone)
    if word == "until":
        return _next_at(said, local)
    return now + _LASTS[word] if word in _LASTS else None


def _next_at(said: str, local: datetime) -> datetime:
    """The next moment at which the agent's clock shows this."""
    try:
        at = datetime.combine(local.date(), time.fromisoformat(said), local.tzinfo)
    except ValueError as error:
        raise Refused(_now("Write the time like 14:30.")) from error
    return at if at > local else at + timedelta(days=1)
