"""Agents at the desk, and conversations that wait, as few words as a test needs."""

from datetime import datetime

from makegood.channels.models import Inbox
from makegood.conversations.models import Conversation
from makegood.conversations.replying import Reply, reply_to
from makegood.presence.actions import Spot, beat
from makegood.team.models import Agent, Team
from tests.world import EARLIER, conversation_of, write_form


def at_the_desk(*agents: Agent) -> None:
    """Each has a page of the desk before them."""
    for agent in agents:
        beat("a-page-of-theirs", Spot(), by=agent)


def someone_else(name: str, *teams: Team) -> Agent:
    agent = Agent.objects.create(email=f"{name.lower()}@lantern.example", name=name)
    agent.teams.set(teams)
    return agent


def waiting(
    form: Inbox, number: int = 0, *, subject: str = "", at: datetime = EARLIER
) -> Conversation:
    """Customer so-and-so writes: a conversation that waits and is nobody's."""
    address, subject = f"customer{number}@example.com", subject or f"Matter {number}"
    said = write_form(form, f"It is about {number}.", email=address, subject=subject, at=at)
    return conversation_of(said)


def answered(conversation: Conversation, agent: Agent) -> None:
    conversation.refresh_from_db()
    reply_to(conversation, Reply(text="It is on its way."), by=agent)
