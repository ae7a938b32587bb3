"""What a machine's mail changes: as little as can be, and never less than a person's would."""

from makegood.channels.interface import Automatic, Incoming
from makegood.conversations.likeness import bare_subject
from makegood.conversations.models import Conversation, Message
from makegood.conversations.resolving import Decision

ANSWERS = ("out-of-office", "challenge")


def is_quiet(incoming: Incoming, decision: Decision) -> bool:
    """Whether nobody need look: a machine's answer. Its own news (a form, a notice) is looked at.

    What a robot sends by itself may carry a person's words: a contact form's, for one. So only
    what answers something is quiet, and whatever begins a matter waits for an agent like any mail.
    """
    if incoming.automatic in (Automatic.BOUNCE, Automatic.RECEIPT):
        return True
    if incoming.automatic != Automatic.REPLY:
        return False
    is_news = "by_itself" in incoming.facts and incoming.facts.get("machine") not in ANSWERS
    if decision.conversation is not None or not is_news:
        return True
    subject = " ".join(incoming.subject.lower().split())
    return bool(incoming.references) or bare_subject(subject) != subject


def told_of(incoming: Incoming) -> dict[str, str]:
    """What is kept of a machine's own facts, to be shown beside its words."""
    names = ("machine", "back_on", "away_until", "link", "by_itself")
    return {name: incoming.facts[name][:500] for name in names if incoming.facts.get(name)}


def wants_a_click(message: Message) -> bool:
    """A doubter holds our answer back until somebody follows its link."""
    return bool(message.told.get("machine") == "challenge")


def bring_back(conversation: Conversation, message: Message) -> None:
    """Our answer lies with a doubter: that is our turn again."""
    if conversation.status == Conversation.Status.SPAM:
        return
    if conversation.turn != Conversation.Turn.OURS:
        conversation.turn_since = message.at
    conversation.turn = Conversation.Turn.OURS
    conversation.status = Conversation.Status.OPEN
    conversation.snoozed_until = conversation.resolved_at = None
