"""What would become of a conversation if an act came to it now: without touching it."""

from django.utils.translation import gettext as _

from makegood.bulk.models import BulkItem
from makegood.bulk.portraits import Portrait
from makegood.bulk.verbs import VERBS, Act, assignee_of
from makegood.channels.models import Inbox
from makegood.channels.queries import may_see
from makegood.conversations.actions import why_not_given
from makegood.kit.errors import Refused
from makegood.team.models import Agent, Team

Foreseen = tuple[BulkItem.State, str]


def may_act(agent: Agent, now: Portrait, *, is_joined_by_us: bool = False) -> None:
    """Refused where the agent may not act on it in this moment, whoever they were before."""
    if not agent.is_active or not may_see(agent, now["inbox"]):
        raise Refused(_("You may not see this conversation any more."))
    if now["status"] == "joined" and not is_joined_by_us:
        raise Refused(_("It is part of #%(number)s now.") % {"number": now["joined_into"]})


class Foresight:
    """One act's forecast; what holds for a whole inbox is asked once."""

    def __init__(self, agent: Agent, act: Act) -> None:
        self.agent, self.act, self.verb = agent, act, VERBS[act["do"]]
        self._allowed: dict[tuple[int, int], str] = {}
        self._seen: dict[int, bool] = {}

    def of(self, now: Portrait) -> Foreseen:
        words = self._why_not(now)
        if words:
            return BulkItem.State.REFUSED, words[:250]
        is_so = self.verb.is_so(self.act, now)
        return (BulkItem.State.SAME if is_so else BulkItem.State.ACTED), ""

    def _why_not(self, now: Portrait) -> str:
        inbox = now["inbox"]
        if inbox not in self._seen:
            self._seen[inbox] = self.agent.is_active and may_see(self.agent, inbox)
        if not self._seen[inbox]:
            return _("You may not see this conversation any more.")
        if now["status"] == "joined":
            return _("It is part of #%(number)s now.") % {"number": now["joined_into"]}
        if self.verb.name != "assign" or self.verb.is_so(self.act, now):
            return ""
        return self._why_not_given(inbox, now["team"])

    def _why_not_given(self, inbox: int, kept: int | None) -> str:
        key = (inbox, kept or 0)
        if key not in self._allowed:
            agent, team = assignee_of(self.act)
            if agent is not None and kept is not None:
                team = Team.objects.get(pk=kept)
            self._allowed[key] = why_not_given(Inbox.objects.get(pk=inbox), agent, team)
        return self._allowed[key]
