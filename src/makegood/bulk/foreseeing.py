"""What would become of a conversation if an act came to it now: without touching it."""

from django.utils.translation import gettext as _

from makegood.acts.act import Kept
from makegood.acts.portraits import Portrait
from makegood.acts.vocabulary import act_named
from makegood.bulk.models import BulkItem
from makegood.channels.queries import may_see
from makegood.kit.errors import Refused
from makegood.team.gates import refuse_unless
from makegood.team.models import Agent

NEEDED = ("act", "bulk")
Foreseen = tuple[BulkItem.State, str]


def may_act(agent: Agent, now: Portrait, *, is_joined_by_us: bool = False) -> None:
    """Refused where the agent may not act on it in this moment, whoever they were before."""
    if not agent.is_active or not may_see(agent, now["inbox"]):
        raise Refused(_("You may not see this conversation any more."))
    for permission in NEEDED:
        refuse_unless(agent, permission)
    if now["status"] == "joined" and not is_joined_by_us:
        raise Refused(_("It is part of #%(number)s now.") % {"number": now["joined_into"]})


class Foresight:
    """One act's forecast; what holds for many is asked once."""

    def __init__(self, agent: Agent, kept: Kept) -> None:
        self.agent, self.act, self.words = agent, act_named(kept["do"]), kept["with"]
        self._refused: dict[tuple[object, ...], str] = {}
        self._seen: dict[int, bool] = {}

    def of(self, now: Portrait) -> Foreseen:
        is_so = self.act.is_so(self.words, now, self.agent)
        words = self._why_not(now, is_so=is_so)
        if words:
            return BulkItem.State.REFUSED, words[:250]
        return (BulkItem.State.SAME if is_so else BulkItem.State.ACTED), ""

    def _why_not(self, now: Portrait, *, is_so: bool) -> str:
        inbox = now["inbox"]
        if inbox not in self._seen:
            self._seen[inbox] = self.agent.is_active and may_see(self.agent, inbox)
        if not self._seen[inbox]:
            return _("You may not see this conversation any more.")
        if now["status"] == "joined":
            return _("It is part of #%(number)s now.") % {"number": now["joined_into"]}
        if is_so or self.act.why_not is None:
            return ""
        key = tuple(now[name] for name in self.act.hangs_on)
        if key not in self._refused:
            self._refused[key] = self.act.why_not(self.words, now, self.agent)
        return self._refused[key]
