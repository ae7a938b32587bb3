from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from makegood.kit.records import Record


class AgentManager(BaseUserManager["Agent"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Agent":
        """Django's and allauth's way of making an account; see `actions.add_agent` for ours."""
        agent = self.model(email=self.normalize_email(email).lower(), **fields)
        agent.set_password(password)
        agent.save(using=self._db)
        return agent

    def get_by_natural_key(self, username: str | None) -> "Agent":
        return self.get(email=(username or "").lower())


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

    def has_role(self, *roles: str) -> bool:
        return self.is_active and self.role in roles

    def may_set_up(self) -> bool:
        return self.has_role(self.Role.OWNER)

    def sees_everything(self) -> bool:
        return self.has_role(self.Role.OWNER, self.Role.LEAD)

    @property
    def zone(self) -> ZoneInfo:
        """Whose clock this agent lives by: their own, or the house's."""
        return ZoneInfo(self.time_zone or settings.TIME_ZONE)

    @property
    def initials(self) -> str:
        words = self.name.split() or ["?"]
        return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


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
    teams = models.ManyToManyField(Team, blank=True)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(Agent, models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
