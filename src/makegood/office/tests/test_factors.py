"""A second step opens for the agent whose row it is in, and for nobody else."""

from importlib import import_module
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt, encrypt
from django.apps import apps

from makegood.kit.secrets import SecretDamaged, seal
from makegood.office.factors import place_of
from makegood.team.models import Agent
from tests.world import second_step

migration: Any = import_module("makegood.office.migrations.0002_second_factors_of_one_agent")


def sealed(agent: Agent) -> str:
    return str(Authenticator.objects.get(user=agent, type="totp").data["secret"])


def test_it_opens_in_its_own_row(nora: Agent) -> None:
    secret = second_step(nora)

    assert decrypt(sealed(nora)) == secret


@pytest.mark.parametrize("stays", [True, False])
def test_put_into_another_row_it_stays_shut(nora: Agent, olga: Agent, stays: bool) -> None:
    second_step(nora)
    second_step(olga)
    Authenticator.objects.filter(user=olga).update(data={"secret": sealed(nora)})
    if not stays:
        Authenticator.objects.filter(user=nora).delete()
    with pytest.raises(SecretDamaged):
        decrypt(sealed(olga))


def test_nobody_makes_one_without_sitting_there(db: None) -> None:
    with pytest.raises(SecretDamaged):
        encrypt("JBSWY3DPEHPK3PXP")


def test_those_from_before_are_bound_to_their_rows(nora: Agent, olga: Agent) -> None:
    old = seal("mfa", "mfa_authenticator:data", "JBSWY3DPEHPK3PXP")
    lost = seal("another", "place", "JBSWY3DPEHPK3PXP")
    Authenticator.objects.create(user=nora, type="totp", data={"secret": old})
    Authenticator.objects.create(user=nora, type="webauthn", data={"name": "Key"})
    codes = {"seed": seal("mfa", "mfa_authenticator:data", "ab" * 40), "used_mask": 3}
    Authenticator.objects.create(user=nora, type="recovery_codes", data=codes)
    Authenticator.objects.create(user=olga, type="totp", data={"secret": lost})
    migration.bind(apps, None)

    kept = Authenticator.objects.get(user=nora, type="recovery_codes").data
    assert decrypt(sealed(nora)) == "JBSWY3DPEHPK3PXP"
    assert (decrypt(kept["seed"]), kept["used_mask"]) == ("ab" * 40, 3)
    assert sealed(nora) != old
    assert sealed(olga) == lost
    assert place_of(nora.pk) != place_of(olga.pk)
