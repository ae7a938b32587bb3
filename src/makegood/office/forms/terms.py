from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from makegood.calendars.models import Calendar
from makegood.fulfilment.actions import Wish
from makegood.fulfilment.models import Terms, TermsVersion
from makegood.shop.models import Shop

Words = Any  # plain or to be translated; the stubs know neither name
MOST_MINUTES = 7 * 24 * 60
_SELECT = forms.Select(attrs={"class": "input"})


def _days(label: Words, help_text: Words = "", *, is_needed: bool = False) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, help_text=help_text, required=is_needed, min_value=0, max_value=365,
        widget=forms.NumberInput(attrs={"class": "input", "inputmode": "numeric"}),
    )  # fmt: skip


def _minutes(label: Words, help_text: Words) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, help_text=help_text, required=False, min_value=1, max_value=MOST_MINUTES,
        widget=forms.NumberInput(attrs={"class": "input", "inputmode": "numeric"}),
    )  # fmt: skip


class SaveTerms(forms.Form):
    """The times that a shop states, as they are to read from now on."""

    name = forms.CharField(label=_("Name"), max_length=80)
    shop = forms.ModelChoiceField(
        label=_("Shop"), queryset=Shop.objects.order_by("name"), required=False,
        empty_label=_("every shop"), widget=_SELECT,
    )  # fmt: skip
    methods = forms.CharField(
        label=_("Ways to send"), max_length=250, required=False,
        help_text=_("As the shop calls them, with commas between. Empty: every way."),
    )  # fmt: skip
    countries = forms.CharField(
        label=_("Countries"), max_length=250, required=False,
        help_text=_("Two letters each, as in DE, AT. Empty: every country."),
    )  # fmt: skip
    cut_off = forms.TimeField(
        label=_("Same day until"), help_text=_("What comes in later counts the next working day."),
        widget=forms.TimeInput(attrs={"class": "input", "type": "time"}, format="%H:%M"),
    )  # fmt: skip
    handling_days = _days(_("Working days until it is sent"), is_needed=True)
    scan_days = _days(
        _("Then working days until the carrier’s first scan"), _("Empty promises no scan.")
    )
    transit_from = _days(_("Then working days until it arrives, at least"))
    transit_to = _days(_("and at most"), _("Empty promises no delivery."))
    refund_days = _days(
        _("Days until the money goes back, once it came back"), _("Empty promises none.")
    )
    acknowledge_minutes = _minutes(
        _("Minutes until an order is confirmed"), _("Empty: your shop does that on its own.")
    )
    paid_minutes = _minutes(
        _("Minutes until a payment is confirmed"), _("Counted from when the money came.")
    )
    sends_itself = forms.BooleanField(
        label=_("Send such confirmations from here before they are late"), required=False,
        help_text=_("Only where your shop sends none itself: else customers hear twice."),
    )  # fmt: skip
    waits_for_money = forms.BooleanField(
        label=_("Count from the payment, not from the order"), required=False
    )
    warehouse = forms.ModelChoiceField(
        label=_("Working days of the warehouse"), queryset=Calendar.objects.all(), required=False,
        empty_label=_("Monday to Friday"), widget=_SELECT,
    )  # fmt: skip
    carrier = forms.ModelChoiceField(
        label=_("Working days of the carrier"), queryset=Calendar.objects.all(), required=False,
        empty_label=_("Monday to Friday"), widget=_SELECT,
    )  # fmt: skip
    looks_back = _days(
        _("Days back"), _("Of older orders only what was due since then is promised."),
        is_needed=True,
    )  # fmt: skip
    position = forms.IntegerField(
        label=_("Place in the order of asking"), min_value=0, max_value=1000,
        help_text=_("The first that fits an order holds."),
        widget=forms.NumberInput(attrs={"class": "input", "inputmode": "numeric"}),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, version: TermsVersion | None = None) -> None:
        super().__init__(data, initial=_shown(version))

    def wish(self) -> Wish:
        return Wish(**self.cleaned_data)

    def version(self) -> TermsVersion:
        """As they would read, not saved."""
        said = {**self.cleaned_data}
        terms = Terms(name=said.pop("name"), position=said.pop("position"))
        return TermsVersion(terms=terms, **said)


def _shown(version: TermsVersion | None) -> dict[str, Any]:
    if version is None:
        return {"cut_off": "14:00", "handling_days": 1, "scan_days": 1, "looks_back": 3,
                "position": 0}  # fmt: skip
    words = (
        "shop", "methods", "countries", "cut_off", "handling_days", "scan_days", "transit_from",
        "transit_to", "refund_days", "waits_for_money", "warehouse", "carrier", "looks_back",
        "acknowledge_minutes", "paid_minutes", "sends_itself",
    )  # fmt: skip
    said = {word: getattr(version, word) for word in words}
    return {**said, "name": version.terms.name, "position": version.terms.position}
