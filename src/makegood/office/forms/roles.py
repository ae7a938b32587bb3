from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from makegood.channels.models import Inbox
from makegood.channels.queries import inboxes_to_choose
from makegood.office.forms.people import Teams
from makegood.team.models import Agent
from makegood.team.permissions import PERMISSIONS, grouped
from makegood.team.queries import agents_to_choose


class SaveRole(forms.Form):
    """A role of the shop's own: its name, and everything that it lets somebody do."""

    name = forms.CharField(label=_("Name"), max_length=60)
    words = forms.CharField(
        label=_("What it is for"), help_text=_("A line for who gives it."),
        max_length=250, required=False,
    )  # fmt: skip
    permissions = forms.MultipleChoiceField(
        label=_("What they may do"),
        choices=[(word, one.name) for word, one in PERMISSIONS.items()],
        required=False,
    )

    def __init__(self, data: Any = None, *, by: Agent, **more: Any) -> None:
        super().__init__(data, **more)
        self.mine = by.permissions()

    def groups(self) -> list[tuple[Any, list[dict[str, Any]]]]:
        """Every permission by group: whether it is ticked, and whether this agent may tick it."""
        chosen = set(self["permissions"].value() or ())
        return [
            (
                name,
                [
                    {"one": one, "is_on": one.word in chosen, "may": one.word in self.mine}
                    for one in group
                ],
            )
            for name, group in grouped()
        ]


class WaitsForYes(forms.Form):
    """Whose answers wait until somebody lets them go."""

    agents: "forms.ModelMultipleChoiceField[Agent]" = forms.ModelMultipleChoiceField(
        label=_("Agents"),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    teams = Teams(_("Everybody who is in one of these."))
    inboxes: "forms.ModelMultipleChoiceField[Inbox]" = forms.ModelMultipleChoiceField(
        label=_("Inboxes"),
        help_text=_("Everybody who answers in one of these."),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agents"].queryset = agents_to_choose()  # type: ignore[attr-defined]
        self.fields["inboxes"].queryset = inboxes_to_choose()  # type: ignore[attr-defined]
