"""What a column can be, and what its name lets one guess, in German and in English."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from makegood.fields.queries import fields_of
from makegood.kit.sheets import Column, bare_title, column, guessed_columns

EMAIL = column(
    "email", _("E-mail address"),
    "e-mail mail emailaddress e-mailaddress mailadresse emailadresse e-mail-adresse adresse",
)  # fmt: skip
NAME = column("name", _("Name"), "fullname customername kundenname vollername displayname")
FIRST = column("first", _("First name"), "firstname vorname givenname")
LAST = column("last", _("Last name"), "lastname nachname surname familienname familyname")
LANGUAGE = column("language", _("Language"), "sprache lang locale")

OF_CUSTOMERS = (
    EMAIL, NAME, FIRST, LAST, LANGUAGE,
    column("time_zone", _("Time zone"), "timezone zeitzone tz"),
    column("tags", _("Tags"), "tag schlagworte schlagwörter labels label stichworte"),
    column("note", _("Note"), "notes notiz notizen bemerkung kommentar comment"),
)  # fmt: skip
OF_AGENTS = (
    EMAIL, NAME, FIRST, LAST, LANGUAGE,
    column("role", _("Role"), "rolle"),
    column("teams", _("Teams"), "team gruppen group groups abteilung"),
)  # fmt: skip


def columns_for(what: str) -> Sequence[Column]:
    """Everything that a column of such a file can be; fields of the shop's own at the end."""
    if what == "agents":
        return OF_AGENTS
    own = [
        column(
            f"field:{field.key}", field.name, f"{bare_title(field.name)} {bare_title(field.key)}"
        )
        for field in fields_of("customer")
    ]
    return [*OF_CUSTOMERS, *own]


def guessed(what: str, header: Sequence[str]) -> list[str]:
    """What each column of a file seems to be; empty where nothing says so. Each thing once."""
    return guessed_columns(columns_for(what), header)
