"""First to tell: what slips, grouped; words for it, looked over by somebody; and told, once."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from makegood.ahead.actions import leave_out
from makegood.ahead.models import Amends, Slip
from makegood.ahead.queries import (
    Group,
    Proposal,
    foreseen,
    group_named,
    groups,
    proposal,
    slips_of,
    told_first,
)
from makegood.ahead.switching import switch_of
from makegood.ahead.telling import Letter, may_tell
from makegood.ahead.together import Outcome, tell_all
from makegood.ahead.wording import FIELDS, LANGUAGES
from makegood.desk.asking import agent_of, numbers_in
from makegood.kit.jinja import page
from makegood.team.gates import needs, refuse_unless

LONGEST = 4000


class LetterForm(forms.Form):
    amends = forms.ChoiceField(
        label=gettext_lazy("To make up for it"),
        choices=Amends.choices,
        required=False,
        widget=forms.RadioSelect,
    )
    day = forms.DateField(
        label=gettext_lazy("New day that is promised"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("Empty: no new day is promised."),
    )

    def clean_day(self) -> Any:
        day = self.cleaned_data["day"]
        if day is not None and day <= timezone.localdate():
            raise forms.ValidationError(_("That day has passed: choose one that is still to come."))
        return day


@needs("answer")
@require_http_methods(["GET", "HEAD", "POST"])
def first(request: HttpRequest) -> HttpResponse:
    """Every group; of the one that is chosen, what would be said to whom."""
    agent, key = agent_of(request), request.GET.get("group", "")
    chosen = group_named(agent, key)
    if request.method == "POST":
        return _told(request, chosen) if chosen else redirect("desk:first")
    if chosen is not None:
        return _shown(request, chosen)
    context = {"groups": groups(agent), "first": told_first(timezone.now())}
    return page(request, "desk/first.html", context)


def _shown(
    request: HttpRequest,
    group: Group,
    form: LetterForm | None = None,
    picked: list[int] | None = None,
) -> HttpResponse:
    found = _found(request, group, form)
    if picked is None:
        picked = [row.slip.pk for row in found.rows if not (row.against.never or row.against.doubt)]
    context = {
        "found": found, "fields": FIELDS,
        "form": form or LetterForm(initial={"day": found.day, "amends": found.amends}),
        "picked": picked, "may_tell": may_tell(agent_of(request)),
        "is_asked": request.POST.get("do") == "ask" and bool(picked),
        "is_empty": request.method == "POST" and not picked,
    }  # fmt: skip
    return page(request, "desk/first_group.html", context)


def _found(request: HttpRequest, group: Group, form: LetterForm | None) -> Proposal:
    now = timezone.now()
    if form is None:
        day, amends = foreseen(group, now), _usual(group)
    else:
        day, amends = form.cleaned_data.get("day"), form.cleaned_data.get("amends", "")
    return proposal(group, now, _texts(request), day, amends)


def _usual(group: Group) -> str:
    """What its letters give by themselves is what they begin with here."""
    return str(switch_of(group.cause).amends)


def _told(request: HttpRequest, group: Group) -> HttpResponse:
    agent, do = agent_of(request), request.POST.get("do", "")
    picked = numbers_in(request.POST.getlist("slip"))[:50]
    form = LetterForm(request.POST)
    if not form.is_valid() or do not in ("tell", "leave"):
        return _shown(request, group, form, picked)
    slips = slips_of(group, picked)
    if not slips:
        return _shown(request, group, form, [])
    if do == "leave":
        return _left(request, group, slips)
    refuse_unless(agent, "answer.alone")
    seen = frozenset(numbers_in(request.POST.getlist("doubted"))[:50])
    said = form.cleaned_data
    letter = Letter(texts=_texts(request), day=said["day"], amends=said["amends"], chosen=seen)
    return _sent(request, group, tell_all(slips, letter, by=agent))


def _left(request: HttpRequest, group: Group, slips: Sequence[Slip]) -> HttpResponse:
    for slip in slips:
        leave_out(slip, by=agent_of(request))
    n = len(slips)
    words = ngettext("%(n)s order is left out.", "%(n)s orders are left out.", n)
    messages.success(request, words % {"n": n})
    return _back(group)


def _sent(request: HttpRequest, group: Group, done: Outcome) -> HttpResponse:
    n = len(done.told)
    if n:
        words = ngettext("%(n)s customer is told.", "%(n)s customers are told.", n)
        messages.success(request, words % {"n": n})
    if done.prepared:
        _say_prepared(request, len(done.prepared))
    for slip, why in done.refused[:5]:
        words = _("Order %(number)s was not told: %(why)s")
        messages.warning(request, words % {"number": slip.order.number, "why": why})
    return _back(group)


def _say_prepared(request: HttpRequest, n: int) -> None:
    words = ngettext(
        "%(n)s letter leaves as soon as the shop has made its coupon.",
        "%(n)s letters leave as soon as the shop has made their coupons.", n,
    )  # fmt: skip
    messages.success(request, words % {"n": n})


def _back(group: Group) -> HttpResponse:
    return redirect(f"{reverse('desk:first')}?{urlencode({'group': group.key})}")


def _texts(request: HttpRequest) -> dict[str, str]:
    said = {one: request.POST.get(f"text_{one}", "")[:LONGEST].strip() for one in LANGUAGES}
    return {one: text for one, text in said.items() if text}
