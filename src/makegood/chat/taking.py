"""Who answers a chat: taken by hand, handed on with a word, or answered together."""

from django.db import transaction
from django.utils.translation import gettext as _

from makegood.conversations.actions import add_note, assign_conversation
from makegood.conversations.models import Conversation
from makegood.conversations.standing import lock_standing
from makegood.kit.errors import Refused
from makegood.notices.mentioning import refuse_blind_mentions
from makegood.team.models import Agent, Team


@transaction.atomic
def take_chat(conversation: Conversation, *, by: Agent) -> Conversation:
    """Take a chat that is nobody's. Two who take it at once never both get it."""
    conversation = lock_standing(conversation.pk, "inbox", "team", "assignee")
    has = conversation.assignee
    if has is not None and has != by:
        raise Refused(_("%(name)s was quicker and has this chat.") % {"name": has.name})
    if conversation.status != Conversation.Status.OPEN:
        raise Refused(_("This chat is not open any more."))
    assign_conversation(conversation, agent=by, team=conversation.team, by=by)
    return conversation


@transaction.atomic
def hand_over_chat(conversation: Conversation, *, to: Agent | Team, words: str, by: Agent) -> None:
    """Give a chat to a colleague, or to a team whose agents see who takes it, with a word."""
    conversation = lock_standing(conversation.pk, "inbox", "team")
    if words.strip():
        add_note(conversation, words, by=by)
    agent, team = (None, to) if isinstance(to, Team) else (to, conversation.team)
    assign_conversation(conversation, agent=agent, team=team, by=by)


@transaction.atomic
def invite_to_chat(conversation: Conversation, *, whom: Agent, words: str, by: Agent) -> None:
    """Ask a colleague in; it stays whose it is, and they hear what is said from now on."""
    text = f"@{whom.name} {words}".strip()
    refuse_blind_mentions(conversation, text)
    add_note(conversation, text, by=by)
