"""Making good: beside a conversation, in a list, and the yes or no of whoever may."""

from collections.abc import Iterator, Sequence

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from makegood.authority.actions import BeyondAuthority
from makegood.conversations.drafting import save_draft
from makegood.conversations.queries import conversation_for, drafts_of
from makegood.desk.asking import agent_of
from makegood.desk.makegood_forms import AnswerForm, StateForm
from makegood.desk.making_good import (
    Panel,
    asked_about,
    asked_for,
    is_seen,
    list_context,
    making_context,
    once_more,
    panel,
    told_of,
)
from makegood.kit.errors import Refused
from makegood.kit.jinja import page
from makegood.kit.sheets import written
from makegood.makegoods.actions import decline, give, is_done_by_shop, offer, redeem, take_back
from makegood.makegoods.approving import answer, ask
from makegood.makegoods.errands import errand_of
from makegood.makegoods.mailing import asked_by_link
from makegood.makegoods.models import Approval, Makegood
from makegood.makegoods.outcomes import next_orders
from makegood.makegoods.queries import approval_for, exported, makegood_for
from makegood.makegoods.wording import sentence
from makegood.team.gates import allows, needs
from makegood.team.models import Agent


@allows("answer")
@require_http_methods(["GET", "POST"])
def making(request: HttpRequest, pk: int) -> HttpResponse:
    """What is usual for this failure, and the form that makes it good."""
    agent = agent_of(request)
    conversation = conversation_for(agent, pk)
    made = panel(conversation, agent, request.POST or request.GET)
    if request.method == "POST" and made.form.is_valid():
        asks = "asks" in request.POST
        made.doubts = [] if asks or is_seen(made, request.POST) else once_more(made)
        found = None if made.doubts else _made(made, agent, asks=asks)
        if found is not None:
            return redirect("desk:makegood", found.pk)
    status = 422 if made.form.errors else 200
    return page(request, "desk/making_good.html", making_context(made), status)


def _made(made: Panel, agent: Agent, *, asks: bool) -> Makegood | None:
    """What was made good or asked for; None where the form says why not."""
    try:
        wish = made.form.wish(made.reason_ref)
        return ask(made.matter, wish, by=agent) if asks else offer(made.matter, wish, by=agent)
    except BeyondAuthority as beyond:
        made.form.add_error("amount", str(beyond))
        made.could = list(beyond.who_could)
    except Refused as refused:
        made.form.add_error(None, str(refused))
    return None


@require_safe
def makegoods(request: HttpRequest) -> HttpResponse:
    """Everything that was made good, what waits for one's yes, and what is left to give."""
    return page(request, "desk/makegoods.html", list_context(agent_of(request), request.GET))


@needs("see.everything")
@require_safe
def file(request: HttpRequest) -> StreamingHttpResponse:
    """The list as a file, as it is filtered."""
    rows = exported(agent_of(request), asked_for(request.GET))
    response = StreamingHttpResponse(_lines(rows), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="make-goods.csv"'
    return response


def _lines(rows: Iterator[Sequence[str]]) -> Iterator[str]:
    """Written row by row: a file of a hundred thousand needs no more room than one of ten."""
    yield written([next(rows)])
    for row in rows:
        yield written([row]).lstrip("\ufeff")


@require_safe
def makegood(request: HttpRequest, pk: int) -> HttpResponse:
    """One make-good: what, why, by which table, and what became of it."""
    agent = agent_of(request)
    found = makegood_for(agent, pk)
    context = told_of(found) | {
        "later": next_orders(found), "errand": errand_of(found),
        "is_done_by_shop": is_done_by_shop(found),
    }  # fmt: skip
    return page(request, "desk/makegood.html", context)


@allows("answer")
@require_POST
def state(request: HttpRequest, pk: int) -> HttpResponse:
    """It was given, used, declined or taken back."""
    agent = agent_of(request)
    found, form = makegood_for(agent, pk), StateForm(request.POST)
    if not form.is_valid():
        raise Refused(_("That did not come through whole. Please try again."))
    said = form.cleaned_data
    if said["act"] == "given":
        give(found, code=said["code"], by=agent)
    elif said["act"] == "declined":
        decline(found, words=said["words"], by=agent)
    elif said["act"] == "taken_back":
        take_back(found, words=said["words"], is_void=said["is_void"], by=agent)
    else:
        redeem(found, by=agent)
    return redirect("desk:makegood", pk)


@allows("answer")
@require_POST
def words(request: HttpRequest, pk: int) -> HttpResponse:
    """The words for the customer at the end of one's draft, to be changed and sent from there."""
    agent = agent_of(request)
    found = makegood_for(agent, pk)
    if found.conversation_id is None:
        raise Http404
    conversation = conversation_for(agent, found.conversation_id)
    draft = drafts_of(conversation, agent).get("reply")
    typed = draft.text.rstrip() if draft else ""
    said = sentence(found, conversation)
    save_draft(conversation, f"{typed}\n\n{said}".strip(), purpose="reply", by=agent)
    messages.success(request, _("The words stand at the end of your draft."))
    return redirect("desk:conversation", conversation.pk)


@require_http_methods(["GET", "POST"])
def approval(request: HttpRequest, pk: int) -> HttpResponse:
    """A question to whoever is signed in, and their yes or no."""
    agent = agent_of(request)
    return _answered(request, approval_for(agent, pk), agent, is_link=False)


@login_not_required
@require_http_methods(["GET", "POST"])
def approval_link(request: HttpRequest, pk: int, agent: int, signature: str) -> HttpResponse:
    """The same from a mail. Looking at it answers nothing: programs look at links."""
    found = asked_by_link(pk, agent, signature)
    if found is None:
        raise Http404
    return _answered(request, *found, is_link=True)


def _answered(
    request: HttpRequest, question: Approval, agent: Agent, *, is_link: bool
) -> HttpResponse:
    form = AnswerForm(request.POST or None)
    may = agent.pk in question.asked
    if request.method == "POST" and form.is_valid() and may:
        said = form.cleaned_data
        try:
            answer(question, is_yes=said["answer"] == "yes", words=said["words"], by=agent)
            question.refresh_from_db()
        except Refused as refused:
            form.add_error(None, str(refused))
    name = "desk/approval_link.html" if is_link else "desk/approval.html"
    context = told_of(question.makegood) | asked_about(question.makegood) | {
        "approval": question, "form": form, "agent": agent, "may_answer": may,
    }  # fmt: skip
    return page(request, name, context, 422 if form.errors else 200)
