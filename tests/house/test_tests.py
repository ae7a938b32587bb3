"""The tests themselves: they are sentences, they assert, and they fake nothing of ours."""

import ast
import re
from collections.abc import Iterator
from functools import cache

from tests.house.source import FUNCTIONS, ROOT, Function, Module, hold, modules

ASSERTING = re.compile(r"assert|raises|expect|verify|check|hold|fail")


@cache
def _test_modules() -> tuple[Module, ...]:
    ours = [module for module in modules() if module.path.name.startswith("test_")]
    return (*ours, *(Module(path) for path in sorted((ROOT / "tests").rglob("test_*.py"))))


def _tests() -> Iterator[tuple[str, Module, Function]]:
    for module in _test_modules():
        for function in module.functions():
            if function.name.startswith("test_"):
                yield f"{module.path.relative_to(ROOT)}:{function.lineno}", module, function


def test_every_test_asserts_something():
    silent = [where for where, module, test in _tests() if not _asserts(module, test)]
    assert not silent, "\n".join(silent)


def test_every_test_is_named_by_a_sentence():
    short = [f"{where} {test.name}" for where, _, test in _tests() if len(test.name.split("_")) < 4]
    assert not short, "\n".join(short)


def test_no_test_is_skipped_for_good_or_fakes_our_code():
    banned = re.compile(r"unittest\.mock|from unittest import mock|mark\.(skip|xfail)\b|mocker")
    found = [
        (module.path.name, f"{module.path.relative_to(ROOT)}:{number}")
        for module in _test_modules()
        for number, line in enumerate(module.lines, 1)
        if banned.search(line) and module.path.name != "test_tests.py"
    ]
    hold("fakes", found)


def _asserts(module: Module, test: Function) -> bool:
    """Asserts itself, or through a helper of the same module that does."""
    helpers = {f.name: f for f in module.tree.body if isinstance(f, FUNCTIONS)}
    seen: set[str] = set()
    waiting: list[ast.AST] = [test]
    while waiting:
        for node in ast.walk(waiting.pop()):
            if isinstance(node, ast.Assert):
                return True
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", "") or getattr(node.func, "id", "")
                if ASSERTING.search(name):
                    return True
                if name in helpers and name not in seen:
                    seen.add(name)
                    waiting.append(helpers[name])
    return False
