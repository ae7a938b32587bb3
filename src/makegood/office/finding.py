"""Settings by a few letters: pages of the office, what their forms ask for, and things by name."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any

from django import forms
from django.db.models import QuerySet, Value
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from makegood.asking.folding import fold
from makegood.calendars.models import Calendar
from makegood.channels.models import Inbox
from makegood.fields.models import Field
from makegood.kit.compiled import Compiled
from makegood.office.forms.ahead import SaveSender, SaveSwitch
from makegood.office.forms.authority import SaveBudget, SaveLimits
from makegood.office.forms.fields import SaveField
from makegood.office.forms.hours import SaveHours
from makegood.office.forms.inboxes import ContactForm, Mailbox
from makegood.office.forms.orders import BringOrders
from makegood.office.forms.people import ChangeAgent, CloseAccount, Invite, SaveTeam
from makegood.office.forms.policies import SavePolicy
from makegood.office.forms.roles import SaveRole, WaitsForYes
from makegood.office.forms.routing import SaveRouting, SaveWork
from makegood.office.forms.rules import SaveRule
from makegood.office.forms.tags import MergeTag, SaveTag
from makegood.office.forms.terms import SaveTerms
from makegood.promises.models import Policy
from makegood.tags.queries import tags_having
from makegood.team.gates import leads_somewhere
from makegood.team.models import Agent, OwnRole, Team

Words = str | Promise
MOST = 12
MOST_OF_A_KIND = 4


@dataclass(frozen=True, kw_only=True)
class Page:
    """One page of the office: its name, other words for it, and the forms that stand there."""

    url: str
    title: Words
    icon: str
    words: Words = ""
    key: str = ""
    arguments: tuple[str, ...] = ()
    asks: tuple[type[forms.Form], ...] = ()

    @property
    def address(self) -> str:
        return reverse(self.url, args=self.arguments)


def _page(url: str, title: Words, icon: str, words: Words = "", *asks: type[forms.Form]) -> Page:
    return Page(url=f"office:{url}", title=title, icon=icon, words=words, asks=asks)


PAGES: tuple[Page, ...] = (
    Page(
        url="office:home",
        title=_("Office"),
        icon="settings",
        words=_("settings administration set up"),
        key="g o",
    ),
    _page(
        "inboxes", _("Inboxes"), "inbox", _("mailboxes channels addresses settings"),
        Mailbox, ContactForm,
    ),
    _page("connect", _("Connect an inbox"), "plus", _("new mailbox channel add e-mail")),
    _page(
        "agents", _("Agents"), "user", _("colleagues members staff people roles"),
        ChangeAgent, CloseAccount,
    ),
    _page("invite", _("Invite an agent"), "user-plus", _("new colleague member add"), Invite),
    _page("rules", _("Rules"), "refresh-cw", _("automation workflows triggers"), SaveRule),
    _page(
        "authority", _("Who may give what"), "gauge",
        _("limits budgets compensation refunds approval"), SaveLimits, SaveBudget,
    ),
    _page(
        "makegoods", _("What is given for what"), "check-check",
        _("compensation policy remedies coupon refund goodwill"),
    ),
    _page(
        "ahead", _("First to tell"), "send",
        _("late orders proactive letters automatic notify delay"), SaveSwitch, SaveSender,
    ),
    _page("roles", _("Roles"), "shield-check", _("permissions rights access"), SaveRole),
    _page(
        "approval", _("Approval"), "shield-question-mark", _("review four eyes wait yes"),
        WaitsForYes,
    ),
    _page("teams", _("Teams"), "users", _("groups queues"), SaveTeam),
    _page(
        "hours", _("Opening hours"), "clock", _("business calendar holidays closed weekend"),
        SaveHours,
    ),
    _page(
        "routing", _("Who gets what"), "hand",
        _("routing shifts capacity skills assign distribute availability"), SaveRouting, SaveWork,
    ),
    _page(
        "policies", _("Promises"), "alarm-clock",
        _("policies sla service level targets escalation response time"), SavePolicy,
    ),
    _page(
        "terms", _("Stated times"), "package",
        _("orders shipping delivery cut off handling transit promises"), SaveTerms,
    ),
    _page("new_policy", _("New policy"), "plus", _("sla service level add")),
    _page("new_team", _("New team"), "plus", _("group queue add")),
    Page(
        url="office:rolls",
        title=_("Bring in people"),
        icon="download",
        words=_("import csv file customers agents"),
        arguments=("customers",),
    ),
    _page("shops", _("Shops"), "link", _("connect shopify woocommerce webhooks orders")),
    _page(
        "orders", _("Bring in orders"), "package",
        _("import csv file shop orders purchases parcels"), BringOrders,
    ),
    _page("fields", _("Fields"), "pencil", _("custom properties attributes"), SaveField),
    _page("new_field", _("New field"), "plus", _("custom property attribute add")),
    _page("tags", _("Tags"), "tag", _("labels words rename merge colour"), SaveTag, MergeTag),
    _page("blocked", _("Blocked"), "x", _("banned spam block list")),
    _page("arrivals", _("Arrivals"), "mail", _("incoming raw mail trouble")),
    _page("deliveries", _("Deliveries"), "send", _("outgoing outbox bounced failed")),
    Page(
        url="palette:style",
        title=_("How it looks"),
        icon="eye",
        words=_("design system style components look"),
    ),
    _page("health", _("Health"), "circle-check", _("status alarms monitoring")),
    _page("waits", _("Waiting times"), "clock", _("expected wait response time forecast")),
    _page("keys", _("Known keys"), "key-round", _("certificates signatures smime pgp trust")),
    _page("history", _("Who changed what"), "history", _("audit log changes")),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Setting:
    """One line of what was found: what it is, on which page, and the way there."""

    title: str
    where: str
    icon: str
    address: str


def settings(agent: Agent, words: str) -> Sequence[Setting]:
    """What these letters lead to, in the agent's language or in English, as far as they may."""
    asked = fold(words).split()
    if not asked:
        return []
    found = [*_of_pages(agent, asked), *_things(agent, asked)]
    return found[:MOST]


@dataclass(frozen=True)
class _Said:
    """A setting, and all the words that it is found by: in the agent's language and in English."""

    setting: Setting
    words: tuple[str, ...]

    def begins(self, asked: Sequence[str]) -> bool:
        return _begin(asked, self.words)


def _has(asked: Sequence[str], *said: str) -> bool:
    """Whether each letters begin a word of these."""
    return _begin(asked, _folded(said))


def _begin(asked: Sequence[str], words: Sequence[str]) -> bool:
    return all(any(word.startswith(each) for word in words) for each in asked)


def _folded(said: Iterable[str]) -> tuple[str, ...]:
    return tuple(word for one in said for word in fold(one).split())


def _in_english(said: Words) -> str:
    with translation.override("en"):
        return str(said)


def _of_pages(agent: Agent, asked: Sequence[str]) -> Iterator[Setting]:
    for one in _said_on_pages(translation.get_language()):
        if one.begins(asked) and leads_somewhere(agent, one.setting.address):
            yield one.setting


@lru_cache(maxsize=64)
def _said_on_pages(_language: str | None) -> Sequence[_Said]:
    """All pages and what their forms ask for: put into words once for each language."""
    return [*map(_page_said, PAGES), *(one for page in PAGES for one in _labels_said(page))]


def _page_said(one: Page) -> _Said:
    words = (str(one.title), str(one.words), _in_english(one.title), _in_english(one.words))
    setting = Setting(title=str(one.title), where="", icon=one.icon, address=one.address)
    return _Said(setting, _folded(words))


def _labels_said(one: Page) -> Iterator[_Said]:
    """What a form asks for, by its label: the page where it stands."""
    labels = {
        str(field.label): field.label
        for form in one.asks
        for field in form.base_fields.values()
        if field.label
    }
    for label, said in labels.items():
        where = Setting(title=label, where=str(one.title), icon=one.icon, address=one.address)
        yield _Said(where, _folded((label, _in_english(said))))


Rows = Iterable[tuple[int, str, str]]
Kind = tuple[str, str, Words, str, Callable[[str], Rows]]


def _named(make: Callable[[], "QuerySet[Any, Any]"]) -> Callable[[str], Rows]:
    """Number, name and another word of each, by a question that is worked out once."""
    names: Compiled[tuple[int, str, str]] = Compiled(make)
    return lambda _typed: names.all()


KINDS: tuple[Kind, ...] = (
    (
        "office.inboxes", "office:inbox", _("Inbox"), "inbox",
        _named(lambda: Inbox.objects.values_list("pk", "name", "address")),
    ),
    (
        "office.agents", "office:agent", _("Agent"), "user",
        _named(
            lambda: Agent.objects.order_by("-is_active", "name").values_list("pk", "name", "email")
        ),
    ),
    (
        "office.teams", "office:team", _("Team"), "users",
        _named(lambda: Team.objects.order_by("name").values_list("pk", "name", Value(""))),
    ),
    (
        "office.teams", "office:calendar", _("Opening hours"), "clock",
        _named(lambda: Calendar.objects.values_list("pk", "name", "zone")),
    ),
    (
        "office.policies", "office:policy", _("Promises"), "alarm-clock",
        _named(lambda: Policy.objects.values_list("pk", "name", Value(""))),
    ),
    (
        "office.roles", "office:role", _("Role"), "shield-check",
        _named(lambda: OwnRole.objects.values_list("pk", "name", "words")),
    ),
    (
        "office.fields", "office:field", _("Field"), "pencil",
        _named(lambda: Field.objects.values_list("pk", "name", "key")),
    ),
    (
        "office.tags", "office:tag", _("Tag"), "tag",
        lambda typed: ((one.pk, one.name, "") for one in tags_having(typed)),
    ),
)  # fmt: skip
"""What has a name in the office: who may look after it, its page, and all there are."""


def _things(agent: Agent, asked: Sequence[str]) -> Iterator[Setting]:
    """Inboxes, agents, teams, roles, fields and tags by their names."""
    for permission, url, where, icon, rows in KINDS:
        if not agent.may(permission):
            continue
        named = ((pk, name) for pk, name, also in rows(asked[0]) if _has(asked, name, also))
        for pk, name in islice(named, MOST_OF_A_KIND):
            yield Setting(title=name, where=str(where), icon=icon, address=reverse(url, args=[pk]))
