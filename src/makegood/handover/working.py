"""The steps of a handover: a few things at a time; each is a short transaction of its own."""

from collections import Counter
from collections.abc import Callable, Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.conversations.actions import assign_conversation
from makegood.conversations.models import Conversation
from makegood.handover.events import HandedOver
from makegood.handover.models import Handover
from makegood.handover.queries import answers_of, conversations_of, drafts_of
from makegood.kit.errors import Refused
from makegood.ledger.actions import record
from makegood.notices.following import hand_over_following
from makegood.sending.leaving import share_answer, share_draft

AT_ONCE = 25


def hand_next_over() -> int:
    """One step of the handover that has waited longest."""
    under_way = Handover.objects.filter(ended_at=None).order_by("pk")
    pk = under_way.values_list("pk", flat=True).first()
    return max(step(pk), 1) if pk else 0


def hand_over(pk: int, *, steps: int = 1000) -> None:
    """So many steps now; the worker goes on with what is left."""
    for _number in range(steps):
        if not step(pk):
            return


@transaction.atomic
def step(pk: int) -> int:
    """The next few things; how many they were. None left: it is over, and told."""
    rows = Handover.objects.select_for_update(of=("self",))
    handover = rows.select_related("agent", "to", "by").filter(pk=pk, ended_at=None).first()
    if handover is None:
        return 0
    moved: Counter[str] = Counter()
    agent, give = handover.agent, _giving(handover)
    for word, some, act in (
        ("answers", answers_of(agent).order_by("pk"), _share(handover)),
        ("drafts", drafts_of(agent).order_by("pk"), _share_typed(handover)),
        ("conversations", conversations_of(agent).order_by("pk"), give),
    ):
        moved += _each(word, some[: AT_ONCE - moved.total()], act)
    handover.counts = dict(Counter(handover.counts) + moved)
    if not moved:
        _end(handover)
    handover.save(update_fields=["counts", "ended_at"])
    return moved.total()


def _each(word: str, some: Iterable[object], act: Callable[..., str]) -> Counter[str]:
    return Counter(f"{word}.{act(one)}" for one in some)


def _share(handover: Handover) -> Callable[..., str]:
    """An answer that waits leaves in nobody's name who left: it becomes a draft of the team's."""

    def act(prepared: object) -> str:
        share_answer(prepared, to=handover.to, by=handover.by)  # type: ignore[arg-type]
        return "shared"

    return act


def _share_typed(handover: Handover) -> Callable[..., str]:
    def act(draft: object) -> str:
        share_draft(draft, to=handover.to, by=handover.by)  # type: ignore[arg-type]
        return "shared"

    return act


def _giving(handover: Handover) -> Callable[..., str]:
    """To whoever takes over where they may see it; else to its team; else to everybody."""

    def act(conversation: Conversation) -> str:
        for agent, team in ((handover.to, conversation.team), (None, conversation.team)):
            try:
                assign_conversation(conversation, agent=agent, team=team, by=handover.by)
            except Refused:
                continue
            return "given" if agent else "left"
        assign_conversation(conversation, agent=None, team=None, by=handover.by)
        return "left"

    return act


def _end(handover: Handover) -> None:
    agent, to = handover.agent, handover.to
    follows = hand_over_following(agent, to)
    handover.counts = {**handover.counts, "follows": follows}
    handover.ended_at = timezone.now()
    fact = HandedOver(
        agent_name=agent.name,
        to_name=to.name if to else _("the teams"),
        before={word: str(count) for word, count in handover.counts.items()},
        after={},
    )
    record(fact, about=[agent, *([to] if to else [])], by=handover.by)
