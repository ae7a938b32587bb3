"""What a column can be, and what its name lets one guess, in German and in English."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from makegood.fields.queries import fields_of

Words = str | Promise


@dataclass(frozen=True, kw_only=True)
class Column:
    """One thing that a line can say of somebody."""

    word: str
    name: Words
    guessed_by: frozenset[str]


def _column(word: str, name: Words, guessed_by: str) -> Column:
    return Column(word=word, name=name, guessed_by=frozenset(guessed_by.split()) | {word})


EMAIL = _column(
    "email", _("E-mail address"),
    "e-mail mail emailaddress e-mailaddress mailadresse emailadresse e-mail-adresse adresse",
)  # fmt: skip
NAME = _column("name", _("Name"), "fullname customername kundenname vollername displayname")
FIRST = _column("first", _("First name"), "firstname vorname givenname")
LAST = _column("last", _("Last name"), "lastname nachname surname familienname familyname")
LANGUAGE = _column("language", _("Language"), "sprache lang locale")

OF_CUSTOMERS = (
    EMAIL, NAME, FIRST, LAST, LANGUAGE,
    _column("time_zone", _("Time zone"), "timezone zeitzone tz"),
    _column("tags", _("Tags"), "tag schlagworte schlagwörter labels label stichworte"),
    _column("note", _("Note"), "notes notiz notizen bemerkung kommentar comment"),
)  # fmt: skip
OF_AGENTS = (
    EMAIL, NAME, FIRST, LAST, LANGUAGE,
    _column("role", _("Role"), "rolle"),
    _column("teams", _("Teams"), "team gruppen group groups abteilung"),
)  # fmt: skip


def columns_for(what: str) -> Sequence[Column]:
    """Everything that a column of such a file can be; fields of the shop's own at the end."""
    if what == "agents":
        return OF_AGENTS
    own = [
        _column(f"field:{field.key}", field.name, f"{_bare(field.name)} {_bare(field.key)}")
        for field in fields_of("customer")
    ]
    return [*OF_CUSTOMERS, *own]


def guessed(what: str, header: Sequence[str]) -> list[str]:
    """What each column seems to be, each thing once; empty where nothing is like it."""
    found: list[str] = []
    known = columns_for(what)
    for title in header:
        bare = _bare(title)
        like = (one.word for one in known if bare in one.guessed_by and one.word not in found)
        found.append(next(like, ""))
    return found


def _bare(title: str) -> str:
    return "".join(letter for letter in title.lower() if letter not in " _.:")


def said(matched: Sequence[str], cells: Sequence[str]) -> Mapping[str, str]:
    """A line by what its columns are; empty cells say nothing."""
    return {word: cell for word, cell in zip(matched, cells, strict=False) if word and cell}
