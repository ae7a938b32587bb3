"""What a first page of the desk weighs, compressed as it is sent: kept small by a test."""

import gzip
import re

from makegood.kit import assets
from tests.house.source import HOUSE

MOST_SCRIPT, MOST_STYLE = 60_000, 40_000
NAMED = re.compile(r'"([\w-]+)"')
IMPORTED = re.compile(r'^import .* from "\.\./([\w/-]+\.js)"$', re.MULTILINE)


def _compressed(text: str) -> int:
    return len(gzip.compress(text.encode(), 9))


def _scripts_of_the_desk() -> dict[str, str]:
    """Each script that the agents' shell loads, and what those import."""
    shell = (HOUSE / "kit/jinja2/kit/_desk_scripts.html").read_text()
    listed = shell.partition("[")[2].partition("]")[0]
    names = [f"kit/elements/{name}.js" for name in NAMED.findall(listed)]
    names += ["kit/boot.js", *(name for name in assets.sources() if "/vendor/htmx" in name)]
    found = {n: assets.sources()[n].read_text() for n in names if n.endswith(".js")}
    for text in list(found.values()):
        for name in IMPORTED.findall(text):
            found[f"kit/{name}"] = assets.sources()[f"kit/{name}"].read_text()
    return found


def test_the_scripts_of_the_desk_are_small():
    scripts = {name: _compressed(text) for name, text in _scripts_of_the_desk().items()}
    assert len(scripts) > 15
    assert "kit/ranking.js" in scripts
    assert sum(scripts.values()) <= MOST_SCRIPT, scripts


def test_the_styles_of_the_desk_are_small():
    assert 5_000 < _compressed(assets.one_sheet()) <= MOST_STYLE
