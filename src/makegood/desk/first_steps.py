"""What an owner does first, ticked by what really happened: a list on the desk, not a tour."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import BigAutoField
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from makegood.channels.queries import has_inboxes
from makegood.conversations.queries import has_answered, has_conversations
from makegood.fulfilment.queries import has_terms
from makegood.kit.compiled import Compiled
from makegood.kit.jinja import url
from makegood.macros.queries import has_saved_replies
from makegood.shop.queries import has_orders
from makegood.team.models import Agent
from makegood.team.queries import facts_of, has_company


@dataclass(frozen=True, kw_only=True)
class Step:
    """One thing to do, where it is done, and whether it was."""

    title: str | Promise
    words: str | Promise
    to: str
    is_done: bool


def steps_for(agent: Agent) -> Sequence[Step]:
    """What is shown on the desk: to owners, until all is done or it was put away."""
    if not agent.may("office.settings") or agent.has_put_steps_away:
        return ()
    steps = steps_of(agent)
    return () if all(step.is_done for step in steps) else steps


def steps_of(agent: Agent) -> Sequence[Step]:
    (hears, heard, answered, sells, states, keeps_replies, has_others) = _FACTS.all(agent.pk)[0]
    facts = (hears, heard, agent.signature, answered, sells, states, keeps_replies, has_others)
    return [
        Step(title=title, words=words, to=url(name), is_done=bool(is_done))
        for (title, words, name), is_done in zip(STEPS, facts, strict=True)
    ]


_FACTS = Compiled(
    lambda agent: facts_of(
        agent,
        has_inboxes(),
        has_conversations(),
        has_answered(),
        has_orders(),
        has_terms(),
        has_saved_replies(),
        has_company(agent),
    ),
    BigAutoField(),
)
STEPS: Sequence[tuple[Promise, Promise, str]] = (
    (
        _("Connect a mailbox"),
        _("The one that customers write to. It takes two minutes, and nothing in it is changed."),
        "office:connect",
    ),
    (
        _("Hear from somebody"),
        _("Write to your own address from another one: it appears here within a minute."),
        "desk:inbox",
    ),
    (
        _("Write a signature"),
        _("It stands under every answer that you write."),
        "office:profile",
    ),
    (
        _("Answer the first conversation"),
        _("Open it, press r, write, and send with Ctrl+Enter."),
        "desk:inbox",
    ),
    (
        _("Connect your shop"),
        _("Orders and parcels then stand beside whoever writes. A file of orders will do, too."),
        "office:shops",
    ),
    (
        _("State when orders are sent and arrive"),
        _("Every order then has its promises, and you see those at risk before anybody asks."),
        "office:terms",
    ),
    (
        _("Keep a reply that you write often"),
        _("A slash in an answer then finds it."),
        "office:new_reply",
    ),
    (
        _("Invite somebody"),
        _("Two who answer see who looks at what, and never answer twice."),
        "office:invite",
    ),
)
