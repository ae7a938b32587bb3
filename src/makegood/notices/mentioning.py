"""Names in a note: `@Nora Lindqvist`, `@Nora` where there is one, `@Front` for a team.

The text stays text. What is no name of ours (an address, a handle elsewhere) is left alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from makegood.channels.models import Inbox
from makegood.channels.queries import agents_who_see
from makegood.conversations.models import Conversation, Note
from makegood.kit.errors import Refused
from makegood.kit.records import Record
from makegood.ledger.actions import record
from makegood.notices.events import Mentioned
from makegood.notices.following import follow_by_itself
from makegood.notices.models import Following, Mention
from makegood.team.models import Agent, Team
from makegood.team.queries import active_agents, teams_with_agents

Named = Agent | Team
MOST = 50


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One who can be mentioned here, as the note field offers them."""

    name: str
    also: str = ""


def named_in(text: str) -> Sequence[Named]:
    """The agents and teams that a text names, each once."""
    if "@" not in text:
        return []
    known = _names()
    return list(dict.fromkeys(_found(text[:20_000], known)))


def _names() -> Mapping[str, Named]:
    """Everybody by name, in small letters; a first name alone where only one bears it."""
    agents, known = active_agents(), dict[str, Named]()
    firsts = [_first(agent) for agent in agents]
    for agent, first in zip(agents, firsts, strict=True):
        if firsts.count(first) == 1:
            known[first] = agent
    known |= {team.name.casefold(): team for team in teams_with_agents()}
    known |= {agent.name.casefold(): agent for agent in agents}
    return {name: who for name, who in known.items() if name}


def _first(agent: Agent) -> str:
    return (agent.name.split() or [""])[0].casefold()


def _found(text: str, known: Mapping[str, Named]) -> Iterator[Named]:
    longest_first = sorted(known, key=len, reverse=True)
    small = text.casefold()
    at, found = small.find("@"), 0
    while at >= 0 and found < MOST:
        rest = small[at + 1 : at + 201]
        is_start = at == 0 or not (small[at - 1].isalnum() or small[at - 1] in "._-+@")
        name = next((one for one in longest_first if _stands_at(rest, one)), "")
        if is_start and name:
            yield known[name]
            found += 1
        at = small.find("@", at + 1)


def _stands_at(rest: str, name: str) -> bool:
    """Whether a name stands here as a whole: `@Nora` is not in `@Norachen` or `@nora.example`."""
    end = rest[len(name) : len(name) + 2]
    goes_on = end[:1].isalnum() or end[:1] == "_" or (end[:1] in ".-@" and end[1:].isalnum())
    return rest.startswith(name) and not goes_on


def refuse_blind_mentions(conversation: Conversation, text: str) -> None:
    """Tell the writer whom they name in vain, before the note is written."""
    named = named_in(text)
    if not named:
        return
    seers = {agent.pk for agent in agents_who_see(conversation.inbox)}
    blind = [one.name for one in named if not _who_see(one, seers)]
    if blind:
        words = _("%(names)s may not see this conversation, and would not be told.")
        raise Refused(words % {"names": ", ".join(blind)})


def _who_see(one: Named, seers: set[int]) -> list[Agent]:
    agents = [one] if isinstance(one, Agent) else list(one.agents.all())
    return [agent for agent in agents if agent.pk in seers]


@transaction.atomic
def mention_in(note: Note, inbox: Inbox) -> Sequence[Agent]:
    """Write down whom a note names, of those who may see it; the writer needs no word of it."""
    named = named_in(note.text)
    if not named:
        return []
    seers = {agent.pk for agent in agents_who_see(inbox)}
    chosen = {agent.pk: agent for one in named for agent in _who_see(one, seers)}
    chosen.pop(note.agent_id, None)
    told = set(Mention.objects.filter(note=note).values_list("agent", flat=True))
    agents = [agent for pk, agent in chosen.items() if pk not in told]
    if not agents:
        return []
    Mention.objects.bulk_create([Mention(agent=one, note=note, at=note.at) for one in agents])
    follow_by_itself(note.conversation_id, agents, Following.Because.MENTIONED)
    names = ", ".join(one.name for one in named)
    fact = Mentioned(note=note.pk, names=names, agents=[agent.pk for agent in agents])
    about: list[Record | str] = [note, f"conversation:{note.conversation_id}", *agents]
    record(fact, about=about, by=note.agent, at=note.at)
    return agents


def who_can_be_mentioned(inbox: Inbox, asked: str, *, by: Agent) -> Sequence[Choice]:
    """Whom the note field offers: those who may see it, whose name goes on like this."""
    seers = agents_who_see(inbox)
    numbers, words = {agent.pk for agent in seers}, asked.casefold().strip()
    choices = [Choice(name=one.name, also=one.email) for one in seers if one.pk != by.pk]
    for team in teams_with_agents():
        if _who_see(team, numbers):
            choices.append(Choice(name=team.name, also=_("team")))
    fitting = [one for one in choices if _fits(one.name.casefold(), words)]
    return sorted(fitting, key=lambda one: not one.name.casefold().startswith(words))[:8]


def _fits(name: str, words: str) -> bool:
    return any(f" {name}".find(f"{before}{words}") >= 0 for before in (" ", "-")) or not words
