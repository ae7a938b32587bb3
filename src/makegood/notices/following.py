"""Who follows a conversation: by hand, or because it became theirs in some way."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from makegood.channels.queries import inboxes_visible_to
from makegood.conversations.models import Conversation
from makegood.notices.models import Following
from makegood.notices.wishes import wishes_of_all
from makegood.team.models import Agent

Because = Following.Because


def follow(conversation: Conversation, *, by: Agent) -> None:
    """The agent wants to hear of it. Theirs alone, like what they have read: no event."""
    Following.objects.update_or_create(
        agent=by,
        conversation=conversation,
        defaults={"because": Because.HAND, "since": timezone.now(), "left_at": None},
    )


def unfollow(conversation: Conversation, *, by: Agent) -> None:
    """The agent has heard enough, and is not made a follower again by itself."""
    now = timezone.now()
    Following.objects.update_or_create(
        agent=by,
        conversation=conversation,
        defaults={"left_at": now},
        create_defaults={"because": Because.HAND, "since": now, "left_at": now},
    )


def follow_by_itself(conversation: int, agents: Iterable[Agent], because: str) -> None:
    """Who wishes so follows from now on, unless they follow already or left it."""
    follow_each([(conversation, agent.pk) for agent in agents], because)


@transaction.atomic
def follow_each(pairs: Iterable[tuple[int, int]], because: str) -> None:
    """The same for many conversations, each with the number of its agent."""
    chosen = list(pairs)
    wishes = wishes_of_all([Agent(pk=number) for number in sorted({agent for _c, agent in chosen})])
    now = timezone.now()
    rows = [
        Following(agent_id=agent, conversation_id=conversation, because=because, since=now)
        for conversation, agent in chosen
        if wishes[agent].follows_when(because)
    ]
    Following.objects.bulk_create(rows, ignore_conflicts=True)


def carry_followers(joined: int, *, to: int) -> None:
    """Who followed what was joined follows the whole."""
    rows = Following.objects.filter(conversation=joined, left_at=None)
    carried = [
        Following(agent_id=agent, conversation_id=to, because=because, since=since)
        for agent, because, since in rows.values_list("agent", "because", "since")
    ]
    Following.objects.bulk_create(carried, ignore_conflicts=True)


def follows(agent: Agent, conversation: Conversation) -> bool:
    return Following.objects.filter(agent=agent, conversation=conversation, left_at=None).exists()


def hand_over_following(agent: Agent, to: Agent | None) -> int:
    """Who takes over follows what another followed, as far as they see it; how many they were."""
    rows = Following.objects.filter(agent=agent, left_at=None)
    if to is not None:
        seen = rows
        if not to.sees_everything():
            seen = rows.filter(conversation__inbox__in=inboxes_visible_to(to))
        now = timezone.now()
        theirs = [
            Following(agent=to, conversation_id=one, because=Because.HAND, since=now)
            for one in seen.values_list("conversation", flat=True)
        ]
        Following.objects.bulk_create(theirs, ignore_conflicts=True)
    return rows.update(left_at=timezone.now())
