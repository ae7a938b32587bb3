"""German stands next to English, complete: the proof that every string can be translated."""

import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from tests.house.source import HOUSE, ROOT, hold

CATALOGUES = sorted(HOUSE.glob("locale/*/LC_MESSAGES/django.po"))
PLACES = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


def test_german_is_shipped():
    assert [path.parent.parent.name for path in CATALOGUES] == ["de"]


def test_no_catalogue_lacks_a_string_of_the_source():
    wanted = set(_extracted())
    for path in CATALOGUES:
        missing = sorted(wanted - {_id(message) for message in _read(path)})
        assert not missing, f"run bin/translate; {path.name} lacks {missing[:20]}"


def test_no_translation_is_missing_or_doubtful():
    hold("untranslated-strings", (found for path in CATALOGUES for found in _gaps(path)))


def test_translations_keep_every_place_to_fill():
    hold("placeholders", (found for path in CATALOGUES for found in _lost_places(path)))


def _extracted() -> Iterator[str]:
    from babel.messages.frontend import parse_mapping_cfg  # only this test reads the mapping

    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    keywords = {
        "_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None,
        "ngettext": (1, 2), "ngettext_lazy": (1, 2),
        "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2),
    }  # fmt: skip
    for _, _, ids, _, _ in extract_from_dir(HOUSE, methods, options, keywords):
        yield ids[0] if isinstance(ids, tuple) else ids


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name, abort_invalid=True)


def _id(message: Message) -> str:
    return message.id[0] if isinstance(message.id, tuple | list) else message.id


def _strings(message: Message) -> list[str]:
    return list(message.string) if isinstance(message.string, tuple | list) else [message.string]


def _gaps(path: Path) -> Iterator[tuple[str, str]]:
    for message in _read(path):
        if message.id and (message.fuzzy or not all(_strings(message))):
            yield (
                _id(message),
                f"{path.name}:{message.lineno} is missing or doubtful: {_id(message)!r}",
            )


def _lost_places(path: Path) -> Iterator[tuple[str, str]]:
    for message in _read(path):
        wanted = set(
            PLACES.findall(message.id[-1] if isinstance(message.id, tuple | list) else message.id)
        )
        for string in _strings(message)[-1:]:
            if message.id and string and set(PLACES.findall(string)) != wanted:
                yield _id(message), f"{path.name}:{message.lineno} fills other places: {string!r}"
