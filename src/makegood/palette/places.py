"""The pages that one can go to, and who may: what leads nowhere for somebody is not offered."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from makegood.office.finding import PAGES
from makegood.team.gates import leads_somewhere
from makegood.team.models import Agent

Words = str | Promise


@dataclass(frozen=True, kw_only=True)
class Place:
    """One page: what it is called, by what other words people look for it."""

    url: str
    title: Words
    icon: str
    words: Words = ""
    key: str = ""
    arguments: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return ":".join([self.url, *self.arguments])

    @property
    def address(self) -> str:
        return reverse(self.url, args=self.arguments)

    def may(self, agent: Agent) -> bool:
        """Whether its page opens to this agent; the page's own gate is asked."""
        return agent.is_active and leads_somewhere(agent, self.address)


def _place(url: str, title: Words, icon: str, words: Words = "", key: str = "") -> Place:
    return Place(url=url, title=title, icon=icon, words=words, key=key)


DESK: tuple[Place, ...] = (
    _place("desk:inbox", _("Inbox"), "inbox", _("start home conversations"), "g i"),
    _place(
        "desk:chats", _("Chats"), "message-circle", _("live chat visitors queue columns"), "g h"
    ),
    _place("desk:day", _("My day"), "clock", _("promises due today tasks"), "g d"),
    _place("desk:search", _("Search"), "search", _("find look for"), "g s"),
    _place("desk:customers", _("Customers"), "users", _("people persons clients buyers"), "g c"),
    _place("lead:promises", _("Promises"), "timer", _("due sla deadline at risk broken"), "g k"),
    _place("desk:orders", _("Orders"), "package", _("purchases bought find number")),
    _place("desk:orders-late", _("Orders at risk"), "package", _("late parcels shipping delivery")),
    _place("desk:first", _("First to tell"), "send", _("proactive late silent parcels tell")),
    _place(
        "desk:disputes",
        _("Disputes"),
        "shield-alert",
        _("chargeback stripe paypal bank claim evidence"),
    ),
    _place(
        "desk:makegoods", _("Make-goods"), "rotate-ccw", _("compensation coupon refund goodwill")
    ),
    _place("lead:board", _("The lead’s page"), "gauge", _("team dashboard queue today"), "g l"),
    _place("lead:late", _("Late orders"), "send", _("delayed parcels delivery rate")),
    _place("desk:notices", _("Notices"), "bell", _("bell mentions news inbox"), "g n"),
    _place("desk:new-segment", _("New segment of customers"), "users", _("group audience list")),
    _place("desk:views", _("Arrange the saved views"), "tag", _("sort order lists filters")),
    _place("desk:new-view", _("New saved view"), "plus", _("filter list query")),
    _place("desk:bulk", _("Acts on many"), "check-check", _("bulk mass everything selection")),
)

MINE: tuple[Place, ...] = (
    _place("desk:me", _("Your own page"), "user", _("me account look theme density"), "g y"),
    _place("office:profile", _("Name, language and signature"), "pencil", _("profile me sign")),
    _place("desk:wishes", _("What I hear of"), "bell", _("push mail quiet digest follow")),
    _place("office:replies", _("Saved replies"), "message-square", _("templates canned texts")),
    _place("office:new_reply", _("New saved reply"), "plus", _("template canned text")),
    _place("office:macros", _("Macros"), "check-check", _("automation several acts")),
    _place("office:new_macro", _("New macro"), "plus", _("automation several acts")),
    _place("account_change_password", _("Change the password"), "lock", _("security sign in")),
    _place("mfa_index", _("Second step and passkeys"), "key-round", _("two factor security code")),
)

OFFICE: tuple[Place, ...] = tuple(
    Place(
        url=one.url,
        title=one.title,
        icon=one.icon,
        words=one.words,
        key=one.key,
        arguments=one.arguments,
    )
    for one in PAGES
)

HELP: tuple[Place, ...] = (
    _place("palette:keys", _("Every key"), "keyboard", _("help shortcuts keyboard"), "?"),
    _place("palette:all", _("Everything one can go to and do"), "list", _("help map overview")),
    _place("desk:search-help", _("What can be asked"), "search", _("help query language fields")),
)

GROUPS: tuple[tuple[Words, tuple[Place, ...]], ...] = (
    (_("Go to"), DESK),
    (_("Yours"), MINE),
    (_("Office"), OFFICE),
    (_("Help"), HELP),
)


def places_for(agent: Agent) -> Sequence[tuple[Words, Place]]:
    """Each page that this agent may open, under its heading."""
    return [(title, one) for title, group in GROUPS for one in group if one.may(agent)]
