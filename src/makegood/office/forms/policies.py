from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from makegood.promises.models import PolicyVersion, Promise
from makegood.promises.policies import PROMISED, PolicyWish
from makegood.promises.policy_words import DO, UNITS, WHOM, amount_of
from makegood.team.queries import all_agents

Words = Any  # plain or to be translated; the stubs know neither name
MOST_ROWS = 12
_SELECT = {"class": "input"}
_UNITS: list[tuple[str, Words]] = [
    ("min", _("minutes")),
    ("h", _("hours")),
    ("day", _("working days of 8 h")),
]
_WHEN: list[tuple[str, Words]] = [
    ("warn", _("at risk")),
    ("due", pgettext_lazy("promise", "broken")),
]


def _select(label: Words, choices: Any, initial: str = "") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=choices, required=False, initial=initial,
        widget=forms.Select(attrs=_SELECT),
    )  # fmt: skip


def _number(label: Words, initial: int | None, most: int = 100_000) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, required=False, min_value=0, max_value=most, initial=initial,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip


def whom_to_tell() -> list[tuple[str, Words]]:
    """Whom a step may be for: a part in the matter, or somebody by name."""
    people = [(one.ref, one.name) for one in all_agents() if one.is_active]
    return [("", "–"), *WHOM.items(), *people]


class SavePolicy(forms.Form):
    """A policy as it is to read: when it holds, what it promises, and what happens at risk."""

    name = forms.CharField(label=_("Name"), max_length=80)
    q = forms.CharField(label=_("When it holds"), max_length=1000, required=False)
    rests = forms.BooleanField(
        label=_("The clock of a resolution rests while the customer is awaited"), required=False
    )
    warn_share = forms.IntegerField(
        label=_("At risk after so many percent of the time"), min_value=10, max_value=100
    )

    def __init__(self, data: Any = None, *, name: str = "", version: PolicyVersion | None) -> None:
        super().__init__(data, initial=_shown(name, version))
        for kind in PROMISED:
            self._add_target(kind, version)
        steps: Sequence[dict[str, Any]] = version.steps if version else []
        typed = sum(key.startswith("do_") for key in self.data)
        self.count = min(max(len(steps) + 1, typed), MOST_ROWS)
        whom = whom_to_tell()
        for number in range(self.count):
            self._add_step(number, steps[number] if number < len(steps) else {}, whom)

    def _add_target(self, kind: Promise.Kind, version: PolicyVersion | None) -> None:
        target = version.targets.get(kind.value) if version else None
        clock = target["clock"] if target else Promise.Clock.HOURS.value
        amount, unit = amount_of(int(target["seconds"]), clock) if target else (None, "h")
        self.fields[f"amount_{kind}"] = _number(kind.label, amount)
        self.fields[f"unit_{kind}"] = _select(_("Unit"), _UNITS, unit)
        self.fields[f"clock_{kind}"] = _select(_("Counted"), Promise.Clock.choices, clock)

    def _add_step(self, number: int, step: dict[str, Any], whom: list[tuple[str, Words]]) -> None:
        after, unit = amount_of(int(step.get("after", 0)), "always") if step else (0, "min")
        does = [("", "–"), *DO.items()]
        self.fields[f"at_{number}"] = _select(_("When it is"), _WHEN, step.get("at", "warn"))
        self.fields[f"after_{number}"] = _number(_("After"), after, 43_200)
        self.fields[f"after_unit_{number}"] = _select(_("Unit"), _UNITS[:2], unit)
        self.fields[f"do_{number}"] = _select(_("What is done"), does, step.get("do", ""))
        self.fields[f"whom_{number}"] = _select(_("Whom"), whom, step.get("whom", ""))

    def targets(self) -> list[tuple[Any, Any, Any]]:
        return [(self[f"amount_{k}"], self[f"unit_{k}"], self[f"clock_{k}"]) for k in PROMISED]

    def steps(self) -> list[tuple[Any, ...]]:
        names = ("at", "after", "after_unit", "do", "whom")
        return [tuple(self[f"{name}_{n}"] for name in names) for n in range(self.count)]

    def wish(self) -> PolicyWish:
        data = self.cleaned_data
        return PolicyWish(
            name=data["name"],
            condition=data["q"],
            targets={kind.value: one for kind in PROMISED if (one := self._target(kind))},
            rests_while_awaited=data["rests"],
            warn_share=data["warn_share"],
            steps=[one for n in range(self.count) if (one := self._step(n))],
        )

    def _target(self, kind: Promise.Kind) -> dict[str, Any] | None:
        data, amount = self.cleaned_data, self.cleaned_data[f"amount_{kind}"]
        if not amount:
            return None
        unit = data[f"unit_{kind}"] or "h"
        return {"seconds": amount * UNITS[unit], "clock": data[f"clock_{kind}"] or "hours"}

    def _step(self, number: int) -> dict[str, Any] | None:
        data = self.cleaned_data
        if not data[f"do_{number}"]:
            return None
        return {
            "at": data[f"at_{number}"] or "warn",
            "after": (data[f"after_{number}"] or 0) * UNITS[data[f"after_unit_{number}"] or "min"],
            "do": data[f"do_{number}"],
            "whom": data[f"whom_{number}"],
        }


def _shown(name: str, version: PolicyVersion | None) -> dict[str, Any]:
    return {
        "name": name,
        "q": version.condition if version else "",
        "rests": version.rests_while_awaited if version else True,
        "warn_share": version.warn_share if version else 75,
    }
