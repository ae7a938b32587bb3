"""What the worker does for routing: give what waits, and move on what waits for who is away."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from makegood.conversations.models import Conversation, Draft
from makegood.presence.models import Presence
from makegood.presence.queries import AWAY as UNSEEN_FOR
from makegood.routing.actions import give_best, move_on
from makegood.routing.choosing import board
from makegood.routing.floor import Hand, hands
from makegood.routing.matters import busy_places
from makegood.routing.models import TeamRouting
from makegood.routing.promised import by_promise
from makegood.routing.scoring import Standing
from makegood.team.absences import absences_of

AT_ONCE = 50
STILL_TYPING = timedelta(minutes=5)
WhenAway = TeamRouting.WhenAway


def route_next() -> int:
    """One look at what waits; how many conversations found somebody. Quiet teams cost one query."""
    now = timezone.now()
    teams = list(TeamRouting.objects.filter(~Q(gives_since=None) | ~Q(when_away=WhenAway.STAY)))
    if not teams:
        return 0
    floor = hands(now)
    return _give_what_waits(teams, floor, now) + _move_what_waits(teams, floor, now)


def _give_what_waits(teams: list[TeamRouting], floor: Mapping[int, Hand], now: datetime) -> int:
    """New and returning conversations that are nobody's, the most urgent first."""
    giving = [one.team_id for one in teams if one.gives_since]
    if not giving or not any(hand.has_room() for hand in floor.values()):
        return 0
    waiting = _waiting(giving).filter(assignee=None)
    pks = _in_order(waiting)
    if not pks:
        return 0
    seen, busy, given = board(by_promise(pks), now, floor), busy_places(now), 0
    for matter in seen.held_by(None):
        if matter.pk not in busy and give_best(seen, matter):
            given += 1
    return given


def _waiting(teams: list[int]) -> QuerySet[Conversation]:
    """What waits for an answer and is for one of these teams."""
    meant = Q(team__in=teams) | Q(team=None, inbox__teams__in=teams)
    open_ = Conversation.objects.filter(status=Conversation.Status.OPEN)
    return open_.filter(meant, turn=Conversation.Turn.OURS)


def _in_order(rows: QuerySet[Conversation]) -> list[int]:
    ordered = rows.order_by("priority", "turn_since", "id").distinct()
    return [pk for pk, *_key in ordered.values_list("pk", "priority", "turn_since")[:AT_ONCE]]


def _move_what_waits(teams: list[TeamRouting], floor: Mapping[int, Hand], now: datetime) -> int:
    """What waits for who is away longer than their team bears; nothing that is typed in."""
    away_since = _away_since(floor, now)
    moved, busy = 0, busy_places(now)
    for one in teams:
        grace = now - timedelta(minutes=one.grace_minutes)
        gone = [pk for pk, since in away_since.items() if since <= grace]
        if one.when_away == WhenAway.STAY or not gone:
            continue
        waiting = _waiting([one.team_id]).filter(assignee__in=gone, turn_since__lte=grace)
        pks = [pk for pk in _in_order(waiting.exclude(pk__in=_typed(now))) if pk not in busy]
        seen = board(pks, now, floor)
        to_best = one.when_away == WhenAway.BEST
        moved += sum(move_on(seen, matter, to_best=to_best) for matter in seen.held_by(*gone))
    return moved


def _typed(now: datetime) -> list[int]:
    """Where somebody typed a moment ago: nothing jumps away from under their hands."""
    fresh = Draft.objects.filter(saved_at__gt=now - STILL_TYPING)
    return list(fresh.values_list("conversation", flat=True)[:1000])


def _away_since(floor: Mapping[int, Hand], now: datetime) -> Mapping[int, datetime]:
    """Since when each of those has been away who are; seen for the last time counts."""
    said = absences_of(floor, now)
    seen: dict[int, datetime] = {}
    for agent, at in Presence.objects.values_list("agent", "seen_at"):
        seen[agent] = max(at, seen.get(agent, at))
    long_ago = now - timedelta(days=1)
    found = {}
    for pk, hand in floor.items():
        last = seen.get(pk, long_ago)
        if pk in said:
            found[pk] = said[pk].since
        elif hand.standing == Standing.GONE and last <= now - UNSEEN_FOR:
            found[pk] = last
    return found
