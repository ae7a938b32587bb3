from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from makegood.ledger.facts import Fact


@dataclass(frozen=True, kw_only=True)
class AgentJoined(Fact, kind="agent.joined"):
    """Somebody became an agent."""

    says = _("{agent_name} joined as {role}")
    personal = ("agent_name",)
    plain = ("role",)

    agent_name: str
    role: str


@dataclass(frozen=True, kw_only=True)
class AgentInvited(Fact, kind="agent.invited"):
    """An agent was invited by mail."""

    says = _("{by} invited {email} as {role}")
    personal = ("email",)
    plain = ("role",)

    email: str
    role: str


@dataclass(frozen=True, kw_only=True)
class InvitationWithdrawn(Fact, kind="agent.invitation_withdrawn"):
    """An invitation was taken back before it was used."""

    says = _("{by} withdrew the invitation of {email}")
    personal = ("email",)

    email: str


@dataclass(frozen=True, kw_only=True)
class AgentChanged(Fact, kind="agent.changed"):
    """An agent's role, teams or standing changed; what they may see is asked anew."""

    says = _("{by} changed {agent_name}: {what}")
    personal = ("agent_name",)
    plain = ("what", "before", "after")

    agent_name: str
    what: str
    before: dict[str, str] = field(default_factory=dict)
    after: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class PasswordSet(Fact, kind="agent.password_set"):
    """An agent's password was changed; every other session of theirs ended."""

    says = _("{by} set a new password")


@dataclass(frozen=True, kw_only=True)
class SecondStepChanged(Fact, kind="agent.second_step_changed"):
    """A second way of proving who one is was added or taken away."""

    says = _("{by} changed the second step of signing in: {what}")
    plain = ("what",)

    what: str


@dataclass(frozen=True, kw_only=True)
class ProfileChanged(Fact, kind="agent.profile_changed"):
    """An agent changed their own name, language or signature."""

    says = _("{by} changed their profile")
    personal = ("before", "after")

    before: dict[str, str] = field(default_factory=dict)
    after: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class TimeZoneSet(Fact, kind="agent.time_zone_set"):
    """An agent said by which clock they live; empty is the house's."""

    says = _("{by} set their time zone: {after}")
    plain = ("before", "after")

    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class TeamChanged(Fact, kind="team.changed"):
    """A team was made, renamed, or got other members."""

    says = _("{by} changed the team {team_name}")
    personal = ("before", "after")
    plain = ("team_name",)

    team_name: str
    before: dict[str, str] = field(default_factory=dict)
    after: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class RoleSaved(Fact, kind="role.saved"):
    """A role was made, or may do something else now."""

    says = _("{by} changed the role {role_name}")
    plain = ("role_name", "before", "after")

    role_name: str
    before: dict[str, str]
    after: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class RoleRemoved(Fact, kind="role.removed"):
    """A role that nobody had was thrown away."""

    says = _("{by} removed the role {role_name}")
    plain = ("role_name", "before")

    role_name: str
    before: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class WentAway(Fact, kind="agent.went_away"):
    """An agent is away; nothing new is given to them."""

    says = _("{by} set {agent_name} away")
    personal = ("agent_name",)
    plain = ("until",)

    agent_name: str
    until: str
    """A moment, or nothing: until they say that they are back."""


@dataclass(frozen=True, kw_only=True)
class CameBack(Fact, kind="agent.came_back"):
    """An agent is here again."""

    says = _("{by} set {agent_name} here")
    personal = ("agent_name",)

    agent_name: str


@dataclass(frozen=True, kw_only=True)
class ShiftsSet(Fact, kind="agent.shifts_set"):
    """It was said when an agent works."""

    says = _("{by} set the shifts of {agent_name}")
    personal = ("agent_name",)
    plain = ("before", "after")

    agent_name: str
    before: dict[str, str] = field(default_factory=dict)
    after: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class CapacitySet(Fact, kind="agent.capacity_set"):
    """It was said how much may wait for an agent at once."""

    says = _("{by} set how much {agent_name} can hold")
    personal = ("agent_name",)
    plain = ("before", "after")

    agent_name: str
    before: dict[str, str] = field(default_factory=dict)
    after: dict[str, str] = field(default_factory=dict)
