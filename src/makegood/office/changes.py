"""Who changed what: every change of a setting, from the ledger, newest first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from makegood.kit.paging import Page, is_number, mark, unmark
from makegood.ledger.models import Event
from makegood.team.models import Agent
from makegood.team.permissions import PERMISSIONS

SHOWN = 40

PAGES: Mapping[str, tuple[str | Promise, Sequence[str]]] = {
    "agents": (_("Agents"), (
        "agent.changed", "agent.handed_over", "agent.invitation_withdrawn", "agent.invited",
        "agent.joined", "agent.password_set", "agent.profile_changed", "agent.second_step_changed",
    )),
    "roles": (_("Roles"), ("role.removed", "role.saved", "approval.changed")),
    "teams": (_("Teams"), ("team.changed",)),
    "policies": (_("Promises"), ("policy.changed", "cause.changed")),
    "inboxes": (_("Inboxes"), (
        "inbox.changed", "inbox.connected", "inbox.probes", "inbox.read_again",
        "automatic.allowed", "chat.key_ended", "chat.key_made",
    )),
    "fields": (_("Fields"), ("field.archived", "field.restored", "field.saved")),
    "rules": (_("Rules"), (
        "rule.all_off", "rule.all_on", "rule.broke", "rule.ordered", "rule.removed", "rule.saved",
        "rule.switched_off", "rule.switched_on",
    )),
    "tags": (_("Tags"), ("tag.merged", "tag.removed", "tag.restored", "tag.saved")),
    "kept": (_("Macros and saved replies"), (
        "macro.removed", "macro.saved", "savedreply.removed", "savedreply.saved",
        "import.taken", "import.undone",
    )),
    "views": (_("Views and segments"), (
        "view.changed", "view.removed", "view.saved", "segment.removed", "segment.saved",
    )),
    "people": (_("Files of people"), (
        "roll.begun", "roll.ended", "roll.stopped", "roll.taken_back", "roll.undone",
    )),
    "blocked": (_("Blocked"), (
        "chat.network_blocked", "chat.network_unblocked", "customer.blocked", "customer.unblocked",
    )),
    "keys": (_("Known keys"), ("key.added", "key.removed")),
}  # fmt: skip


NAMES: Mapping[str, str | Promise] = {
    "active": _("works here"), "address": _("address"), "agents": _("agents"),
    "answered from": _("answered from"), "audience": _("who has it"), "colour": _("colour"),
    "columns": _("columns"), "language": _("language"), "name": _("name"),
    "permissions": _("permissions"), "query": _("question"), "role": _("role"),
    "secrets": _("secrets"), "sender": _("sender"), "signature": _("signature"),
    "state": _("state"), "teams": _("teams"), "text": _("text"), "title": _("name"),
    "words": _("description"), "zone": _("time zone"),
}  # fmt: skip
"""What fields of events are called, for people."""
VALUES: Mapping[str, Mapping[str, str | Promise]] = {
    "active": {"yes": _("yes"), "no": _("no")},
    "role": {role.value: role.label for role in Agent.Role},
    "permissions": {word: one.name for word, one in PERMISSIONS.items()},
}


@dataclass(frozen=True, kw_only=True)
class Change:
    """One change: the event, and each thing that was different before."""

    event: Event
    differences: Sequence[tuple[str, str, str]]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Which changes somebody wants to see."""

    page: str = ""
    by: str = ""
    until: date | None = None
    after: str = ""


def changes(asked: Asked) -> Page[Change]:
    """The newest changes, a walk along each kind's index: flat however long the ledger is."""
    found: list[Event] = []
    for kind in _kinds(asked.page):
        found += _newest(kind, asked)
    found.sort(key=lambda event: -event.pk)
    rows = [Change(event=event, differences=differences(event)) for event in found[:SHOWN]]
    return Page(rows=rows, next=mark(rows[-1].event.pk) if len(found) > SHOWN else "")


def _kinds(page: str) -> Sequence[str]:
    if page in PAGES:
        return PAGES[page][1]
    return [kind for _name, kinds in PAGES.values() for kind in kinds]


def _newest(kind: str, asked: Asked) -> Sequence[Event]:
    events = Event.objects.filter(kind=kind).select_related("personal")
    if asked.by:
        events = events.filter(by=asked.by)
    if asked.until:
        events = events.filter(at__date__lt=asked.until + timedelta(days=1))
    key = unmark(asked.after, 1)
    if key is not None and is_number(key[0]):
        events = events.filter(pk__lt=key[0])
    return list(events.order_by("-pk")[: SHOWN + 1])


def differences(event: Event) -> Sequence[tuple[str, str, str]]:
    """What was otherwise before: its word, as it was, as it is."""
    told = event.told()
    before, after = _said(told.get("before")), _said(told.get("after"))
    names = [*after, *(name for name in before if name not in after)]
    return [
        (str(NAMES.get(name, name)), _told(name, before), _told(name, after))
        for name in names
        if before.get(name, "") != after.get(name, "")
    ]


def _told(name: str, said: Mapping[str, str]) -> str:
    """What a field said, each of its words as people know it."""
    known, words = VALUES.get(name, {}), said.get(name, "")
    return ", ".join(str(known.get(word, word)) for word in words.split(", ")) if known else words


def _said(value: Any) -> dict[str, str]:
    if isinstance(value, dict):
        return {str(name): _in_words(words) for name, words in value.items()}
    return {"": _in_words(value)} if value else {}


def _in_words(value: Any) -> str:
    """A value as a line that a person reads: names before their words, lists one by one."""
    if isinstance(value, dict) and set(value) == {"do", "with"}:
        return f"{value['do']} {value['with']}".strip()
    if isinstance(value, dict):
        return "; ".join(f"{name}: {_in_words(words)}" for name, words in value.items())
    if isinstance(value, (list, tuple)):
        return "; ".join(map(_in_words, value))
    return "" if value is None else str(value)
