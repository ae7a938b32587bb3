"""Chats side by side: which are an agent's, which wait for somebody, and how much room there is."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from makegood.channels.queries import agents_who_see
from makegood.conversations.finding import Finder
from makegood.conversations.listing import Row, rows_for
from makegood.conversations.models import Conversation
from makegood.conversations.naming import understand
from makegood.desk.chatting import chatting_in
from makegood.desk.story import Marks, story_of
from makegood.desk.views.conversation import writing_of
from makegood.presence.queries import State, states_of
from makegood.promises.queries import open_promises
from makegood.routing.queries import room_for
from makegood.team.models import Agent, Team
from makegood.team.queries import teams

SIDE_BY_SIDE = 4
WAITING, MINE = "is:waiting is:unassigned channel:chat", "is:open is:mine channel:chat"
LOOKED_AT = 30
NEAR = (State.ONLINE, State.AWAY, State.OFFLINE)


@dataclass(frozen=True, kw_only=True)
class Owed:
    """A chat as a line at the side says it, and when its answer is promised."""

    row: Row
    due_at: datetime | None
    comes_by_itself: bool = False
    """There is room beside the others: it opens without being asked for."""


def _rows(question: str, agent: Agent) -> Sequence[Row]:
    """The longest waiting first."""
    numbers, _more = Finder(understand(question, agent)).numbers("", LOOKED_AT)
    return rows_for(agent, numbers)


def _due(agent: Agent, numbers: Collection[int]) -> Mapping[int, datetime]:
    """When the next answer of each is due."""
    rows = open_promises(agent).filter(conversation__in=list(numbers)) if numbers else ()
    found: dict[int, datetime] = {}
    for one in rows:
        found.setdefault(one.conversation_id or 0, one.due_at)
    return found


def mine_of(agent: Agent) -> list[int]:
    """The open chats of an agent, in the order in which they began."""
    return sorted(row.pk for row in _rows(MINE, agent))


def queue_of(agent: Agent, shown: Sequence[int]) -> dict[str, Any]:
    """What stands beside the columns: who waits, what else is theirs, and their room."""
    waiting, mine = _rows(WAITING, agent), _rows(MINE, agent)
    hidden = sorted((row for row in mine if row.pk not in shown), key=lambda row: row.pk)
    due = _due(agent, [row.pk for row in [*waiting, *hidden]])
    free = SIDE_BY_SIDE - len(shown)
    return {
        "queue": [Owed(row=row, due_at=due.get(row.pk)) for row in waiting],
        "hidden": [
            Owed(row=row, due_at=due.get(row.pk), comes_by_itself=place < free)
            for place, row in enumerate(hidden)
        ],
        "room": room_for_chats(agent),
        "is_full": free <= 0,
    }


def room_for_chats(agent: Agent) -> int:
    """How many more chats can wait for an agent at once; none for whoever may not answer."""
    return room_for("chat", [agent]).get(agent.pk, 0)


def column_of(conversation: Conversation, agent: Agent) -> dict[str, Any]:
    """One chat as a column: what was said, who is at the other end, and where to write."""
    due = _due(agent, [conversation.pk]).get(conversation.pk)
    context = writing_of(conversation, agent) | {"story": story_of(conversation)}
    return context | {"chatting": chatting_in(conversation), "due_at": due, "redacts": False}


def news_of(conversation: Conversation, agent: Agent, since: Marks) -> dict[str, Any]:
    """What a column lacks."""
    due = _due(agent, [conversation.pk]).get(conversation.pk)
    return {
        "conversation": conversation,
        "story": story_of(conversation, since=since),
        "chatting": chatting_in(conversation),
        "due_at": due,
        "redacts": False,
    }


def is_on_the_page(conversation: Conversation, agent: Agent) -> bool:
    """Whether a chat still is one of this agent's."""
    return conversation.assignee_id == agent.pk and conversation.status == "open"


class HandingForm(forms.Form):
    """To whom a chat goes, or who is asked in, and a word with it."""

    to = forms.ChoiceField(label=_("To whom"))
    words = forms.CharField(label=_("A word with it, to us only"), required=False, max_length=2000)
    what = forms.ChoiceField(choices=[("hand", ""), ("invite", "")])

    def __init__(self, *args: Any, conversation: Conversation, agent: Agent, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seers = [one for one in agents_who_see(conversation.inbox) if one != agent]
        rooms, near = room_for("chat", seers), states_of(seers)
        seers.sort(key=lambda one: NEAR.index(near[one.pk]))  # by name among the equally near
        self.agents = [(one, near[one.pk], rooms.get(one.pk, 0)) for one in seers]
        self.teams: list[Team] = list(teams())
        self.known: dict[str, Agent | Team] = {one.ref: one for one in seers}
        self.known.update({one.ref: one for one in self.teams})
        to: Any = self.fields["to"]
        to.choices = [(ref, one.name) for ref, one in self.known.items()]

    def chosen(self) -> Agent | Team:
        return self.known[self.cleaned_data["to"]]
