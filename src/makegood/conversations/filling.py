"""What a shop's own fields say of a conversation."""

from collections.abc import Mapping

from django.db import transaction

from makegood.conversations.models import Conversation
from makegood.fields.actions import fill_fields
from makegood.team.models import Agent


@transaction.atomic
def fill_conversation_fields(
    conversation: Conversation, typed: Mapping[str, str], *, by: Agent
) -> int:
    """Let fields of a conversation say what was typed, by their words; how many changed."""
    conversation = Conversation.objects.select_for_update().get(pk=conversation.pk)
    return fill_fields(conversation, typed, role=by.role, by=by)
