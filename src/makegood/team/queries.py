from collections.abc import Sequence
from typing import TypeVar

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone

from makegood.kit.ids import digest, is_token
from makegood.team.models import Agent, Invitation, Team


def all_agents() -> Sequence[Agent]:
    """Everybody who answers or did, with their teams; who left stands last."""
    return list(Agent.objects.prefetch_related("teams").order_by("-is_active", "name"))


def active_agents() -> Sequence[Agent]:
    return list(Agent.objects.filter(is_active=True).order_by("name"))


def agent_with_address(email: str) -> Agent | None:
    return Agent.objects.filter(email=email.lower(), is_active=True).first()


def has_agents() -> bool:
    """Whether anybody can sign in yet; a fresh install begins with making an owner."""
    return Agent.objects.exists()


def has_company() -> bool:
    """Whether more than one answers, or somebody is invited to."""
    return Agent.objects.count() > 1 or Invitation.objects.filter(withdrawn_at=None).exists()


def teams() -> Sequence[Team]:
    return list(Team.objects.order_by("name"))


def teams_to_choose() -> QuerySet[Team]:
    return Team.objects.order_by("name")


def agents_to_choose() -> QuerySet[Agent]:
    return Agent.objects.filter(is_active=True).order_by("name")


def teams_with_agents() -> Sequence[Team]:
    return list(Team.objects.prefetch_related("agents"))


def agent_for(owner: Agent, pk: int) -> Agent:
    """An agent as the owner may change them, or 404."""
    return _found(Agent.objects.filter(pk=pk).first() if owner.may_set_up() else None)


def team_for(owner: Agent, pk: int) -> Team:
    return _found(Team.objects.filter(pk=pk).first() if owner.may_set_up() else None)


def invitation_for(owner: Agent, pk: int) -> Invitation:
    return _found(Invitation.objects.filter(pk=pk).first() if owner.may_set_up() else None)


def open_invitations() -> Sequence[Invitation]:
    return list(
        Invitation.objects.filter(
            accepted_at=None, withdrawn_at=None, expires_at__gt=timezone.now()
        ).order_by("-pk")
    )


def invitation_by_token(token: str) -> Invitation:
    """The invitation that a link opens, or 404 where it is used up, withdrawn or too old."""
    if not is_token(token):
        raise Http404
    return _found(
        Invitation.objects.filter(
            token_hash=digest(token),
            accepted_at=None,
            withdrawn_at=None,
            expires_at__gt=timezone.now(),
        ).first()
    )


T = TypeVar("T")


def _found(thing: T | None) -> T:
    if thing is None:
        raise Http404
    return thing
