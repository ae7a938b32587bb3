"""Which orders came late: by product, country and carrier, each number with its orders."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from makegood.desk.asking import agent_of
from makegood.kit.jinja import page
from makegood.parcels.lateness import (
    SHOWN,
    Late,
    Wish,
    countries_and_carriers,
    judged_orders,
    overall,
    rates_by,
    with_titles,
)
from makegood.parcels.rates import Band, Rate
from makegood.team.gates import needs

SPANS = [("30", _("30 days")), ("90", _("90 days")), ("365", _("a year")), ("all", _("ever"))]
BY = [("sku", _("Product")), ("country", _("Country")), ("carrier", _("Carrier"))]
BANDS = {
    Band.LOW: (_("under 5 %"), "kept", "circle-check"),
    Band.MIDDLE: (_("5 to 20 %"), "at-risk", "triangle-alert"),
    Band.HIGH: (_("over 20 %"), "broken", "circle-alert"),
}
MOST = 100_000


class LateForm(forms.Form):
    """What is asked of lateness. What is not understood is as if it was not asked."""

    by = forms.ChoiceField(required=False, choices=BY)
    days = forms.ChoiceField(required=False, choices=SPANS, label=_("Placed within"))
    country = forms.ChoiceField(required=False, label=_("Country"))
    carrier = forms.ChoiceField(required=False, label=_("Carrier"))
    sku = forms.CharField(required=False, max_length=120)
    late = forms.BooleanField(required=False)
    start = forms.IntegerField(required=False, min_value=0, max_value=MOST)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        countries, carriers = countries_and_carriers()
        for name, first, words in (
            ("country", _("Every country"), countries), ("carrier", _("Every carrier"), carriers)
        ):  # fmt: skip
            choices = [("", first), *((word, word.upper()) for word in words)]
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        self.is_valid()

    def said(self, name: str, otherwise: str = "") -> str:
        return self.cleaned_data.get(name) or otherwise

    @property
    def by_what(self) -> str:
        return self.said("by", "sku")

    @property
    def span(self) -> str:
        return self.said("days", "90")

    def wish(self, today: date) -> Wish:
        span = self.span
        return Wish(
            since=None if span == "all" else today - timedelta(days=int(span)),
            sku=self.said("sku") or None, country=self.said("country") or None,
            carrier=self.said("carrier") or None,
        )  # fmt: skip

    def address(self, **changes: str) -> str:
        """The same page asked otherwise; orders where it says so."""
        kept = {name: self.said(name) for name in ("by", "days", "country", "carrier")}
        return f"{reverse('lead:late')}?{_query({**kept, **changes})}"

    def orders(self, word: str | None, only_late: bool) -> str:
        """The orders behind a figure."""
        kept = {name: self.said(name) for name in ("days", "country", "carrier")}
        if word is not None:
            kept[self.by_what] = word
        kept["late"] = "yes" if only_late else ""
        return f"{reverse('lead:late_orders')}?{_query(kept)}"


def _query(said: dict[str, str]) -> str:
    return urlencode({name: value for name, value in said.items() if value})


@dataclass(frozen=True, kw_only=True)
class Bar:
    """A rate as it is drawn: of a line that ends at half of all, or at all where it must."""

    word: str
    title: str
    rate: Rate
    share: str
    between: str
    x: float
    width: float
    at: float
    late_href: str
    all_href: str


def _bar(one: Late, form: LateForm, scale: float) -> Bar:
    low, high = one.rate.interval
    return Bar(
        word=one.word, title=one.title, rate=one.rate, share=_percent(one.rate.share),
        between=f"{_percent(low)}–{_percent(high)}", x=round(100 * low / scale, 2),
        width=round(max(0.6, 100 * (high - low) / scale), 2),
        at=round(100 * one.rate.share / scale, 2),
        late_href=form.orders(one.word, True), all_href=form.orders(one.word, False),
    )  # fmt: skip


def _percent(share: float) -> str:
    return number_format(100 * share, 0 if share >= 0.0995 or not share else 1)


@needs("lead.see")
@require_safe
def rates(request: HttpRequest) -> HttpResponse:
    """How often orders were late, the surest late ones first."""
    form = LateForm(request.GET)
    wish = form.wish(timezone.localdate())
    found = rates_by(form.by_what, wish)
    start = form.cleaned_data.get("start") or 0
    some: Sequence[Late] = found[start : start + SHOWN]
    if form.by_what == "sku":
        some = with_titles(some)
    highest = max((one.rate.interval[1] for one in some), default=1.0)
    scale = 0.5 if highest <= 0.5 else 1.0
    whole = Late(word="", title="", rate=overall(wish))
    more = form.address(start=str(start + SHOWN)) if found[start + SHOWN :] else ""
    context = {
        "form": form, "rows": [_bar(one, form, scale) for one in some],
        "whole": _bar(whole, form, scale), "more": more, "scale": scale, "by": BY, "spans": SPANS,
        "every_late": form.orders(None, True), "every": form.orders(None, False), "n": len(found),
        "bands": BANDS,
    }  # fmt: skip
    return page(request, "lead/late.html", context)


@needs("lead.see")
@require_safe
def orders(request: HttpRequest) -> HttpResponse:
    """The orders behind a figure, the newest first."""
    form = LateForm(request.GET)
    wish, only_late = form.wish(timezone.localdate()), bool(form.cleaned_data.get("late"))
    found = judged_orders(agent_of(request), wish, only_late, request.GET.get("after", ""))
    said = {name: form.said(name) for name in ("days", "country", "carrier", "sku")}
    said |= {"late": "yes" if only_late else "", "after": found.next}
    more = f"{reverse('lead:late_orders')}?{_query(said)}" if found.next else ""
    context = {"form": form, "list": found, "more": more, "only_late": only_late, "wish": wish}
    return page(request, "lead/late_orders.html", context)
