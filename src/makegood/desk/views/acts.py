"""What can be done with a whole conversation: assign, tag, settle, let rest."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from makegood.acts.act import Run
from makegood.acts.rests import rest_times
from makegood.acts.vocabulary import act_named
from makegood.channels.actions import retry_delivery
from makegood.channels.queries import agents_who_see, delivery_about
from makegood.conversations.actions import (
    assign_conversation,
    reopen_conversation,
    resolve_conversation,
    tag_conversation,
)
from makegood.conversations.hints import hints_of
from makegood.conversations.models import Conversation
from makegood.conversations.overlooking import SomethingNewer
from makegood.conversations.queries import (
    conversation_for,
    handle_for,
    message_for,
    tag_names,
)
from makegood.customers.delivering import trust_handle_again
from makegood.desk.asking import agent_of, is_htmx, wants_part
from makegood.desk.forms import AssignForm, SnoozeForm, TagsForm
from makegood.desk.views.conversation import head_of
from makegood.kit.errors import Refused
from makegood.kit.jinja import page
from makegood.presence.queries import states_of
from makegood.team.gates import allows
from makegood.team.models import Agent, Team
from makegood.team.queries import teams

NEWS = json.dumps({"news": {"target": "#news"}})


@allows("act")
@require_http_methods(["GET", "POST"])
def assignment(request: HttpRequest, pk: int) -> HttpResponse:
    """Whose turn it is: an agent's, a team's, or everybody's."""
    agent = agent_of(request)
    conversation = conversation_for(agent, pk)
    seers = agents_who_see(conversation.inbox)
    form = AssignForm(request.POST or None, agents=list(seers), teams=list(teams()))
    if not form.is_valid():
        known = {"form": form, "me": agent, "states": states_of(seers)}
        return asked(request, conversation, "assignment", known)
    to = form.cleaned_data["to"]
    _assign(conversation, to, agent)
    return done(request, conversation)


def _assign(conversation: Conversation, to: Agent | Team | None, by: Agent) -> None:
    """An agent within the team that has it, or a team whose agents see who takes it."""
    if isinstance(to, Team):
        assign_conversation(conversation, agent=None, team=to, by=by)
    elif to is None:
        assign_conversation(conversation, agent=None, team=None, by=by)
    else:
        assign_conversation(conversation, agent=to, team=conversation.team, by=by)


@allows("act")
@require_http_methods(["GET", "POST"])
def tags(request: HttpRequest, pk: int) -> HttpResponse:
    """The words on a conversation."""
    agent = agent_of(request)
    conversation = conversation_for(agent, pk)
    form = TagsForm(request.POST or None)
    if not form.is_valid():
        known = head_of(conversation, agent) | {"known": tag_names(), "form": form}
        return asked(request, conversation, "tags", known)
    tag_conversation(conversation, form.names(), by=agent)
    return done(request, conversation)


@allows("act")
@require_http_methods(["GET", "POST"])
def rest(request: HttpRequest, pk: int) -> HttpResponse:
    """Put it aside until a time."""
    agent = agent_of(request)
    conversation = conversation_for(agent, pk)
    form = SnoozeForm(request.POST or None)
    if not form.is_valid():
        return _ask_until_when(request, conversation, form)
    try:
        act_named("snooze").do(form.kept, Run(conversation=conversation, by=agent))
    except Refused as refused:
        form.add_error(None, str(refused))
        return _ask_until_when(request, conversation, form)
    return done(request, conversation)


def _ask_until_when(
    request: HttpRequest, conversation: Conversation, form: SnoozeForm
) -> HttpResponse:
    agent = agent_of(request)
    times = rest_times(timezone.now(), agent, conversation)
    return asked(request, conversation, "rest", {"times": times, "form": form, "me": agent})


@allows("act")
@require_POST
def resolution(request: HttpRequest, pk: int) -> HttpResponse:
    agent = agent_of(request)
    conversation = conversation_for(agent, pk)
    try:
        resolve_conversation(conversation, seen=seen_on(request), by=agent)
    except SomethingNewer as newer:
        return overlooked(request, conversation, newer)
    return done(request, conversation)


@allows("act")
@require_POST
def undo_resolution(request: HttpRequest, pk: int) -> HttpResponse:
    agent = agent_of(request)
    conversation = conversation_for(agent, pk)
    reopen_conversation(conversation, by=agent)
    return done(request, conversation)


@allows("answer")
@require_POST
def redelivery(request: HttpRequest, pk: int) -> HttpResponse:
    """Send once more what did not arrive, under the same name."""
    agent = agent_of(request)
    message = message_for(agent, pk)
    delivery = delivery_about(message.ref)
    if delivery is not None:
        retry_delivery(delivery, by=agent)
    return done(request, message.conversation)


@allows("act")
@require_POST
def handle(request: HttpRequest, pk: int, handle: int) -> HttpResponse:
    """An address that refused mail works again, somebody says."""
    agent = agent_of(request)
    trust_handle_again(handle_for(agent, pk, handle), by=agent)
    return redirect("desk:customer" if is_htmx(request) else "desk:conversation", pk)


def seen_on(request: HttpRequest) -> int:
    """The newest message of the page; a page that does not say what it showed showed nothing."""
    said = request.POST.get("seen", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 18 else 0


def overlooked(
    request: HttpRequest, conversation: Conversation, newer: SomethingNewer
) -> HttpResponse:
    """The words first, then one key to settle it anyway."""
    known = {"overlooked": newer.unseen, "trouble": str(newer)}
    if is_htmx(request):
        return done(request, conversation, known)
    return asked(request, conversation, "overlooked", known)


def asked(
    request: HttpRequest, conversation: Conversation, what: str, context: dict[str, Any]
) -> HttpResponse:
    """The question: in its menu, or where there is no script on a page of its own."""
    context |= {"conversation": conversation, "what": what}
    status = 422 if request.method == "POST" else 200
    if is_htmx(request) and wants_part(request, f"{what}-sheet"):
        return page(request, f"desk/_{what}.html", context, status=status)
    return page(request, "desk/asked.html", context, status=status)


def done(
    request: HttpRequest, conversation: Conversation, besides: dict[str, Any] | None = None
) -> HttpResponse:
    if not is_htmx(request):
        return redirect("desk:conversation", conversation.pk)
    fresh = conversation_for(agent_of(request), conversation.pk)
    agent = agent_of(request)
    context = head_of(fresh, agent) | {"hints": hints_of(fresh, agent), "is_act": True}
    context |= besides or {}
    response = page(request, "desk/_head.html", context)
    # A question's form stands in its menu, and is asked again there; what is done shows above.
    # Not for others: news may have replaced the head meanwhile, and the sender with it.
    if request.headers.get("HX-Target") != "head":
        response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "#head", "outerHTML"
    response.headers["HX-Trigger-After-Swap"] = NEWS
    return response
