"""One word, one meaning: GLOSSARY.md is kept, in code and on pages."""

import ast
import re
import subprocess
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from tests.house.source import FUNCTIONS, ROOT, Module, hold, product, templates, where

BANNED_NAMES = {
    "ticket": "conversation", "tickets": "conversations",
    "contact": "customer", "contacts": "customers",
    "user": "agent", "users": "agents", "requester": "customer",
}  # fmt: skip
APPS_WITHOUT_A_NAME = {"utils", "helpers", "services", "managers", "constants", "misc", "common"}
ALLOWED_PAIRS = {("contact", "form"), ("contact", "page"), ("user", "agent"), ("user", "model")}
BANNED_WORDS = re.compile(
    r"\b(tickets?|requesters?|end[- ]users?|users?|contacts?(?! (form|page|us\b|details)))\b",
    re.IGNORECASE,
)
PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


def test_every_word_of_the_glossary_is_used():
    house = "\n".join(m.text for m in product()) + "\n".join(p.read_text() for p in templates())
    house = house.lower().replace("_", " ")
    unused = [word for word in _glossary("Words in use") if not _is_used(word, house)]
    assert not unused, f"in GLOSSARY.md and nowhere else: {unused}"


def test_no_name_says_it_otherwise():
    hold("banned-names", (found for module in product() for found in _banned_names(module)))


def test_no_module_is_a_drawer_for_everything():
    drawers = [m.where for m in product() if m.path.stem in APPS_WITHOUT_A_NAME]
    assert not drawers


def test_no_page_says_it_otherwise():
    hold("banned-words", (found for path in templates() for found in _banned_on_page(path)))


def test_nothing_tells_of_one_machine():
    """No path of the machine it was written on, no address of a package index."""
    alone = re.compile(r"(?<![\w./-])/(?:work|root|home|Users)/\w|index-url|/simple\b/?[\"'\s]")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    wrong = []
    for name in filter(None, listed.split("\0")):
        path = ROOT / name
        if name in {"tests/house/test_words.py", "bin/lock"} or not _is_text(path):
            continue
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
            if alone.search(line):
                wrong.append(f"{name}:{number}")
    assert not wrong, wrong


def _glossary(section: str) -> list[str]:
    text = (ROOT / "GLOSSARY.md").read_text()
    table = text.split(f"## {section}", 1)[1].split("\n## ", 1)[0]
    cells = re.findall(r"^\| ([^|]+) \|", table, re.MULTILINE)[2:]
    return [word.lower() for cell in cells for word in re.findall(r"\*\*([^*]+)\*\*", cell)]


def _is_used(word: str, house: str) -> bool:
    return re.search(rf"\b{word.rstrip('y')}", house) is not None


def _banned_names(module: Module) -> Iterator[tuple[str, str]]:
    for line, name in _defined(module):
        parts = [part.lower() for part in PARTS.findall(name)]
        for part, after in pairwise([*parts, ""]):
            if part in BANNED_NAMES and (part, after) not in ALLOWED_PAIRS:
                better = BANNED_NAMES[part]
                yield module.where, f"{module.where}:{line} says {name}; we say {better}"


def _defined(module: Module) -> Iterator[tuple[int, str]]:
    """Names we chose: of modules, classes, functions, arguments and variables."""
    yield 1, module.path.stem
    for node in ast.walk(module.tree):
        if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            yield node.lineno, node.name
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif _is_variable(node):
            yield node.lineno, node.id


def _is_variable(node: ast.AST) -> bool:
    # In capitals they are settings of Django and of libraries.
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and not node.id.isupper()


def _banned_on_page(path: Path) -> Iterator[tuple[str, str]]:
    text = re.sub(r"\{\{.*?\}\}|\{%(?!.*\btrans\b).*?%\}|\{#.*?#\}|<[^>]*>", " ", path.read_text())
    for match in BANNED_WORDS.finditer(text):
        yield where(path), f"{where(path)} says “{match.group()}”"


def _is_text(path: Path) -> bool:
    return path.is_file() and b"\0" not in path.read_bytes()[:8000]
