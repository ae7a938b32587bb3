"""Rules: their list and order, what each says, what it would have done, what it did."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from makegood.acts.filling import FIELDS
from makegood.asking.pointing import pointed
from makegood.automation.actions import (
    order_rules,
    remove_rule,
    save_rule,
    switch_rule,
    turn_all_rules,
)
from makegood.automation.examples import bring_examples
from makegood.automation.models import Rule
from makegood.automation.queries import (
    acts_in_words,
    all_rules,
    are_all_off,
    lately,
    newest_trial,
    rule_numbered,
    runs_of,
    trial_items,
    versions_of,
)
from makegood.automation.triggers import trigger_in_words
from makegood.automation.trying import stop_trial, try_rule
from makegood.conversations.naming import understand
from makegood.kit.errors import Refused
from makegood.kit.jinja import page
from makegood.office.forms.rules import SaveRule
from makegood.office.http import agent_of, moved
from makegood.office.showing import form_page, office_page
from makegood.team.gates import needs
from makegood.team.models import Agent


@needs("office.rules")
@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """What happens by itself, in the order in which it is asked."""
    found, ran = all_rules(), lately(timezone.now())
    context = {
        "rules": [(one, _in_words(one), ran.get(one.pk)) for one in found],
        "are_off": are_all_off(),
    }
    return office_page(request, "rules", context)


def _in_words(rule: Rule) -> str:
    if rule.version is None:
        return ""
    when = trigger_in_words(rule.version.trigger, rule.version.seconds)
    return f"{when} → {' · '.join(acts_in_words(rule.version.acts))}"


@needs("office.rules")
@require_http_methods(["GET", "POST"])
def rule(request: HttpRequest, pk: int = 0) -> HttpResponse:
    """One rule, or a new one."""
    agent = agent_of(request)
    found = rule_numbered(pk) if pk else None
    form = SaveRule(request.POST or None, rule=found, by=agent)
    if form.is_valid():
        try:
            return redirect("office:rule", save_rule(found, form.wish(), by=agent).pk)
        except Refused as refused:
            form.add_error(None, str(refused))
    context = {"rule": found, "known": FIELDS.values(), "echo": _echo(form, agent)}
    return form_page(request, "rule", form, context | (_told(found, agent) if found else {}))


def _echo(form: SaveRule, agent: Agent) -> list[Any]:
    """The question with the words marked that make no sense."""
    typed = str(form.data.get("q", ""))
    problems = understand(typed, agent).problems if typed else ()
    return pointed(typed, problems) if problems else []


def _told(found: Rule, agent: Agent) -> dict[str, Any]:
    return {
        "traces": runs_of(found, agent),
        "versions": [
            (one, trigger_in_words(one.trigger, one.seconds), acts_in_words(one.acts))
            for one in versions_of(found)
        ],
        "are_off": are_all_off(),
    } | _tried(found, agent)


def _tried(found: Rule, agent: Agent) -> dict[str, Any]:
    """The newest look at what it would have done."""
    trial = newest_trial(found)
    words = acts_in_words(trial.version.acts) if trial else []
    return {
        "trial": trial,
        "is_of_today": trial is not None and trial.version_id == found.version_id,
        "items": trial_items(trial, agent) if trial else [],
        "tally": list(zip(words, trial.tally, strict=True)) if trial else [],
    }


@needs("office.rules")
@require_POST
def order(request: HttpRequest) -> HttpResponse:
    """Put the rules in order: all numbers, and perhaps one that moves up or down."""
    pks = [int(pk) for pk in request.POST.getlist("rule") if pk.isdecimal() and len(pk) < 12]
    order_rules(moved(pks, request.POST.get("move", "")), by=agent_of(request))
    if request.headers.get("HX-Target") == "rule-order":
        return HttpResponse(status=204)
    return redirect("office:rules")


@needs("office.rules")
@require_POST
def all_of_them(request: HttpRequest) -> HttpResponse:
    """The one switch."""
    turn_all_rules(on=request.POST.get("on") == "yes", by=agent_of(request))
    return redirect("office:rules")


@needs("office.rules")
@require_POST
def examples(request: HttpRequest) -> HttpResponse:
    """Something to begin with, all of it off."""
    bring_examples(by=agent_of(request))
    return redirect("office:rules")


@needs("office.rules")
@require_POST
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    """Let one hold from now on, or no longer."""
    try:
        switch_rule(rule_numbered(pk), on=request.POST.get("on") == "yes", by=agent_of(request))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("office:rule", pk)


@needs("office.rules")
@require_POST
def removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw one away."""
    remove_rule(rule_numbered(pk), by=agent_of(request))
    messages.success(request, _("Removed."))
    return redirect("office:rules")


@needs("office.rules")
@require_http_methods(["GET", "POST"])
def trial(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin to look what it would have done; or how far that is."""
    agent, found = agent_of(request), rule_numbered(pk)
    if request.method == "POST":
        try_rule(found, by=agent)
    if request.headers.get("HX-Target") != "trial":
        return redirect("office:rule", pk)
    return page(request, "office/_trial.html", {"rule": found} | _tried(found, agent))


@needs("office.rules")
@require_POST
def end_of_trial(request: HttpRequest, pk: int) -> HttpResponse:
    agent = agent_of(request)
    under_way = newest_trial(rule_numbered(pk))
    if under_way is not None:
        stop_trial(under_way, by=agent)
    return redirect("office:rule", pk)
