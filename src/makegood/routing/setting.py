"""What is said by hand: how a team's conversations find somebody, and what agents know."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.kit.errors import Refused
from makegood.ledger.actions import record
from makegood.routing.events import RoutingSet, StrengthsSet
from makegood.routing.models import Strength, TeamRouting
from makegood.team.models import Agent, Team

LONGEST_GRACE = 24 * 60
MOST_STRENGTHS = 200


@dataclass(frozen=True, kw_only=True)
class RoutingWish:
    """How a team's conversations shall find somebody."""

    gives: bool = False
    when_away: str = TeamRouting.WhenAway.STAY
    grace_minutes: int = 15


@transaction.atomic
def set_routing(team: Team, wish: RoutingWish, *, by: Agent) -> TeamRouting:
    """From now on it is so; what is somebody's already stays theirs."""
    if wish.when_away not in TeamRouting.WhenAway.values:
        raise Refused(_("Choose what happens while somebody is away."))
    if not 0 <= wish.grace_minutes <= LONGEST_GRACE:
        raise Refused(_("Say a number from 0 to %(most)s.") % {"most": LONGEST_GRACE})
    row, _is_new = TeamRouting.objects.select_for_update().get_or_create(team=team)
    before = _told(row)
    row.gives_since = (row.gives_since or timezone.now()) if wish.gives else None
    row.when_away, row.grace_minutes = wish.when_away, wish.grace_minutes
    if before == _told(row):
        return row
    row.save(update_fields=["gives_since", "when_away", "grace_minutes"])
    fact = RoutingSet(team_name=team.name, before=before, after=_told(row))
    record(fact, about=[team], by=by)
    return row


def _told(row: TeamRouting) -> dict[str, str]:
    return {
        "gives": "yes" if row.gives_since else "no",
        "when_away": row.when_away,
        "grace_minutes": str(row.grace_minutes),
    }


@transaction.atomic
def set_strengths(agent: Agent, levels: dict[str, str], *, by: Agent) -> None:
    """What an agent knows and what is not for them, by `tag:5`, `language:de`, `channel:email`."""
    agent = Agent.objects.select_for_update(of=("self",), no_key=True).get(pk=agent.pk)
    if len(levels) > MOST_STRENGTHS:
        raise Refused(_("That is more than %(n)s things.") % {"n": MOST_STRENGTHS})
    before = strengths_of(agent)
    if before == levels:
        return
    Strength.objects.filter(agent=agent).delete()
    Strength.objects.bulk_create(
        Strength(agent=agent, about=about, level=level) for about, level in levels.items()
    )
    fact = StrengthsSet(agent_name=agent.name, before=before, after=levels)
    record(fact, about=[agent], by=by)


def strengths_of(agent: Agent) -> dict[str, str]:
    rows = Strength.objects.filter(agent=agent).order_by("about")
    return dict(rows.values_list("about", "level"))
