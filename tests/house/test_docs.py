"""The docs are tested: what is not told does not exist."""

import re
import tomllib
from pathlib import Path

from django.core.management import get_commands

from tests.house.source import HOUSE, ROOT, apps, modules

DOCS = ROOT / "docs"


def _text(*names: str) -> str:
    return "\n".join((ROOT / name).read_text() for name in names)


def test_every_app_has_its_line_on_the_map():
    text = _text("ARCHITECTURE.md")
    missing = [app for app in apps() if not re.search(rf"^\| `{app}` \|", text, re.MULTILINE)]
    assert not missing, f"ARCHITECTURE.md has no line for {missing}"


def test_every_app_on_the_map_exists():
    told = re.findall(r"^\| `(\w+)` \|", _text("ARCHITECTURE.md"), re.MULTILINE)
    assert set(told) <= set(apps())


def test_every_command_is_in_the_manual():
    ours = [name for name, app in get_commands().items() if app.startswith("makegood")]
    missing = [name for name in ours if f"`makegood {name}" not in _text("docs/operating.md")]
    assert not missing, f"docs/operating.md does not tell of {missing}"


def test_every_setting_is_in_the_manual():
    read = {
        name
        for module in modules()
        if not module.is_test
        for name in re.findall(r"[\"'](MAKEGOOD_[A-Z_]+|DATABASE_URL)[\"']", module.text)
        if not name.startswith("MAKEGOOD_TEST_")
    }
    told = set(re.findall(r"^\| `(\w+)` \|", _text("docs/operating.md"), re.MULTILINE))
    assert read == told, f"untold: {sorted(read - told)}; told and gone: {sorted(told - read)}"


def test_every_channel_has_its_page():
    kinds = {path.parent.name for path in HOUSE.glob("channels/*/channel.py")}
    missing = [kind for kind in sorted(kinds) if not (DOCS / f"channels/{kind}.md").exists()]
    assert not missing


def test_every_dependency_has_its_reason():
    project = tomllib.loads(_text("pyproject.toml"))
    wanted = project["project"]["dependencies"] + project["dependency-groups"]["test"]
    names = [re.split(r"[\[<>=~! ]", wish)[0] for wish in wanted]
    reasons = "\n".join(path.read_text() for path in (DOCS / "decisions").glob("*.md"))
    missing = [name for name in names if f"**{name}**" not in reasons]
    assert not missing, f"docs/decisions/ gives no reason for {missing}"


def test_decisions_are_numbered_once():
    numbers = [path.name[:4] for path in (DOCS / "decisions").glob("*.md")]
    assert len(numbers) == len(set(numbers))
    assert all(number.isdigit() for number in numbers)


def test_every_link_leads_somewhere():
    pages = [*ROOT.glob("*.md"), *DOCS.rglob("*.md")]
    wrong = [f"{page.name} → {link}" for page in pages for link in _links(page)]
    assert not wrong, "\n".join(wrong)


def _links(page: Path) -> list[str]:
    found = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text())
    near = [link for link in found if not re.match(r"[a-z]+:", link)]
    return [link for link in near if not (page.parent / link).exists()]
