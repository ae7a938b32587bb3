"""What is asked when something is made good, and when somebody says yes or no to it."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from makegood.authority.queries import open_budgets
from makegood.desk.lines import LINE, fields_of_lines, lines_in
from makegood.kit.errors import Refused
from makegood.kit.money import Money, read_money
from makegood.makegoods.actions import LASTS, Wish
from makegood.makegoods.models import Remedy
from makegood.makegoods.replacing import worth_of
from makegood.shop.models import Order

DAYS = LASTS.days
"""How long a coupon holds, unless somebody says otherwise."""


class MakeGoodForm(forms.Form):
    """What is given, how much, and why."""

    remedy = forms.ChoiceField(label=_("What makes up for it"), choices=Remedy.choices)
    amount = forms.CharField(
        label=_("What it is worth to the customer"), max_length=24, required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )  # fmt: skip
    cost = forms.CharField(
        label=_("What it costs us"), help_text=_("Where it is another sum."), max_length=24,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )  # fmt: skip
    words = forms.CharField(
        label=_("In words"), help_text=_("Such as: a handwritten card. The customer may read it."),
        max_length=500, required=False,
    )  # fmt: skip
    days = forms.IntegerField(
        label=_("A coupon holds for so many days"), min_value=1, max_value=1000, required=False
    )
    budget = forms.ChoiceField(label=_("Budget"), required=False)
    why = forms.CharField(
        label=_("Why, to us only"), help_text=_("Where it is more or less than the table says."),
        max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    client_key = forms.CharField(max_length=40, min_length=8, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, currency: str, failure: str, order: Order | None = None, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.currency, self.failure, self.order = currency, failure, order
        if order is not None:
            self.fields |= fields_of_lines(order)
        self.budgets = {str(one.pk): one for one in open_budgets(currency)}
        named = [(pk, one.name) for pk, one in self.budgets.items()]
        self.fields["budget"].choices = [("", _("none")), *named]  # type: ignore[attr-defined]
        if not named:
            del self.fields["budget"]

    def articles(self) -> list[forms.BoundField]:
        """What can be sent once more."""
        return [one for one in self if one.name.startswith(LINE)]

    def clean(self) -> dict[str, Any]:
        """A replacement whose articles are named is worth what they were sold for."""
        said = self.cleaned_data
        said["lines"] = lines_in(said)
        if said["lines"] and said.get("remedy") == Remedy.REPLACEMENT:
            said["amount"] = worth_of(self.order, said["lines"])
            self.errors.pop("amount", None)
        elif said.get("amount") is None and "amount" not in self.errors:
            self.add_error("amount", _("Say how much."))
        return said

    def clean_amount(self) -> Money | None:
        return self._money("amount") if self.cleaned_data["amount"].strip() else None

    def clean_cost(self) -> Money | None:
        return self._money("cost") if self.cleaned_data["cost"].strip() else None

    def _money(self, name: str) -> Money:
        try:
            return read_money(self.cleaned_data[name], self.currency)
        except Refused as refused:
            raise forms.ValidationError(str(refused)) from refused

    def wish(self, reason_ref: str) -> Wish:
        said = self.cleaned_data
        is_coupon = said["remedy"] == Remedy.COUPON
        lasts = timedelta(days=said["days"] or DAYS)
        return Wish(
            failure=self.failure, remedy=said["remedy"], face=said["amount"], cost=said["cost"],
            words=said["words"], why=said["why"], reason_ref=reason_ref,
            client_key=said["client_key"], budget=self.budgets.get(said.get("budget", "")),
            valid_until=timezone.now() + lasts if is_coupon else None, lines=said["lines"],
        )  # fmt: skip


class AnswerForm(forms.Form):
    """Yes or no, and why."""

    answer = forms.ChoiceField(choices=[("yes", _("Yes")), ("no", _("No"))])
    words = forms.CharField(
        label=_("In a few words"), help_text=_("A no needs a reason; a yes may have one."),
        max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip


class StateForm(forms.Form):
    """What became of it."""

    act = forms.ChoiceField(
        choices=[(one, one) for one in ("given", "declined", "taken_back", "redeemed")]
    )
    code = forms.CharField(label=_("The coupon’s code"), max_length=60, required=False)
    words = forms.CharField(label=_("Why"), max_length=500, required=False)
    is_void = forms.BooleanField(required=False)
