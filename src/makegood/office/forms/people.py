from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from makegood.office.forms.signatures import checked_signature
from makegood.team.models import Agent
from makegood.team.queries import agents_to_choose, roles_to_choose, teams_to_choose


class NewPassword(forms.CharField):
    """A password to be: kept as typed, held to the rules, never shown again."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Password"),
            help_text=_("At least ten characters; several words are good."),
            strip=False,
            max_length=200,
            widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        )

    def clean(self, value: str) -> str:
        value = super().clean(value)
        validate_password(value)
        return str(value)


class Name(forms.CharField):
    def __init__(self) -> None:
        super().__init__(
            label=_("Your name"),
            help_text=_("Customers read it under what you write."),
            max_length=120,
            widget=forms.TextInput(attrs={"autocomplete": "name"}),
        )


class Teams(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Some of the teams there are."""

    def __init__(self, help_text: Any = "") -> None:
        super().__init__(
            queryset=teams_to_choose(),
            label=_("Teams"),
            help_text=help_text,
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )


class Role(forms.ChoiceField):
    """What somebody may see and do."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Role"),
            help_text=_(
                "Agents see the inboxes of their teams, and those that belong to no team. "
                "Leads see every conversation. Owners also see this office. "
                "Roles of your own may do what you ticked for them."
            ),
            choices=roles_to_choose,
            widget=forms.RadioSelect,
        )


class FirstOwner(forms.Form):
    """The first person of a new install."""

    word = forms.CharField(
        label=_("The set-up word"),
        help_text=_("It was printed where the server was started."),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "off"}),
    )
    name = Name()
    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
    password = NewPassword()


class Joining(forms.Form):
    """What an invited person says of themselves."""

    name = Name()
    password = NewPassword()


class Profile(forms.ModelForm):  # type: ignore[type-arg]
    """What an agent says of themselves."""

    name = Name()
    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        choices=lambda: [("", _("As my browser says")), *settings.LANGUAGES],
        widget=forms.Select(attrs={"class": "input"}),
    )
    signature = forms.CharField(
        label=_("Signature"),
        help_text=_(
            "Stands under every answer that you write, above the inbox’s. It is formatted as an "
            "answer is, and may hold {agent.first_name|Your team}, {shop.name} and {inbox.address}."
        ),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    class Meta:
        model = Agent
        fields = ("name", "language", "signature")

    def clean_signature(self) -> str:
        return checked_signature(self.cleaned_data["signature"])


TYPES = ("image/jpeg", "image/png", "image/webp")


class Picture(forms.Form):
    """What customers see of whoever answers them."""

    file = forms.FileField(
        label=_("Another picture"),
        help_text=_(
            "JPEG, PNG or WebP, up to 8 MB. Its middle is shown, small; nothing else of the file "
            "is kept."
        ),
        widget=forms.FileInput(attrs={"class": "input", "accept": ", ".join(TYPES)}),
    )


class Invite(forms.Form):
    """Who is to answer with us."""

    email = forms.EmailField(label=_("Their e-mail address"), max_length=254)
    name = forms.CharField(
        label=_("Their name"), help_text=_("They can change it."), required=False, max_length=120
    )
    role = Role()
    teams = Teams()


class ChangeAgent(forms.Form):
    """What an agent may do, and whether they may come in."""

    role = Role()
    teams = Teams()


class CloseAccount(forms.Form):
    """Who takes over from somebody who leaves."""

    to = forms.ChoiceField(
        label=_("Who takes over"),
        help_text=_("What they may not see goes to its team instead."),
        required=False,
        widget=forms.Select(attrs={"class": "input"}),
    )

    def __init__(self, data: Any = None, *, heirs: Sequence[Agent], **more: Any) -> None:
        super().__init__(data, **more)
        self.heirs = {str(one.pk): one for one in heirs}
        nobody = ("", _("Nobody: it lies with its team, for everybody to take"))
        choices = [nobody, *((key, one.name) for key, one in self.heirs.items())]
        self.fields["to"].choices = choices  # type: ignore[attr-defined]

    def heir(self) -> Agent | None:
        return self.heirs.get(self.cleaned_data.get("to", ""))


class SaveTeam(forms.Form):
    """Agents who share a queue."""

    name = forms.CharField(label=_("Name"), max_length=80)
    agents: "forms.ModelMultipleChoiceField[Agent]" = forms.ModelMultipleChoiceField(
        label=_("Agents"),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agents"].queryset = agents_to_choose()  # type: ignore[attr-defined]
