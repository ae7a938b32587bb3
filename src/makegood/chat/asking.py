"""What can be asked of conversations about chats: how those who wrote there found it."""

from collections.abc import Callable
from datetime import datetime

from makegood.chat.models import Rating
from makegood.conversations.knowing import knows_choice
from makegood.conversations.sql import Sql


def _rated(choice: str) -> Callable[[datetime], Sql]:
    select = "SELECT r.conversation_id FROM chat_rating r WHERE r.choice = %s"
    return lambda _now: Sql(select, (choice,))


for _choice in Rating.Choice.values:
    knows_choice("rating", _choice, _rated(_choice))
