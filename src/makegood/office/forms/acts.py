"""Acts in a form: as many rows as there are and two more, each an act and its words."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from makegood.acts.act import Act

MOST_ROWS = 20
_SELECT = {"class": "input"}


def rows_wanted(data: Mapping[str, Any], name: str, kept: int) -> int:
    """As many rows as were sent, and two more than are kept."""
    typed = sum(key.startswith(f"{name}_") for key in data)
    return min(max(kept + 2, typed), MOST_ROWS)


class WithActs(forms.Form):
    """The rows of acts, of a macro or of a rule."""

    def add_rows(self, acts: Sequence[Mapping[str, str]], known: Sequence[Act]) -> None:
        self.act_count = rows_wanted(self.data, "do", len(acts))
        offered = _offered(known)
        chosen = {value for value, _label in _flat(offered)}
        for number in range(self.act_count):
            act = acts[number] if number < len(acts) else {"do": "", "with": ""}
            whole = f"{act['do']}={act['with']}"
            self.fields[f"do_{number}"] = forms.ChoiceField(
                label=_("Act"), choices=offered, required=False,
                initial=whole if whole in chosen else act["do"],
                widget=forms.Select(attrs=_SELECT),
            )  # fmt: skip
            self.fields[f"with_{number}"] = forms.CharField(
                label=_("Words"), required=False, initial="" if whole in chosen else act["with"],
                strip=False, widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
            )  # fmt: skip

    def act_rows(self) -> list[tuple[Any, Any]]:
        return [(self[f"do_{n}"], self[f"with_{n}"]) for n in range(self.act_count)]

    def acts_wanted(self) -> list[tuple[str, str]]:
        data, acts = self.cleaned_data, []
        for number in range(self.act_count):
            name, chosen, value = data[f"do_{number}"].partition("=")
            if name:
                acts.append((name, value if chosen else data[f"with_{number}"]))
        return acts


def _offered(known: Sequence[Act]) -> list[tuple[Any, Any]]:
    """Every act to choose; what one may take stands below it where that is a list."""
    offered: list[tuple[Any, Any]] = [("", "–")]
    for act in known:
        if act.choices is None:
            offered.append((act.name if act.takes else f"{act.name}=", act.label))
        else:
            # Closed, a list shows its word alone: it says of what.
            may_take = [
                (f"{act.name}={value}", format_lazy("{}: {}", act.label, word))
                for value, word in act.choices()
            ]
            offered.append((act.label, may_take))
    return offered


def _flat(offered: list[tuple[Any, Any]]) -> list[tuple[str, Any]]:
    flat: list[tuple[str, Any]] = []
    for value, label in offered:
        flat += label if isinstance(label, list) else [(value, label)]
    return flat
