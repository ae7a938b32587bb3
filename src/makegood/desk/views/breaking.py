"""What comes after a broken promise: an apology as a draft, and why it broke."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from makegood.conversations.drafting import save_draft
from makegood.conversations.hints import hints_of
from makegood.conversations.queries import conversation_for, drafts_of
from makegood.desk.asking import agent_of, wants_part
from makegood.desk.breaking import aftermath_of, apology_asked
from makegood.desk.promise_forms import CauseForm
from makegood.desk.views.conversation import head_of
from makegood.kit.errors import Refused
from makegood.kit.jinja import page
from makegood.promises.causes import say_why
from makegood.promises.queries import promise_for
from makegood.promises.shown import shown
from makegood.team.gates import allows
from makegood.team.models import Agent


@allows("answer")
@require_safe
def next_(request: HttpRequest, pk: int) -> HttpResponse:
    """What can be done: a sheet of a menu, or a page where there is no script."""
    agent, ask = agent_of(request), request.GET.get("ask", "")
    one = shown(promise_for(agent, pk), timezone.now())
    context = {"after": aftermath_of(one, agent, ask), "is_here": request.GET.get("on") == "here"}
    context["back"] = request.headers.get("HX-Current-URL", "")
    is_part = any(wants_part(request, f"{word}-{pk}-sheet") for word in ("next", "when"))
    return page(request, "desk/_next.html" if is_part else "desk/next.html", context)


@allows("answer")
@require_POST
def apology(request: HttpRequest, pk: int) -> HttpResponse:
    """The words at the end of the draft: whoever answers reads them, and sends them or not."""
    agent = agent_of(request)
    promise = promise_for(agent, pk)
    conversation = conversation_for(agent, promise.conversation_id or 0)
    found = aftermath_of(shown(promise, timezone.now()), agent, "when").apologies
    chosen = apology_asked(found, request.POST.get("due", ""))
    if chosen is None:
        raise Refused(_("This was kept meanwhile: there is nothing to apologise for here."))
    draft = drafts_of(conversation, agent).get("reply")
    typed = draft.text.rstrip() if draft else ""
    if chosen.text not in typed:
        save_draft(conversation, f"{typed}\n\n{chosen.text}".strip(), purpose="reply", by=agent)
    return redirect(reverse("desk:conversation", args=[conversation.pk]) + "#reply-text")


@allows("answer")
@require_POST
def cause(request: HttpRequest, pk: int) -> HttpResponse:
    """Why it broke: one of the shop's causes, and words besides."""
    agent = agent_of(request)
    promise = promise_for(agent, pk)
    form = CauseForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Choose why it broke."))
    words = form.cleaned_data["words"]
    say_why(promise, cause=form.cleaned_data["cause"], words=words, by=agent)
    if wants_part(request, "hints") and promise.conversation_id:
        return _asks_here(request, agent, promise.conversation_id)
    messages.success(request, _("Noted why it broke."))
    came = request.POST.get("back", "")
    is_ours = url_has_allowed_host_and_scheme(came, {request.get_host()}, request.is_secure())
    return redirect(came if came and is_ours else reverse("lead:promise", args=[pk]))


def _asks_here(request: HttpRequest, agent: Agent, pk: int) -> HttpResponse:
    """What the conversation asks still: the menu that stood among it goes with the answer."""
    conversation = conversation_for(agent, pk)
    context = head_of(conversation, agent) | {"hints": hints_of(conversation, agent)}
    return page(request, "desk/_hints.html", context)
