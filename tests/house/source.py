"""The tree as the house tests read it: parsed once, shared by all."""

import ast
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src"
HOUSE = SOURCE / "makegood"
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One Python file of the product."""

    path: Path

    @property
    def where(self) -> str:
        """As a person says it: from the house's own folder."""
        return str(self.path.relative_to(HOUSE))

    @property
    def app(self) -> str:
        parts = self.path.relative_to(HOUSE).parts
        return parts[0] if len(parts) > 1 else ""

    @property
    def is_test(self) -> bool:
        return "tests" in self.path.relative_to(HOUSE).parts[:-1]

    def is_one_of(self, name: str) -> bool:
        """`views.py`, or a module in a folder `views/`."""
        return self.path.stem == name or self.path.parent.name == name

    @cached_property
    def text(self) -> str:
        return self.path.read_text()

    @cached_property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    def functions(self) -> Iterator[Function]:
        return (node for node in ast.walk(self.tree) if isinstance(node, FUNCTIONS))

    def imports(self) -> Iterator[tuple[int, str]]:
        """Every dotted name imported, with its line: `from a.b import c` gives `a.b.c`."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((node.lineno, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                base = self._absolute(node)
                yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)

    def _absolute(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        package = self.path.relative_to(SOURCE).parts[: -node.level]
        return ".".join([*package, *([node.module] if node.module else [])])


@cache
def modules() -> tuple[Module, ...]:
    """The product's own modules, tests among them; migrations are generated and left out."""
    return tuple(
        Module(path)
        for path in sorted(HOUSE.rglob("*.py"))
        if "migrations" not in path.parts and "__pycache__" not in path.parts
    )


def product() -> Iterator[Module]:
    return (module for module in modules() if not module.is_test)


@cache
def apps() -> tuple[str, ...]:
    return tuple(sorted(path.parent.name for path in HOUSE.glob("*/__init__.py")))


def files(pattern: str) -> list[Path]:
    return sorted(path for path in HOUSE.rglob(pattern) if "vendor" not in path.parts)


def templates() -> list[Path]:
    return [p for p in files("*.html") if {"jinja2", "templates"} & set(p.parts)]


def where(path: Path) -> str:
    return str(path.relative_to(HOUSE if path.is_relative_to(HOUSE) else ROOT))


@cache
def _exceptions() -> dict[str, dict[str, str]]:
    return tomllib.loads(Path(__file__).with_name("exceptions.toml").read_text())


def excused(rule: str) -> dict[str, str]:
    return _exceptions().get(rule, {})


def hold(rule: str, findings: Iterable[tuple[str, str]]) -> None:
    """Fail with every finding that `exceptions.toml` does not excuse, and every idle excuse.

    A finding is what `exceptions.toml` would call it, and the sentence for a person.
    """
    findings = list(findings)
    excuses = excused(rule)
    wrong = [sentence for name, sentence in findings if name not in excuses]
    idle = set(excuses) - {name for name, _ in findings}
    wrong += [f"{name} needs no exception from {rule} any more" for name in sorted(idle)]
    assert not wrong, "\n" + "\n".join(wrong)
