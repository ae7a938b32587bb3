from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import BooleanField, Exists, Expression, ExpressionWrapper, Q, QuerySet
from django.http import Http404
from django.utils import timezone

from makegood.kit.ids import digest, is_token
from makegood.team.models import Agent, Invitation, OwnRole, Team
from makegood.team.permissions import BUILT_IN, SAYS, Permission, grouped


def all_agents() -> Sequence[Agent]:
    """Everybody who answers or did, with their teams; who left stands last."""
    agents = Agent.objects.select_related("own_role").prefetch_related("teams")
    return list(agents.order_by("-is_active", "name"))


def active_agents() -> Sequence[Agent]:
    return list(Agent.objects.filter(is_active=True).order_by("name"))


def agent_with_address(email: str) -> Agent | None:
    return Agent.objects.filter(email=email.lower(), is_active=True).first()


def has_agents() -> bool:
    """Whether anybody can sign in yet; a fresh install begins with making an owner."""
    return Agent.objects.exists()


def has_company(agent: Expression) -> "ExpressionWrapper[Q]":
    """Whether anybody but this number answers, or is invited to, as a part of a question."""
    invited = Invitation.objects.filter(withdrawn_at=None)
    others = Agent.objects.exclude(pk=agent)
    return ExpressionWrapper(Q(Exists(others)) | Q(Exists(invited)), BooleanField())


def facts_of(agent: Expression, *facts: Expression | Exists) -> "QuerySet[Agent, tuple[bool, ...]]":
    """What is so for an agent of this number, many facts in one question."""
    return Agent.objects.filter(pk=agent).values_list(*facts)


def teams() -> Sequence[Team]:
    return list(Team.objects.order_by("name"))


def teams_to_choose() -> QuerySet[Team]:
    return Team.objects.order_by("name")


def agents_to_choose() -> QuerySet[Agent]:
    return Agent.objects.filter(is_active=True).order_by("name")


def teams_with_agents() -> Sequence[Team]:
    return list(Team.objects.prefetch_related("agents"))


def agent_for(by: Agent, pk: int) -> Agent:
    """An agent as somebody who looks after agents may change them, or 404."""
    agents = Agent.objects.select_related("own_role").filter(pk=pk)
    return _found(agents.first() if by.may("office.agents") else None)


def team_for(by: Agent, pk: int) -> Team:
    return _found(Team.objects.filter(pk=pk).first() if by.may("office.teams") else None)


def invitation_for(by: Agent, pk: int) -> Invitation:
    return _found(Invitation.objects.filter(pk=pk).first() if by.may("office.agents") else None)


def role_for(by: Agent, pk: int) -> OwnRole:
    """A role of the shop's own, for somebody who makes roles, or 404."""
    return _found(OwnRole.objects.filter(pk=pk).first() if by.may("office.roles") else None)


def own_roles() -> Sequence[OwnRole]:
    return list(OwnRole.objects.all())


def roles_to_choose() -> list[tuple[str, str]]:
    """Every role by its word, as a form offers them."""
    own = [(f"own:{role.pk}", role.name) for role in own_roles()]
    built_in = [(str(word), str(name)) for word, name in Agent.Role.choices]
    return [*built_in[:2], *own, *built_in[2:]]


@dataclass(frozen=True, kw_only=True)
class ShownRole:
    """A role as its page tells of it."""

    word: str
    name: str
    says: str
    own: OwnRole | None
    agents: Sequence[Agent]
    permissions: frozenset[str]


def shown_roles() -> Sequence[ShownRole]:
    """Every role, with who has it."""
    agents = [agent for agent in all_agents() if agent.is_active]
    own = {role.pk: role for role in own_roles()}
    found = [(word, name, own.get(_number(word))) for word, name in roles_to_choose()]
    return [
        ShownRole(
            word=word,
            name=name,
            says=role.words if role else str(SAYS[word]),
            own=role,
            agents=[agent for agent in agents if agent.role_word == word],
            permissions=role.may() if role else BUILT_IN[word],
        )
        for word, name, role in found
    ]


def shown_role(word: str) -> ShownRole:
    return _found(next((one for one in shown_roles() if one.word == word), None))


def _number(word: str) -> int:
    return int(word.removeprefix("own:")) if word.startswith("own:") else 0


@dataclass(frozen=True, kw_only=True)
class Allowed:
    """One permission, and whether somebody has it."""

    permission: Permission
    is_given: bool


def explained(permissions: frozenset[str]) -> Sequence[tuple[str, Sequence[Allowed]]]:
    """Every permission there is, by group, with whether it is among these."""
    return [
        (str(name), [Allowed(permission=one, is_given=one.word in permissions) for one in group])
        for name, group in grouped()
    ]


def open_invitations() -> Sequence[Invitation]:
    return list(
        Invitation.objects.filter(
            accepted_at=None, withdrawn_at=None, expires_at__gt=timezone.now()
        )
        .select_related("own_role")
        .order_by("-pk")
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
