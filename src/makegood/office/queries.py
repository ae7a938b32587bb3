from collections.abc import Sequence

from allauth.mfa.models import Authenticator

from makegood.team.models import Agent


def codes_of(agent: Agent) -> Sequence[str] | None:
    """An agent's own recovery codes that are left; None where they have none."""
    kept = Authenticator.objects.filter(user=agent, type=Authenticator.Type.RECOVERY_CODES).first()
    return None if kept is None else list(kept.wrap().get_unused_codes())
