"""A question by mail: one press on the page behind its link answers it. Looking answers nothing."""

from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from makegood.channels.actions import post
from makegood.channels.interface import Address, Outgoing
from makegood.channels.queries import first_mailbox
from makegood.kit.ids import new_token
from makegood.kit.secrets import is_signed, sign
from makegood.makegoods.failures import names
from makegood.makegoods.models import Approval
from makegood.team.models import Agent

LASTS = timedelta(days=7)
PURPOSE = "answer to a make-good"


def mail(approval: Approval, agents: Sequence[Agent]) -> None:
    """Write to everybody who is asked, in the transaction that asks them."""
    inbox = first_mailbox()
    if inbox is None:
        return
    for agent in agents:
        with translation.override(agent.language or settings.LANGUAGE_CODE):
            post(_letter(approval, agent, inbox.address), inbox=inbox, about=agent.ref)


def _letter(approval: Approval, agent: Agent, address: str) -> Outgoing:
    makegood = approval.makegood
    told = {
        "name": makegood.agent.name,
        "amount": str(makegood.at_stake),
        "remedy": makegood.get_remedy_display(),
        "failure": names().get(makegood.failure, makegood.failure),
        "why": makegood.why,
        "link": settings.URL + link(approval, agent),
    }
    text = _(
        "%(name)s wants to give %(amount)s (%(remedy)s; %(failure)s) and asks you for a yes.\n\n"
        "“%(why)s”\n\n"
        "Look at it and say yes or no:\n%(link)s\n\n"
        "The link is yours alone, works once, and for seven days."
    )
    return Outgoing(
        key=f"<y.{new_token()}@{address.partition('@')[2] or 'localhost'}>",
        to=[Address(address=agent.email, name=agent.name)],
        sender=Address(address=address, name="Makegood"),
        subject=_("%(name)s asks you for a yes: %(amount)s") % told,
        text=text % told,
        is_automatic=True,
        is_secret=True,  # the link answers; it lies in no list of what was sent
    )


def link(approval: Approval, agent: Agent) -> str:
    signed = sign(PURPOSE, _signs(approval, agent))
    return reverse("desk:approval-link", args=[approval.pk, agent.pk, signed])


def _signs(approval: Approval, agent: Agent) -> str:
    """For this question and this agent alone; a new epoch of theirs ends it."""
    return f"{approval.ref}:{agent.ref}:{agent.epoch}"


def asked_by_link(pk: int, agent: int, signed: str) -> tuple[Approval, Agent] | None:
    """The question and the agent of a link; None where it was made up, is old, or they left.

    The first answer uses it up, whoever gives it.
    """
    parts = ("makegood__conversation", "makegood__order", "makegood__agent", "answered_by")
    approval = Approval.objects.select_related(*parts).filter(pk=pk).first()
    who = Agent.objects.filter(pk=agent, is_active=True).first()
    if approval is None or who is None or who.pk not in approval.asked:
        return None
    is_fresh = timezone.now() < approval.asked_at + LASTS
    return (
        (approval, who) if is_fresh and is_signed(PURPOSE, _signs(approval, who), signed) else None
    )
