from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Exists, Q
from django.http import Http404

from makegood.acts.filling import Filled, Setting, fill
from makegood.acts.tagging import tags_in
from makegood.conversations.models import Conversation
from makegood.kit.text import one_line
from makegood.macros.languages import wording
from makegood.macros.models import Import, Kept, Macro, SavedReply
from makegood.team.models import Agent, Team

K = TypeVar("K", bound=Kept)
MOST_OFFERED = 300


def _visible(kind: type[K], agent: Agent) -> Sequence[K]:
    """What this agent may use: everybody's, their teams', and their own."""
    known = kind._default_manager.select_related("team", "agent")
    teams = agent.teams.values("pk")
    found = known.filter(Q(team=None, agent=None) | Q(team__in=teams) | Q(agent=agent))
    return list(found.order_by("name", "pk")[:2_000])


def _shown_to(kind: type[K], agent: Agent) -> Sequence[K]:
    """What this agent's page lists: an owner sets up every team's too, and nobody's own."""
    if not agent.may("kept.everybody"):
        return _visible(kind, agent)
    known = kind._default_manager.select_related("team", "agent")
    return list(known.filter(Q(agent=None) | Q(agent=agent)).order_by("name", "pk")[:2_000])


def replies_shown_to(agent: Agent) -> Sequence[SavedReply]:
    return _shown_to(SavedReply, agent)


def macros_shown_to(agent: Agent) -> Sequence[Macro]:
    return _shown_to(Macro, agent)


def has_saved_replies() -> Exists:
    return Exists(SavedReply.objects.all())


def saved_replies_for(agent: Agent, words: str = "") -> Sequence[SavedReply]:
    """What can be put into an answer; by words in name, shortcut and text, the most used first."""
    wanted = words.lower().split()
    found = [
        (_place(reply, wanted), -reply.used, reply.name.lower(), reply)
        for reply in _visible(SavedReply, agent)
        if all(word in _all_words(reply) for word in wanted)
    ]
    return [one[-1] for one in sorted(found, key=lambda one: one[:3])][:MOST_OFFERED]


def _all_words(reply: SavedReply) -> str:
    return " ".join([reply.name, reply.shortcut, *reply.texts.values()]).lower()


def _place(reply: SavedReply, wanted: Sequence[str]) -> int:
    """The shortcut itself first, then what begins with the words, then the rest."""
    typed, shortcut = " ".join(wanted), reply.shortcut.lower()
    if not typed:
        return 0
    if typed == shortcut:
        return 0
    return 1 if shortcut.startswith(typed) or reply.name.lower().startswith(typed) else 2


def macros_for(agent: Agent) -> Sequence[Macro]:
    return _visible(Macro, agent)


def _one(kind: type[K], agent: Agent, pk: int) -> K:
    """One that this agent may use, or 404."""
    teams = agent.teams.values("pk")
    found = kind._default_manager.select_related("team", "agent").filter(pk=pk)
    may = Q(team=None, agent=None) | Q(team__in=teams) | Q(agent=agent)
    thing = found.filter(may).first()
    if thing is None:
        raise Http404
    return thing


def reply_for(agent: Agent, pk: int) -> SavedReply:
    return _one(SavedReply, agent, pk)


def macro_for(agent: Agent, pk: int) -> Macro:
    return _one(Macro, agent, pk)


def may_keep_for(agent: Agent, team: Team | None, owner: Agent | None) -> bool:
    """Whether an agent may make and change what is kept for these."""
    if agent.may("kept.everybody"):
        return owner is None or owner.pk == agent.pk
    if owner is not None:
        return owner.pk == agent.pk
    is_lead = agent.may("kept.team")
    return team is not None and is_lead and agent.teams.filter(pk=team.pk).exists()


def may_change(agent: Agent, thing: Kept) -> bool:
    return may_keep_for(agent, thing.team, thing.agent)


def _to_change(kind: type[K], agent: Agent, pk: int) -> K:
    """One that this agent may change, or 404."""
    thing = kind._default_manager.select_related("team", "agent").filter(pk=pk).first()
    if thing is None or not may_change(agent, thing):
        raise Http404
    return thing


def reply_to_change(agent: Agent, pk: int) -> SavedReply:
    return _to_change(SavedReply, agent, pk)


def macro_to_change(agent: Agent, pk: int) -> Macro:
    return _to_change(Macro, agent, pk)


def teams_to_keep_for(agent: Agent) -> Sequence[Team]:
    """The teams that this agent may keep things for."""
    if agent.may("kept.everybody"):
        return list(Team.objects.all())
    return list(agent.teams.all()) if agent.may("kept.team") else []


def written_for(reply: SavedReply, conversation: Conversation, agent: Agent) -> Filled:
    """The words of a saved reply for this customer, in their language, with its fields filled."""
    inbox = conversation.inbox
    language, text = wording(reply.texts, conversation.customer.language, inbox.language)
    return fill(text, Setting(conversation=conversation, agent=agent, language=language))


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One saved reply as the composer offers it."""

    pk: int
    name: str
    shortcut: str
    begins: str


def choices_of(agent: Agent, conversation: Conversation, words: str = "") -> Sequence[Choice]:
    languages = (conversation.customer.language, conversation.inbox.language)
    return [
        Choice(
            pk=reply.pk,
            name=reply.name,
            shortcut=reply.shortcut,
            begins=one_line(wording(reply.texts, *languages)[1], 90),
        )
        for reply in saved_replies_for(agent, words)
    ]


def imports(what: str) -> Sequence[Import]:
    """The newest files that were brought in."""
    return list(Import.objects.filter(what=what).select_related("agent").order_by("-pk")[:10])


def import_for(owner: Agent, pk: int) -> Import:
    found = Import.objects.filter(pk=pk).first() if owner.may("kept.everybody") else None
    if found is None:
        raise Http404
    return found


def macros_naming(names: Set[str]) -> int:
    """How many macros put a tag on or take it off, by any of these names."""
    acts = Macro.objects.values_list("acts", flat=True)
    return sum(1 for each in acts if any(_names(act, names) for act in each))


def _names(act: Mapping[str, str], names: Set[str]) -> bool:
    on, off = tags_in(act["with"]) if act["do"] == "tag" else (set(), set())
    return bool((on | off) & names)
