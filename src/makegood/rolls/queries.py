from collections.abc import Sequence

from django.http import Http404

from makegood.kit.paging import Page, is_number, mark, unmark
from makegood.rolls.models import Roll, RollLine
from makegood.team.models import Agent

SHOWN = 50


def rolls_of(what: str) -> Sequence[Roll]:
    """The newest files of a kind."""
    return list(Roll.objects.filter(what=what).select_related("agent").order_by("-pk")[:20])


def roll_for(agent: Agent, pk: int) -> Roll:
    """A file, for whoever may bring people in, or 404."""
    found = Roll.objects.select_related("agent").filter(pk=pk).first()
    if found is None or not agent.may("office.imports"):
        raise Http404
    return found


def lines_page(roll: Roll, state: str, after: str) -> Page[RollLine]:
    """Lines of one outcome, or all, in their order."""
    lines = roll.lines.order_by("number")
    if state in RollLine.State.values:
        lines = lines.filter(state=state)
    key = unmark(after, 1)
    if key is not None and is_number(key[0]):
        lines = lines.filter(number__gt=key[0])
    rows = list(lines[: SHOWN + 1])
    return Page(rows=rows[:SHOWN], next=mark(rows[SHOWN - 1].number) if rows[SHOWN:] else "")


def refused_rows(roll: Roll) -> Sequence[Sequence[str]]:
    """What was refused, as rows of a file to put right and bring again; why stands at the end."""
    states = [RollLine.State.REFUSED, RollLine.State.REJECTED]
    lines = roll.lines.filter(state__in=states).order_by("number")
    return [[*roll.header, "?"], *([*line.cells, line.reason] for line in lines.iterator())]


def first_lines(roll: Roll) -> Sequence[RollLine]:
    """A few lines, to see what a column holds."""
    return list(roll.lines.order_by("number")[:3])
