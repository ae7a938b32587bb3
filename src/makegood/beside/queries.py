from collections.abc import Sequence
from typing import TypeVar

from django.db.models import Prefetch
from django.http import Http404

from makegood.beside.models import SideDraft, SideFile, SideMessage, SideParty, SideThread
from makegood.conversations.models import Attachment, Conversation
from makegood.conversations.queries import conversation_for
from makegood.team.models import Agent

T = TypeVar("T")


def thread_for(agent: Agent, pk: int) -> SideThread:
    """A side thread of a conversation that this agent may see, or 404."""
    rows = SideThread.objects.select_related("conversation__customer", "inbox", "begun_by")
    found = _found(rows.prefetch_related("parties").filter(pk=pk).first())
    conversation_for(agent, found.conversation_id)
    return found


def side_message_for(agent: Agent, pk: int) -> SideMessage:
    found = _found(SideMessage.objects.select_related("thread").filter(pk=pk).first())
    conversation_for(agent, found.thread.conversation_id)
    return found


def side_file_for(agent: Agent, pk: int) -> SideFile:
    """A file of a side thread; a draft's only by its writer."""
    rows = SideFile.objects.select_related("file", "message__thread", "draft")
    found = _found(rows.filter(pk=pk).first())
    if found.draft is not None and found.draft.agent_id != agent.pk:
        raise Http404
    place = found.draft if found.draft is not None else _found(found.message).thread
    conversation_for(agent, place.conversation_id)
    return found


def threads_of(conversation: Conversation) -> Sequence[SideThread]:
    """What was asked of others here; what is news first, what is done last."""
    rows = list(
        conversation.side_threads.prefetch_related("parties").order_by("-last_at", "-pk")[:100]
    )
    return sorted(rows, key=lambda one: (one.news_since is None, one.state == "done"))


def said_in(thread: SideThread) -> Sequence[SideMessage]:
    """Everything that was said in a thread, oldest first."""
    files = Prefetch("files", SideFile.objects.select_related("file").order_by("pk"))
    return list(thread.messages.prefetch_related(files).order_by("pk"))


def side_draft_of(
    conversation: Conversation, thread: SideThread | None, agent: Agent
) -> SideDraft | None:
    """What this agent typed here and did not send yet."""
    files = Prefetch("files", SideFile.objects.select_related("file").order_by("pk"))
    rows = SideDraft.objects.filter(conversation=conversation, thread=thread, agent=agent)
    return rows.prefetch_related(files).first()


def files_to_copy(conversation: Conversation) -> Sequence[Attachment]:
    """The files of a conversation that may go along, newest first."""
    of_messages = Attachment.objects.filter(message__conversation=conversation, is_inline=False)
    of_notes = Attachment.objects.filter(note__conversation=conversation)
    rows = (of_messages | of_notes).select_related("file", "message")
    return list(rows.order_by("-pk")[:50])


def pictures_of(message: SideMessage) -> Sequence[SideFile]:
    """The pictures that came with an answer and stand in its page."""
    return list(message.files.select_related("file").exclude(cid=""))


def parties_known_to(agent: Agent) -> Sequence[str]:
    """Whom this agent has written to beside conversations, to be offered again."""
    mine = SideParty.objects.filter(thread__begun_by=agent).exclude(address="")
    return list(dict.fromkeys(mine.order_by("-pk").values_list("address", flat=True)[:200]))[:30]


def _found(thing: T | None) -> T:
    if thing is None:
        raise Http404
    return thing
