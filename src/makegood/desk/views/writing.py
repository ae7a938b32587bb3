"""Answers, notes, and what is typed but not yet said."""

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from makegood.conversations.actions import add_note
from makegood.conversations.drafting import (
    attach_to_draft,
    detach_from_draft,
    said_under,
    save_draft,
    was_said,
)
from makegood.conversations.guarding import Stopped
from makegood.conversations.hints import hints_of
from makegood.conversations.models import Conversation, Draft
from makegood.conversations.overlooking import SomethingNewer
from makegood.conversations.queries import conversation_for, drafts_of
from makegood.conversations.replying import new_client_key
from makegood.desk.asking import agent_of, is_htmx
from makegood.desk.forms import WritingForm
from makegood.desk.promising import words_given
from makegood.desk.sending_forms import SendForm
from makegood.desk.views.conversation import head_of, writing_of
from makegood.desk.waiting import waiting_of
from makegood.kit.errors import Refused
from makegood.kit.jinja import page
from makegood.notices.mentioning import refuse_blind_mentions
from makegood.promises.saying import answer_with_words
from makegood.sending.answering import keep_what_is_typed
from makegood.team.gates import allows
from makegood.team.models import Agent

NEWS = json.dumps({"news": {"target": "#news"}})


@allows("answer")
@require_POST
def reply(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer the customer, unless something newer was said that the writer has not seen."""
    agent = agent_of(request)
    conversation = conversation_for(agent, pk)
    form = SendForm(request.POST)
    if not form.is_valid():
        return said_no(request, conversation, "reply", str(form.errors))
    draft = with_files(request, conversation, "reply", form)
    try:
        words = words_given(form.cleaned_text(), request.POST.getlist("promise"), agent)
        answer_with_words(conversation, form.reply(draft), words, after=form.after(agent), by=agent)
    except Refused as refused:
        again = {"name": "then", "value": form.cleaned_data["then"]}
        return said_no(request, conversation, "reply", str(refused), refused, again)
    return said(request, conversation_for(agent, pk))


@require_POST
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell the other agents. No way leads from here to the customer."""
    agent = agent_of(request)
    conversation = conversation_for(agent, pk)
    form = WritingForm(request.POST)
    if not form.is_valid():
        return said_no(request, conversation, "note", str(form.errors))
    draft = with_files(request, conversation, "note", form)
    files = list(draft.attachments.all()) if draft else []
    key = form.cleaned_data["client_key"]
    try:
        refuse_blind_mentions(conversation, form.cleaned_text())
        add_note(conversation, form.cleaned_text(), attachments=files, client_key=key, by=agent)
    except Refused as refused:
        return said_no(request, conversation, "note", str(refused))
    return said(request, conversation)


def with_files(
    request: HttpRequest, conversation: Conversation, purpose: str, form: WritingForm
) -> Draft | None:
    """The draft whose files go along; files that came with the form itself join them."""
    agent = agent_of(request)
    if request.FILES and not was_said(purpose, form.cleaned_data["client_key"]):
        _attach(request, save_draft(conversation, form.cleaned_text(), purpose=purpose, by=agent))
    return drafts_of(conversation, agent).get(purpose)


def _attach(request: HttpRequest, draft: Draft) -> str:
    """Put the files of a form on a draft; the name of the last picture that stands in the text."""
    picture = ""
    for file in request.FILES.getlist("files"):
        kept = attach_to_draft(
            draft,
            name=file.name or "",
            content_type=file.content_type or "",
            content=file.read(),
            placed="placed" in request.POST,
        )
        picture = kept.cid or picture
    return picture


def said(
    request: HttpRequest, conversation: Conversation, *, trouble: str = "", gone: int = 0
) -> HttpResponse:
    """An empty composer again, and what stands around it; `gone` is a message taken back."""
    if not is_htmx(request):
        return redirect("desk:conversation", conversation.pk)
    agent = agent_of(request)
    context = _composer(conversation, agent, "reply") | head_of(conversation, agent)
    context |= {"hints": hints_of(conversation, agent), "trouble": trouble, "gone": gone}
    context |= waiting_of(conversation, agent)
    response = page(request, "desk/_said.html", context)
    response.headers["HX-Trigger-After-Swap"] = NEWS
    return response


def said_no(
    request: HttpRequest,
    conversation: Conversation,
    kind: str,
    words: str,
    refused: Refused | None = None,
    intent: dict[str, Any] | None = None,
) -> HttpResponse:
    """The words are kept, and what stands in the way is said beside them.

    `intent` is the button that was pressed: whoever goes on anyway presses it once more.
    """
    agent = agent_of(request)
    unseen = refused.unseen if isinstance(refused, SomethingNewer) else ()
    stopped = refused if isinstance(refused, Stopped) else None
    save_draft(conversation, request.POST.get("text", ""), purpose=kind, by=agent)
    context = _composer(conversation, agent, kind) | {"trouble": words, "unseen": unseen}
    context |= {"stopped": stopped, "intent": intent}
    template = "desk/_composer.html" if is_htmx(request) else "desk/writing.html"
    response = page(request, template, context, status=422)
    if unseen:
        response.headers["HX-Trigger-After-Swap"] = NEWS
    return response


def _composer(conversation: Conversation, agent: Agent, kind: str) -> dict[str, Any]:
    return writing_of(conversation, agent) | {"writing": kind, "is_part": True}


@require_POST
def draft(request: HttpRequest, pk: int, purpose: str) -> HttpResponse:
    """Keep what was typed so far; what of it is said already need not be typed any more."""
    agent = agent_of(request)
    form = WritingForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=422)
    conversation = conversation_for(agent, pk)
    text, key = form.cleaned_text(), form.cleaned_data["client_key"]
    keep_what_is_typed(conversation, text, purpose=_purpose(purpose), client_key=key, by=agent)
    said = said_under(purpose, key)
    if said is None:
        return HttpResponse(status=204)
    return JsonResponse({"said": said, "key": new_client_key()})


@require_POST
def files(request: HttpRequest, pk: int, purpose: str) -> HttpResponse:
    """Put files on a draft."""
    agent = agent_of(request)
    conversation = conversation_for(agent, pk)
    text = request.POST.get("text", "")
    kept = save_draft(conversation, text, purpose=_purpose(purpose), by=agent)
    try:
        picture = _attach(request, kept)
    except Refused as refused:
        return _files(request, conversation, purpose, str(refused))
    answer = _files(request, conversation, purpose)
    answer.headers["Picture-Name"] = picture
    return answer


@require_POST
def remove_file(request: HttpRequest, pk: int, purpose: str, file: int) -> HttpResponse:
    """Take a file off a draft again."""
    agent = agent_of(request)
    conversation = conversation_for(agent, pk)
    text = request.POST.get("text", "")
    detach_from_draft(save_draft(conversation, text, purpose=_purpose(purpose), by=agent), file)
    return _files(request, conversation, purpose)


def _files(
    request: HttpRequest, conversation: Conversation, purpose: str, trouble: str = ""
) -> HttpResponse:
    if not is_htmx(request):
        return redirect("desk:conversation", conversation.pk)
    context = {
        "conversation": conversation,
        "purpose": purpose,
        "draft": drafts_of(conversation, agent_of(request)).get(purpose),
        "trouble": trouble,
        "files_trouble": bool(trouble),
    }
    return page(request, "desk/_draft_files.html", context, status=422 if trouble else 200)


def _purpose(word: str) -> str:
    if word not in (Draft.Purpose.REPLY, Draft.Purpose.NOTE):
        raise Http404
    return word
