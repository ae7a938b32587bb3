"""How answers leave: put off, shared, approved, sent back, taken back."""

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from makegood.conversations.guarding import Stopped
from makegood.conversations.overlooking import SomethingNewer
from makegood.conversations.queries import conversation_for
from makegood.desk.asking import agent_of, is_htmx, numbers_in
from makegood.desk.promising import words_given
from makegood.desk.sending_forms import EditForm, HabitForm, PutForm, YesForm
from makegood.desk.showing import SHOWN
from makegood.desk.views.writing import said, said_no, with_files
from makegood.desk.waiting import shown, waiting_of
from makegood.kit.errors import Refused
from makegood.kit.jinja import page
from makegood.kit.text import one_line
from makegood.promises.saying import prepare_with_words
from makegood.sending.answering import keep_what_is_typed
from makegood.sending.approving import approve_answer, return_answer, send_prepared
from makegood.sending.models import Prepared
from makegood.sending.preparing import (
    FileChanges,
    Overtaken,
    change_time,
    edit_prepared,
    take_up_writing,
    withdraw_prepared,
)
from makegood.sending.queries import (
    answers_to_approve,
    my_answers,
    prepared_for,
    shared_drafts,
)
from makegood.sending.rules import set_habit
from makegood.sending.stopping import note_told
from makegood.sending.undoing import take_back
from makegood.team.gates import allows

NEWS = json.dumps({"news": {"target": "#news"}})
State = Prepared.State


@allows("answer")
@require_POST
def prepare(request: HttpRequest, pk: int) -> HttpResponse:
    """Put an answer aside: for a time, for the team, or for a lead's yes."""
    agent = agent_of(request)
    conversation = conversation_for(agent, pk)
    form = PutForm(request.POST)
    if not form.is_valid():
        return said_no(request, conversation, "reply", _first(form))
    draft = with_files(request, conversation, "reply", form)
    try:
        words = words_given(form.cleaned_text(), request.POST.getlist("promise"), agent)
        prepare_with_words(conversation, form.reply(draft), form.wish(agent), words, by=agent)
    except Refused as refused:
        again = {"name": "put", "value": form.again(), "is_put": True}
        return said_no(request, conversation, "reply", str(refused), refused, again)
    return said(request, conversation_for(agent, pk))


def _first(form: Any) -> str:
    return next((str(each[0]) for each in form.errors.values()), "")


@allows("answer")
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an answer back that has not left: its words are typed again."""
    agent = agent_of(request)
    conversation = conversation_for(agent, pk)
    _keep_typed(request, conversation.pk)
    number = request.POST.get("message", "")
    number = number if number.isdecimal() and len(number) < 18 else "0"
    try:
        take_back(conversation, int(number), by=agent)
    except Refused as refused:
        if not is_htmx(request):
            messages.warning(request, str(refused))
            return redirect("desk:conversation", pk)
        return said(request, conversation, trouble=str(refused))
    return said(request, conversation_for(agent, pk), gone=int(number))


@allows("answer")
@require_http_methods(["GET", "POST"])
def prepared(request: HttpRequest, pk: int) -> HttpResponse:
    """The words of a waiting answer; and changing them, over those that were read."""
    agent = agent_of(request)
    found = prepared_for(agent, pk)
    form = EditForm(request.POST)
    if request.method == "GET":
        return _edited(request, found)
    if not form.is_valid():
        wrong = Refused(_first(form))
        return _edited(request, found, wrong, mine=request.POST.get("text", ""))
    try:
        _edit(found, form, request)
    except Overtaken as overtaken:
        return _edited(request, prepared_for(agent, pk), overtaken, mine=form.cleaned_data["text"])
    except Refused as refused:
        return _edited(request, found, refused, mine=form.cleaned_data["text"])
    return redirect("desk:conversation", found.conversation.pk)


def _edit(found: Prepared, form: EditForm, request: HttpRequest) -> None:
    data, agent = form.cleaned_data, agent_of(request)
    words = {"revision": data["revision"], "accepted": data["accept"].split()}
    new = [(f.name or "", f.content_type or "", f.read()) for f in request.FILES.getlist("files")]
    changed = FileChanges(on=new, off=numbers_in(request.POST.getlist("off")))
    edit_prepared(found, data["text"], changed=changed, by=agent, **words)
    if data["due_at"] and found.due_at:
        change_time(found, data["due_at"], by=agent)


def _edited(
    request: HttpRequest, found: Prepared, refused: Refused | None = None, mine: str = ""
) -> HttpResponse:
    context = {
        "one": shown(found, agent_of(request)),
        "conversation": found.conversation,
        "trouble": str(refused or ""),
        "stopped": refused if isinstance(refused, Stopped) else None,
        "is_overtaken": isinstance(refused, Overtaken),
        "mine": mine,
        "intent": None,
    }
    return page(request, "desk/prepared.html", context, status=422 if refused else 200)


@allows("answer")
@require_POST
def writing(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody has it open and writes: others see that, and for a while write elsewhere."""
    agent = agent_of(request)
    found = prepared_for(agent, pk)
    try:
        take_up_writing(found, by=agent)
    except Refused as refused:
        return page(request, "desk/_writes.html", {"trouble": str(refused)})
    return HttpResponse(status=204)


@allows("answer")
@require_POST
def let_leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a waiting answer now, or say yes to it."""
    agent = agent_of(request)
    found = prepared_for(agent, pk)
    form = YesForm(request.POST)
    act = approve_answer if found.state == State.ASKING else send_prepared
    try:
        act(found, **_agreed(form), by=agent)
    except SomethingNewer as newer:
        return _back(request, found, str(newer))
    except Refused as refused:
        return _back(request, found, _in_words(refused))
    return _back(request, found, stays=True)


def _agreed(form: YesForm) -> dict[str, Any]:
    """What stood on the page; a page that does not say which words it showed showed none."""
    said = form.cleaned_data if form.is_valid() else {}
    return {
        "seen": said.get("seen"),
        "revision": said.get("revision") or 0,
        "accepted": str(said.get("accept", "")).split(),
    }


def _in_words(refused: Refused) -> str:
    if not isinstance(refused, Stopped):
        return str(refused)
    return " ".join([str(refused), *(f"{one.reason} {one.excerpt}" for one in refused.findings)])


@allows("answer")
@require_POST
def give_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a waiting answer back; as a lead, send it back with a word; or know that it stopped."""
    agent = agent_of(request)
    found = prepared_for(agent, pk)
    _keep_typed(request, found.conversation.pk)
    try:
        if not found.is_open():
            note_told(found, by=agent)
        elif "note" in request.POST:
            return_answer(found, request.POST["note"], by=agent)
        else:
            withdraw_prepared(found, by=agent)
    except Refused as refused:
        return _back(request, found, str(refused))
    return _back(request, found)


def _keep_typed(request: HttpRequest, pk: int) -> None:
    """What stands in the composer meanwhile: the words that come back stand above it."""
    text, key = request.POST.get("text", ""), one_line(request.POST.get("client_key", ""), 64)
    if text.strip():
        agent = agent_of(request)
        conversation = conversation_for(agent, pk)
        keep_what_is_typed(conversation, text, purpose="reply", client_key=key, by=agent)


def _back(
    request: HttpRequest, found: Prepared, trouble: str = "", *, stays: bool = False
) -> HttpResponse:
    """The conversation again: only what waits there, or without script the page."""
    agent = agent_of(request)
    conversation = conversation_for(agent, found.conversation.pk)
    if not is_htmx(request):
        if trouble:
            messages.warning(request, trouble)
        return redirect("desk:conversation", conversation.pk)
    if not trouble and not stays:
        return said(request, conversation)
    context = {"conversation": conversation, "waiting_trouble": trouble, "is_waiting_again": True}
    response = page(request, "desk/_waiting.html", waiting_of(conversation, agent) | context)
    response.headers["HX-Reswap"] = "none"  # what is being typed stays as it is
    response.headers["HX-Trigger-After-Settle"] = NEWS
    return response


@require_safe
def answers(request: HttpRequest) -> HttpResponse:
    """What of mine waits, what waits for my yes, and what the team has begun."""
    agent = agent_of(request)
    context = {
        "views": list(SHOWN.values()),
        "mine": [shown(one, agent, in_full=False) for one in my_answers(agent)],
        "asked": [shown(one, agent) for one in answers_to_approve(agent)],
        "shared": [shown(one, agent, in_full=False) for one in shared_drafts(agent)],
    }
    return page(request, "desk/answers.html", context)


@require_POST
def habit(request: HttpRequest) -> HttpResponse:
    """What my own Send button does with the conversation."""
    form = HabitForm(request.POST)
    if form.is_valid():
        set_habit(agent_of(request), form.cleaned_data["then"])
        messages.success(request, _("Your Send button does that from now on."))
    return redirect("desk:me")
