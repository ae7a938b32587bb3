"""What can be done with many conversations: a few words, each an ordinary action and its way back.

An act is stored as `{"do": "assign", "to": "team:3"}`. It runs the action that a single
conversation takes, with its refusals, its events and its locks.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makegood.bulk.portraits import Portrait
from makegood.conversations.actions import (
    assign_conversation,
    mark_seen,
    mark_unseen,
    reopen_conversation,
    resolve_conversation,
    snooze_conversation,
    tag_conversation,
)
from makegood.conversations.merging import join_conversation, part_conversation
from makegood.conversations.models import Conversation
from makegood.kit.errors import Refused
from makegood.kit.records import ref_id
from makegood.team.models import Agent, Team

Act = dict[str, Any]
Run = Callable[[Conversation, Act, Portrait, Agent], None]


@dataclass(frozen=True, kw_only=True)
class Verb:
    """One word of the vocabulary: doing it, how it is once done, and the way back."""

    name: str
    title: str | Promise
    icon: str
    run: Run
    back: Run
    """Takes what it was before; called only where it still stands as the act left it."""
    touches: tuple[str, ...]
    """The parts of a portrait that it changes."""
    is_so: Callable[[Act, Portrait], bool]
    """Whether it is so already."""
    needs: str = ""
    """What has to be said with it: a name in the act."""


def _assign(conversation: Conversation, act: Act, _before: Portrait, by: Agent) -> None:
    agent, team = assignee_of(act)
    kept = conversation.team if agent is not None else None
    assign_conversation(conversation, agent=agent, team=team or kept, by=by)


def assignee_of(act: Act) -> tuple[Agent | None, Team | None]:
    """Whom an act gives conversations to: an agent, a team, or nobody."""
    to = str(act.get("to", ""))
    if to.startswith("agent:"):
        return Agent.objects.get(pk=ref_id(to)), None
    return None, Team.objects.get(pk=ref_id(to)) if to.startswith("team:") else None


def _is_assigned(act: Act, now: Portrait) -> bool:
    to = str(act.get("to", ""))
    if to.startswith("agent:"):
        return bool(now["assignee"] == ref_id(to))
    return now["assignee"] is None and now["team"] == (
        ref_id(to) if to.startswith("team:") else None
    )


def _assign_back(conversation: Conversation, _act: Act, before: Portrait, by: Agent) -> None:
    agent = Agent.objects.filter(pk=before["assignee"]).first()
    team = Team.objects.filter(pk=before["team"]).first()
    assign_conversation(conversation, agent=agent, team=team, by=by)


def _tag(conversation: Conversation, act: Act, _before: Portrait, by: Agent) -> None:
    has = set(conversation.tags.values_list("name", flat=True))
    words = (has | set(act.get("add", []))) - set(act.get("remove", []))
    tag_conversation(conversation, words, by=by)


def _tag_back(conversation: Conversation, act: Act, before: Portrait, by: Agent) -> None:
    """Only the words of the act go back: others may have come since."""
    had, named = set(before["tags"]), {*act.get("add", []), *act.get("remove", [])}
    has = set(conversation.tags.values_list("name", flat=True))
    tag_conversation(conversation, (has - named) | (had & named), by=by)


def _is_tagged(act: Act, now: Portrait) -> bool:
    has = set(now["tags"])
    return has >= set(act.get("add", [])) and not has & set(act.get("remove", []))


def _resolve(conversation: Conversation, _act: Act, _before: Portrait, by: Agent) -> None:
    resolve_conversation(conversation, by=by)


def _reopen(conversation: Conversation, _act: Act, _before: Portrait, by: Agent) -> None:
    reopen_conversation(conversation, by=by)


def _snooze(conversation: Conversation, act: Act, _before: Portrait, by: Agent) -> None:
    until = parse_datetime(str(act["until"]))
    if until is None:
        raise Refused(_("That is no time."))
    snooze_conversation(conversation, until=until, by=by)


def _status_back(conversation: Conversation, _act: Act, before: Portrait, by: Agent) -> None:
    """Settled again, resting again, or open again; a rest that is over by now is open."""
    until = parse_datetime(before["snoozed_until"] or "")
    if before["status"] == Conversation.Status.RESOLVED:
        resolve_conversation(conversation, by=by)
        return
    if until is not None:
        try:
            snooze_conversation(conversation, until=until, by=by)
            return
        except Refused:
            pass  # the time has passed meanwhile: it would have woken
    reopen_conversation(conversation, by=by)


def _read(conversation: Conversation, _act: Act, before: Portrait, by: Agent) -> None:
    mark_seen(conversation, before["last_message"], by=by)


def _read_back(conversation: Conversation, _act: Act, before: Portrait, by: Agent) -> None:
    mark_unseen(conversation, before["seen"], by=by)


def _join(conversation: Conversation, act: Act, _before: Portrait, by: Agent) -> None:
    into = Conversation.objects.get(pk=int(act["into"]))
    join_conversation(conversation, into=into, by=by)


def _part(conversation: Conversation, _act: Act, _before: Portrait, by: Agent) -> None:
    part_conversation(conversation, by=by)


STATUS = ("status", "snoozed_until", "resolved_at")

VERBS = {
    verb.name: verb
    for verb in (
        Verb(
            name="resolve",
            title=gettext_lazy("Resolve"),
            icon="circle-check",
            run=_resolve,
            back=_status_back,
            touches=STATUS,
            is_so=lambda _act, now: now["status"] == "resolved",
        ),
        Verb(
            name="assign",
            title=gettext_lazy("Assign"),
            icon="hand",
            run=_assign,
            back=_assign_back,
            touches=("assignee", "team"),
            is_so=_is_assigned,
            needs="to",
        ),
        Verb(
            name="tag",
            title=gettext_lazy("Tags"),
            icon="tag",
            run=_tag,
            back=_tag_back,
            touches=("tags",),
            is_so=_is_tagged,
            needs="add",
        ),
        Verb(
            name="snooze",
            title=gettext_lazy("Snooze"),
            icon="alarm-clock",
            run=_snooze,
            back=_status_back,
            touches=STATUS,
            is_so=lambda act, now: (
                parse_datetime(now["snoozed_until"] or "") == parse_datetime(act["until"])
            ),
            needs="until",
        ),
        Verb(
            name="reopen",
            title=gettext_lazy("Open again"),
            icon="inbox",
            run=_reopen,
            back=_status_back,
            touches=STATUS,
            is_so=lambda _act, now: now["status"] == "open",
        ),
        Verb(
            name="read",
            title=gettext_lazy("Mark read"),
            icon="eye",
            run=_read,
            back=_read_back,
            touches=("seen",),
            is_so=lambda _act, now: now["seen"] >= now["last_message"],
        ),
        Verb(
            name="join",
            title=gettext_lazy("Join into one"),
            icon="link",
            run=_join,
            back=_part,
            touches=("joined_into",),
            is_so=lambda act, now: now["joined_into"] == act["into"],
        ),
    )
}


def touched(act: Act, portrait: Portrait) -> Portrait:
    """The part of a portrait that this act can change; of the tags, only its own words."""
    part = {name: portrait[name] for name in VERBS[act["do"]].touches}
    if "tags" in part:
        named = {*act.get("add", []), *act.get("remove", [])}
        part["tags"] = sorted(named & set(part["tags"]))
    return part
