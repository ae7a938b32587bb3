"""What pages say of who is where, and what agents say of what they want to hear."""

from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from makegood.kit.webpush import BadSubscription, Subscription
from makegood.notices.kinds import Kind, Way
from makegood.notices.models import Wishes
from makegood.notices.wishes import Wanted
from makegood.presence.models import Presence


class BeatForm(forms.Form):
    """A heartbeat: which page, at which conversation, and what is done there."""

    page = forms.CharField(max_length=36)
    at = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    doing = forms.ChoiceField(choices=[*Presence.Doing.choices, ("gone", "")], required=False)

    def clean_doing(self) -> str:
        return str(self.cleaned_data["doing"] or Presence.Doing.LOOKING)


class ReadingForm(forms.Form):
    """Which notices are read: those of one matter, or all up to one."""

    notices = forms.CharField(max_length=4000, required=False)
    until = forms.IntegerField(required=False, min_value=0, max_value=2**62)

    def clean_notices(self) -> list[int]:
        words = str(self.cleaned_data["notices"]).split()
        return [int(word) for word in words if word.isascii() and word.isdigit() and len(word) < 19]


class BrowserForm(forms.Form):
    """A browser's consent: where to push, and the keys for it; or that it is over."""

    endpoint = forms.CharField(max_length=1000)
    p256dh = forms.CharField(max_length=100, required=False)
    auth = forms.CharField(max_length=40, required=False)
    name = forms.CharField(max_length=200, required=False)
    is_over = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if not data.get("is_over") and "endpoint" in data:
            try:
                self.subscription().check()
            except BadSubscription as error:
                raise forms.ValidationError(_("The browser gave no usable address.")) from error
        return data

    def subscription(self) -> Subscription:
        data = self.cleaned_data
        return Subscription(endpoint=data["endpoint"], p256dh=data["p256dh"], auth=data["auth"])


class WishesForm(forms.Form):
    """What an agent wants to hear of, by which way, and when not."""

    follows = forms.MultipleChoiceField(
        label=_("Follow by itself"),
        choices=[
            ("assigned", _("what is given to me")),
            ("mentioned", _("where I am mentioned")),
            ("answered", _("what I answer")),
        ],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    digest = forms.ChoiceField(
        label=_("Mail of what I have not seen"),
        help_text=_("Only while I am not at the desk, and only if there is something."),
        choices=Wishes.Digest.choices,
        widget=forms.RadioSelect,
    )
    shows_words = forms.BooleanField(
        label=_("Show names and what was said"),
        help_text=_("Otherwise a push and a mail say only that there is something, and where."),
        required=False,
    )
    quiet_from = forms.TimeField(label=_("Quiet from"), required=False)
    quiet_to = forms.TimeField(label=_("Quiet until"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind, word in Kind.choices:
            self.fields[f"ways_{kind}"] = forms.MultipleChoiceField(
                label=word,
                choices=Way.choices,
                widget=forms.CheckboxSelectMultiple,
                required=False,
            )
        for name in ("quiet_from", "quiet_to"):
            self.fields[name].widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")

    def kinds(self) -> list[forms.BoundField]:
        return [self[f"ways_{kind}"] for kind in Kind.values]

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if (data.get("quiet_from") is None) != (data.get("quiet_to") is None):
            self.add_error("quiet_to", _("Quiet hours have a beginning and an end: give both."))
        return data

    def wanted(self) -> Wanted:
        data = self.cleaned_data
        quiet: tuple[time, time] | None = None
        if data["quiet_from"] is not None and data["quiet_to"] is not None:
            quiet = (data["quiet_from"], data["quiet_to"])
        return Wanted(
            ways={kind: data[f"ways_{kind}"] for kind in Kind.values},
            follows=data["follows"],
            quiet=quiet,
            digest=data["digest"],
            shows_words=data["shows_words"],
        )

    @classmethod
    def of(cls, wishes: Wishes) -> "WishesForm":
        """As it stands now."""
        first: dict[str, Any] = {
            f"ways_{kind}": sorted(wishes.ways_of(kind)) for kind in Kind.values
        }
        first |= {name: getattr(wishes, name) for name in ("digest", "shows_words")}
        first |= {name: getattr(wishes, name) for name in ("quiet_from", "quiet_to")}
        automatic = ("assigned", "mentioned", "answered")
        first["follows"] = [word for word in automatic if wishes.follows_when(word)]
        return cls(initial=first)
