"""Passwords from the command line: for the first owner, and for who is locked out."""

import getpass
import sys

from allauth.account.adapter import get_adapter
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.db import transaction

from makegood.ledger.actors import Actor
from makegood.team.actions import note_second_step
from makegood.team.models import Agent


def asked_password(given: str | None) -> str:
    """The password given, typed, or piped in; refused where it breaks the rules."""
    if given is None:
        given = getpass.getpass() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    try:
        validate_password(given)
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from error
    return given


@transaction.atomic
def forget_second_step(agent: Agent, *, by: Actor) -> None:
    """For who lost the telephone and the codes: apps, passkeys and codes no longer count."""
    if Authenticator.objects.filter(user=agent).delete()[0]:
        note_second_step(agent, "forgotten", by=by)


def reset_link(agent: Agent) -> str:
    """A link by which this agent chooses a new password, once, within 30 minutes."""
    key = f"{user_pk_to_url_str(agent)}-{default_token_generator.make_token(agent)}"
    return str(get_adapter().get_reset_password_from_key_url(key))
