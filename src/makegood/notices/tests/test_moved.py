"""What went on while somebody was away: whoever had it is told, and whoever has it."""

from typing import Any

from makegood.conversations.actions import assign_conversation
from makegood.ledger.followers import catch_up
from makegood.notices.models import Notice
from makegood.routing.models import TeamRouting
from makegood.routing.setting import RoutingWish, set_routing
from makegood.routing.tests.floors import at_the_desk
from makegood.routing.working import route_next
from makegood.team.absences import go_away


def test_both_are_told(lamp: Any, nora: Any, tomas: Any, front: Any, olga: Any) -> None:
    wish = RoutingWish(when_away=TeamRouting.WhenAway.BEST, grace_minutes=0)
    set_routing(front, wish, by=olga)
    assign_conversation(lamp, agent=nora, team=None, by=nora)
    go_away(nora, by=nora)
    at_the_desk(tomas)

    assert route_next() == 1
    catch_up("notices")
    told = {(one.agent_id, one.kind) for one in Notice.objects.filter(conversation=lamp)}
    assert {(nora.pk, "moved"), (tomas.pk, "assigned")} <= told
