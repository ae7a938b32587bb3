"""The steps of a roll: look at some lines, bring some in, take some out again.

A step is one short transaction that leaves everything right: killed anywhere, it goes on
where it was, and no line is brought in twice.
"""

import logging
import time
from collections import Counter
from collections.abc import Callable

from django.db import (
    DataError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    transaction,
)
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from makegood.kit.errors import Refused
from makegood.kit.sheets import said
from makegood.ledger.actions import record
from makegood.rolls.crew import Crew
from makegood.rolls.customers import Customers
from makegood.rolls.events import RollEnded, RollUndone
from makegood.rolls.models import Roll, RollLine
from makegood.rolls.people import Kind, OneByOne, Said
from makegood.rolls.tidying import throw_old_lines_away

log = logging.getLogger(__name__)

AT_ONCE = 100
LONGEST_KEY = 320
LONGEST_STEP = 0.15
BREATH = 0.25

State = Roll.State
Line = RollLine.State
KINDS: dict[str, Kind] = {Roll.What.CUSTOMERS: Customers(), Roll.What.AGENTS: Crew()}


def bring_next_in() -> int:
    """One step of the roll that has waited longest; then the desk has its turn."""
    under_way = Roll.objects.filter(state__in=[State.LOOKING, State.RUNNING, State.UNDOING])
    pk = under_way.order_by("worked_at").values_list("pk", flat=True).first()
    if pk is None:
        return throw_old_lines_away(timezone.now())
    begun = time.monotonic()
    did = step(pk)
    time.sleep((time.monotonic() - begun) * BREATH)
    return max(did, 1)


def work_off(pk: int) -> None:
    """Every step of one roll, now."""
    while step(pk):
        pass


@transaction.atomic
def step(pk: int) -> int:
    """The next few lines; how many they were. None left: what it did is over."""
    rolls = Roll.objects.select_for_update(of=("self",)).select_related("agent")
    roll = rolls.get(pk=pk)
    doing = {State.LOOKING: _look, State.RUNNING: _bring, State.UNDOING: _take_back}
    if roll.state not in doing:
        return 0
    with override(roll.agent.language or None):
        some = doing[State(roll.state)](roll)
    roll.worked_at = timezone.now()
    roll.save(update_fields=["state", "counts", "worked_at"])
    return some


def _some(roll: Roll, *states: str) -> list[RollLine]:
    """The next lines of the first state that has any: one walk along an index, no sorting."""
    for state in states:
        some = list(roll.lines.filter(state=state).order_by("number")[:AT_ONCE])
        if some:
            return some
    return []


def _each(lines: list[RollLine], act: Callable[[RollLine], str], refused: str) -> list[RollLine]:
    """Act on one after the other until the step has lasted long enough."""
    done, until = [], time.monotonic() + LONGEST_STEP
    for line in lines:
        try:
            with transaction.atomic():
                line.state, line.reason = act(line), ""
        except Refused as why:
            line.state, line.reason = refused, str(why)[:250]
        except (OperationalError, InterfaceError):
            raise  # the database is in trouble, not this line
        except Exception:
            # One that fails in a way of its own must not hold up the others.
            log.exception("A line was not brought in.", extra={"part": line.pk})
            line.state, line.reason = refused, _("Something went wrong here; the log says what.")
        done.append(line)
        if time.monotonic() > until:
            break
    return done


def _count(roll: Roll, done: list[RollLine]) -> None:
    # An insert that meets what is there: far less to say than an update of six fields by cases.
    RollLine.objects.bulk_create(
        done,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["state", "reason", "key", "thing", "before", "after"],
    )
    roll.counts = dict(Counter(roll.counts) + Counter(line.state for line in done))


def _look(roll: Roll) -> int:
    """What would become of the next lines. Nothing is changed."""
    some = _some(roll, Line.WAITING)
    kind = KINDS[roll.what]
    known = kind.known([kind.key(said(roll.matched, line.cells)) for line in some])

    def act(line: RollLine) -> str:
        words = said(roll.matched, line.cells)
        line.key = kind.key(words)[:LONGEST_KEY]
        kind.refuse(line, words, roll.agent)
        line.thing = known.get(line.key)
        if line.thing is None:
            return Line.NEW
        return Line.CHANGED if kind.differs(line.thing, words, roll.agent) else Line.SAME

    done = _each(some, act, Line.REFUSED)
    _refuse_second_ones(roll, done)
    _count(roll, done)
    if not some:
        roll.state = State.LOOKED
    return len(done)


def _refuse_second_ones(roll: Roll, done: list[RollLine]) -> None:
    """Of two lines about one person, the first counts."""
    keys = [line.key for line in done if line.key and line.state != Line.REFUSED]
    earlier = dict(
        roll.lines.filter(key__in=keys)
        .exclude(state__in=[Line.REFUSED, Line.WAITING])
        .order_by("-number")
        .values_list("key", "number")
    )
    for line in done:
        if line.key and line.state != Line.REFUSED:
            first = earlier.setdefault(line.key, line.number)
            if first < line.number:
                line.state = Line.REFUSED
                line.reason = KINDS[roll.what].twice(first)


def _bring_together(roll: Roll, some: list[RollLine]) -> list[RollLine]:
    """All of these that are new still, at once; none of them where something is odd with one.

    The slow way finds out which one it is, and refuses that alone.
    """
    kind, fresh, rejected = KINDS[roll.what], list[tuple[RollLine, Said]](), list[RollLine]()
    known = kind.known([line.key for line in some])
    for line in some:
        words = said(roll.matched, line.cells)
        if line.key in known:
            continue  # met since the file was looked over
        try:
            kind.refuse(line, words, roll.agent)
            fresh.append((line, words))
        except Refused as why:
            line.state, line.reason = Line.REJECTED, str(why)[:250]
            rejected.append(line)
    try:
        with transaction.atomic():
            kind.bring_together(fresh, roll.agent)
    except (OneByOne, Refused, IntegrityError, DataError):
        return rejected
    for line, _words in fresh:
        line.state, line.reason = Line.MADE, ""
    return [*(line for line, _words in fresh), *rejected]


def _bring(roll: Roll) -> int:
    """Bring the next lines in: the ordinary actions, their refusals kept beside them."""
    some, kind = _some(roll, Line.NEW, Line.CHANGED), KINDS[roll.what]
    if some and some[0].state == Line.NEW and (done := _bring_together(roll, some)):
        _count(roll, done)
        return len(done)

    def act(line: RollLine) -> str:
        words = said(roll.matched, line.cells)
        kind.refuse(line, words, roll.agent)
        line.thing = kind.known([line.key]).get(line.key)
        is_new = line.thing is None
        line.before = {} if is_new or line.thing is None else kind.portrait(line.thing)
        line.thing = kind.bring(line.thing, words, roll.agent)
        line.after = kind.portrait(line.thing)
        if is_new:
            return Line.MADE
        return Line.KEPT if line.after == line.before else Line.ALTERED

    done = _each(some, act, Line.REJECTED)
    _count(roll, done)
    if not some:
        roll.state, told = State.DONE, roll.counts
        record(
            RollEnded(
                name=roll.name, made=told.get("made", 0), altered=told.get("altered", 0),
                rejected=told.get("rejected", 0) + told.get("refused", 0),
            ),
            about=[roll], by=roll.agent,
        )  # fmt: skip
    return len(done)


def _take_back(roll: Roll) -> int:
    """Let the next ones be as before, unless somebody changed them since."""
    some, kind = _some(roll, Line.MADE, Line.ALTERED), KINDS[roll.what]

    def act(line: RollLine) -> str:
        if line.thing is None or kind.portrait(line.thing) != line.after:
            raise Refused(kind.changed_since())
        if line.before:
            kind.restore(line.thing, line.before, roll.agent)
            return Line.RESTORED
        kind.remove(line.thing, roll.agent)
        return Line.REMOVED

    done = _each(some, act, Line.LEFT)
    _count(roll, done)
    if not some:
        roll.state, told = State.UNDONE, roll.counts
        record(
            RollUndone(
                name=roll.name, removed=told.get("removed", 0),
                restored=told.get("restored", 0), left=told.get("left", 0),
            ),
            about=[roll], by=roll.agent,
        )  # fmt: skip
    return len(done)
