"""The secrets of second factors lie sealed, each for the one agent whose row it is in.

A copy of the database opens no account; and whoever may write to it cannot put their own app's
secret into somebody else's row: there it does not open.
"""

from typing import Any

from allauth.core import context as allauth_context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.db.models import Q

from makegood.kit.secrets import SecretDamaged, seal, unseal
from makegood.office.accounts import WRONG
from makegood.team.models import Agent

PURPOSE = "mfa"


def place_of(agent: int) -> str:
    return f"mfa_authenticator:data:{agent}"


class SealedFactors(DefaultMFAAdapter):  # type: ignore[misc]
    """How allauth keeps what a second step needs."""

    error_messages = {**DefaultMFAAdapter.error_messages, **WRONG}

    def encrypt(self, text: str) -> str:
        """For whoever sits there: nobody makes a second step for somebody else."""
        agent = getattr(allauth_context.request, "user", None)
        if not isinstance(agent, Agent):
            raise SecretDamaged("A second step is made by its own agent alone.")
        return seal(PURPOSE, place_of(agent.pk), text)

    def decrypt(self, encrypted_text: str) -> str:
        """Opens only in the row of whom it was made for, and nowhere where it stands twice."""
        holds_it = Q(data__secret=encrypted_text) | Q(data__seed=encrypted_text)
        owners = list(Authenticator.objects.filter(holds_it).values_list("user_id", flat=True)[:2])
        if len(owners) != 1:
            raise SecretDamaged("mfa_authenticator:data")
        return unseal(PURPOSE, place_of(owners[0]), encrypted_text).reveal()

    def generate_authenticator_name(self, _user: Agent, _type: Any) -> str:
        return ""
