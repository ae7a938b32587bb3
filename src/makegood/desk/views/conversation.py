import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from makegood.acts.vocabulary import acts_for_many
from makegood.chat.reading import read_theirs
from makegood.conversations.actions import mark_seen, mark_unread
from makegood.conversations.addressing import way_of
from makegood.conversations.drafting import MAX_BYTES
from makegood.conversations.hints import hints_of
from makegood.conversations.models import Conversation
from makegood.conversations.queries import (
    conversation_for,
    drafts_of,
)
from makegood.conversations.replying import new_client_key
from makegood.conversations.signing import signature_of
from makegood.desk.asking import agent_of, led, numbers_in, wants_part
from makegood.desk.boxes import box
from makegood.desk.breaking import broken_among
from makegood.desk.chatting import chatting_in
from makegood.desk.composing import tongue_of
from makegood.desk.disputing import disputed_here
from makegood.desk.forms import MarksForm
from makegood.desk.given import given_in
from makegood.desk.persons import pane_of
from makegood.desk.showing import SHOWN, first_name, view_asked
from makegood.desk.story import Story, story_of
from makegood.desk.waiting import sending_of, waiting_of
from makegood.disputes.queries import is_disputed
from makegood.kit.errors import Refused
from makegood.kit.jinja import page
from makegood.ledger.reading import newest_position
from makegood.linking.queries import is_linked, linked_here
from makegood.notices.actions import read_notices_of
from makegood.notices.queries import marks_of
from makegood.promises.queries import has_promises
from makegood.promises.shown import shown_in
from makegood.redaction.queries import may_redact
from makegood.sending.queries import has_waiting
from makegood.team.models import Agent

STATES = {"resolved": "kept", "spam": "broken"}
BELL = json.dumps({"news": {"target": "#notice-count"}})


@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """A conversation, told from its newest message backwards."""
    agent = agent_of(request)
    last_event = newest_position()
    conversation = conversation_for(agent, pk)
    if conversation.pk != pk:
        return redirect("desk:conversation", conversation.pk)
    context = head_of(conversation, agent) | writing_of(conversation, agent)
    context |= {"hints": hints_of(conversation, agent)} | waiting_of(conversation, agent)
    context |= {"story": story_of(conversation), "last_event": last_event}
    context |= {"redacts": may_redact(agent)}
    context |= {"views": list(SHOWN.values()), "view": view_asked(request, agent)}
    context |= {"counts": {}, "list": None, "offered": acts_for_many()} | box(None)
    template = "desk/_opened.html" if wants_part(request, "opened") else "desk/inbox.html"
    return page(request, template, context)


def head_of(conversation: Conversation, agent: Agent) -> dict[str, Any]:
    besides = {"is_linked": is_linked(), "has_waiting": has_waiting(agent)}
    besides["is_promised"], besides["is_disputed"] = has_promises(), is_disputed()
    marks = marks_of(conversation, agent, **besides)
    vars(conversation).update(marks.has)  # what is not there is not asked for
    linked = linked_here(conversation, agent)
    now = timezone.now()
    promised = shown_in(conversation, now)
    standing = [one for one in promised if not one.is_settled]
    return {
        "conversation": conversation,
        "tags": marks.tags,
        "follows": marks.is_followed,
        "chatting": chatting_in(conversation),
        "promises_here": [one for one in standing if not one.promise.is_personal],
        "given": given_in(conversation, agent, standing),
        "disputed": disputed_here(conversation, agent, now),
        "broken_here": broken_among(promised, agent, now),
        "linked": [(one, STATES.get(one.status, "")) for one in linked],
    }


def writing_of(conversation: Conversation, agent: Agent) -> dict[str, Any]:
    """What the composer shows: to whom, what was typed before, and what stands in the way."""
    way = recipient_of(conversation)
    sender = way["sender"]
    return (
        way
        | {
            "writing": "reply",
            "first_name": first_name(conversation.customer.name),
            "signature": signature_of(agent, sender) if sender and not sender.limits.live else "",
            "drafts": drafts_of(conversation, agent),
            "most_bytes": MAX_BYTES,
            "preview": None,
            "client_key": new_client_key(),
            "unseen": (),
            "trouble": "",
            "stopped": None,
            "is_part": False,
        }
        | sending_of(conversation, agent)
    )


def recipient_of(conversation: Conversation) -> dict[str, Any]:
    """By what and to whom an answer goes, as the composer says it."""
    try:
        way, hindrance = way_of(conversation), ""
        sender, to = way.inbox, way.to
    except Refused as refused:
        sender, to, hindrance = None, None, str(refused)
    return {
        "conversation": conversation,
        "sender": sender,
        "to": to,
        "hindrance": hindrance,
        "is_live": sender is not None and sender.limits.live,
        "tongue": tongue_of(conversation),
    }


def _another_way(conversation: Conversation, story: Story) -> dict[str, Any]:
    """The way an answer goes now, where people said something since: they may have changed theirs.

    Who is somebody else does not take the writer's place unseen: sending says so instead.
    """
    is_said = any(part.message for part in story.parts)
    way = recipient_of(conversation) if is_said else {"to": None}
    is_theirs = way["to"] is not None and way["to"].customer_id == conversation.customer_id
    return way if is_theirs else {"to": None}


@require_safe
def news(request: HttpRequest, pk: int) -> HttpResponse:
    """What was said and done since the page was made, to put at its end."""
    agent = agent_of(request)
    conversation = conversation_for(agent, pk)
    story = story_of(conversation, since=MarksForm(request.GET).marks())
    if conversation.pk != pk or story.moved_by - {agent.ref} or story.is_cut:
        # The words of two conversations lie between each other, or what was removed stands there
        # still: nothing can be put at the end. Whoever moved them is led on by what they did.
        return led(request, conversation, is_step=conversation.pk != pk)
    context = head_of(conversation, agent) | waiting_of(conversation, agent)
    context |= {"story": story, "hints": hints_of(conversation, agent)}
    context |= {"redacts": may_redact(agent)} | _another_way(conversation, story)
    return page(request, "desk/_news.html", context)


@require_safe
def earlier(request: HttpRequest, pk: int, before: int) -> HttpResponse:
    """The part of the story before what the page tells."""
    agent = agent_of(request)
    conversation = conversation_for(agent, pk)
    context = head_of(conversation, agent) | {"story": story_of(conversation, before=before)}
    context |= {"redacts": may_redact(agent)}
    if wants_part(request, "earlier"):
        return page(request, "desk/_earlier.html", context)
    return page(request, "desk/earlier.html", context)


@require_safe
def visitor(request: HttpRequest, pk: int) -> HttpResponse:
    """Whether whoever chats is here now: that passes without an event, so the page asks."""
    conversation = conversation_for(agent_of(request), pk)
    context = {"conversation": conversation, "chatting": chatting_in(conversation)}
    return page(request, "desk/visitor.html", context)


@require_safe
def customer(request: HttpRequest, pk: int) -> HttpResponse:
    """Who this is, in ten seconds: a pane of its own, so that it never holds up the words."""
    return show_customer(request, conversation_for(agent_of(request), pk))


def show_customer(request: HttpRequest, conversation: Conversation) -> HttpResponse:
    agent = agent_of(request)
    context = pane_of(conversation, agent)
    is_pane = wants_part(request, "customer-pane")
    return page(request, "desk/_customer.html" if is_pane else "desk/customer.html", context)


@require_POST
def seen(request: HttpRequest, pk: int) -> HttpResponse:
    """The agent has this on the page, so it is read."""
    agent = agent_of(request)
    conversation = conversation_for(agent, pk)
    mark_seen(conversation, conversation.last_message, by=agent)
    if upto := max(numbers_in(request.POST.getlist("in_view")), default=0):
        read_theirs(conversation, upto, by=agent)
    response = HttpResponse(status=204)
    if read_notices_of(conversation, by=agent):
        response.headers["HX-Trigger"] = BELL  # the feed of a page so young may not hear yet
    return response


@require_POST
def unread(request: HttpRequest, pk: int) -> HttpResponse:
    """The newest words of the customer count as unread again: the agent comes back to them."""
    agent = agent_of(request)
    conversation = conversation_for(agent, pk)
    mark_unread(conversation, by=agent)
    return redirect("desk:inbox")
