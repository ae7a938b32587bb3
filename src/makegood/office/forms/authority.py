from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from makegood.authority.budgets import BudgetWish
from makegood.authority.limits import ENDLESS, NOTHING, Limits
from makegood.authority.models import Budget, Limit
from makegood.kit.errors import Refused
from makegood.kit.money import Money, known_currency, read_money

Reach = Limit.Reach


def money_in(text: str, currency: str) -> Money:
    """A sum as somebody types it, or what is wrong with it, beside its field."""
    try:
        return read_money(text, known_currency(currency))
    except Refused as refused:
        raise forms.ValidationError(str(refused)) from refused


class SaveLimits(forms.Form):
    """How much whoever has a role may give, in one currency."""

    reach = forms.ChoiceField(
        label=_("They may give"), choices=Reach.choices, widget=forms.RadioSelect
    )
    per_case = forms.CharField(label=_("For one case"), max_length=24, required=False)
    per_day = forms.CharField(
        label=_("A day"), help_text=_("Empty: no limit of its own."), max_length=24, required=False
    )
    per_month = forms.CharField(
        label=_("A month"), help_text=_("Empty: no limit of its own."), max_length=24,
        required=False,
    )  # fmt: skip

    def __init__(self, *args: Any, currency: str, **more: Any) -> None:
        super().__init__(*args, **more)
        self.currency = currency

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("reach") != Reach.LIMITED:
            return said
        for name in ("per_case", "per_day", "per_month"):
            text = said.get(name, "").strip()
            try:
                said[name] = money_in(text, self.currency).minor if text else None
            except forms.ValidationError as wrong:
                self.add_error(name, wrong)
        if not self.errors and said["per_case"] is None:
            self.add_error("per_case", _("Say how much for one case."))
        return said

    def limits(self) -> Limits:
        said = self.cleaned_data
        if said["reach"] != Reach.LIMITED:
            return ENDLESS if said["reach"] == Reach.UNLIMITED else NOTHING
        names = ("per_case", "per_day", "per_month")
        return Limits(**{name: said[name] for name in names})


class SaveBudget(forms.Form):
    """A sum for one purpose."""

    name = forms.CharField(label=_("Name"), max_length=80)
    purpose = forms.CharField(label=_("What it is for"), max_length=250, required=False)
    currency = forms.CharField(
        label=_("Currency"), help_text=_("Three letters: EUR. It stays."), max_length=3
    )
    amount = forms.CharField(label=_("How much"), max_length=24)
    span = forms.ChoiceField(
        label=_("How often"), choices=Budget.Span.choices, widget=forms.RadioSelect
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if "amount" in said and "currency" in said:
            try:
                said["most"] = money_in(said["amount"], said["currency"])
            except forms.ValidationError as wrong:
                self.add_error("amount", wrong)
        return said

    def wish(self) -> BudgetWish:
        said = self.cleaned_data
        return BudgetWish(
            name=said["name"], most=said["most"], span=said["span"], purpose=said["purpose"]
        )
