from collections.abc import Iterable
from datetime import timedelta
from zoneinfo import available_timezones

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.kit.errors import Refused
from makegood.kit.ids import digest, new_token
from makegood.kit.second import refuses_a_second
from makegood.kit.text import fit_for_storage, plain_name
from makegood.ledger.actions import record
from makegood.ledger.actors import Actor
from makegood.team.events import (
    AgentChanged,
    AgentInvited,
    AgentJoined,
    InvitationWithdrawn,
    PasswordSet,
    ProfileChanged,
    SecondStepChanged,
    TeamChanged,
    TimeZoneSet,
)
from makegood.team.models import Agent, Invitation, Team
from makegood.team.roles import refuse_to_give, refuse_to_let_into, standing

INVITATION_LASTS = timedelta(hours=72)


@refuses_a_second
@transaction.atomic
def add_agent(
    email: str, name: str, *, role: str = Agent.Role.AGENT, password: str | None = None, by: Actor
) -> Agent:
    """Somebody becomes an agent. Without a password they set one by mail."""
    if Agent.objects.filter(email__iexact=email).exists():
        raise Refused(_("There is already an agent with this address."))
    wanted = standing(role)
    agent = Agent(email=email.lower(), name=plain_name(name))
    wanted.give(agent)
    agent.set_password(password)
    agent.save()
    record(AgentJoined(agent_name=agent.name, role=_word(agent)), about=[agent], by=by)
    return agent


def _word(agent: Agent) -> str:
    """A role as events tell it: its word, or the name that the shop gave it."""
    return agent.own_role.name if agent.own_role else agent.role


@transaction.atomic
def invite_agent(
    email: str, *, name: str = "", role: str, teams: Iterable[Team] = (), by: Agent
) -> tuple[Invitation, str]:
    """Invite somebody, in place of an earlier invitation; returns it and its link's token."""
    if Agent.objects.filter(email__iexact=email).exists():
        raise Refused(_("There is already an agent with this address."))
    wanted, teams = standing(role), list(teams)
    refuse_to_give(wanted.permissions, by=by)
    refuse_to_let_into(teams, by=by)
    now, token = timezone.now(), new_token()
    Invitation.objects.filter(email=email.lower(), accepted_at=None, withdrawn_at=None).update(
        withdrawn_at=now
    )
    invitation = Invitation.objects.create(
        email=email.lower(),
        name=plain_name(name),
        role=wanted.rank,
        own_role=wanted.own,
        token_hash=digest(token),
        invited_by=by,
        invited_at=now,
        expires_at=now + INVITATION_LASTS,
    )
    invitation.teams.set(teams)
    told = wanted.own.name if wanted.own else wanted.rank
    record(AgentInvited(email=invitation.email, role=told), about=[invitation, by], by=by)
    return invitation, token


@transaction.atomic
def withdraw_invitation(invitation: Invitation, *, by: Agent) -> None:
    """The link stops working."""
    changed = Invitation.objects.filter(
        pk=invitation.pk, accepted_at=None, withdrawn_at=None
    ).update(withdrawn_at=timezone.now())
    if changed:
        record(InvitationWithdrawn(email=invitation.email), about=[invitation, by], by=by)


@transaction.atomic
def accept_invitation(invitation: Invitation, *, name: str, password: str) -> Agent:
    """The invited person becomes an agent, once."""
    try:
        validate_password(password, Agent(email=invitation.email, name=name))
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error
    now = timezone.now()
    used = Invitation.objects.filter(
        pk=invitation.pk, accepted_at=None, withdrawn_at=None, expires_at__gt=now
    ).update(accepted_at=now)
    if not used:
        raise Refused(_("This invitation was used, withdrawn or is too old. Ask for a new one."))
    inviter = Agent.objects.get(pk=invitation.invited_by_id)
    if not inviter.is_active:
        raise Refused(_("This invitation was used, withdrawn or is too old. Ask for a new one."))
    role = f"own:{invitation.own_role_id}" if invitation.own_role_id else invitation.role
    refuse_to_give(standing(role).permissions, by=inviter)
    refuse_to_let_into(invitation.teams.all(), by=inviter)
    agent = add_agent(invitation.email, name, role=role, password=password, by=inviter)
    agent.teams.set(invitation.teams.all())
    return agent


@transaction.atomic
def change_agent(
    agent: Agent,
    *,
    role: str | None = None,
    is_active: bool | None = None,
    teams: Iterable[Team] | None = None,
    by: Agent,
) -> None:
    """Change what an agent may do; every session of theirs ends and begins anew."""
    wanted = standing(role or Agent.objects.get(pk=agent.pk).role_word)
    owners = _hold_the_owners()
    agent = Agent.objects.select_for_update(of=("self",)).get(pk=agent.pk)
    refuse_to_give(agent.permissions(), by=by)
    if wanted.permissions != agent.permissions():
        refuse_to_give(wanted.permissions, by=by)
    if wanted.rank != Agent.Role.OWNER or is_active is False:
        _refuse_to_lose_the_last_owner(agent, owners)
    if teams is not None:
        teams = list(teams)
        refuse_to_let_into(set(teams) - set(agent.teams.all()), by=by)
    before = _told(agent)
    wanted.give(agent)
    agent.is_active = agent.is_active if is_active is None else is_active
    agent.epoch += 1
    agent.save(update_fields=["role", "own_role", "granted", "is_active", "epoch"])
    if teams is not None:
        agent.teams.set(teams)
    after = _told(agent)
    what = f"role={after['role']} active={agent.is_active} teams={after['teams'] or '-'}"
    fact = AgentChanged(agent_name=agent.name, what=what, before=before, after=after)
    record(fact, about=[agent], by=by)


def _hold_the_owners() -> set[int]:
    """All at once and in their order: two who take each other's role away come one by one."""
    owners = Agent.objects.filter(role=Agent.Role.OWNER, is_active=True).order_by("pk")
    return set(owners.select_for_update(of=("self",)).values_list("pk", flat=True))


def _refuse_to_lose_the_last_owner(agent: Agent, owners: set[int]) -> None:
    is_owner = agent.has_role(Agent.Role.OWNER)
    if is_owner and owners <= {agent.pk}:
        raise Refused(_("Somebody must stay owner: make another agent owner first."))


def _told(agent: Agent) -> dict[str, str]:
    """An agent's standing as events tell it."""
    return {
        "role": _word(agent),
        "active": "yes" if agent.is_active else "no",
        "teams": ", ".join(agent.teams.values_list("name", flat=True)),
    }


@transaction.atomic
def set_password(agent: Agent, password: str, *, by: Actor) -> None:
    """Give an agent another password; every session begun with the old one ends."""
    agent.set_password(password)
    agent.save(update_fields=["password"])
    record(PasswordSet(), about=[agent], by=by)


@transaction.atomic
def note_second_step(agent: Agent, what: str, *, by: Actor) -> None:
    """Write down that a code app, a passkey or recovery codes were added or taken away."""
    record(SecondStepChanged(what=what), about=[agent], by=by)


@transaction.atomic
def change_profile(agent: Agent, *, name: str, language: str, signature: str) -> None:
    """What an agent says of themselves. Nobody else can."""
    agent = Agent.objects.select_for_update(of=("self",)).get(pk=agent.pk)
    fields = ("name", "language", "signature")
    before = {name: str(getattr(agent, name)) for name in fields}
    agent.name = plain_name(name)
    agent.language = language
    agent.signature = fit_for_storage(signature)
    agent.save(update_fields=fields)
    after = {name: str(getattr(agent, name)) for name in fields}
    record(ProfileChanged(before=before, after=after), about=[agent], by=agent)


@transaction.atomic
def set_time_zone(agent: Agent, zone: str) -> None:
    """By which clock an agent lives. Nobody else says so."""
    agent = Agent.objects.select_for_update().get(pk=agent.pk)
    if zone and zone not in available_timezones():
        raise Refused(_("There is no time zone “%(zone)s”.") % {"zone": zone})
    if zone == agent.time_zone:
        return
    fact = TimeZoneSet(before=agent.time_zone, after=zone)
    agent.time_zone = zone
    agent.save(update_fields=["time_zone"])
    record(fact, about=[agent], by=agent)


@transaction.atomic
def change_look(agent: Agent, *, theme: str = "", density: str = "") -> None:
    """How the desk looks to an agent, on every device; what is not said stays."""
    agent = Agent.objects.select_for_update().get(pk=agent.pk)
    if theme not in ("", *Agent.Theme.values) or density not in ("", *Agent.Density.values):
        raise Refused(_("The desk has no such look."))
    agent.theme, agent.density = theme or agent.theme, density or agent.density
    agent.save(update_fields=["theme", "density"])
    record(ProfileChanged(), about=[agent], by=agent)


@transaction.atomic
def put_steps_away(agent: Agent) -> None:
    """The first steps are not shown to this agent any more."""
    Agent.objects.filter(pk=agent.pk).update(has_put_steps_away=True)
    record(ProfileChanged(), about=[agent], by=agent)


@refuses_a_second
@transaction.atomic
def save_team(team: Team | None, *, name: str, agents: Iterable[Agent], by: Agent) -> Team:
    """Make a team, or change its name and members."""
    clash = Team.objects.filter(name__iexact=name)
    if clash.exclude(pk=team.pk if team else 0).exists():
        raise Refused(_("There is already a team of this name."))
    agents = list(agents)
    if team and not set(agents) <= set(team.agents.all()):
        refuse_to_let_into([team], by=by)
    before = _team_told(team) if team else {}
    team = team or Team()
    team.name = plain_name(name, 80)
    team.save()
    team.agents.set(agents)
    fact = TeamChanged(team_name=team.name, before=before, after=_team_told(team))
    record(fact, about=[team], by=by)
    return team


def _team_told(team: Team) -> dict[str, str]:
    names = ", ".join(team.agents.order_by("name").values_list("name", flat=True))
    return {"name": team.name, "agents": names}
