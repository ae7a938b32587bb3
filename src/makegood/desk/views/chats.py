"""Chats side by side: take, answer, hand over and settle each without leaving the others."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from makegood.chat.taking import hand_over_chat, invite_to_chat, take_chat
from makegood.conversations.actions import add_note, resolve_conversation
from makegood.conversations.models import Conversation
from makegood.conversations.overlooking import SomethingNewer
from makegood.conversations.queries import conversation_for
from makegood.desk.asking import agent_of, is_htmx, numbers_in, wants_part
from makegood.desk.columns import (
    SIDE_BY_SIDE,
    HandingForm,
    column_of,
    is_on_the_page,
    mine_of,
    news_of,
    queue_of,
)
from makegood.desk.forms import MarksForm, WritingForm
from makegood.desk.promising import words_given
from makegood.desk.sending_forms import SendForm
from makegood.desk.views.acts import asked, done, seen_on
from makegood.desk.views.writing import with_files
from makegood.kit.errors import Refused
from makegood.kit.jinja import page
from makegood.ledger.reading import newest_position
from makegood.notices.mentioning import refuse_blind_mentions
from makegood.promises.saying import answer_with_words
from makegood.team.gates import allows
from makegood.team.models import Agent


@require_safe
def chats(request: HttpRequest) -> HttpResponse:
    """The open chats of an agent beside one another, and at the side those that wait."""
    agent = agent_of(request)
    last_event = newest_position()
    shown = mine_of(agent)[:SIDE_BY_SIDE]
    columns = [column_of(conversation_for(agent, pk), agent) for pk in shown]
    context = queue_of(agent, shown) | {"columns": columns, "last_event": last_event}
    return page(request, "desk/chats.html", context | {"takes": False})


@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """Who waits now, beside the columns that a page shows."""
    shown = numbers_in(request.GET.getlist("shown"))
    return page(request, "desk/_chat_queue.html", queue_of(agent_of(request), shown))


@require_safe
def column(request: HttpRequest, pk: int) -> HttpResponse:
    """One more chat beside the others."""
    agent = agent_of(request)
    return _column(request, conversation_for(agent, pk))


@require_safe
def column_news(request: HttpRequest, pk: int) -> HttpResponse:
    """What was said since; or that somebody else has it now, or that it is settled."""
    agent = agent_of(request)
    conversation = conversation_for(agent, pk)
    if conversation.pk != pk or not is_on_the_page(conversation, agent):
        return _gone(request, conversation, pk)
    since = MarksForm(request.GET).marks()
    return page(request, "desk/_chat_news.html", news_of(conversation, agent, since))


@allows("act")
@require_POST
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """This one is mine; it stands beside the others where there is room."""
    agent = agent_of(request)
    taken = take_chat(conversation_for(agent, pk), by=agent)
    if not is_htmx(request):
        return redirect("desk:chats")
    shown = numbers_in(request.POST.getlist("shown"))
    is_full = len(shown) >= SIDE_BY_SIDE
    context = column_of(conversation_for(agent, taken.pk), agent) | {"takes": True}
    context |= queue_of(agent, shown if is_full else [*shown, taken.pk])
    return page(request, "desk/_chat_taken.html", context | {"is_full_already": is_full})


@allows("answer")
@require_POST
def say(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer in a column; what stands in the way is said there, and the words are kept."""
    agent = agent_of(request)
    conversation = conversation_for(agent, pk)
    form = SendForm(request.POST)
    trouble: Refused | None = None
    if form.is_valid():
        try:
            reply = form.reply(with_files(request, conversation, "reply", form))
            words = words_given(form.cleaned_text(), request.POST.getlist("promise"), agent)
            answer_with_words(conversation, reply, words, after=form.after(agent), by=agent)
        except Refused as refused:
            trouble = refused
    return _said(request, conversation_for(agent, pk), trouble)


@require_POST
def note(request: HttpRequest, pk: int) -> HttpResponse:
    """A word to the others from a column: the visitor never sees it."""
    agent = agent_of(request)
    conversation = conversation_for(agent, pk)
    form, trouble = WritingForm(request.POST), None
    if form.is_valid():
        try:
            _add_note(request, conversation, form, agent)
        except Refused as refused:
            trouble = refused
    return _said(request, conversation, trouble, field="noted")


def _add_note(
    request: HttpRequest, conversation: Conversation, form: WritingForm, by: Agent
) -> None:
    draft = with_files(request, conversation, "note", form)
    files = list(draft.attachments.all()) if draft else []
    refuse_blind_mentions(conversation, form.cleaned_text())
    key = form.cleaned_data["client_key"]
    add_note(conversation, form.cleaned_text(), attachments=files, client_key=key, by=by)


@allows("act")
@require_POST
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """It is done: the column goes, and the visitor's page hears of it."""
    agent = agent_of(request)
    conversation = conversation_for(agent, pk)
    try:
        resolve_conversation(conversation, seen=seen_on(request), by=agent)
    except SomethingNewer as newer:
        return _column(request, conversation_for(agent, pk), trouble=str(newer))
    return _gone(request, conversation_for(agent, pk))


@allows("act")
@require_http_methods(["GET", "POST"])
def handing(request: HttpRequest, pk: int) -> HttpResponse:
    """To a colleague or a team with a word, or a colleague asked in."""
    agent = agent_of(request)
    conversation = conversation_for(agent, pk)
    form = HandingForm(request.POST or None, conversation=conversation, agent=agent)
    if form.is_valid():
        _hand(conversation, form, agent)
        return _handed(request, conversation_for(agent, pk))
    context = {"form": form, "in_column": "/chats/" in request.headers.get("HX-Current-URL", "")}
    if is_htmx(request) and wants_part(request, f"handing-{pk}-sheet"):
        return page(request, "desk/_handing.html", context | {"conversation": conversation})
    return asked(request, conversation, "handing", context)


def _hand(conversation: Conversation, form: HandingForm, by: Agent) -> None:
    to, words = form.chosen(), form.cleaned_data["words"]
    if form.cleaned_data["what"] == "invite" and isinstance(to, Agent):
        invite_to_chat(conversation, whom=to, words=words, by=by)
    else:
        hand_over_chat(conversation, to=to, words=words, by=by)


def _handed(request: HttpRequest, conversation: Conversation) -> HttpResponse:
    if not wants_part(request, f"chat-{conversation.pk}"):
        return done(request, conversation)
    if is_on_the_page(conversation, agent_of(request)):
        return HttpResponse(status=204)  # somebody was asked in: the note comes as news
    return _gone(request, conversation)


def _column(request: HttpRequest, conversation: Conversation, *, trouble: str = "") -> HttpResponse:
    if not is_htmx(request):
        return redirect("desk:conversation", conversation.pk)
    context = column_of(conversation, agent_of(request)) | {"takes": False}
    context |= {"trouble": trouble} if trouble else {}
    return page(request, "desk/_chat_column.html", context)


def _said(
    request: HttpRequest,
    conversation: Conversation,
    trouble: Refused | None,
    *,
    field: str = "typed",
) -> HttpResponse:
    """An empty field again; nothing of the column where the answer settled it."""
    agent = agent_of(request)
    if not is_htmx(request):
        return redirect("desk:conversation", conversation.pk)
    if trouble is None and not is_on_the_page(conversation, agent):
        return _gone(request, conversation)
    context: dict[str, Any] = column_of(conversation, agent) | {"takes": True}
    if trouble is not None:
        context |= {"trouble": str(trouble), field: request.POST.get("text", "")}
    response = page(request, "desk/_chat_composer.html", context)
    response.headers["HX-Trigger-After-Swap"] = (
        f'{{"news": {{"target": "#news-{conversation.pk}"}}}}'
    )
    return response


def _gone(request: HttpRequest, conversation: Conversation, was: int = 0) -> HttpResponse:
    """The column goes; a line says why, and where the whole can be read.

    `was` is the number it stood under, where it may have become part of another.
    """
    if not is_htmx(request):
        return redirect("desk:chats")
    has = conversation.assignee
    words = _("Resolved.") if conversation.status == "resolved" else _("It is not open any more.")
    if conversation.status == "open":
        whose = has.name if has else conversation.team.name if conversation.team else ""
        words = _("%(name)s has it now.") % {"name": whose} if whose else _("It is nobody’s now.")
    column = was or conversation.pk
    if column != conversation.pk:
        words = _("It is part of another conversation now.")
    context = {"conversation": conversation, "words": words}
    response = page(request, "desk/_chat_gone.html", context)
    response.headers["HX-Retarget"] = f"#chat-{column}"
    response.headers["HX-Reswap"] = "outerHTML"
    return response
