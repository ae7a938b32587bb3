from collections.abc import Sequence

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef

from makegood.team.models import Agent


def codes_of(agent: Agent) -> Sequence[str] | None:
    """An agent's own recovery codes that are left; None where they have none."""
    kept = Authenticator.objects.filter(user=agent, type=Authenticator.Type.RECOVERY_CODES).first()
    return None if kept is None else list(kept.wrap().get_unused_codes())


def owners_without_second_step() -> Sequence[Agent]:
    """Owners whose password alone opens everything."""
    guarded = Authenticator.objects.filter(user=OuterRef("pk"))
    owners = Agent.objects.filter(role=Agent.Role.OWNER, is_active=True)
    return list(owners.exclude(Exists(guarded)))
