"""Asked beside a conversation: a question or a forward, the thread that it opens, its files."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from makegood.beside.actions import (
    begin_thread,
    mark_read,
    reopen_thread,
    settle_thread,
    write_on,
)
from makegood.beside.drafting import (
    attach_to_side_draft,
    detach_from_side_draft,
    keep_side_draft,
)
from makegood.beside.models import SideDraft, SideThread
from makegood.beside.queries import (
    pictures_of,
    side_draft_of,
    side_file_for,
    side_message_for,
    thread_for,
)
from makegood.channels.actions import retry_delivery
from makegood.channels.queries import delivery_about
from makegood.conversations.guarding import Stopped
from makegood.conversations.models import Conversation, Message
from makegood.conversations.queries import conversation_for, message_for
from makegood.desk.asking import agent_of
from makegood.desk.beside_forms import SideForm
from makegood.desk.besides import (
    KEPT,
    first_words,
    form_of,
    kept_words,
    thread_of,
    to_everybody,
    typed_words,
)
from makegood.desk.frames import frame
from makegood.files.serving import serve
from makegood.kit.errors import Refused
from makegood.kit.jinja import page
from makegood.sending.rules import refuse_past_a_yes
from makegood.team.gates import allows


@allows("answer")
@require_http_methods(["GET", "POST"])
def beside(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask somebody else, or pass on a message or the whole: shown as it will leave."""
    agent = agent_of(request)
    conversation = conversation_for(agent, pk)
    about = _about(request, conversation)
    if request.method == "POST":
        return _begin(request, conversation, about)
    draft = side_draft_of(conversation, None, agent)
    whole = request.GET.get("forward") == "all"
    words = first_words(conversation, about, whole=whole)
    if draft is not None and not whole and about is None:
        words = kept_words(draft)
    return _show_form(request, conversation, words, {"draft": draft, "about": about})


def _about(request: HttpRequest, conversation: Conversation) -> Message | None:
    """The message that it begins from, where it is one of this conversation."""
    asked = request.POST.get("message") or request.GET.get("message") or ""
    if not asked:
        return None
    if not asked.isdecimal() or len(asked) > 15:
        raise Http404
    message = message_for(agent_of(request), int(asked))
    if message.conversation_id != conversation.pk:
        raise Http404
    return message


def _begin(request: HttpRequest, conversation: Conversation, about: Message | None) -> HttpResponse:
    agent = agent_of(request)
    draft, context = None, dict[str, Any](about=about)
    try:
        draft = _kept(request, conversation, None)
        refuse_past_a_yes(agent, conversation.inbox_id)
        wish = _form(request, conversation).wish(draft, about)
        message = begin_thread(conversation, wish, by=agent)
    except Refused as refused:
        context |= {"draft": draft, **_why(refused)}
        return _show_form(request, conversation, typed_words(request.POST), context, 422)
    return redirect("desk:side", message.thread_id)


@allows("answer", "POST")
@require_http_methods(["GET", "POST"])
def side(request: HttpRequest, pk: int) -> HttpResponse:
    """One side thread: what was said, and the way to write on."""
    agent = agent_of(request)
    thread = thread_for(agent, pk)
    if request.method == "POST":
        return _write(request, thread)
    draft = side_draft_of(thread.conversation, thread, agent)
    words = first_words(thread.conversation, None, whole=False)
    words = kept_words(draft) if draft else words | {"subject": ""}
    words["to"] = words["to"] or to_everybody(thread)
    return _show_thread(request, thread, words, {"draft": draft})


def _write(request: HttpRequest, thread: SideThread) -> HttpResponse:
    conversation, draft = thread.conversation, None
    try:
        draft = _kept(request, conversation, thread)
        refuse_past_a_yes(agent_of(request), conversation.inbox_id)
        write_on(thread, _form(request, conversation).wish(draft), by=agent_of(request))
    except Refused as refused:
        context = {"draft": draft, **_why(refused)}
        return _show_thread(request, thread, typed_words(request.POST), context, 422)
    return redirect("desk:side", thread.pk)


@require_POST
def side_seen(request: HttpRequest, pk: int) -> HttpResponse:
    """The agent has the thread on the page, so it is no news any more."""
    mark_read(thread_for(agent_of(request), pk))
    return HttpResponse(status=204)


@allows("act")
@require_POST
def side_state(request: HttpRequest, pk: int) -> HttpResponse:
    """Nothing more is awaited here; or something is, after all."""
    agent = agent_of(request)
    thread = thread_for(agent, pk)
    if request.POST.get("is") == "done":
        settle_thread(thread, by=agent)
    else:
        reopen_thread(thread, by=agent)
    return redirect("desk:side", thread.pk)


@allows("answer")
@require_POST
def side_draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what is being typed for somebody else."""
    agent = agent_of(request)
    conversation = conversation_for(agent, pk)
    key = request.POST.get("client_key", "")
    thread = _thread_named(request, conversation)
    keep_side_draft(conversation, thread, _typed(request), client_key=key, by=agent)
    return HttpResponse(status=204)


@allows("answer")
@require_POST
def side_file_removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a file off a draft again."""
    agent = agent_of(request)
    draft = side_file_for(agent, pk).draft
    if draft is None:
        raise Http404
    keep_side_draft(draft.conversation, draft.thread, _typed(request), by=agent)
    detach_from_side_draft(draft, pk)
    if draft.thread_id:
        return redirect("desk:side", draft.thread_id)
    return redirect("desk:beside", draft.conversation_id)


@require_safe
def side_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A file that came or went beside a conversation."""
    found = side_file_for(agent_of(request), pk)
    return serve(found.file, found.name)


@require_safe
def side_sent(request: HttpRequest, pk: int) -> HttpResponse:
    """An answer as it was sent, for the frame on the page."""
    message = side_message_for(agent_of(request), pk)
    if not message.html:
        raise Http404
    return frame(message, pictures_of(message), fetch=request.GET.get("pictures") == "all")


@allows("answer")
@require_POST
def side_delivery(request: HttpRequest, pk: int) -> HttpResponse:
    """Send once more what did not arrive, under the same name."""
    agent = agent_of(request)
    message = side_message_for(agent, pk)
    delivery = delivery_about(message.ref)
    if delivery is not None:
        retry_delivery(delivery, by=agent)
    return redirect("desk:side", message.thread_id)


def _form(request: HttpRequest, conversation: Conversation) -> SideForm:
    form = SideForm(request.POST)
    if not form.is_valid():
        raise Refused(" ".join(str(word) for words in form.errors.values() for word in words))
    return form


def _typed(request: HttpRequest) -> dict[str, str]:
    return {name: request.POST.get(name, "") for name in KEPT}


def _thread_named(request: HttpRequest, conversation: Conversation) -> SideThread | None:
    number = request.POST.get("thread", "")
    if not number:
        return None
    is_number = number.isdecimal() and len(number) <= 15
    found = thread_for(agent_of(request), int(number) if is_number else 0)
    if found.conversation_id != conversation.pk:
        raise Http404
    return found


def _kept(
    request: HttpRequest, conversation: Conversation, thread: SideThread | None
) -> SideDraft | None:
    """The draft with what was typed and the files that came with the form."""
    agent, key = agent_of(request), request.POST.get("client_key", "")
    draft = keep_side_draft(conversation, thread, _typed(request), client_key=key, by=agent)
    if draft is None:
        return None
    for file in request.FILES.getlist("files"):
        attach_to_side_draft(
            draft,
            name=file.name or "",
            content_type=file.content_type or "",
            content=file.read(),
        )
    return draft


def _why(refused: Refused) -> dict[str, Any]:
    stopped = refused if isinstance(refused, Stopped) else None
    return {"trouble": str(refused), "stopped": stopped}


def _show_form(
    request: HttpRequest,
    conversation: Conversation,
    words: dict[str, Any],
    more: dict[str, Any],
    status: int = 200,
) -> HttpResponse:
    context = form_of(conversation, agent_of(request), words) | {"thread": None} | more
    return page(request, "desk/beside.html", context, status=status)


def _show_thread(
    request: HttpRequest,
    thread: SideThread,
    words: dict[str, Any],
    more: dict[str, Any],
    status: int = 200,
) -> HttpResponse:
    context = form_of(thread.conversation, agent_of(request), words) | thread_of(thread) | more
    return page(request, "desk/side.html", context, status=status)
