"""Whether somebody is there for a conversation: by its inbox's hours, or its team's, or ours."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from makegood.calendars.models import Use
from makegood.calendars.queries import all_calendars, hours_in, hours_of
from makegood.conversations.models import Conversation
from makegood.conversations.sql import Sql, both, is_one_of, joined
from makegood.kit.records import ref_id

NEVER = Sql("1=0")


def hours_refs(inbox: int, team: int | None) -> tuple[str, ...]:
    """Whose opening hours count here; the first that has some."""
    return (f"inbox:{inbox}", f"team:{team}") if team else (f"inbox:{inbox}",)


def due_after(conversation: Conversation, since: datetime, seconds: int) -> datetime:
    """When so much time of its opening hours will have run; without any, the clock's time."""
    length = timedelta(seconds=seconds)
    hours = hours_of(*hours_refs(conversation.inbox_id, conversation.team_id))
    return hours.after(since, length) if hours else since + length


def is_open_at(now: datetime) -> Sql:
    """The same question of every conversation at once: calendars are few, so they are asked first.

    Where nobody said when somebody is there, somebody always is.
    """
    open_by = {one.pk: hours_in(one).is_open(now) for one in all_calendars()}
    standard = all_calendars().filter(is_standard=True).values_list("pk", flat=True).first()
    uses = {one.whose: open_by[one.calendar_id] for one in Use.objects.all()}
    is_open = [_flagged(uses, noun, is_there=True) for noun in ("inbox", "team")]
    says = [_flagged(uses, noun) for noun in ("inbox", "team")]
    silent_inbox, silent = _none_of(says[:1]), _none_of(says)
    otherwise = Sql("1=1") if standard is None or open_by[standard] else NEVER
    parts = [is_open[0], both([silent_inbox, is_open[1]]), both([silent, otherwise])]
    return joined(parts, " OR ", NEVER)


def _flagged(uses: Mapping[str, bool], noun: str, *, is_there: bool | None = None) -> Sql:
    """What belongs to an inbox or team with hours of its own; of those, who is there."""
    numbers = [
        ref_id(whose)
        for whose, is_open in uses.items()
        if whose.startswith(f"{noun}:") and (is_there is None or is_open == is_there)
    ]
    return is_one_of(f"c.{noun}_id", numbers)


def _none_of(parts: list[Sql]) -> Sql:
    some = joined(parts, " OR ", NEVER)
    return Sql(f"({some.text}) IS NOT TRUE", some.values)
