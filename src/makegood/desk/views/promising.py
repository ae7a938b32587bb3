"""Promises: found while somebody writes, kept, moved, handed on, taken back; and one's own day."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from makegood.channels.queries import agents_who_see
from makegood.conversations.drafting import save_draft
from makegood.conversations.models import Conversation
from makegood.conversations.queries import conversation_for, drafts_of
from makegood.desk.asking import agent_of, is_htmx
from makegood.desk.forms import WritingForm
from makegood.desk.given import shown
from makegood.desk.promise_forms import HandForm, MoveForm, ReasonForm
from makegood.desk.promising import offers_in, quick_times
from makegood.desk.views.acts import done
from makegood.kit.errors import Refused
from makegood.kit.jinja import page
from makegood.promises.actions import hand_promise, keep_promise, move_promise, withdraw_promise
from makegood.promises.models import Promise
from makegood.promises.queries import promise_for, promises_on_the_day_of
from makegood.promises.sentences import here_of
from makegood.team.gates import allows

MOST_SHOWN = 200


@allows("answer")
@require_POST
def found(request: HttpRequest, pk: int) -> HttpResponse:
    """The promises in what is typed so far: offered, and nothing is written."""
    agent = agent_of(request)
    conversation = conversation_for(agent, pk)
    form = WritingForm(request.POST)
    text = form.cleaned_text() if form.is_valid() else ""
    kept = request.POST.getlist("promise") + request.POST.getlist("promise_kept")
    here = here_of(conversation, agent, timezone.now())
    refused = request.POST.getlist("promise_not")[:50]
    context = {"offers": offers_in(text, here, kept=kept, refused=refused), "refused": refused}
    return page(request, "desk/_promised.html", context)


@allows("answer")
@require_safe
def times(request: HttpRequest, pk: int) -> HttpResponse:
    """Times within opening hours by which to write again, and the sentence that says so."""
    agent = agent_of(request)
    conversation = conversation_for(agent, pk)
    here = here_of(conversation, agent, timezone.now())
    context = {"conversation": conversation, "times": quick_times(conversation, here)}
    template = "desk/_promise_times.html" if is_htmx(request) else "desk/promise_times.html"
    return page(request, template, context)


@allows("answer")
@require_POST
def sentence(request: HttpRequest, pk: int) -> HttpResponse:
    """Without script: the sentence at the end of the draft, to be sent from there."""
    agent = agent_of(request)
    conversation = conversation_for(agent, pk)
    draft = drafts_of(conversation, agent).get("reply")
    said = request.POST.get("words", "")[:300]
    typed = draft.text.rstrip() if draft else ""
    save_draft(conversation, f"{typed}\n\n{said}".strip(), purpose="reply", by=agent)
    return redirect("desk:conversation", pk)


@allows("answer")
@require_POST
def keeping(request: HttpRequest, pk: int) -> HttpResponse:
    """It was done."""
    agent = agent_of(request)
    promise = promise_for(agent, pk)
    keep_promise(promise, by=agent)
    return _shown(request, promise)


@allows("answer")
@require_POST
def withdrawal(request: HttpRequest, pk: int) -> HttpResponse:
    """It is taken back, with a reason."""
    agent = agent_of(request)
    promise = promise_for(agent, pk)
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    withdraw_promise(promise, reason=reason, by=agent)
    return _shown(request, promise)


@allows("answer")
@require_POST
def moving(request: HttpRequest, pk: int) -> HttpResponse:
    """Another time, with a reason."""
    agent = agent_of(request)
    promise = promise_for(agent, pk)
    form = MoveForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Say by when, and why it moves."))
    due: datetime = form.cleaned_data["due_at"]
    move_promise(promise, due_at=due, reason=form.cleaned_data["reason"], by=agent)
    return _shown(request, promise)


@allows("answer")
@require_POST
def handing(request: HttpRequest, pk: int) -> HttpResponse:
    """On somebody else's day."""
    agent = agent_of(request)
    promise = promise_for(agent, pk)
    form = HandForm(request.POST, agents=agents_who_see(_conversation_of(promise).inbox))
    if not form.is_valid():
        raise Refused(_("Say whose it is from now on."))
    hand_promise(promise, owner=form.owner_of(), by=agent)
    return _shown(request, promise)


def _conversation_of(promise: Promise) -> Conversation:
    """What is promised of an order alone is handed on in the list of promises."""
    if promise.conversation is None:
        raise Http404
    return promise.conversation


def _shown(request: HttpRequest, promise: Promise) -> HttpResponse:
    """The head of the conversation as it stands now, or the page where it was asked."""
    if is_htmx(request) and request.headers.get("HX-Target") == "head":
        numbered = _conversation_of(promise).pk
        response = done(request, conversation_for(agent_of(request), numbered))
        response.headers["HX-Trigger"] = "menu-done"  # else it would hold its own news off
        return response
    messages.success(request, _("Done."))
    if request.POST.get("from") == "day":
        return redirect("desk:day")
    return redirect("desk:conversation", _conversation_of(promise).pk)


@require_safe
def day(request: HttpRequest) -> HttpResponse:
    """What rides on this agent: their own words, and what is owed in their conversations."""
    agent = agent_of(request)
    rows = promises_on_the_day_of(agent).select_related("conversation__customer")[:MOST_SHOWN]
    given = [shown(one, agent) for one in rows]
    today = timezone.localdate()
    parts: dict[str, list[Any]] = {"late": [], "today": [], "later": []}
    for one in given:
        is_today = timezone.localtime(one.promise.due_at).date() == today
        parts["late" if one.tone == "broken" else "today" if is_today else "later"].append(one)
    return page(request, "desk/day.html", {"parts": parts, "count": len(given)})
