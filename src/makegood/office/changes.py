"""Who changed what: every change of a setting, from the ledger, newest first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from makegood.ahead.models import Switch
from makegood.authority.models import Budget, Limit
from makegood.fields.models import Field
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
    "makegoods": (_("What is given for what"), (
        "remedies.published", "failure.named", "failure.ended",
    )),
    "ahead": (_("First to tell"), ("slip.sender_changed", "slip.switch_changed")),
    "authority": (_("Who may give what"), ("authority.changed", "budget.saved")),
    "teams": (_("Teams"), ("team.changed",)),
    "policies": (_("Promises"), ("policy.changed", "cause.changed", "terms.saved")),
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
    "acknowledgement": _("acknowledgement"), "active": _("works here"), "acts": _("what it does"),
    "address": _("address"), "agents": _("agents"), "aliases": _("other addresses"),
    "amount": _("amount"), "per_case": _("for one case"), "per_day": _("a day"),
    "per_month": _("a month"), "purpose": _("what it is for"), "reach": _("how far"),
    "span": _("how often"),
    "answered from": _("answered from"), "audience": _("who has it"),
    "agent": _("in whose name"), "most": _("at most a day"),
    "names_day": _("promises the foreseen day"), "text_de": _("words in German"),
    "text_en": _("words in English"), "way": _("what is done"),
    "auth": _("how it signs in"), "authserv_id": _("the name of the checking server"),
    "chat": _("chat"), "choices": _("choices"), "colour": _("colour"), "columns": _("columns"),
    "condition": _("condition"), "edited_by": _("who changes it"),
    "embedded_in": _("pages that show it"), "for": _("whose it is"),
    "hears_machines": _("hears automatic mail"), "help": _("explanation"),
    "hides_waits": _("hides waiting times"), "imap": _("incoming mail"),
    "in_hours": _("counts opening hours"), "inbox": _("inbox"),
    "is_telling": _("tells who is the same"), "kind": _("kind"), "language": _("language"),
    "leaves_free": _("leaves conversations to all"), "name": _("name"),
    "noun": _("what it belongs to"), "opens_forwards": _("opens forwarded mail"),
    "permissions": _("permissions"), "place": _("place"),
    "plus_addresses": _("addresses with a plus sign"), "query": _("question"),
    "reply_domain": _("domain for answers"), "rests": _("rests while awaited"),
    "role": _("role"), "seconds": _("seconds"), "secrets": _("secrets"),
    "seen_by": _("who sees it"), "seen_within": _("days since last seen"),
    "sender": _("sender"), "shortcut": _("shortcut"), "signature": _("signature"),
    "smtp": _("outgoing mail"), "state": _("state"), "steps": _("steps"),
    "stops_here": _("ends the rules behind it"), "tag": _("tag"), "targets": _("times"),
    "team": _("team"), "teams": _("teams"), "text": _("text"), "texts": _("texts"),
    "title": _("name"), "trigger": _("when it is asked"), "undo_seconds": _("seconds to take back"),
    "version": _("version"), "warns at": _("warns at"), "words": _("description"),
    "zone": _("time zone"),
}  # fmt: skip
"""What fields of events are called, for people."""
YES_NO: Mapping[str, str | Promise] = {"yes": _("yes"), "no": _("no")}
VALUES: Mapping[str, Mapping[str, str | Promise]] = {
    "active": YES_NO,
    "edited_by": {least.value: least.label for least in Field.Least},
    "is_telling": YES_NO,
    "kind": {kind.value: kind.label for kind in Field.Kind},
    "names_day": YES_NO,
    "way": {way.value: way.label for way in Switch.Way},
    "noun": {noun.value: noun.label for noun in Field.Noun},
    "rests": YES_NO,
    "seen_by": {least.value: least.label for least in Field.Least},
    "role": {role.value: role.label for role in Agent.Role},
    "reach": {reach.value: reach.label for reach in Limit.Reach},
    "span": {span.value: span.label for span in Budget.Span},
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
    if isinstance(value, bool):
        return str(YES_NO["yes" if value else "no"])
    return "" if value is None else str(value)
