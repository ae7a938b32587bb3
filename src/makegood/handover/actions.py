from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.handover.models import Handover
from makegood.kit.errors import Refused
from makegood.team.actions import change_agent
from makegood.team.models import Agent


@transaction.atomic
def close_account(agent: Agent, *, to: Agent | None, by: Agent) -> Handover:
    """Somebody leaves: they are out at once, and what was theirs begins to go to another.

    The last owner stays; asked twice, it is done once.
    """
    agent = Agent.objects.select_for_update(of=("self",)).get(pk=agent.pk)
    under_way = Handover.objects.filter(agent=agent, ended_at=None).first()
    if not agent.is_active and under_way:
        return under_way
    if to is not None and (to.pk == agent.pk or not to.is_active):
        raise Refused(_("Choose somebody else who works here."))
    change_agent(agent, is_active=False, by=by)
    return Handover.objects.create(agent=agent, to=to, by=by, at=timezone.now())


@transaction.atomic
def open_account_again(agent: Agent, *, by: Agent) -> None:
    """Somebody is back: with their role and teams, and with nothing of what was handed over."""
    agent = Agent.objects.select_for_update(of=("self",)).get(pk=agent.pk)
    if agent.is_active:
        return
    if Handover.objects.filter(agent=agent, ended_at=None).exists():
        raise Refused(_("What was theirs is still being handed over. Try again in a moment."))
    change_agent(agent, is_active=True, by=by)
