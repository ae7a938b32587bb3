"""Rules to begin with, made switched off: to be read, tried, changed, and then let hold."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from makegood.automation.actions import Wish, save_rule
from makegood.automation.models import Rule
from makegood.team.models import Agent

HOUR, DAY = 3600, 24 * 3600


def _wishes() -> Sequence[Wish]:
    return (
        Wish(
            name=_("Whoever writes out of hours hears so"),
            trigger="conversation.opened",
            condition="hours:closed",
            acts=[("reply", _("Thank you. We are not there now, and answer when we are back."))],
        ),
        Wish(
            name=_("Refunds are urgent"),
            trigger="message.received",
            condition=_("subject:refund OR subject:return"),
            acts=[("priority", "high"), ("tag", _("refund"))],
        ),
        Wish(
            name=_("Nobody waits for more than four hours unseen"),
            trigger="since:waiting",
            seconds=4 * HOUR,
            in_hours=True,
            condition="assignee:none",
            acts=[("priority", "urgent")],
        ),
        Wish(
            name=_("What nobody answers for a week is settled"),
            trigger="since:answered",
            seconds=7 * DAY,
            acts=[("resolve", "")],
        ),
        Wish(
            name=_("What comes back goes to everybody"),
            trigger="conversation.reopened",
            condition="-assignee:none",
            acts=[("assign", "nobody"), ("note", _("This came back: whoever is free, look."))],
        ),
    )


@transaction.atomic
def bring_examples(*, by: Agent) -> Sequence[Rule]:
    """The examples, all off; where there are rules already, nothing is added."""
    if Rule.objects.filter(removed_at=None).exists():
        return []
    return [save_rule(None, wish, by=by) for wish in _wishes()]
