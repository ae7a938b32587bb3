"""What was said with others about a person, for the copy that the person may have."""

from collections.abc import Callable
from typing import Any

from makegood.beside.models import SideFile, SideMessage
from makegood.beside.queries import said_in
from makegood.channels.models import Arrival
from makegood.conversations.models import Conversation

KeepFile = Callable[[SideFile, str], str]
KeepArrival = Callable[[Arrival], str]


def beside_of(
    conversation: Conversation, keep_file: KeepFile, keep_arrival: KeepArrival
) -> list[dict[str, Any]]:
    """The side threads of one conversation."""
    return [
        {
            "subject": thread.subject,
            "with": [party.address for party in thread.parties.order_by("pk")],
            "begun_at": thread.begun_at,
            "state": thread.state,
            "messages": [_said(one, keep_file, keep_arrival) for one in said_in(thread)],
        }
        for thread in conversation.side_threads.order_by("pk")
    ]


def _said(one: SideMessage, keep_file: KeepFile, keep_arrival: KeepArrival) -> dict[str, Any]:
    files = [
        {"name": file.name, "path": keep_file(file, "files-beside")} for file in one.files.all()
    ]
    return {
        "at": one.at,
        "direction": one.direction,
        "by": one.author_name,
        "to": one.to,
        "cc": one.cc,
        "subject": one.subject,
        "text": one.text,
        "quoted": one.quoted,
        "html": one.html,
        "files": files,
        "as_it_came": keep_arrival(one.arrival) if one.arrival else "",
    }
