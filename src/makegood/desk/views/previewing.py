from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from makegood.conversations.drafting import save_draft
from makegood.conversations.models import Draft
from makegood.conversations.queries import conversation_for, drafts_of
from makegood.desk.asking import agent_of, is_htmx
from makegood.desk.composing import preview_of
from makegood.desk.forms import WritingForm
from makegood.kit.jinja import page


@require_POST
def preview(request: HttpRequest, pk: int, purpose: str) -> HttpResponse:
    """What was typed so far, as whoever it is for will read it."""
    if purpose not in (Draft.Purpose.REPLY, Draft.Purpose.NOTE):
        raise Http404  # what was put aside is changed where its yes is asked anew
    agent = agent_of(request)
    conversation = conversation_for(agent, pk)
    form = WritingForm(request.POST)
    text = form.cleaned_text() if form.is_valid() else ""
    if not is_htmx(request):
        save_draft(conversation, text, purpose=purpose, by=agent)
    draft = drafts_of(conversation, agent).get(purpose)
    shown = preview_of(conversation, text, draft, purpose=purpose, by=agent)
    template = "desk/_preview.html" if is_htmx(request) else "desk/previewed.html"
    context = {"conversation": conversation, "purpose": purpose, "preview": shown}
    return page(request, template, context)
