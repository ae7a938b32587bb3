"""A macro on a conversation: what it would do, and doing it: all of it or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from makegood.acts.act import Run
from makegood.acts.vocabulary import ACTS, act_named, told
from makegood.conversations.guarding import Stopped
from makegood.conversations.models import Conversation
from makegood.conversations.overlooking import SomethingNewer
from makegood.conversations.standing import lock_standing
from makegood.kit.errors import Refused
from makegood.ledger.actions import record
from makegood.macros.actions import count_use
from makegood.macros.events import MacroRan
from makegood.macros.models import Macro
from makegood.team.models import Agent


@dataclass(frozen=True, kw_only=True)
class Step:
    """One act as it would be here; `text` is what it would say, `blanks` what is missing in it."""

    says: str
    is_so_already: bool = False
    trouble: str = ""
    text: str = ""
    blanks: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Consent:
    """What the agent saw and agreed to when they ran a macro."""

    seen: int | None = None
    client_key: str = ""
    accepted: Sequence[str] = ()


def preview(macro: Macro, conversation: Conversation, *, by: Agent) -> Sequence[Step]:
    """What the macro will do on this conversation, act for act; nothing is done."""
    run = Run(conversation=conversation, by=by)
    return [_step(act["do"], act["with"], run) for act in macro.acts]


def _step(name: str, kept: str, run: Run) -> Step:
    act = ACTS.get(name)
    if act is None:
        return Step(says=name, trouble=_("There is no act “%(name)s”.") % {"name": name})
    in_short = f"{act.label} {told({'do': name, 'with': kept})}".strip()
    try:
        says = act.say(kept, run)
    except Refused as refused:
        return Step(says=in_short, trouble=str(refused))
    if act.text is not None:
        filled = run.filled(act.text(kept))
        return Step(says=says, text=filled.text, blanks=filled.blanks)
    return Step(says=says or in_short, is_so_already=not says)


@transaction.atomic
def run_macro(
    macro: Macro, conversation: Conversation, *, consent: Consent | None = None, by: Agent
) -> None:
    """Do all acts of a macro as one. Where one is refused, nothing was done."""
    consent = consent or Consent()
    conversation = lock_standing(conversation.pk, "inbox__mail_inbox", "customer")
    fact = MacroRan(macro=macro.pk, title=macro.name)
    record(fact, about=[conversation, macro], by=by)
    for number, act in enumerate(macro.acts, 1):
        fresh = lock_standing(conversation.pk, "inbox__mail_inbox", "customer")
        run = Run(
            conversation=fresh,
            by=by,
            seen=consent.seen,
            client_key=f"{consent.client_key}.{number}" if consent.client_key else "",
            accepted=consent.accepted,
        )
        _do(number, act["do"], act["with"], run)
    count_use(macro)


def _do(number: int, name: str, kept: str, run: Run) -> None:
    act = act_named(name)
    try:
        act.do(kept, run)
    except (Stopped, SomethingNewer):
        raise  # they carry what is to be shown: the findings, the newer messages
    except Refused as refused:
        words = {"n": number, "act": str(act.label), "why": str(refused)}
        raise Refused(_("Nothing was done. Act %(n)s, %(act)s: %(why)s") % words) from refused
