from datetime import datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from makegood.kit.compiled import Compiled
from makegood.kit.records import Record
from makegood.team.permissions import BUILT_IN, OPENS_THE_OFFICE, PERMISSIONS, known, rank_of


class AgentManager(BaseUserManager["Agent"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Agent":
        """Django's and allauth's way of making an account; see `actions.add_agent` for ours."""
        agent = self.model(email=self.normalize_email(email).lower(), **fields)
        agent.set_password(password)
        agent.save(using=self._db)
        return agent

    def get(self, *conditions: Any, **named: Any) -> "Agent":
        """By number alone, as every page asks for whoever reads it, by SQL worked out once."""
        if type(self) is not AgentManager or conditions or set(named) != {"pk"}:
            return super().get(*conditions, **named)
        agent = _BY_NUMBER.first(named["pk"])
        if agent is None:
            raise Agent.DoesNotExist
        return agent

    def get_by_natural_key(self, username: str | None) -> "Agent":
        return self.get(email=(username or "").lower())


class OwnRole(Record):
    """A role that the shop made: a name, and what whoever has it may do."""

    name = models.CharField(max_length=60, unique=True)
    words = models.CharField(max_length=250, blank=True, help_text="What it is for.")
    permissions = models.JSONField(default=list, help_text='["answer", "act"]')

    class Meta:
        ordering: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name

    def may(self) -> frozenset[str]:
        return known(self.permissions)

    @property
    def rank(self) -> str:
        return rank_of(self.may())


class Agent(AbstractBaseUser, Record):
    """Someone who answers."""

    class Role(models.TextChoices):
        AGENT = "agent", _("Agent")
        LEAD = "lead", _("Lead")
        OWNER = "owner", _("Owner")

    class Theme(models.TextChoices):
        DEVICE = "device", _("As the device says")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    class Density(models.TextChoices):
        COMFORTABLE = "comfortable", _("Comfortable")
        COMPACT = "compact", _("Compact")

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    role = models.CharField(choices=Role, default=Role.AGENT, max_length=10)
    own_role = models.ForeignKey(
        OwnRole, models.PROTECT, null=True, blank=True, related_name="agents"
    )
    # A copy of what the own role allows: it is asked on every page, and must cost no query.
    granted = models.JSONField(default=list, blank=True)
    language = models.CharField(max_length=10, blank=True)
    time_zone = models.CharField(max_length=64, blank=True, default="", db_default="")
    theme = models.CharField(
        choices=Theme, default=Theme.DEVICE, db_default="device", max_length=10
    )
    density = models.CharField(
        choices=Density, default=Density.COMFORTABLE, db_default="comfortable", max_length=12
    )
    has_put_steps_away = models.BooleanField(
        default=False, db_default=False, help_text="The first steps are not shown any more."
    )
    signature = models.TextField(blank=True)
    is_active = models.BooleanField(default=True)
    epoch = models.PositiveIntegerField(
        default=0, help_text="Counts up to end every session of this agent at once."
    )
    joined_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects: ClassVar[AgentManager] = AgentManager()

    def __str__(self) -> str:
        return self.name

    def get_session_auth_hash(self) -> str:
        """Ends all sessions when the password, the role or the epoch changes."""
        return f"{super().get_session_auth_hash()}:{self.epoch}"

    def may(self, permission: str) -> bool:
        """Whether their role lets them do this, by its word; asks no query."""
        if permission not in PERMISSIONS:
            raise KeyError(permission)
        return self.is_active and permission in self.permissions()

    def permissions(self) -> frozenset[str]:
        """Everything that their role lets them do."""
        return BUILT_IN[self.role] if self.own_role_id is None else known(self.granted)

    def has_role(self, *roles: str) -> bool:
        """Whether their rank is one of these; a role of the shop's own stands beside one."""
        return self.is_active and self.role in roles

    def works_in_office(self) -> bool:
        """Whether any page of the office opens to them."""
        return self.is_active and bool(self.permissions() & OPENS_THE_OFFICE)

    def sees_everything(self) -> bool:
        return self.may("see.everything")

    @property
    def role_word(self) -> str:
        """Their role as forms say it: `lead`, or `own:3`."""
        return f"own:{self.own_role_id}" if self.own_role_id else self.role

    @property
    def role_name(self) -> str:
        return str(self.own_role.name if self.own_role else self.get_role_display())

    @property
    def zone(self) -> ZoneInfo:
        """Whose clock this agent lives by: their own, or the house's."""
        return ZoneInfo(self.time_zone or settings.TIME_ZONE)

    @property
    def initials(self) -> str:
        words = self.name.split() or ["?"]
        return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


_BY_NUMBER: Compiled[Agent] = Compiled(
    lambda pk: Agent.objects.filter(pk=pk), models.BigAutoField()
)


class Team(Record):
    """Agents who share a queue."""

    name = models.CharField(max_length=80, unique=True)
    agents = models.ManyToManyField(Agent, related_name="teams", blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name


class Invitation(Record):
    """A link by which one person becomes an agent, once, within three days."""

    email = models.EmailField()
    name = models.CharField(max_length=120, blank=True)
    role = models.CharField(choices=Agent.Role, default=Agent.Role.AGENT, max_length=10)
    own_role = models.ForeignKey(OwnRole, models.PROTECT, null=True, blank=True, related_name="+")
    teams = models.ManyToManyField(Team, blank=True)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(Agent, models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    @property
    def role_name(self) -> str:
        return str(self.own_role.name if self.own_role else self.get_role_display())


class Shift(Record):
    """When an agent works: on a weekday, or on one date, which then goes before its weekday.

    Minutes of the day, by the clock of the zone; an end beyond 1,440 lies on the next day. A date
    without minutes is a free day.
    """

    agent = models.ForeignKey(Agent, models.CASCADE, related_name="shifts")  # a part of them
    weekday = models.PositiveSmallIntegerField(null=True, blank=True, help_text="0 is Monday.")
    on = models.DateField(null=True, blank=True)
    begins = models.PositiveSmallIntegerField(null=True, blank=True)
    ends = models.PositiveSmallIntegerField(null=True, blank=True)
    zone = models.CharField(max_length=64, help_text="An IANA name: Europe/Berlin.")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="a_shift_is_of_a_weekday_or_of_a_date",
                condition=Q(weekday__lt=7, on=None) | Q(weekday=None, on__isnull=False),
            ),
            models.CheckConstraint(
                name="a_shift_has_both_ends_or_is_a_free_day",
                condition=Q(begins__isnull=False, ends__gt=models.F("begins"))
                | Q(begins=None, ends=None, on__isnull=False),
            ),
        ]
        ordering: ClassVar[list[str]] = ["weekday", "on", "begins"]

    def __str__(self) -> str:
        return f"{self.on or self.weekday} {self.begins}-{self.ends}"


class Absence(Record):
    """An agent said that they are away; by themselves or by whom it falls to."""

    agent = models.ForeignKey(Agent, models.CASCADE, related_name="absences")  # a part of them
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True, help_text="Back at; it ends by itself.")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["agent"], condition=Q(ended_at=None), name="an_agent_is_away_once"
            )
        ]

    def is_on(self, now: datetime) -> bool:
        return self.ended_at is None and (self.until is None or now < self.until)


class Capacity(models.Model):
    """How much may wait for an agent at once. Who has none has the house's."""

    agent = models.OneToOneField(
        Agent, models.CASCADE, primary_key=True, related_name="capacity"
    )  # a part of them
    most = models.PositiveSmallIntegerField()
    weights = models.JSONField(default=dict, help_text='What one weighs, by channel: {"chat": 3}')

    def __str__(self) -> str:
        return f"{self.agent_id}: {self.most}"
