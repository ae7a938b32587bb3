"""The sample shop: Lantern & Loom, its people, and its ways in."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from makegood.calendars.actions import Wish as HoursWish
from makegood.calendars.actions import save_calendar
from makegood.calendars.reading import read_shifts
from makegood.channels.connecting import InboxSettings, connect_inbox
from makegood.channels.models import Inbox
from makegood.ledger.actors import System
from makegood.sample.mails import fill_in_the_form
from makegood.sample.saying import keep_what_is_said
from makegood.sample.town import town_server
from makegood.team.actions import add_agent
from makegood.team.models import Agent, Team

HOUSE = System("sample")
DOMAIN = "lantern.example"
WORDS = Path(__file__).parent / "data" / "words.txt"
WORDS_IN_A_PASSWORD = 5

PEOPLE = (
    ("Olga", Agent.Role.OWNER, (), ""),
    ("Tomas", Agent.Role.LEAD, ("Front",), ""),
    ("Nora", Agent.Role.AGENT, ("Front",), ""),
    ("Greta", Agent.Role.AGENT, ("Front",), "de"),
    ("Bruno", Agent.Role.AGENT, ("Front", "Workshop"), ""),
    ("Vera", Agent.Role.AGENT, ("Workshop",), ""),
)
TEAMS = ("Front", "Workshop")


@dataclass(frozen=True, kw_only=True)
class Shop:
    """What there is to answer with. `password` is known only to whoever prepared it."""

    agents: Sequence[Agent]
    teams: Sequence[Team]
    inboxes: Sequence[Inbox]
    """Those that hear by letter; whoever chats sits at the other end."""
    chat: Inbox | None = None
    password: str = ""

    @property
    def owner(self) -> Agent:
        return next(agent for agent in self.agents if agent.may("office.settings"))

    @property
    def form(self) -> Inbox:
        return next(inbox for inbox in self.inboxes if inbox.kind == "web")


def is_empty() -> bool:
    """Whether nobody works here yet: only then may the sample shop move in."""
    return not Agent.objects.exists() and not Inbox.objects.exists()


@transaction.atomic
def prepare_sample_shop() -> Shop:
    """Open the shop, or find it as it is; a new shop comes with a password for its people."""
    if not is_empty():
        return _the_shop()
    password = word_phrase()
    hashed = make_password(password)
    teams = {name: Team.objects.create(name=name) for name in TEAMS}
    for name, role, where, language in PEOPLE:
        agent = add_agent(f"{name.lower()}@team.{DOMAIN}", name, role=role, by=HOUSE)
        agent.teams.set([teams[team] for team in where])
        Agent.objects.filter(pk=agent.pk).update(password=hashed, language=language)
    _open_inboxes(teams)
    found = _the_shop()
    _say_when_somebody_is_there(found.owner)
    keep_what_is_said(found.owner)
    fill_in_the_form(found.form)
    return replace(found, password=password)


def _say_when_somebody_is_there(owner: Agent) -> None:
    week = [read_shifts("8:30-18:00")] * 5 + [read_shifts("10-14"), ()]
    wish = HoursWish(name="Shop hours", zone=settings.TIME_ZONE, week=week, country="DE")
    save_calendar(None, wish, by=owner)


def _open_inboxes(teams: dict[str, Team]) -> None:
    front, workshop = teams["Front"], teams["Workshop"]
    hello = _mailbox("Hello", "hello", "Lantern & Loom", [front])
    _mailbox("Orders", "orders", "Lantern & Loom, orders", [front])
    _mailbox("Trade", "trade", "Lantern & Loom, trade", [workshop])
    form = InboxSettings(
        name="Write to us", kind="web", sender_name="Lantern & Loom", mail_inbox=hello
    )
    connect_inbox(form, teams=[front], by=HOUSE)
    chat = InboxSettings(
        name="Chat",
        kind="chat",
        sender_name="Lantern & Loom",
        mail_inbox=hello,
        settings={"embedded_in": [f"https://{DOMAIN}"]},
    )
    connect_inbox(chat, teams=[front], by=HOUSE)


def _mailbox(name: str, local: str, sender: str, teams: Sequence[Team]) -> Inbox:
    wanted = InboxSettings(
        name=name,
        kind="email",
        address=f"{local}@{DOMAIN}",
        sender_name=sender,
        signature="Lantern & Loom\nLamps made by hand",
        settings={"smtp": town_server(), "is_sample": True},
    )
    return connect_inbox(wanted, teams=teams, by=HOUSE)


def _the_shop() -> Shop:
    return Shop(
        agents=list(Agent.objects.filter(is_active=True).order_by("pk")),
        teams=list(Team.objects.order_by("pk")),
        inboxes=list(Inbox.objects.exclude(kind="chat").order_by("pk")),
        chat=Inbox.objects.filter(kind="chat").first(),
    )


def word_phrase() -> str:
    """Five words by chance of a list of 256: 40 bits, easy to type from a terminal."""
    words = WORDS.read_text().split()
    return "-".join(secrets.choice(words) for _ in range(WORDS_IN_A_PASSWORD))
