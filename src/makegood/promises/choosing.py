"""Which policy holds for a conversation, and by which opening hours its time is counted."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import F, Max, Q, QuerySet

from makegood.calendars.hours import Hours
from makegood.calendars.models import Calendar
from makegood.calendars.queries import calendar_of, calendars_numbered, hours_in
from makegood.conversations.judging import first_that_holds
from makegood.conversations.models import Conversation
from makegood.kit.compiled import Compiled
from makegood.kit.remembering import remembered
from makegood.promises.models import PolicyVersion, Promise


def versions_in_force() -> Sequence[PolicyVersion]:
    """The newest published version of every policy that is on, in the order they are asked."""
    return remembered(("policies in force",), _in_force)


def _in_force() -> Sequence[PolicyVersion]:
    return _NEWEST.all()


def _newest() -> QuerySet[PolicyVersion]:
    published = PolicyVersion.objects.filter(published_at__isnull=False, policy__is_on=True)
    newest = published.annotate(
        newest=Max(
            "policy__versions__number", filter=Q(policy__versions__published_at__isnull=False)
        )
    ).filter(number=F("newest"))
    return newest.select_related("policy").order_by("policy__position", "policy_id")


_NEWEST: Compiled[PolicyVersion] = Compiled(_newest)


def version_for(
    conversation: Conversation, kind: str, since: datetime, at: datetime
) -> PolicyVersion | None:
    """The first policy that has a target of this kind and fits.

    None where no policy does, or where its clock began before the policy was published: what
    nobody had promised then is not broken now.
    """
    wanted = [one for one in versions_in_force() if kind in one.targets]
    if not any(_was_published(one, since) for one in wanted):
        return None
    place = first_that_holds([one.condition for one in wanted], conversation.pk, at)
    found = wanted[place] if place is not None else None
    return found if found and _was_published(found, since) else None


def _was_published(version: PolicyVersion, since: datetime) -> bool:
    return version.published_at is not None and version.published_at <= since


def calendar_for(conversation: Conversation) -> Calendar | None:
    """Its team's opening hours, or its inbox's, or the standard ones."""
    refs = [f"team:{conversation.team_id}"] if conversation.team_id else []
    refs.append(f"inbox:{conversation.inbox_id}")
    return remembered(("calendar of", *refs), lambda: _with_hours(calendar_of(*refs)))


def _with_hours(calendar: Calendar | None) -> Calendar | None:
    """Whoever is told which hours hold, counts by them next."""
    if calendar is not None:
        remembered(("hours of calendars", calendar.pk), lambda: {calendar.pk: hours_in(calendar)})
    return calendar


def hours_by_calendar(promises: Sequence[Promise]) -> Mapping[int, Hours]:
    """The opening hours that these are counted by, by the numbers of their calendars."""
    numbers = {one.calendar_id for one in promises if one.calendar_id is not None}
    if not numbers:
        return {}
    return remembered(
        ("hours of calendars", *sorted(numbers)),
        lambda: {one.pk: hours_in(one) for one in calendars_numbered(numbers)},
    )
