"""Nothing is said of left and right: what begins and ends turns around with the language."""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.house.source import files, hold, where

SIDED = re.compile(
    r"\b(?:margin|padding|border|inset|scroll-margin|scroll-padding)-(?:left|right)\b"
    r"|(?:^|[;{\s])(?:left|right)\s*:|(?:text-align|float|clear)\s*:\s*(?:left|right)\b"
    r"|border-(?:top|bottom)-(?:left|right)-radius"
)
FOUR = re.compile(
    r"(?:^|[;{\s])(margin|padding|inset|border-radius|border-width)\s*:\s*([^;{}]+);", re.MULTILINE
)


def test_style_sheets_name_no_sides():
    hold("sides", (found for path in files("*.css") for found in _sided(path)))


def _sided(path: Path) -> Iterator[tuple[str, str]]:
    text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
    for found in SIDED.finditer(text):
        yield (
            where(path),
            f"{where(path)} says {found.group(0).strip()!r}: use inline-start or -end",
        )
    for name, value in FOUR.findall(text):
        values = _values(value)
        if len(values) == 4 and _has_sides(name, values):
            yield where(path), f"{where(path)} says {name}: {value}: its sides differ"


def _has_sides(name: str, values: list[str]) -> bool:
    """Corners are counted from the top's beginning; margins from the top."""
    if name == "border-radius":
        return values[0] != values[1] or values[2] != values[3]
    return values[1] != values[3]


def _values(text: str) -> list[str]:
    """The values of a shorthand; what stands in brackets is one."""
    found, depth = [""], 0
    for letter in text.strip():
        depth += (letter == "(") - (letter == ")")
        if letter == " " and not depth:
            found.append("")
        else:
            found[-1] += letter
    return [one for one in found if one]
