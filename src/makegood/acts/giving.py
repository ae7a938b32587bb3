"""Acts that give a conversation its place: whose turn it is, its tags, how urgent it is."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makegood.acts.act import Act, Run, Words
from makegood.acts.portraits import Portrait
from makegood.acts.tagging import tag_words, tags_in
from makegood.channels.models import Inbox
from makegood.conversations.actions import (
    assign_conversation,
    set_priority,
    tag_conversation,
    why_not_given,
)
from makegood.conversations.models import Conversation
from makegood.conversations.tagging import as_called_now
from makegood.kit.errors import Refused
from makegood.kit.records import ref_id
from makegood.kit.remembering import remembered
from makegood.team.models import Agent, Team
from makegood.team.queries import active_agents, teams

Priority = Conversation.Priority
Holders = tuple[Agent | None, Team | None]


def _read_assignee(words: str) -> str:
    words = words.strip()
    if words in ("me", "nobody"):
        return words
    known = Agent.objects.filter(is_active=True)
    kind, _colon, number = words.partition(":")
    pk = int(number) if number.isascii() and number.isdigit() and len(number) < 15 else 0
    found: Agent | Team | None
    if kind == "team" and pk:
        found = Team.objects.filter(pk=pk).first()
    elif kind == "agent" and pk:
        found = known.filter(pk=pk).first()
    else:
        found = known.filter(email=words).first() or Team.objects.filter(name=words).first()
    if found is None:
        raise Refused(_("There is no agent and no team %(words)s.") % {"words": words})
    return found.ref


def _holders(kept: str, by: Agent) -> Holders:
    """Whom an act gives conversations to: an agent, a team, or nobody."""
    if kept in ("", "me", "nobody"):
        return (by if kept == "me" else None), None
    agent = _agent(ref_id(kept)) if kept.startswith("agent:") else None
    team = _team(ref_id(kept)) if kept.startswith("team:") else None
    if agent is None and team is None:
        raise Refused(_("This agent or team is not here any more."))
    return agent, team


def _agent(pk: int | None) -> Agent | None:
    return remembered(("agent", pk), lambda: Agent.objects.filter(pk=pk).first() if pk else None)


def _team(pk: int | None) -> Team | None:
    return remembered(("team", pk), lambda: Team.objects.filter(pk=pk).first() if pk else None)


def _assign(kept: str, run: Run) -> None:
    """An agent within the team that has it, or a team whose agents see who takes it."""
    agent, team = _holders(kept, run.by)
    within = run.conversation.team if agent is not None else None
    assign_conversation(run.conversation, agent=agent, team=team or within, by=run.by)


def _assign_back(_kept: str, run: Run, before: Portrait) -> None:
    agent, team = _agent(before["assignee"]), _team(before["team"])
    assign_conversation(run.conversation, agent=agent, team=team, by=run.by)


def _say_assign(kept: str, run: Run) -> str:
    agent, team = _holders(kept, run.by)
    here = run.conversation
    if agent is not None:
        is_so = agent.pk == here.assignee_id
        return "" if is_so else _("Assign it to %(name)s") % {"name": agent.name}
    if here.assignee_id is None and here.team_id == (team.pk if team else None):
        return ""
    if team is None:
        return _("Give it back to everybody")
    return _("Give it to the team %(name)s") % {"name": team.name}


def _is_assigned(kept: str, now: Portrait, by: Agent) -> bool:
    if kept == "me" or kept.startswith("agent:"):
        return bool(now["assignee"] == (by.pk if kept == "me" else ref_id(kept)))
    team = ref_id(kept) if kept.startswith("team:") else None
    return now["assignee"] is None and now["team"] == team


def _why_not_given(kept: str, now: Portrait, by: Agent) -> str:
    try:
        agent, team = _holders(kept, by)
    except Refused as refused:
        return str(refused)
    if agent is not None and now["team"] is not None:
        team = Team.objects.get(pk=now["team"])
    return why_not_given(Inbox.objects.get(pk=now["inbox"]), agent, team)


def _write_assignee(kept: str) -> str:
    if kept in ("me", "nobody"):
        return kept
    try:
        agent, team = _holders(kept, Agent())
    except Refused:
        return kept
    return agent.email if agent else team.name if team else kept


def _tell_assignee(kept: str) -> str:
    if kept in ("", "me", "nobody"):
        return _("to yourself") if kept == "me" else _("to nobody")
    try:
        agent, team = _holders(kept, Agent())
    except Refused as refused:
        return str(refused)
    return agent.name if agent else team.name if team else kept


def _assignees() -> Sequence[tuple[str, Words]]:
    people = [(agent.ref, agent.name) for agent in active_agents()]
    groups = [(team.ref, team.name) for team in teams()]
    return [("me", gettext_lazy("Me")), ("nobody", gettext_lazy("Everybody")), *people, *groups]


ASSIGN = Act(
    name="assign",
    label=gettext_lazy("Assign"),
    icon="hand",
    key="a",
    takes="assignee",
    read=_read_assignee,
    write=_write_assignee,
    tell=_tell_assignee,
    choices=_assignees,
    say=_say_assign,
    do=_assign,
    back=_assign_back,
    touches=("assignee", "team"),
    is_so=_is_assigned,
    why_not=_why_not_given,
    hangs_on=("inbox", "team"),
)


def _read_tags(words: str) -> str:
    """`late, -new`: one is put on, the other taken off."""
    on, off = tags_in(words)
    if not on and not off:
        raise Refused(_("Name a tag; with a minus before it, it is taken off: late, -new"))
    return tag_words(on, off)


def _named(kept: str) -> tuple[set[str], set[str]]:
    """What is put on and what taken off, by the names of today."""
    on, off = tags_in(kept)
    return as_called_now(on), as_called_now(off)


def _tags(run: Run) -> set[str]:
    worn = Conversation.tags.through.objects.filter(conversation=run.conversation.pk)
    return set(worn.values_list("tag__name", flat=True))


def _tag(kept: str, run: Run) -> None:
    on, off = _named(kept)
    tag_conversation(run.conversation, (_tags(run) | on) - off, by=run.by)


def _tag_back(kept: str, run: Run, before: Portrait) -> None:
    """Only the words of the act go back: others may have come since."""
    on, off = _named(kept)
    had, named = set(before["tags"]), on | off
    tag_conversation(run.conversation, (_tags(run) - named) | (had & named), by=run.by)


def _say_tag(kept: str, run: Run) -> str:
    on, off = _named(kept)
    has, said = _tags(run), []
    if fresh := sorted(on - has):
        said.append(_("Put on the tag %(word)s") % {"word": ", ".join(fresh)})
    if gone := sorted(off & has):
        said.append(_("Take off the tag %(word)s") % {"word": ", ".join(gone)})
    return "; ".join(said)


def _is_tagged(kept: str, now: Portrait, _by: Agent) -> bool:
    on, off = _named(kept)
    return set(now["tags"]) >= on and not set(now["tags"]) & off


def _own_tags(kept: str, part: Portrait) -> Portrait:
    on, off = _named(kept)
    return {"tags": sorted((on | off) & set(part["tags"]))}


TAG = Act(
    name="tag",
    label=gettext_lazy("Tags"),
    icon="tag",
    key="t",
    takes="tags",
    read=_read_tags,
    say=_say_tag,
    do=_tag,
    back=_tag_back,
    touches=("tags",),
    own_part=_own_tags,
    is_so=_is_tagged,
)


def _read_priority(words: str) -> str:
    asked = words.strip().lower()
    for one in Priority:
        if asked in (one.name.lower(), str(one.label).lower()):
            return one.name.lower()
    known = ", ".join(one.name.lower() for one in Priority)
    raise Refused(_("A priority is one of %(known)s.") % {"known": known})


def _priorities() -> Sequence[tuple[str, Words]]:
    """The most urgent first."""
    return [(one.name.lower(), one.label) for one in sorted(Priority)]


def _priority(kept: str) -> Priority:
    return next(one for one in Priority if one.name.lower() == kept)


def _say_priority(kept: str, run: Run) -> str:
    if run.conversation.priority == _priority(kept):
        return ""
    return _("Set the priority to %(word)s") % {"word": _priority(kept).label}


def _set_back(_kept: str, run: Run, before: Portrait) -> None:
    set_priority(run.conversation, before["priority"], by=run.by)


PRIORITY = Act(
    name="priority",
    label=gettext_lazy("Priority"),
    icon="flag",
    key="p",
    takes="priority",
    read=_read_priority,
    tell=lambda kept: str(_priority(kept).label),
    choices=_priorities,
    say=_say_priority,
    do=lambda kept, run: set_priority(run.conversation, _priority(kept), by=run.by),
    back=_set_back,
    touches=("priority",),
    is_so=lambda kept, now, _by: now["priority"] == _priority(kept),
)
