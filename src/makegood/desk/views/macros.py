"""Words to start from, and several acts as one: what a conversation's page offers of them."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from makegood.conversations.drafting import save_draft
from makegood.conversations.guarding import Stopped
from makegood.conversations.models import Conversation
from makegood.conversations.overlooking import SomethingNewer
from makegood.conversations.queries import conversation_for, drafts_of
from makegood.conversations.replying import new_client_key
from makegood.desk.asking import agent_of, is_htmx, led, wants_part
from makegood.desk.forms import InsertForm, RunForm
from makegood.kit.errors import Refused
from makegood.kit.jinja import page
from makegood.macros.actions import count_use
from makegood.macros.models import Macro
from makegood.macros.queries import choices_of, macro_for, macros_for, reply_for, written_for
from makegood.macros.running import preview, run_macro
from makegood.team.gates import allows
from makegood.team.models import Agent

MOST_CHOICES = 30


@require_http_methods(["GET", "POST"])
def saved_replies(request: HttpRequest, pk: int) -> HttpResponse:
    """What can be put into the answer (for the composer), and putting it there."""
    agent = agent_of(request)
    conversation = conversation_for(agent, pk)
    form = InsertForm(request.POST)
    if request.method == "GET":
        found = choices_of(agent, conversation, request.GET.get("q", "")[:200])
        return JsonResponse({"choices": [vars(one) for one in found[:MOST_CHOICES]]})
    if not form.is_valid():
        return HttpResponse(status=422)
    if form.cleaned_data["saved_reply"] is None:
        return _choose(request, conversation, agent)
    return _insert(request, conversation, agent, form)


def _choose(request: HttpRequest, conversation: Conversation, agent: Agent) -> HttpResponse:
    """Without script: the words are kept, and a page asks which saved reply goes below them."""
    if "text" in request.POST:
        save_draft(conversation, request.POST["text"], purpose="reply", by=agent)
    context = {"conversation": conversation, "choices": choices_of(agent, conversation)}
    return page(request, "desk/asked.html", context | {"what": "saved_replies"})


def _insert(
    request: HttpRequest, conversation: Conversation, agent: Agent, form: InsertForm
) -> HttpResponse:
    """The words, filled in, for the composer; without script they go into the draft."""
    reply = reply_for(agent, form.cleaned_data["saved_reply"])
    filled = written_for(reply, conversation, agent)
    count_use(reply)
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"text": filled.text, "blanks": list(filled.blanks)})
    draft = drafts_of(conversation, agent).get("reply")
    before = draft.text.rstrip() + "\n\n" if draft and draft.text.strip() else ""
    save_draft(conversation, before + filled.text, purpose="reply", by=agent)
    if filled.blanks:
        blanks = {"names": ", ".join(filled.blanks)}
        messages.warning(request, _("Not filled in: %(names)s") % blanks)
    return redirect("desk:conversation", conversation.pk)


@require_safe
def macros(request: HttpRequest, pk: int) -> HttpResponse:
    """Which macros there are to run."""
    agent = agent_of(request)
    conversation = conversation_for(agent, pk)
    return _sheet(request, conversation, "macros", {"macros": macros_for(agent)})


@allows("act")
@require_http_methods(["GET", "POST"])
def macro(request: HttpRequest, pk: int, macro: int) -> HttpResponse:
    """What a macro will do here; and doing it."""
    agent = agent_of(request)
    conversation = conversation_for(agent, pk)
    found = macro_for(agent, macro)
    form = RunForm(request.POST)
    if request.method == "GET" or not form.is_valid():
        return _preview(request, conversation, found)
    try:
        run_macro(found, conversation, consent=form.consent(), by=agent)
    except Refused as refused:
        return _preview(request, conversation, found, refused=refused)
    if not is_htmx(request):  # otherwise the story says so, where it is looked at
        messages.success(request, _("Done: %(name)s") % {"name": found.name})
    return led(request, conversation)


def _preview(
    request: HttpRequest,
    conversation: Conversation,
    macro: Macro,
    *,
    refused: Refused | None = None,
) -> HttpResponse:
    context = {
        "macro": macro,
        "steps": preview(macro, conversation, by=agent_of(request)),
        "client_key": request.POST.get("client_key") or new_client_key(),
        "trouble": str(refused or ""),
        "stopped": refused if isinstance(refused, Stopped) else None,
        "unseen": refused.unseen if isinstance(refused, SomethingNewer) else (),
    }
    return _sheet(request, conversation, "macro", context)


def _sheet(
    request: HttpRequest, conversation: Conversation, what: str, context: dict[str, Any]
) -> HttpResponse:
    """In the menu of macros, or where there is no script on a page of its own."""
    context |= {"conversation": conversation, "what": what}
    if wants_part(request, "macros-sheet"):
        return page(request, f"desk/_{what}.html", context)
    status = 422 if context.get("trouble") else 200
    return page(request, "desk/asked.html", context, status=status)
