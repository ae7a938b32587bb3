"""Saved replies and macros as files: CSV for spreadsheets, JSON for other desks.

A row of CSV is one language of a saved reply, or one act of a macro; rows of one name belong
together. What is wrong is said with its line.
"""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from makegood.acts.vocabulary import write_act
from makegood.kit.errors import Refused
from makegood.macros.models import Import, Kept, Macro, SavedReply

REPLIES, MACROS = Import.What.REPLIES, Import.What.MACROS
COLUMNS = {
    REPLIES: ("name", "shortcut", "for", "language", "text"),
    MACROS: ("name", "for", "act", "with"),
}
MOST_CHARACTERS = 1_000_000
MOST_ITEMS = 1_000
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(kw_only=True)
class Item:
    """One saved reply or macro as a file tells it, and where it stands there."""

    place: str
    name: str
    scope: str = ""
    shortcut: str = ""
    texts: dict[str, str] = field(default_factory=dict)
    acts: list[tuple[str, str]] = field(default_factory=list)


def write_file(what: str, things: Sequence[Kept], form: str) -> str:
    """The things as a file of that form."""
    told = [_told(thing) for thing in things]
    if form == "json":
        return json.dumps(told, ensure_ascii=False, indent=2) + "\n"
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(COLUMNS[Import.What(what)])
    for one in told:
        rows.writerows([_tame(cell) for cell in row] for row in _rows(one))
    return out.getvalue()


def _told(thing: Kept) -> dict[str, Any]:
    own: dict[str, Any] = {"name": thing.name, "for": _scope(thing)}
    if isinstance(thing, SavedReply):
        return {**own, "shortcut": thing.shortcut, "texts": thing.texts}
    acts = thing.acts if isinstance(thing, Macro) else []
    return {**own, "acts": [{"do": act["do"], "with": write_act(act)} for act in acts]}


def _scope(thing: Kept) -> str:
    return "me" if thing.agent_id else f"team:{thing.team.name}" if thing.team else "all"


def _rows(one: dict[str, Any]) -> Iterator[list[str]]:
    if "texts" in one:
        for language, text in one["texts"].items():
            yield [one["name"], one["shortcut"], one["for"], language, text]
    else:
        for act in one["acts"]:
            yield [one["name"], one["for"], act["do"], act["with"]]


def _tame(cell: str) -> str:
    """A cell that a spreadsheet would calculate stands behind an apostrophe."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _untamed(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell


def read_file(what: str, content: str) -> Sequence[Item]:
    """What a file says. Raises `Refused` with the line where it cannot be read."""
    if len(content) > MOST_CHARACTERS:
        raise Refused(_("This file is too large: one megabyte at most."))
    content = content.removeprefix("\ufeff")
    is_json = content.lstrip()[:1] in ("[", "{")
    items = _from_json(what, content) if is_json else _from_csv(what, content)
    if not items:
        raise Refused(_("There is nothing in this file."))
    if len(items) > MOST_ITEMS:
        raise Refused(_("That is more than %(n)s at once.") % {"n": MOST_ITEMS})
    return items


def _from_csv(what: str, content: str) -> list[Item]:
    first = content.partition("\n")[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    reader = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter, strict=True)
    items: dict[tuple[str, str], Item] = {}
    try:
        heads = [head.strip().lower() for head in next(reader, [])]
        _refuse_columns(what, heads)
        before = reader.line_num
        for row in reader:
            line, before = before + 1, reader.line_num
            if any(cell.strip() for cell in row):
                _add_row(what, items, dict(zip(heads, map(_untamed, row), strict=False)), line)
    except csv.Error as error:
        told = {"line": reader.line_num, "why": str(error)}
        raise Refused(_("Line %(line)s: %(why)s") % told) from error
    return list(items.values())


def _refuse_columns(what: str, heads: Sequence[str]) -> None:
    missing = [name for name in COLUMNS[Import.What(what)] if name not in heads]
    if "name" in missing or ("text" in missing or "act" in missing):
        names = ", ".join(COLUMNS[Import.What(what)])
        raise Refused(_("Line 1: the columns are %(names)s.") % {"names": names})


def _add_row(what: str, items: dict[tuple[str, str], Item], row: dict[str, str], line: int) -> None:
    name, scope = row.get("name", "").strip(), row.get("for", "").strip()
    item = items.setdefault(
        (name.lower(), scope), Item(place=_("Line %(n)s") % {"n": line}, name=name, scope=scope)
    )
    if what == MACROS:
        item.acts.append((row.get("act", "").strip(), row.get("with", "")))
        return
    language = row.get("language", "").strip().lower() or "en"
    if language in item.texts:
        told = {"line": line, "name": name, "code": language}
        raise Refused(_("Line %(line)s: “%(name)s” is here twice in “%(code)s”.") % told)
    item.shortcut = item.shortcut or row.get("shortcut", "").strip()
    item.texts[language] = row.get("text", "")


def _from_json(what: str, content: str) -> list[Item]:
    try:
        told = json.loads(content)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        words = {"line": line, "why": getattr(error, "msg", "")}
        raise Refused(_("Line %(line)s: this is not JSON: %(why)s") % words) from error
    if not isinstance(told, list):
        raise Refused(_("The file is a list of things with names."))
    return [_item(what, one, number) for number, one in enumerate(told, 1)]


def _item(what: str, one: Any, number: int) -> Item:
    item = Item(place=_("Entry %(n)s") % {"n": number}, name="")
    try:
        item.name, item.scope = _word(one["name"]), _word(one.get("for", ""))
        if what == MACROS:
            item.acts = [(_word(act["do"]), _word(act.get("with", ""))) for act in one["acts"]]
        else:
            item.shortcut = _word(one.get("shortcut", ""))
            texts = one["texts"].items()
            item.texts = {_word(language).lower(): _word(text) for language, text in texts}
    except (KeyError, TypeError, AttributeError) as error:
        said = _("%(place)s: this is not written as it should be.")
        raise Refused(said % {"place": item.place}) from error
    return item


def _word(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("A word is text.")
    return value
