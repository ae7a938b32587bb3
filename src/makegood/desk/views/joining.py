"""Whose mail it is, decided by an agent: join, take out, split off, admit, open a forward."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from makegood.conversations.deciding import (
    admit_participant,
    decline_participant,
    keep_matter,
    say_unlike,
    take_back_unlike,
)
from makegood.conversations.forwarding import close_forwarded, open_forwarded
from makegood.conversations.merging import (
    join_conversation,
    join_together,
    part_conversation,
    split_conversation,
)
from makegood.conversations.models import Conversation
from makegood.conversations.queries import (
    conversation_for,
    joined_conversation_for,
    message_for,
)
from makegood.desk.asking import agent_of, is_htmx, led, numbers_in, wants_part
from makegood.desk.candidates import MOST_PICKED, candidates_for
from makegood.desk.forms import JoinForm, SplitForm
from makegood.desk.rows import CHANNELS
from makegood.desk.views.acts import asked, done
from makegood.desk.views.conversation import show_customer
from makegood.kit.errors import Refused
from makegood.kit.jinja import page
from makegood.linking.actions import link_conversations
from makegood.team.gates import allows


@allows("act")
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, pk: int) -> HttpResponse:
    """Make this and others one conversation, or link it with them: likely ones, or any found."""
    agent = agent_of(request)
    conversation = conversation_for(agent, pk)
    if request.method == "POST" and "into" not in request.POST:
        return _together(request, conversation)
    form = JoinForm(request.POST or None)
    if not form.is_valid():
        found = candidates_for(conversation, agent, request.GET)
        context = {"form": form, "found": found, "conversation": conversation}
        if wants_part(request, "join-found"):
            return page(request, "desk/_join_found.html", context | {"channels": CHANNELS})
        return asked(request, conversation, "join", context | {"channels": CHANNELS})
    into = conversation_for(agent, form.cleaned_data["into"])
    return led(request, join_conversation(conversation, into=into, by=agent))


def _together(request: HttpRequest, conversation: Conversation) -> HttpResponse:
    """What was ticked becomes one with this, or is linked with it."""
    agent = agent_of(request)
    picked = numbers_in(request.POST.getlist("pick"))[:MOST_PICKED]
    others = [conversation_for(agent, number) for number in picked]
    if not others:
        raise Refused(_("Nothing is chosen: choose at least one conversation."))
    if request.POST.get("do") == "link":
        for other in others:
            link_conversations(conversation, other, by=agent)
        return done(request, conversation)
    return led(request, join_together([conversation, *others], by=agent))


@allows("act")
@require_POST
def parting(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a joined conversation out again, and go there."""
    agent = agent_of(request)
    parted = part_conversation(joined_conversation_for(agent, pk), by=agent)
    return led(request, parted)


@allows("act")
@require_POST
def likeness(request: HttpRequest, pk: int) -> HttpResponse:
    """Not the same; or perhaps after all."""
    agent = agent_of(request)
    conversation = conversation_for(agent, pk)
    if request.POST.get("is") == "perhaps":
        take_back_unlike(conversation, by=agent)
        return (
            show_customer(request, conversation) if is_htmx(request) else led(request, conversation)
        )
    say_unlike(conversation, by=agent)
    return done(request, conversation)


@allows("act")
@require_http_methods(["GET", "POST"])
def splitting(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a message, and what follows it, a conversation of its own, and go there."""
    agent = agent_of(request)
    message = message_for(agent, pk)
    form = SplitForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        context = {"form": form, "message": message}
        return asked(request, message.conversation, "split", context)
    said = form.cleaned_data
    split = split_conversation(
        message, subject=said["subject"], only_this=said["only_this"], by=agent
    )
    return led(request, split)


@allows("act")
@require_POST
def belonging(request: HttpRequest, pk: int) -> HttpResponse:
    """What looked like a new matter belongs here."""
    agent = agent_of(request)
    message = message_for(agent, pk)
    keep_matter(message, by=agent)
    return done(request, message.conversation)


@allows("act")
@require_POST
def forward(request: HttpRequest, pk: int) -> HttpResponse:
    """Open what was forwarded as its first sender's; or make it the forwarder's again."""
    agent = agent_of(request)
    message = message_for(agent, pk)
    if request.POST.get("as") == "forwarder":
        close_forwarded(message, by=agent)
    else:
        open_forwarded(message, by=agent)
    return led(request, message.conversation)


@allows("act")
@require_POST
def participant(request: HttpRequest, pk: int, handle: int) -> HttpResponse:
    """Let somebody take part who was only copied in; or not."""
    agent = agent_of(request)
    conversation = conversation_for(agent, pk)
    if request.POST.get("is") == "admitted":
        admit_participant(conversation, handle, by=agent)
    else:
        decline_participant(conversation, handle, by=agent)
    return show_customer(request, conversation) if is_htmx(request) else led(request, conversation)
