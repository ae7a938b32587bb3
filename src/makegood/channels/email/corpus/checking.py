"""Whether a mail of the corpus is understood as it must be."""

from collections.abc import Callable, Sequence
from typing import Any

from makegood.channels.email.explaining import explanation
from makegood.channels.email.reading import understand

from .case import Case


def differences(case: Case) -> list[str]:
    """What is understood otherwise than expected, in words; nothing where all is well."""
    told = explanation(understand(case.raw, {}))
    wrong: list[str] = []
    for name, expected in case.expected.items():
        check = _CHECKS.get(name)
        if check is not None:
            wrong += check(told, expected)
        elif told.get(name) != expected:
            wrong.append(f"{name}: {told.get(name)!r} is not {expected!r}")
    return [f"{case.name}: {each}" for each in wrong]


def _lines(told: dict[str, Any], expected: Sequence[str]) -> list[str]:
    """No line of the writer's may be missing; quoted ones may stand between them."""
    seen = [line.strip() for line in str(told["reply"]).split("\n") if line.strip()]
    bare = {line.lstrip("> ") for line in seen}
    lost = [line for line in expected if line.lstrip("> ") not in bare]
    shown = [line for line in seen if line not in expected and not line.startswith(">")]
    return [f"lost {line!r}" for line in lost] + [f"shown {line!r}" for line in shown]


def _kept(told: dict[str, Any], expected: Sequence[str]) -> list[str]:
    """No line of the writer's may be missing, whatever else is shown."""
    return [line for line in _lines(told, expected) if line.startswith("lost")]


def _within(told: dict[str, Any], expected: Sequence[str]) -> list[str]:
    return [f"{words!r} is not in the text" for words in expected if words not in told["text"]]


def _reports(told: dict[str, Any], expected: Sequence[dict[str, Any]]) -> list[str]:
    found = told["recipients"]
    if len(found) != len(expected):
        return [f"{len(found)} recipients and not {len(expected)}"]
    return [
        f"{name}: {one.get(name)!r} is not {value!r} ({one.get('said')!r})"
        for one, wanted in zip(found, expected, strict=True)
        for name, value in wanted.items()
        if one.get(name) != value
    ]


def _files(told: dict[str, Any], expected: Sequence[str]) -> list[str]:
    names = [each["name"] for each in told["attachments"]]
    return [] if names == list(expected) else [f"files {names!r} and not {list(expected)!r}"]


def _sender(told: dict[str, Any], expected: str) -> list[str]:
    given = told["from"]["address"]
    return [] if given == expected else [f"from {given!r} and not {expected!r}"]


def _named(told: dict[str, Any], expected: Sequence[str]) -> list[str]:
    found = [each["address"] for each in told["to"]]
    return [] if found == list(expected) else [f"to {found!r} and not {list(expected)!r}"]


def _inlines(told: dict[str, Any], expected: Sequence[str]) -> list[str]:
    found = [each["cid"] for each in told["attachments"] if each["inline"]]
    return [] if found == list(expected) else [f"inline {found!r} and not {list(expected)!r}"]


def _some_facts(told: dict[str, Any], expected: dict[str, str]) -> list[str]:
    facts = told["facts"]
    return [
        f"{name}: {facts.get(name)!r} is not {value!r}"
        for name, value in expected.items()
        if facts.get(name) != value
    ]


_CHECKS: dict[str, Callable[[dict[str, Any], Any], list[str]]] = {
    "lines": _lines,
    "kept": _kept,
    "has": _within,
    "recipients": _reports,
    "files": _files,
    "sender": _sender,
    "inlines": _inlines,
    "fact": _some_facts,
    "recipients-named": _named,
}
