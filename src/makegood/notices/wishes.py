"""What agents want to hear of, and by which way; who said nothing has the usual."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from django.db import transaction
from django.utils import timezone

from makegood.kit.remembering import remembered
from makegood.notices.kinds import USUAL
from makegood.notices.models import Wishes
from makegood.team.models import Agent


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Wishes as a form brings them."""

    ways: Mapping[str, Iterable[str]]
    follows: Iterable[str] = ()
    quiet: tuple[time, time] | None = None
    digest: str = Wishes.Digest.NEVER
    shows_words: bool = False


def wishes_of(agent: Agent) -> Wishes:
    """An agent's wishes; not yet kept where they said nothing."""
    return Wishes.objects.select_related("agent").filter(agent=agent).first() or Wishes(agent=agent)


def wishes_of_all(agents: Sequence[Agent]) -> Mapping[int, Wishes]:
    """The wishes of several agents, in one query."""
    kept = remembered(
        ("wishes", *(agent.pk for agent in agents)),
        lambda: {one.pk: one for one in Wishes.objects.filter(agent__in=agents)},
    )
    return {agent.pk: kept.get(agent.pk) or Wishes(agent=agent) for agent in agents}


@transaction.atomic
def change_wishes(wanted: Wanted, *, by: Agent) -> Wishes:
    """An agent says what they want to hear of. It is theirs alone, so nothing is recorded."""
    Wishes.objects.get_or_create(agent=by)
    wishes = Wishes.objects.select_for_update().get(agent=by)
    chosen = {kind: frozenset(wanted.ways.get(kind, ())) for kind in USUAL}
    wishes.ways = {kind: sorted(ways) for kind, ways in chosen.items() if ways != USUAL[kind]}
    for because in ("assigned", "mentioned", "answered"):
        setattr(wishes, f"follows_{because}", because in set(wanted.follows))
    wishes.quiet_from, wishes.quiet_to = wanted.quiet or (None, None)
    wishes.digest, wishes.shows_words = wanted.digest, wanted.shows_words
    wishes.save()
    return wishes


@transaction.atomic
def end_digest(agent: Agent) -> None:
    """No more mails of what concerns them, by a link in the last one."""
    Wishes.objects.filter(agent=agent).update(digest=Wishes.Digest.NEVER)


def is_quiet(wishes: Wishes, now: datetime) -> bool:
    """Whether an agent wants nothing outside the desk at this hour; a night goes over midnight."""
    start, end = wishes.quiet_from, wishes.quiet_to
    if start is None or end is None or start == end:
        return False
    clock = timezone.localtime(now, wishes.agent.zone).time()
    return start <= clock < end if start < end else clock >= start or clock < end
