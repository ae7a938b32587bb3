"""What of a conversation is passed on: shown before it leaves, and without what opens anything."""

from collections.abc import Sequence

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from makegood.conversations.models import Conversation, Message
from makegood.kit.rx import rx

MOST = 200
LONGEST = 100_000
_ADDRESS = rx(r"(?i)<?[\w.%+-]{0,64}\b[rm]\.[a-z2-7]{26}@[\w.-]{1,255}>?")
_LINK = rx(r"(?i)https?://[^\s<>\"')]{1,300}/c/[a-z2-7]{26}[^\s<>\"')]*")


def quote_message(message: Message) -> str:
    """One message as it is passed on."""
    return _cut(_quoted(message))


def quote_conversation(conversation: Conversation) -> str:
    """Everything that was said with the customer, in its order. Notes are nobody else's."""
    said: Sequence[Message] = list(conversation.messages.order_by("-pk")[:MOST])
    return _cut("\n\n".join(_quoted(message) for message in reversed(said)))


def without_keys(text: str) -> str:
    """Our reply addresses, Message-IDs and private links would let others into the conversation."""
    text = _LINK.sub(_("(a private link)"), text)
    return str(_ADDRESS.sub(_("(an address of ours)"), text))


def _quoted(message: Message) -> str:
    at = formats.date_format(timezone.localtime(message.at), "j F Y, H:i")
    head = _("%(who)s wrote on %(at)s:") % {"who": message.author_name, "at": at}
    lines = without_keys(message.text).replace("\r\n", "\n").strip("\n").split("\n")
    return "\n".join([head, *(f"> {line}".rstrip() for line in lines)])


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[:LONGEST].rpartition("\n")[0]
