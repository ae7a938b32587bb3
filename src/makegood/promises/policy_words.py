"""A policy in words: as plain sentences for a person, and as short lines for the ledger."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from makegood.promises.explaining import in_words
from makegood.promises.models import PolicyVersion, Promise

DAY = 8 * 3600
UNITS: Mapping[str, int] = {"min": 60, "h": 3600, "day": DAY}
DO: Mapping[str, str | Lazy] = {
    "notify": gettext_lazy("tell"),
    "raise": gettext_lazy("make it more urgent"),
    "reassign": gettext_lazy("give it to somebody else"),
    "call": gettext_lazy("call for help"),
}
DO_FOR: Mapping[str, str | Lazy] = {
    "notify": gettext_lazy("tell %(whom)s"),
    "call": gettext_lazy("call %(whom)s for help"),
}
WHOM: Mapping[str, str | Lazy] = {
    "owner": gettext_lazy("whoever has it"),
    "team": gettext_lazy("its team"),
    "leads": gettext_lazy("its leads"),
}


def amount_of(seconds: int, clock: str) -> tuple[int, str]:
    """A length as a form asks for it: so many minutes, hours, or working days of eight hours."""
    if clock == Promise.Clock.HOURS and seconds % DAY == 0 and seconds > DAY:
        return seconds // DAY, "day"
    return (seconds // 3600, "h") if seconds % 3600 == 0 else (seconds // 60, "min")


def length_in_words(seconds: int, clock: str) -> str:
    number, unit = amount_of(seconds, clock)
    if unit == "day":
        words = ngettext("%(n)s working day of 8 h", "%(n)s working days of 8 h", number)
        return words % {"n": number}
    return in_words(timedelta(seconds=seconds))


def sentences_of(version: PolicyVersion, names: Mapping[str, str] | None = None) -> Sequence[str]:
    """The policy said back. `names` are those of agents that its steps name."""
    said = [_condition(version)]
    said += [_target(kind, version.targets[kind]) for kind in Promise.Kind.values
             if kind in version.targets]  # fmt: skip
    if Promise.Kind.RESOLUTION in version.targets:
        said.append(
            _("The clock of the resolution rests while the customer is awaited.")
            if version.rests_while_awaited
            else _("The clock of the resolution runs on while the customer is awaited.")
        )
    words = _("A promise is at risk once %(share)s %% of its time have gone.")
    said.append(words % {"share": version.warn_share})
    return [*said, *(step_in_words(one, names or {}) for one in version.steps)]


def _condition(version: PolicyVersion) -> str:
    if not version.condition:
        return _("Holds of every conversation that no policy above it holds of.")
    return _("Holds where: %(condition)s") % {"condition": version.condition}


def _target(kind: str, target: Mapping[str, Any]) -> str:
    told = {
        "kind": str(Promise.Kind(kind).label),
        "length": length_in_words(int(target["seconds"]), str(target["clock"])),
    }
    if target["clock"] == Promise.Clock.HOURS:
        return _("The %(kind)s comes within %(length)s, counted in opening hours.") % told
    return _("The %(kind)s comes within %(length)s, counted around the clock.") % told


def step_in_words(step: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """`When it is at risk: tell its leads.`"""
    told = {
        "after": in_words(timedelta(seconds=int(step.get("after", 0)))),
        "do": what_in_words(str(step["do"]), str(step.get("whom", "")), names),
    }
    is_at_once, is_warning = not int(step.get("after", 0)), step["at"] == "warn"
    if is_warning:
        words = (
            _("When it is at risk: %(do)s.")
            if is_at_once
            else _("%(after)s after it came to risk: %(do)s.")
        )
    else:
        words = (
            _("When it is broken: %(do)s.")
            if is_at_once
            else _("%(after)s after it broke: %(do)s.")
        )
    return words % told


def what_in_words(does: str, whom: str, names: Mapping[str, str]) -> str:
    whose = str(WHOM.get(whom) or names.get(whom, ""))
    if whose and does in DO_FOR:
        return str(DO_FOR[does]) % {"whom": whose}
    return str(DO.get(does, does))


def told_version(version: PolicyVersion | None) -> dict[str, str]:
    """A version as the ledger tells it: words that stay as they are in every language."""
    if version is None:
        return {}
    targets = [
        f"{kind} {one['seconds']} s {one['clock']}" for kind, one in sorted(version.targets.items())
    ]
    steps = [
        f"{one['at']}+{one.get('after', 0)} s {one['do']} {one.get('whom', '')}".strip()
        for one in version.steps
    ]
    return {
        "version": str(version.number),
        "condition": version.condition,
        "targets": "; ".join(targets),
        "rests": "yes" if version.rests_while_awaited else "no",
        "warns at": f"{version.warn_share} %",
        "steps": "; ".join(steps),
    }
