"""Making roles and giving them out. Nobody gives what they do not have themselves."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.kit.errors import Refused
from makegood.kit.second import refuses_a_second
from makegood.kit.text import one_line, plain_name
from makegood.ledger.actions import record
from makegood.team.events import RoleRemoved, RoleSaved
from makegood.team.models import Agent, Invitation, OwnRole, Team
from makegood.team.permissions import BUILT_IN, PERMISSIONS, known, rank_of

MOST_ROLES = 50


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A role as it is given to somebody: its rank, and the shop's own role if it is one."""

    rank: str
    own: OwnRole | None = None

    @property
    def permissions(self) -> frozenset[str]:
        return self.own.may() if self.own else BUILT_IN[self.rank]

    @property
    def name(self) -> str:
        return self.own.name if self.own else str(Agent.Role(self.rank).label)

    def give(self, agent: Agent) -> None:
        """Put it on an agent, who is not saved yet."""
        agent.role, agent.own_role = self.rank, self.own
        agent.granted = sorted(self.permissions) if self.own else []


def standing(word: str) -> Standing:
    """The role behind a form's word: `lead`, or `own:3`. Held, so that nobody changes it while
    it is given: whoever has it keeps a copy of what it allows.
    """
    if word in BUILT_IN:
        return Standing(rank=word)
    number = word.removeprefix("own:")
    roles = OwnRole.objects.select_for_update()
    found = roles.filter(pk=int(number)).first() if number.isdecimal() else None
    if found is None or not word.startswith("own:"):
        raise Refused(_("There is no such role any more."))
    return Standing(rank=found.rank, own=found)


def refuse_to_give(permissions: Iterable[str], *, by: Agent) -> None:
    """Nobody gives, takes or changes what they may not do themselves."""
    beyond = known(permissions) - by.permissions()
    if beyond:
        names = ", ".join(str(PERMISSIONS[word].name) for word in sorted(beyond))
        raise Refused(_("You may not do this yourself, so you cannot give it: %s.") % names)


def refuse_to_let_into(teams: Iterable[Team], *, by: Agent) -> None:
    """Nobody lets anybody, themselves least of all, into a team that they see nothing of."""
    if by.sees_everything():
        return
    own = set(by.teams.values_list("pk", flat=True))
    if beyond := sorted(team.name for team in teams if team.pk not in own):
        words = _("You are not in this team yourself, so you cannot let anybody into it: %s.")
        raise Refused(words % ", ".join(beyond))


@refuses_a_second
@transaction.atomic
def save_role(
    role: OwnRole | None, *, name: str, words: str, permissions: Iterable[str], by: Agent
) -> OwnRole:
    """Make a role, or change it; whoever has it is asked to sign in again."""
    role = OwnRole.objects.select_for_update().get(pk=role.pk) if role else OwnRole()
    wanted, name = known(permissions), plain_name(name, 60)
    refuse_to_give(wanted | role.may(), by=by)
    _refuse_name(role, name)
    before = _told(role) if role.pk else {}
    role.name, role.words, role.permissions = name, one_line(words, 250), sorted(wanted)
    after = _told(role)
    if before == after:
        return role
    role.save()
    if before.get("permissions") != after["permissions"]:
        _let_it_hold(role)
    record(RoleSaved(role_name=role.name, before=before, after=after), about=[role], by=by)
    return role


def _refuse_name(role: OwnRole, name: str) -> None:
    others = OwnRole.objects.exclude(pk=role.pk or 0)
    built_in = {str(label).lower() for label in Agent.Role.labels} | set(Agent.Role.values)
    if not name:
        raise Refused(_("A role needs a name."))
    if name.lower() in built_in or others.filter(name__iexact=name).exists():
        raise Refused(_("There is already a role of this name."))
    is_new = role._state.adding
    if is_new and others.count() >= MOST_ROLES:
        raise Refused(_("That is more than %(n)s roles.") % {"n": MOST_ROLES})


def _told(role: OwnRole) -> dict[str, str]:
    return {
        "name": role.name,
        "words": role.words,
        "permissions": ", ".join(sorted(role.permissions)),
    }


def _let_it_hold(role: OwnRole) -> None:
    """Everybody who has it has exactly this from now on, and every session of theirs ends."""
    words = sorted(role.may())
    role.agents.update(granted=words, role=rank_of(words), epoch=F("epoch") + 1)
    Invitation.objects.filter(own_role=role).update(role=rank_of(words))


@transaction.atomic
def remove_role(role: OwnRole, *, by: Agent) -> None:
    """Throw a role away that nobody has."""
    role = OwnRole.objects.select_for_update().get(pk=role.pk)
    refuse_to_give(role.may(), by=by)
    open_ones = Invitation.objects.filter(
        own_role=role, accepted_at=None, withdrawn_at=None, expires_at__gt=timezone.now()
    )
    if role.agents.exists() or open_ones.exists():
        raise Refused(_("Somebody has this role, or is invited to it: give them another first."))
    Invitation.objects.filter(own_role=role).update(own_role=None)
    record(RoleRemoved(role_name=role.name, before=_told(role)), about=[role], by=by)
    role.delete()
