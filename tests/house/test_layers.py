"""Who may import whom: down only, and only what an app offers."""

import ast
from collections.abc import Iterator

from importlinter.application.use_cases import lint_imports
from importlinter.configuration import configure

from tests.house.source import HOUSE, ROOT, Module, apps, hold, product


def test_apps_look_down_and_never_up(capsys):
    configure()
    holds = lint_imports(config_filename=str(ROOT / "pyproject.toml"), cache_dir=None)
    assert holds, capsys.readouterr().out


def test_apps_import_only_what_another_app_offers():
    hold("public-modules", (finding for module in product() for finding in _reaches(module)))


def test_every_app_says_what_it_is_for_and_holds_no_code_in_its_init():
    wrong = [app for app in apps() if not _is_a_plain_door(app)]
    assert not wrong, f"an app's __init__ is one paragraph and __all__: {wrong}"


def _reaches(module: Module) -> Iterator[tuple[str, str]]:
    if module.app in {"config", ""}:
        return  # plugs the apps together
    for line, name in module.imports():
        parts = name.split(".")
        if parts[0] != "makegood" or len(parts) < 3 or parts[1] == module.app:
            continue
        app, inner = parts[1], parts[2]
        if inner not in _offers(app):
            yield module.where, f"{module.where}:{line} reaches into {app}.{inner}"


def _door(app: str) -> ast.Module:
    return ast.parse((HOUSE / app / "__init__.py").read_text())


def _offers(app: str) -> set[str]:
    for node in _door(app).body:
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        if isinstance(target, ast.Name) and target.id == "__all__":
            return set(ast.literal_eval(node.value))
    return set()


def _is_a_plain_door(app: str) -> bool:
    tree = _door(app)
    rest = tree.body[1:]
    return bool(ast.get_docstring(tree)) and len(rest) == 1 and "__all__" in ast.unparse(rest[0])
