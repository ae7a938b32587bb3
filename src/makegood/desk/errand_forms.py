"""What is asked before a shop is asked: one small form for each act, and what it means in words."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makegood.desk.lines import fields_of_lines, lines_in
from makegood.errands.stakes import cost_of, left_to_refund
from makegood.kit.errors import Refused
from makegood.kit.ids import new_token
from makegood.kit.money import read_money
from makegood.shop.connectors.interface import Ability, Wanted
from makegood.shop.models import Order

COUPON_DAYS = 90
CODE_LENGTH = 8
ADDRESS = (
    ("name", gettext_lazy("Name")), ("company", gettext_lazy("Company")),
    ("line1", gettext_lazy("Street and number")), ("line2", gettext_lazy("Second line")),
    ("postcode", gettext_lazy("Postcode")), ("city", gettext_lazy("City")),
    ("region", gettext_lazy("Region")), ("country", gettext_lazy("Country, two letters")),
    ("phone", gettext_lazy("Telephone")),
)  # fmt: skip
MUST_BE = ("name", "line1", "city", "country")


class ErrandForm(forms.Form):
    """What every act has: its own key, so that pressed twice it is asked once."""

    key = forms.CharField(max_length=60, widget=forms.HiddenInput)
    conversation = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, order: Order, what: Ability, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.order, self.what = order, what
        self.initial.setdefault("key", new_token())

    def asked_as(self) -> str:
        """The errand's key: of this form, wherever it is pressed again."""
        return f"desk:{self.cleaned_data['key']}"

    def of_this_act(self) -> list[forms.BoundField]:
        """The fields to fill in, in their order."""
        return [one for one in self if not one.is_hidden]

    def wanted(self) -> Wanted:
        """What the shop is asked. Raises `Refused`."""
        return Wanted(what=self.what, order_id=self.order.external_id)


class WithReason(ErrandForm):
    reason = forms.CharField(
        max_length=200, required=False, label=gettext_lazy("Why"),
        help_text=gettext_lazy("For the shop’s own books; the customer may see it there."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    notify = forms.BooleanField(
        required=False, label=gettext_lazy("The shop tells the customer by a mail of its own")
    )


class WithLines(ErrandForm):
    """So many of which articles."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields |= fields_of_lines(self.order)

    def lines(self) -> tuple[tuple[str, int], ...]:
        return lines_in(self.cleaned_data)

    def wanted(self) -> Wanted:
        return Wanted(what=self.what, order_id=self.order.external_id, lines=self.lines())


class RefundForm(WithLines, WithReason):
    """Whole, a part, or by its articles; without an amount the articles say how much."""

    amount = forms.CharField(
        max_length=20, required=False, label=gettext_lazy("How much"),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )  # fmt: skip
    began = forms.CharField(required=False, widget=forms.HiddenInput)
    field_order = ("amount",)

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        left = left_to_refund(self.order)
        self.initial.setdefault("amount", left.typed())
        self.initial.setdefault("began", left.typed())
        self.fields["amount"].help_text = _(
            "Of this order %(left)s can still go back. Name articles, and it is what they cost."
        ) % {"left": left}

    def wanted(self) -> Wanted:
        lines, text = self.lines(), self.cleaned_data["amount"].strip()
        if not text and not lines:
            raise Refused(_("Say how much is to go back."))
        # The amount that stood there is no answer where somebody named articles.
        is_said = text and not (lines and text == self.cleaned_data["began"])
        minor = read_money(text, self.order.currency).minor if is_said else self._cost(lines)
        return Wanted(
            what=self.what, order_id=self.order.external_id, lines=lines, amount_minor=minor,
            currency=self.order.currency, reason=self.cleaned_data["reason"],
            notify=self.cleaned_data["notify"],
        )  # fmt: skip

    def _cost(self, lines: tuple[tuple[str, int], ...]) -> int:
        bought = {line.external_id: line for line in self.order.lines.all()}
        return sum(cost_of(bought[line], count) for line, count in lines if line in bought)


class CancelForm(WithReason):
    def wanted(self) -> Wanted:
        told = self.cleaned_data
        return Wanted(
            what=self.what, order_id=self.order.external_id, reason=told["reason"],
            notify=told["notify"],
        )  # fmt: skip


class AddressForm(ErrandForm):
    """Where it is to go instead."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        for name, label in ADDRESS:
            self.fields[name] = forms.CharField(
                max_length=2 if name == "country" else 120, label=label, required=name in MUST_BE
            )
        self.initial.setdefault("name", self.order.name)
        self.initial.setdefault("country", self.order.country)
        self.initial.setdefault("phone", self.order.phone)

    def wanted(self) -> Wanted:
        told = {name: self.cleaned_data[name] for name, _label in ADDRESS}
        told["country"] = told["country"].upper()
        return Wanted(
            what=self.what, order_id=self.order.external_id, email=self.order.email,
            address={name: words for name, words in told.items() if words},
        )  # fmt: skip


class ResendForm(ErrandForm):
    def wanted(self) -> Wanted:
        return Wanted(what=self.what, order_id=self.order.external_id, email=self.order.email)


class CouponForm(ErrandForm):
    """An amount or a part, for so many days, from so much on."""

    amount = forms.CharField(
        max_length=20, label=gettext_lazy("Worth"),
        help_text=gettext_lazy("An amount such as 10, or a part such as 10 %."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    days = forms.IntegerField(
        min_value=1, max_value=730, initial=COUPON_DAYS, label=gettext_lazy("Valid for days")
    )
    least = forms.CharField(
        max_length=20, required=False, label=gettext_lazy("For orders from"),
        help_text=gettext_lazy("Empty: for every order."),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )  # fmt: skip

    def wanted(self) -> Wanted:
        currency, told = self.order.currency, self.cleaned_data
        worth, least = told["amount"].strip(), told["least"].strip()
        until = timezone.now() + timedelta(days=told["days"])
        percent = _percent_in(worth)
        return Wanted(
            what=self.what, order_id=self.order.external_id, currency=currency,
            code=told["key"].replace("-", "").replace("_", "")[:CODE_LENGTH].upper(),
            percent=percent,
            amount_minor=0 if percent else read_money(worth, currency).minor,
            least_minor=read_money(least, currency).minor if least else 0,
            valid_until=until.replace(hour=21, minute=59, second=59, microsecond=0),
        )  # fmt: skip


def _percent_in(text: str) -> int:
    """10 of `10 %`; nothing where it is an amount. Raises `Refused` for a part of no use."""
    if not text.endswith("%"):
        return 0
    number = text.removesuffix("%").strip()
    if not number.isascii() or not number.isdigit() or not 1 <= int(number) <= 100:
        raise Refused(_("A coupon is worth an amount, or 1 to 100 percent."))
    return int(number)


FORMS: dict[Ability, type[ErrandForm]] = {
    Ability.REFUND: RefundForm,
    Ability.CANCEL: CancelForm,
    Ability.ADDRESS: AddressForm,
    Ability.RESEND: ResendForm,
    Ability.REPLACEMENT: WithLines,
    Ability.RETURN_LABEL: WithLines,
    Ability.COUPON: CouponForm,
}
