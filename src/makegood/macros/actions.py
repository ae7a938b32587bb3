from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.acts.filling import LONGEST_TEXT, refuse_unknown_fields
from makegood.acts.vocabulary import act_named, read_act
from makegood.kit.errors import Refused
from makegood.kit.rx import rx
from makegood.kit.second import refuses_a_second
from makegood.kit.text import fit_for_storage, plain_name
from makegood.ledger.actions import record
from makegood.macros.events import MacroRemoved, MacroSaved, SavedReplyRemoved, SavedReplySaved
from makegood.macros.languages import CODES
from makegood.macros.models import Import, Kept, Macro, SavedReply
from makegood.macros.queries import may_change, may_keep_for
from makegood.team.models import Agent, Team

_SHORTCUT = rx(r"[\pL\pN][\pL\pN_-]{0,39}")
MOST_ACTS = 20
K = TypeVar("K", bound=Kept)


@dataclass(frozen=True, kw_only=True)
class ReplyWish:
    """A saved reply as somebody wants it."""

    name: str
    shortcut: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
    team: Team | None = None
    agent: Agent | None = None


@dataclass(frozen=True, kw_only=True)
class MacroWish:
    """A macro as somebody wants it: each act by its name and what was typed for it."""

    name: str
    acts: Sequence[tuple[str, str]]
    team: Team | None = None
    agent: Agent | None = None


@refuses_a_second
@transaction.atomic
def save_reply(
    reply: SavedReply | None, wish: ReplyWish, *, brought_by: Import | None = None, by: Agent
) -> SavedReply:
    """Make a saved reply, or change it."""
    reply, before = _taken(SavedReply, reply, wish, by)
    reply.shortcut = _shortcut(wish.shortcut)
    reply.wordings = list(_texts(wish.texts).items())
    _refuse_second(reply)
    _refuse_second_shortcut(reply)
    reply.brought_by = brought_by
    reply.save()
    fact = SavedReplySaved(title=reply.name, before=before, after=told(reply))
    record(fact, about=[reply], by=by)
    return reply


@refuses_a_second
@transaction.atomic
def save_macro(
    macro: Macro | None, wish: MacroWish, *, brought_by: Import | None = None, by: Agent
) -> Macro:
    """Make a macro, or change it."""
    macro, before = _taken(Macro, macro, wish, by)
    macro.acts = read_acts(wish.acts)
    _refuse_second(macro)
    macro.brought_by = brought_by
    macro.save()
    record(MacroSaved(title=macro.name, before=before, after=told(macro)), about=[macro], by=by)
    return macro


@transaction.atomic
def remove_reply(reply: SavedReply, *, by: Agent) -> None:
    """Throw a saved reply away; the event keeps what it said."""
    reply = _locked(SavedReply, reply, by)
    fact = SavedReplyRemoved(title=reply.name, before=told(reply))
    record(fact, about=[reply], by=by)
    reply.delete()


@transaction.atomic
def remove_macro(macro: Macro, *, by: Agent) -> None:
    """Throw a macro away; the event keeps what it did."""
    macro = _locked(Macro, macro, by)
    record(MacroRemoved(title=macro.name, before=told(macro)), about=[macro], by=by)
    macro.delete()


def count_use(thing: Kept) -> None:
    """It was used once more."""
    known = type(thing)._default_manager.filter(pk=thing.pk)
    known.update(used=F("used") + 1, used_at=timezone.now())


def read_acts(acts: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    """The acts as they are kept. What is wrong is said with the place of the act."""
    if not acts:
        raise Refused(_("A macro does something: choose at least one act."))
    if len(acts) > MOST_ACTS:
        raise Refused(_("That is more than %(n)s acts.") % {"n": MOST_ACTS})
    kept = []
    for number, (name, words) in enumerate(acts, 1):
        try:
            kept.append(_for_a_macro(read_act(name, words)))
        except Refused as refused:
            place = {"n": number, "why": str(refused)}
            raise Refused(_("Act %(n)s: %(why)s") % place) from refused
    if sum(act["do"] == "reply" for act in kept) > 1:
        raise Refused(_("A macro sends one answer at most."))
    return kept


def _for_a_macro(kept: dict[str, str]) -> dict[str, str]:
    """What hangs on one conversation, or on one agent's reading, is no part of a macro."""
    act = act_named(kept["do"])
    if not act.is_for_macros:
        raise Refused(_("A macro cannot do this: %(act)s.") % {"act": act.label})
    return kept


def told(thing: Kept) -> dict[str, Any]:
    """A saved reply or a macro as an event tells it."""
    own: dict[str, Any] = {"name": thing.name, "for": thing.scope}
    if isinstance(thing, SavedReply):
        return {**own, "shortcut": thing.shortcut, "texts": thing.texts}
    return {**own, "acts": thing.acts} if isinstance(thing, Macro) else own


def _taken(
    kind: type[K], thing: K | None, wish: ReplyWish | MacroWish, by: Agent
) -> tuple[K, dict[str, Any]]:
    """The row to write on with its new name and scope, and how it stood before."""
    before: dict[str, Any] = {}
    if thing is not None:
        thing = _locked(kind, thing, by)
        before = told(thing)
    if not may_keep_for(by, wish.team, wish.agent):
        raise Refused(_("You may keep this for yourself; ask an owner to share it."))
    thing = thing or kind()
    thing.name = plain_name(wish.name, 80)
    if not thing.name:
        raise Refused(_("Give it a name."))
    thing.team, thing.agent, thing.changed_at = wish.team, wish.agent, timezone.now()
    return thing, before


def _locked(kind: type[K], thing: K, by: Agent) -> K:
    found = kind._default_manager.select_for_update().filter(pk=thing.pk).first()
    if found is None:
        raise Refused(_("Somebody removed this meanwhile."))
    if not may_change(by, found):
        raise Refused(_("This is not yours to change."))
    return found


def _refuse_second(thing: Kept) -> None:
    """Two of one name beside each other cannot be told apart."""
    beside = type(thing)._default_manager.filter(team=thing.team, agent=thing.agent)
    beside = beside.exclude(pk=thing.pk)
    if beside.filter(name__iexact=thing.name).exists():
        raise Refused(_("There is already one called “%(name)s”.") % {"name": thing.name})


def _refuse_second_shortcut(reply: SavedReply) -> None:
    beside = SavedReply.objects.filter(team=reply.team, agent=reply.agent).exclude(pk=reply.pk)
    if reply.shortcut and beside.filter(shortcut=reply.shortcut).exists():
        raise Refused(_("The shortcut /%(word)s is taken.") % {"word": reply.shortcut})


def _shortcut(typed: str) -> str:
    word = typed.strip().lstrip("/").lower()
    if word and not _SHORTCUT.fullmatch(word):
        raise Refused(_("A shortcut is one word of letters and digits, 40 at most."))
    return word


def _texts(texts: Mapping[str, str]) -> dict[str, str]:
    kept = {}
    for language, words in texts.items():
        text = fit_for_storage(words).replace("\r\n", "\n").strip()
        if not text:
            continue
        if language not in CODES:
            raise Refused(_("“%(code)s” is no language that we know.") % {"code": language})
        if len(text) > LONGEST_TEXT:
            raise Refused(_("That is longer than %(n)s characters.") % {"n": LONGEST_TEXT})
        refuse_unknown_fields(text)
        kept[language] = text
    if not kept:
        raise Refused(_("Write what it shall say."))
    return kept
