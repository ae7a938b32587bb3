"""What the palette offers an agent: sent once, ranked where it is typed.

Customers and conversations are too many to send; `finding` looks them up.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from makegood.acts.act import Act
from makegood.acts.vocabulary import acts_for_macros
from makegood.conversations.queries import tag_names
from makegood.conversations.saved_views import views_of
from makegood.desk.showing import SHOWN, view_of_saved
from makegood.desk.standing import AWAY
from makegood.macros.queries import macros_for
from makegood.palette.keys import CONVERSATION
from makegood.palette.places import Words, places_for
from makegood.team.models import Agent

OPEN = "{conversation}"
"""Stands in an address for the number of the conversation that is open."""
SAMPLE_PK = 987_654_321
HERE = _("This conversation")
VIEWS = _("Views")
MACROS = _("Macros")
MOST_TAGS = 200
_LATER = _("Send what I write later: %(words)s")
SENT_LATER = (
    ("2h", _("in two hours")),
    ("evening", _("this evening")),
    ("tomorrow", _("tomorrow morning")),
    ("monday", _("Monday morning")),
)
RESTS = (
    ("3h", _("three hours")),
    ("1d", _("one day")),
    ("3d", _("three days")),
    ("7d", _("a week")),
)


@dataclass(frozen=True, kw_only=True)
class Command:
    """One line of the palette."""

    name: str
    title: Words
    group: Words
    icon: str
    words: Words = ""
    """Other names for it, in one line."""
    key: str = ""
    to: str = ""
    """Where it leads."""
    press: str = ""
    """The key of the control on the page that it presses; without that control it is not there."""
    send: dict[str, str] = field(default_factory=dict)
    """What is posted to `to`, where it is more than a way."""
    target: str = ""
    """The part of the page that the answer to that stands in."""
    form: str = ""
    """The form of the page whose words go along; without that form it is not there."""
    insert: int = 0
    """The saved reply that it puts where the caret stands."""
    last: int = 0
    """Where it stands when the letters do not say: what was looked up was found by them."""

    def as_data(self) -> dict[str, Any]:
        """As the page takes it: what is empty is left out."""
        said = {
            "name": self.name,
            "title": str(self.title),
            "group": str(self.group),
            "icon": self.icon,
            "words": _also_in_english(self.title, self.words),
            "key": self.key,
            "to": self.to,
            "press": self.press,
            "send": self.send,
            "target": self.target,
            "form": self.form,
            "insert": self.insert,
            "last": self.last,
        }
        return {name: value for name, value in said.items() if value}


def _also_in_english(title: Words, words: Words) -> str:
    """Whoever learned a word in English finds it in every language."""
    said = str(words)
    if (translation.get_language() or "en").startswith("en"):
        return said
    with translation.override("en"):
        return f"{said} {title} {words}".strip()


def commands_for(agent: Agent) -> Sequence[Command]:
    """All that this agent can go to and do, but for what is looked up."""
    acts = agent.may("act")
    given = [*_keyed(), *(_acts() if acts else ()), *_sending(agent), *_lists(agent)]
    return [*given, *(_macros(agent) if acts else ()), *_places(agent), *_routed(agent), *_looks()]


def _keyed() -> Iterator[Command]:
    """What a control of the page does: it is there while that control is."""
    for key in CONVERSATION.keys:
        yield Command(
            name=f"key:{key.press}",
            title=key.does,
            group=HERE,
            icon=ICONS.get(key.press, "chevron-right"),
            words=WORDS.get(key.press, ""),
            key=key.press,
            press=key.press,
        )


def _acts() -> Iterator[Command]:
    """Every act of the vocabulary with every word that it may take, as far as there are few."""
    to = reverse_open("desk:act")
    for act in acts_for_macros():
        for words, title in _taken(act):
            yield Command(
                name=f"act:{act.name}:{words}",
                title=_("%(act)s: %(words)s") % {"act": act.label, "words": title},
                group=HERE,
                icon=act.icon,
                words=_also_in_english(act.label, WORDS.get(act.key, "")),
                to=to,
                send={"do": act.name, "with": words},
                target="#head",
            )


def _sending(agent: Agent) -> Iterator[Command]:
    """Other ways for what is being typed to leave than at once."""
    if not agent.may("answer"):
        return
    ways: list[tuple[str, Words, str]] = [
        *((f"later@{word}", _LATER % {"words": title}, "clock") for word, title in SENT_LATER),
        ("asking", _("Ask for approval of what I write"), "shield-question-mark"),
        ("shared", _("Share what I write with the team"), "users"),
    ]
    for put, title, icon in ways:
        yield Command(
            name=f"put:{put}",
            title=title,
            group=HERE,
            icon=icon,
            words=_also_in_english(title, _("send schedule delay lead review draft")),
            to=reverse_open("desk:prepare"),
            send={"put": put},
            form="#reply-form",
            target="#composer",
        )


def _taken(act: Act) -> Iterable[tuple[str, Words]]:
    if act.choices is not None:
        return act.choices()
    if act.takes == "tags":
        return [(name, name) for name in list(tag_names())[:MOST_TAGS]]
    return RESTS if act.takes == "rest" else ()


def _lists(agent: Agent) -> Iterator[Command]:
    for view in SHOWN.values():
        yield Command(
            name=f"view:{view.name}",
            title=view.title,
            group=VIEWS,
            icon=view.icon,
            key=view.key,
            to=view.url,
        )
    for saved in views_of(agent):
        shown = view_of_saved(saved)
        yield Command(
            name=f"view:{shown.name}", title=saved.name, group=VIEWS, icon="tag", to=shown.url
        )


def _macros(agent: Agent) -> Iterator[Command]:
    for macro in macros_for(agent):
        to = reverse_open("desk:macro", macro=macro.pk)
        name = f"macro:{macro.pk}"
        yield Command(name=name, title=macro.name, group=MACROS, icon="check-check", to=to)


def reverse_open(name: str, **arguments: int) -> str:
    """An address below the open conversation, whichever that will be."""
    address = reverse(name, kwargs={"pk": SAMPLE_PK, **arguments})
    return address.replace(str(SAMPLE_PK), OPEN, 1)


def _places(agent: Agent) -> Iterator[Command]:
    for group, place in places_for(agent):
        yield Command(
            name=f"place:{place.name}",
            title=place.title,
            group=group,
            icon=place.icon,
            words=place.words,
            key=place.key,
            to=place.address,
        )


def _routed(agent: Agent) -> Iterator[Command]:
    """The next conversation, and whether one is here."""
    if agent.may("answer"):
        yield Command(
            name="next",
            title=_("Next for me"),
            group=_("Go to"),
            icon="chevron-right",
            words=_also_in_english(_("take pull assign work"), ""),
            key="N",
            to=reverse("desk:next"),
            send={"from": "palette"},
            target="#toasts",
        )
    for value, word in (("here", _("I am here")), *AWAY):
        yield Command(
            name=f"standing:{value}",
            title=word,
            group=_("Yours"),
            icon="user",
            words=_also_in_english(word, _("present break lunch back pause")),
            to=reverse("desk:standing"),
            send={"to": value},
            target="#toasts",
        )


def _looks() -> Iterator[Command]:
    """The desk light or dark, with more or less room."""
    for name, title, choices in (
        ("theme", _("Light or dark"), Agent.Theme.choices),
        ("density", _("Density"), Agent.Density.choices),
    ):
        for value, word in choices:
            yield Command(
                name=f"look:{value}",
                title=_("%(act)s: %(words)s") % {"act": title, "words": word},
                group=_("Yours"),
                icon="sun-moon" if name == "theme" else "menu",
                words=_also_in_english(word, _("look theme mode night day density rows room")),
                to=reverse("desk:look"),
                send={name: value},
                target="#toasts",
            )


ICONS = {
    "r": "reply",
    "n": "lock",
    "a": "hand",
    "t": "tag",
    "p": "flag",
    "s": "alarm-clock",
    "d": "check-check",
    "m": "merge",
    "b": "users",
    "F": "send",
    "f": "eye",
    "u": "mail",
    "e": "check",
    "!": "send",
}
WORDS: dict[str, Words] = {
    "r": _("answer respond write"),
    "n": _("comment internal private"),
    "a": _("give hand over take owner"),
    "t": _("label mark"),
    "p": _("urgent important high low"),
    "s": _("later sleep put aside remind"),
    "d": _("run automation"),
    "m": _("merge combine together related duplicate incident"),
    "b": _("third party carrier supplier side conversation"),
    "F": _("pass on hand on"),
    "e": _("close done solve finish reopen"),
    "x": _("divide separate"),
    "!": _("send despite"),
}
