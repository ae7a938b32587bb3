"""Mail of what an agent has not seen: at most hourly or daily, and only while they are gone."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from makegood.channels.actions import post
from makegood.channels.interface import Address, Outgoing
from makegood.channels.queries import first_mailbox
from makegood.kit.ids import new_token
from makegood.kit.secrets import is_signed, sign
from makegood.notices.models import Notice, Wishes
from makegood.notices.queries import Matter, grouped, in_full, notices_of, told
from makegood.notices.wishes import is_quiet
from makegood.presence.queries import is_here
from makegood.team.models import Agent

A_WHILE = timedelta(minutes=10)
"""What is fresher may still be read by itself."""
HOUR = timedelta(hours=1)
MORNING = 8
MOST = 50
PURPOSE = "end of digests"
Digest = Wishes.Digest


def send_due_digests() -> int:
    """Write to every agent for whom it is time; how many mails went into the outbox."""
    now = timezone.now()
    wanting = Wishes.objects.exclude(digest=Digest.NEVER).filter(agent__is_active=True)
    return sum(_send(pk, now) for pk in wanting.values_list("pk", flat=True) if _waits(pk, now))


def _waits(agent: int, now: datetime) -> bool:
    unseen = Notice.objects.filter(agent=agent, is_for_mail=True, read_at=None)
    return unseen.filter(at__lt=now - A_WHILE).exists()


@transaction.atomic
def _send(pk: int, now: datetime) -> bool:
    """One digest and the memory of it in one transaction: it is written once."""
    rows = Wishes.objects.select_for_update(of=("self",)).select_related("agent")
    wishes = rows.get(pk=pk)
    agent, inbox = wishes.agent, first_mailbox()
    if inbox is None or not _is_due(wishes, now) or is_quiet(wishes, now) or is_here(agent, now):
        return False
    unseen = notices_of(agent).filter(is_for_mail=True, read_at=None, at__lt=now - A_WHILE)
    notices = in_full(unseen.order_by("-pk")[:MOST])
    if not notices:
        return False
    with translation.override(agent.language or settings.LANGUAGE_CODE):
        outgoing = _letter(agent, wishes, notices, inbox.address)
    post(outgoing, inbox=inbox, about=agent.ref)
    Notice.objects.filter(agent=agent, pk__lte=notices[0].pk).update(is_for_mail=False)
    Wishes.objects.filter(pk=pk).update(digest_at=now)
    return True


def _is_due(wishes: Wishes, now: datetime) -> bool:
    last = wishes.digest_at
    if wishes.digest == Digest.HOURLY:
        return last is None or last <= now - HOUR
    local = timezone.localtime(now, wishes.agent.zone)
    is_new_day = last is None or timezone.localtime(last, wishes.agent.zone).date() < local.date()
    return wishes.digest == Digest.DAILY and is_new_day and local.hour >= MORNING


def _letter(agent: Agent, wishes: Wishes, notices: Sequence[Notice], address: str) -> Outgoing:
    matters = grouped(told(notices))
    subject = ngettext(
        "%(n)s conversation concerns you", "%(n)s conversations concern you", len(matters)
    )
    parts = [_part(matter, wishes.shows_words) for matter in matters]
    ending = settings.URL + end_path(agent)
    parts.append(
        _("You get this because you asked for it. One press ends it:\n%(link)s") % {"link": ending}
    )
    return Outgoing(
        key=f"<d.{new_token()}@{address.partition('@')[2] or 'localhost'}>",
        to=[Address(address=agent.email, name=agent.name)],
        sender=Address(address=address, name="Makegood"),
        subject=subject % {"n": len(matters)},
        text="\n\n".join(parts),
        is_automatic=True,
        is_secret=True,  # what customers said lies in the conversation, and once is enough
        unsubscribe=ending,
    )


def _part(matter: Matter, shows_words: bool) -> str:
    """One conversation: where it is, and why; names and words where the agent wants them."""
    if matter.conversation is None:
        return "\n".join([matter.told[0].words, settings.URL + reverse("desk:orders-late")])
    number = matter.conversation.pk
    place = settings.URL + reverse("desk:conversation", args=[number])
    if not shows_words:
        reasons = dict.fromkeys(str(one.notice.get_kind_display()) for one in matter.told)
        return "\n".join([f"#{number}: {', '.join(reasons)}", place])
    head = f"#{number} {matter.conversation.customer.name}: {matter.conversation.subject}"
    lines = [f"- {one.words}" + (f": {one.said}" if one.said else "") for one in matter.told[:5]]
    return "\n".join([head, *lines, place])


def end_path(agent: Agent) -> str:
    """Where one press ends an agent's digests, signed: nobody makes up another's."""
    return reverse("desk:digest-end", args=[agent.pk, sign(PURPOSE, agent.ref)])


def digest_reader(pk: int, signature: str) -> Agent | None:
    """The agent whose digests such a link ends; None where it was made up."""
    agent = Agent.objects.filter(pk=pk).first()
    return agent if agent and is_signed(PURPOSE, agent.ref, signature) else None
