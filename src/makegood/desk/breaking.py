"""A promise that broke, and what comes next: an apology to look over, a new time, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from makegood.desk.promising import Quick, quick_times
from makegood.promises.apologising import apology_for
from makegood.promises.causes import causes_to_choose
from makegood.promises.models import DEADLINES, Cause
from makegood.promises.sentences import here_of
from makegood.promises.shown import Shown
from makegood.team.models import Agent

FEW = 2


@dataclass(frozen=True, kw_only=True)
class Apology:
    """Words for a customer; with the time by which they hear from us, or without."""

    text: str
    time: Quick | None = None

    @property
    def due(self) -> str:
        return self.time.due_at.isoformat() if self.time else ""


@dataclass(frozen=True, kw_only=True)
class Aftermath:
    """What a broken promise asks for, beside it."""

    one: Shown
    apologies: Sequence[Apology] = ()
    """The first is offered in one press; none where the promise was kept late meanwhile."""
    causes: Sequence[Cause] = ()


def broken_among(promised: Sequence[Shown], agent: Agent, now: datetime) -> Sequence[Aftermath]:
    """Those that broke and wait to be done, and those of which nobody said why."""
    return [
        Aftermath(one=one, apologies=apologies_for(one, agent, now, most=1))
        for one in promised
        if one.asks_why or one.is_broken
    ]


def aftermath_of(one: Shown, agent: Agent, ask: str = "") -> Aftermath:
    """What can be chosen: `when` to write again, or `why` it broke; both in few words."""
    apologies: Sequence[Apology] = ()
    if ask != "why":
        apologies = apologies_for(one, agent, timezone.now(), most=8 if ask else FEW)
    return Aftermath(
        one=one, apologies=apologies, causes=() if ask == "when" else causes_to_choose()
    )


def apologies_for(one: Shown, agent: Agent, now: datetime, most: int = 8) -> Sequence[Apology]:
    """The same words with each of the next times, the soonest first, and without any."""
    if one.promise.kind in DEADLINES:
        return ()  # nothing was said to a customer
    conversation = one.promise.conversation
    if not one.is_broken or conversation is None:
        return ()
    here = here_of(conversation, agent, now)
    sorry = apology_for(one.promise, here.zone, by=agent)
    times = quick_times(conversation, here)[:most]
    with_time = [Apology(text=f"{sorry}\n\n{time.sentence}", time=time) for time in times]
    return [*with_time, Apology(text=sorry)]


def apology_asked(found: Sequence[Apology], due: str) -> Apology | None:
    """The one with that time; the first where that time is not offered any more."""
    return next((one for one in found if one.due == due), found[0] if found else None)
