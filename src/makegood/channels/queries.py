from collections.abc import Sequence
from typing import TypeVar

from django.db.models import BigAutoField, Exists, Expression, OuterRef, Q, QuerySet
from django.http import Http404

from makegood.channels.models import Arrival, Delivery, Inbox
from makegood.files import storage
from makegood.kit.compiled import Compiled
from makegood.kit.remembering import remembered
from makegood.team.models import Agent, Team

T = TypeVar("T")


def inboxes_visible_to(agent: Agent) -> Sequence[Inbox]:
    """The inboxes whose conversations an agent may see. The one rule of who sees what."""
    return remembered(("inboxes visible to", agent.pk), lambda: _visible_to(agent))


def _visible_to(agent: Agent) -> Sequence[Inbox]:
    return _ALL.all() if agent.sees_everything() else _OF_THEIR_TEAMS.all(agent.pk)


def _of_teams(agent: Expression) -> QuerySet[Inbox]:
    """Those of one's own teams, and those of no team."""
    has_teams = Exists(Team.objects.filter(inbox=OuterRef("pk")))
    mine = Exists(Team.objects.filter(inbox=OuterRef("pk"), agents=agent))
    return Inbox.objects.filter(Q(~has_teams) | Q(mine))


_ALL: Compiled[Inbox] = Compiled(Inbox.objects.all)
_OF_THEIR_TEAMS: Compiled[Inbox] = Compiled(_of_teams, BigAutoField())


def may_see(agent: Agent, inbox: int) -> bool:
    """Whether an agent may see the conversations of one inbox."""
    return agent.sees_everything() or inbox in {one.pk for one in inboxes_visible_to(agent)}


def agents_who_see(inbox: Inbox) -> Sequence[Agent]:
    """Everybody who may see an inbox, and so may be given its conversations."""
    agents = Agent.objects.filter(is_active=True).order_by("name", "pk")
    if inbox.teams.exists():
        leads = Q(role__in=[Agent.Role.LEAD, Agent.Role.OWNER])
        agents = agents.filter(leads | Q(teams__inbox=inbox)).distinct()
    return list(agents)


def agents_of_teams(inbox: Inbox) -> Sequence[Agent]:
    """Who answers in an inbox day by day: its teams, or everybody where it has none."""
    agents = Agent.objects.filter(is_active=True).order_by("name", "pk")
    if inbox.teams.exists():
        agents = agents.filter(teams__inbox=inbox).distinct()
    return list(agents)


def _may_look_after(agent: Agent) -> bool:
    return agent.may("office.inboxes") or agent.may("office.troubles")


def inbox_for(owner: Agent, pk: int) -> Inbox:
    """An inbox for whoever looks after inboxes or their health, or 404."""
    return _found(Inbox.objects.filter(pk=pk).first() if _may_look_after(owner) else None)


def all_inboxes() -> Sequence[Inbox]:
    """Every way in, with the teams that see it."""
    return list(Inbox.objects.select_related("mail_inbox").prefetch_related("teams"))


def inbox_for_form(public_id: str) -> Inbox:
    """The web inbox that a public form belongs to, or 404."""
    return _found(
        Inbox.objects.filter(public_id=public_id, kind="web", state=Inbox.State.ACTIVE).first()
    )


def form_beside(inbox: Inbox) -> Inbox | None:
    """The contact form whose answers leave by the same mailbox; None where there is none."""
    if inbox.mail_inbox_id is None:
        return None
    forms = Inbox.objects.filter(kind="web", state=Inbox.State.ACTIVE, mail_inbox=inbox.mail_inbox)
    return forms.order_by("pk").first()


def chat_beside(inbox: Inbox) -> Inbox | None:
    """The chat whose answers go on by the same mailbox; itself where it is one."""
    mailbox = inbox.pk if inbox.kind == "email" else inbox.mail_inbox_id
    chats = Inbox.objects.filter(kind="chat", state=Inbox.State.ACTIVE)
    if inbox.kind == "chat":
        return chats.filter(pk=inbox.pk).first()
    return chats.filter(mail_inbox=mailbox).order_by("pk").first() if mailbox else None


def shop_name(inbox: Inbox) -> str:
    """What the shop calls itself to customers."""
    mailbox = inbox.mail_inbox
    return inbox.sender_name or (mailbox.sender_name if mailbox else "") or inbox.name


def has_inboxes() -> Exists:
    """Whether any customer can reach us yet, as a part of a question."""
    return Exists(Inbox.objects.all())


def inboxes_to_choose() -> QuerySet[Inbox]:
    return Inbox.objects.order_by("name")


def mailboxes_to_choose() -> QuerySet[Inbox]:
    return Inbox.objects.filter(kind="email").order_by("name")


def first_mailbox() -> Inbox | None:
    """The mailbox that mail of the house itself leaves by; None where none can send."""
    mailboxes = Inbox.objects.filter(kind="email", settings__has_key="smtp")
    return mailboxes.exclude(state=Inbox.State.PAUSED).order_by("pk").first()


def arrival_at(inbox: Inbox, external_id: str) -> Arrival | None:
    """What came in under a name of the transport's own."""
    return Arrival.objects.filter(inbox=inbox, external_id=external_id).first()


def arrival_for(owner: Agent, pk: int) -> Arrival:
    return _found(Arrival.objects.filter(pk=pk).first() if owner.may("office.troubles") else None)


def delivery_for(owner: Agent, pk: int) -> Delivery:
    """A delivery as its owner may send it again, or 404."""
    return _found(Delivery.objects.filter(pk=pk).first() if owner.may("office.troubles") else None)


def delivery_about(ref: str) -> Delivery | None:
    """The newest delivery of one message."""
    return Delivery.objects.filter(about=ref).order_by("-pk").first()


def raw_bytes(arrival: Arrival) -> bytes:
    """The arrival exactly as it came."""
    if arrival.raw is not None:
        return bytes(arrival.raw)
    return storage.load(_found(arrival.file).sha256)


def _found(thing: T | None) -> T:
    if thing is None:
        raise Http404
    return thing
