"""Agents of a file: made without a password, given a role and teams; closed again by an undo."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from makegood.kit.errors import Refused
from makegood.rolls.models import RollLine
from makegood.rolls.people import ByAddress, Said, listed, name_of, refuse_address
from makegood.team.actions import add_agent, change_agent
from makegood.team.gates import refuse_unless
from makegood.team.models import Agent, Team
from makegood.team.queries import roles_to_choose
from makegood.team.roles import refuse_to_give, refuse_to_let_into, standing

LONGEST_ADDRESS = 254


class Crew(ByAddress):
    """They come in by “forgot your password”: a file never holds one."""

    def known(self, keys: Sequence[str]) -> Mapping[str, int]:
        found = Agent.objects.filter(email__in=[key for key in keys if key])
        return dict(found.values_list("email", "pk"))

    def refuse(self, line: RollLine, words: Said, by: Agent) -> None:
        refuse_unless(by, "office.agents")
        refuse_address(line.key)
        if len(line.key) > LONGEST_ADDRESS:
            raise Refused(_("“%(words)s” is no e-mail address.") % {"words": line.key[:80]})
        if not name_of(words) and not Agent.objects.filter(email=line.key).exists():
            raise Refused(_("An agent needs a name."))
        refuse_to_give(standing(_role(words.get("role") or "agent")).permissions, by=by)
        refuse_to_let_into(self._fresh_teams(line.key, words), by=by)

    def _fresh_teams(self, address: str, words: Said) -> list[Team]:
        """Those of a line that whoever has the address is not in yet."""
        wanted = _teams(words)
        now = Team.objects.filter(agents__email=address) if wanted else ()
        return [team for team in wanted if team not in now]

    def differs(self, thing: int, words: Said, by: Agent) -> bool:
        now = self.portrait(thing)
        has_other_role = bool(words.get("role")) and _role(words["role"]) != now["role"]
        wanted = {team.pk for team in _teams(words)}
        return has_other_role or not wanted <= set(now["teams"])

    def portrait(self, thing: int) -> dict[str, Any]:
        agent = Agent.objects.filter(pk=thing).first()
        if agent is None:
            return {}
        teams = list(agent.teams.order_by("pk").values_list("pk", flat=True))
        came = agent.last_login is not None
        return {
            "role": agent.role_word, "teams": teams, "is_active": agent.is_active, "came": came,
        }  # fmt: skip

    def bring(self, thing: int | None, words: Said, by: Agent) -> int:
        role = _role(words["role"]) if words.get("role") else None
        if thing is None:
            refuse_to_let_into(_teams(words), by=by)
            agent = add_agent(words["email"], name_of(words), role=role or "agent", by=by)
            agent.teams.set(_teams(words))
            return agent.pk
        agent = Agent.objects.get(pk=thing)
        change_agent(agent, role=role, teams=[*agent.teams.all(), *_teams(words)], by=by)
        return agent.pk

    def restore(self, thing: int, before: dict[str, Any], by: Agent) -> None:
        refuse_unless(by, "office.agents")
        teams = Team.objects.filter(pk__in=before["teams"])
        change_agent(Agent.objects.get(pk=thing), role=before["role"], teams=teams, by=by)

    def remove(self, thing: int, by: Agent) -> None:
        """What agents did stays told by their name: their account is closed, not thrown away."""
        refuse_unless(by, "office.agents")
        change_agent(Agent.objects.get(pk=thing), is_active=False, by=by)


def _role(typed: str) -> str:
    """A role's word, by its word or its name in any letters."""
    for word, name in roles_to_choose():
        if typed.strip().lower() in (word, str(name).lower()):
            return word
    raise Refused(_("There is no role “%(words)s”.") % {"words": typed[:40]})


def _teams(words: Said) -> list[Team]:
    found = []
    for name in listed(words.get("teams", "")):
        team = Team.objects.filter(name__iexact=name).first()
        if team is None:
            raise Refused(_("There is no team %(words)s.") % {"words": name[:80]})
        found.append(team)
    return found
