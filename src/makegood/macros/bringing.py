"""Files of saved replies and macros: looked at first, brought in whole or not, taken out again."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from makegood.kit.errors import Refused
from makegood.ledger.actions import record
from makegood.macros.actions import (
    MacroWish,
    ReplyWish,
    remove_macro,
    remove_reply,
    save_macro,
    save_reply,
)
from makegood.macros.events import ImportTaken, ImportUndone
from makegood.macros.files import MACROS, Item, read_file
from makegood.macros.models import Import
from makegood.team.models import Agent, Team


@dataclass(frozen=True, kw_only=True)
class Look:
    """What a file would bring, and everything that is wrong with it, each with its line."""

    items: Sequence[Item]
    wrong: Sequence[str] = ()


class _OnlyLooking(Exception):
    """Ends a look: nothing of it stays."""


def look_into(what: str, content: str, *, by: Agent) -> Look:
    """Bring it all in, note what is refused, and take everything back."""
    items = read_file(what, content)
    wrong: list[str] = []
    try:
        with transaction.atomic():
            for item in items:
                try:
                    with transaction.atomic():
                        _bring(what, item, None, by)
                except Refused as refused:
                    wrong.append(_at(item, refused))
            raise _OnlyLooking
    except _OnlyLooking:
        return Look(items=items, wrong=wrong)


@transaction.atomic
def bring_in(what: str, content: str, *, by: Agent) -> Import:
    """Bring in a file: all of it, or nothing where one thing is refused."""
    items = read_file(what, content)
    brought = Import.objects.create(what=what, count=len(items), agent=by, at=timezone.now())
    for item in items:
        try:
            _bring(what, item, brought, by)
        except Refused as refused:
            raise Refused(_at(item, refused)) from refused
    record(ImportTaken(what=what, count=len(items)), about=[brought], by=by)
    return brought


@transaction.atomic
def undo_import(brought: Import, *, by: Agent) -> int:
    """Take out what a file brought and nobody changed since; how much that was."""
    brought = Import.objects.select_for_update().get(pk=brought.pk)
    if brought.undone_at is not None:
        return 0
    brought.undone_at = timezone.now()
    brought.save(update_fields=["undone_at"])
    replies = list(brought.savedreplys.all())
    macros = list(brought.macros.all())
    for reply in replies:
        remove_reply(reply, by=by)
    for macro in macros:
        remove_macro(macro, by=by)
    count = len(replies) + len(macros)
    record(ImportUndone(what=brought.what, count=count), about=[brought], by=by)
    return count


def _bring(what: str, item: Item, brought: Import | None, by: Agent) -> None:
    team, agent = _whose(item.scope, by)
    if what == MACROS:
        macro = MacroWish(name=item.name, acts=item.acts, team=team, agent=agent)
        save_macro(None, macro, brought_by=brought, by=by)
        return
    reply = ReplyWish(
        name=item.name, shortcut=item.shortcut, texts=item.texts, team=team, agent=agent
    )
    save_reply(None, reply, brought_by=brought, by=by)


def _whose(scope: str, by: Agent) -> tuple[Team | None, Agent | None]:
    if scope in ("", "all"):
        return None, None
    if scope == "me":
        return None, by
    name = scope.removeprefix("team:").strip()
    team = Team.objects.filter(name__iexact=name).first()
    if team is None:
        raise Refused(_("There is no team %(words)s.") % {"words": name})
    return team, None


def _at(item: Item, refused: Refused) -> str:
    told = {"place": item.place, "name": item.name or "?", "why": str(refused)}
    return _("%(place)s, “%(name)s”: %(why)s") % told
