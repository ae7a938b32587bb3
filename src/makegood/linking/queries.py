"""What is linked with what, each where it stands now."""

from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Exists, OuterRef, Q, QuerySet

from makegood.conversations.models import Conversation
from makegood.conversations.queries import visible_among
from makegood.conversations.standing import joined_into, standing_number
from makegood.linking.models import Link
from makegood.team.models import Agent

MOST_READ = 20_000
"""Links that a question about many numbers reads."""


def linked_here(conversation: Conversation, agent: Agent) -> Sequence[Conversation]:
    """What a conversation is linked with, as far as this agent may see it; open ones first."""
    has_joined = getattr(conversation, "has_joined", True)
    if not has_joined and not getattr(conversation, "is_linked", True):
        return []
    numbers = linked_numbers(conversation.pk, has_joined=has_joined)
    if not numbers:
        return []
    found = Conversation.objects.filter(pk__in=visible_among(agent, numbers))
    settled = (Conversation.Status.RESOLVED, Conversation.Status.SPAM)
    return sorted(
        found.select_related("customer").order_by("-last_at"), key=lambda one: one.status in settled
    )


def is_linked() -> Exists:
    """Of conversations: whether one itself is linked with another."""
    return Exists(Link.objects.filter(Q(low=OuterRef("pk")) | Q(high=OuterRef("pk"))))


def linked_numbers(pk: int, *, has_joined: bool = True) -> list[int]:
    """Where everything stands that is linked with this one, or with what was joined into it."""
    family = {pk, *joined_into(pk)} if has_joined else {pk}
    others = {end for link in links_of(family) for end in (link.low_id, link.high_id)}
    return sorted(set(standing_numbers(others - family).values()) - family)


def links_of(pks: Iterable[int]) -> "QuerySet[Link]":
    pks = list(pks)
    return Link.objects.filter(Q(low__in=pks) | Q(high__in=pks)).order_by("pk")


def standing_numbers(pks: Iterable[int]) -> Mapping[int, int]:
    """Where each of them stands now, a step of all chains at a time."""
    stands = {pk: pk for pk in pks}
    while stands:
        joined = Conversation.objects.filter(pk__in=set(stands.values()), joined_into__gt=0)
        into = {pk: into for pk, into in joined.values_list("pk", "joined_into") if into}
        if not into:
            break
        stands = {pk: into.get(at, at) for pk, at in stands.items()}
    return stands


def linked_among(pks: Sequence[int]) -> Mapping[int, list[int]]:
    """Of each of the numbers, with what it is linked, both as they stand."""
    links = list(links_of(pks))
    stands = standing_numbers({end for link in links for end in (link.low_id, link.high_id)})
    found: dict[int, set[int]] = {}
    for link in links:
        low, high = stands[link.low_id], stands[link.high_id]
        for end, other in ((link.low_id, high), (link.high_id, low), (low, high), (high, low)):
            if end != other and low != high:
                found.setdefault(end, set()).add(other)
    return {pk: sorted(found[pk]) for pk in pks if pk in found}


def linked_with(agent: Agent, low: int | None, high: int | None) -> Sequence[int]:
    """The conversations linked with those of these numbers, as far as the agent may see those."""
    if low is not None and low == high:
        near = visible_among(agent, [low])
        return linked_numbers(standing_number(low)) if near else []
    ends: set[int] = set()
    for mine, other in (("low", "high"), ("high", "low")):
        links = Link.objects.order_by("pk")
        links = links.filter(**{f"{mine}__gte": low}) if low is not None else links
        links = links.filter(**{f"{mine}__lte": high}) if high is not None else links
        pairs = dict[int, list[int]]()
        for near_end, far in links.values_list(mine, other)[:MOST_READ]:
            pairs.setdefault(near_end, []).append(far)
        ends |= {far for one in visible_among(agent, list(pairs)) for far in pairs[one]}
    return sorted(set(standing_numbers(ends).values()))
