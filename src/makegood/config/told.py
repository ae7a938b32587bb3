"""The pages of docs/ that are told by the code: facts, fields, and what each channel can carry."""

import dataclasses
import inspect
from collections.abc import Iterator
from pathlib import Path

from django.utils import translation
from django.utils.module_loading import autodiscover_modules

from makegood.asking.telling import choices, table
from makegood.channels.interface import Limits
from makegood.channels.registry import CHANNELS, channel
from makegood.conversations.fields import CONVERSATIONS
from makegood.ledger.facts import KINDS, Fact
from makegood.shop.connectors.generic import schema_of_signals

EVENTS_HEAD = """\
# Events

Every fact that the ledger can hold. Written by `bin/makegood docs` from the classes themselves:
change those, not this page. *Personal* fields lie beside the event under a salt and can be
forgotten; the event keeps a commitment to them.
"""


def pages(docs: Path) -> Iterator[tuple[Path, str]]:
    """Each generated page with the text that it should have."""
    with translation.override("en"):
        yield docs / "events.md", _events()
        page = docs / "query-language.md"
        told = f"{table(CONVERSATIONS)}\n\n" + "\n".join(choices(CONVERSATIONS))
        yield page, _between(page.read_text(), "<!-- fields -->", "<!-- /fields -->", told)
        yield docs / "connectors" / "generic.schema.json", schema_of_signals()
        for kind in sorted(CHANNELS):
            page = docs / "channels" / f"{kind}.md"
            yield page, _with_limits(page.read_text(), kind, channel(kind).limits)


def _events() -> str:
    autodiscover_modules("events")
    facts = [KINDS[kind] for kind in sorted(KINDS) if KINDS[kind].__module__.startswith("makegood")]
    nouns = dict.fromkeys(fact.kind.partition(".")[0] for fact in facts)
    parts = [EVENTS_HEAD]
    for noun in nouns:
        parts.append(f"## {noun.capitalize()}\n")
        parts += [_fact(fact) for fact in facts if fact.kind.partition(".")[0] == noun]
    return "\n".join(parts)


def _fact(fact: type[Fact]) -> str:
    fields = [
        f"| `{field.name}` | {_type(field)} | {'personal' if field.name in fact.personal else ''} |"
        for field in dataclasses.fields(fact)  # type: ignore[arg-type]
    ]
    table = ["| field | type | |", "|---|---|---|", *fields, ""] if fields else []
    head = [f"### `{fact.kind}`", "", inspect.getdoc(fact) or "", "", f"> {fact.says}", ""]
    return "\n".join([*head, *table])


def _type(field: dataclasses.Field[object]) -> str:
    return getattr(field.type, "__name__", str(field.type)).replace("|", "or")


def _with_limits(text: str, kind: str, limits: Limits) -> str:
    return _between(text, f"<!-- limits:{kind} -->", "<!-- /limits -->", _limits(limits))


def _between(text: str, opening: str, closing: str, told: str) -> str:
    before, _, rest = text.partition(opening)
    after = rest.partition(closing)[2]
    return f"{before}{opening}\n{told}\n{closing}{after}"


def _limits(limits: Limits) -> str:
    rows = {
        "characters": limits.characters or "no limit",
        "formatted text": "yes" if limits.html else "no",
        "a subject": "yes" if limits.subject else "no",
        "attachments": limits.attachments or "none",
        "attachments together": f"{limits.attachment_bytes // 1_000_000} MB"
        if limits.attachments
        else "–",
        "everybody can read it": "yes" if limits.public else "no",
        "both sides are there at once": "yes" if limits.live else "no",
    }
    table = [f"| {name} | {value} |" for name, value in rows.items()]
    return "\n".join(["| one message can carry | |", "|---|---|", *table])
