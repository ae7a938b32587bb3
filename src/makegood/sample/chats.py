"""Who chats with the sample shop: one waits, one is answered already, one is settled."""

from django.db import transaction

from makegood.channels.models import Inbox
from makegood.chat.actions import Said, admit, say
from makegood.chat.models import Visitor
from makegood.chat.reading import Seen, see
from makegood.conversations.actions import assign_conversation, resolve_conversation
from makegood.conversations.models import Conversation
from makegood.conversations.replying import Reply, reply_to
from makegood.ledger.actors import System
from makegood.sample.shop import Shop
from makegood.team.models import Agent

HOUSE = System("sample")
SECRET_LENGTH = 43
LAMP = "https://lantern.example/lamps/brass-reading-lamp"


@transaction.atomic
def begin_some_chats(shop: Shop) -> None:
    """A few people of the sample shop chat; its owner has answered two of them."""
    chat, agent = shop.chat, shop.owner
    if chat is None:
        return
    _talk(chat, "Mia Sol", "Bis wann kommt die Leselampe, wenn ich heute bestelle?", "de")
    ines = _talk(chat, "Ines Roy", "Does the brass lamp come with a bulb?", "en")
    _answer(ines, agent, "It does: a warm one of 4 W, and a spare lies in the box.")
    _talk(chat, "Ines Roy", "Lovely. And is the shade linen?", "en", turn=2)
    omar = _talk(chat, "Omar Haddad", "My code LAMP10 does not work.", "en")
    _answer(omar, agent, "It was over since midnight; I made it work again until tomorrow.")
    resolve_conversation(omar, by=agent)


def _talk(chat: Inbox, name: str, text: str, language: str, turn: int = 1) -> Conversation:
    visitor = admit(chat, name.replace(" ", "-").ljust(SECRET_LENGTH, "-"), language=language)
    key = f"sample-{name.replace(' ', '-')}-{turn}"
    message = say(visitor, Said(client_id=key, text=text, name=name))
    _look_around(visitor)
    return Conversation.objects.get(pk=message.conversation_id)


def _look_around(visitor: Visitor) -> None:
    """What their page tells of them."""
    cart = {"Brass reading lamp": "1 × €84", "Linen shade": "1 × €29"}
    see(visitor, Seen(page_url=LAMP, page_title="Brass reading lamp", cart=cart))


def _answer(conversation: Conversation, agent: Agent, words: str) -> None:
    assign_conversation(conversation, agent=agent, team=conversation.team, by=HOUSE)
    reply_to(conversation, Reply(text=words, seen=conversation.last_message), by=agent)
