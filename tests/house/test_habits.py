"""What the house does not do, however handy it would be."""

import ast
import re
from collections.abc import Callable, Iterator

from tests.house.source import Module, hold, product

SIGNALS = ("django.dispatch", "django.db.models.signals", "django.core.signals")
NETWORK = (
    "requests", "urllib.request", "urllib3", "httpx", "http.client", "socket", "ftplib",
    "smtplib", "imaplib", "imapclient", "poplib", "telnetlib", "asyncio.open_connection",
)  # fmt: skip
SAFE_BY_DECREE = {"mark_safe", "Markup", "SafeString", "SafeText"}


def test_views_ask_queries_and_never_the_tables():
    hold(
        "objects-in-views",
        _nodes(lambda m, n: _is_objects(n) and m.is_one_of("views"), "asks a table itself"),
    )


def test_text_becomes_html_in_one_place():
    hold(
        "safe-html",
        _nodes(lambda m, n: _declares_safe(n) and m.where != "kit/html.py", "declares text safe"),
    )


def test_nobody_listens_to_signals():
    hold("signals", _imports(SIGNALS, "listens to signals: use a reaction"))


def test_foreign_text_never_meets_a_backtracking_pattern():
    hold("regex", _imports(("re", "regex"), "imports re: use kit.rx"))


def test_the_network_is_reached_from_few_places():
    hold("network", _imports(NETWORK, "reaches the network: use kit.egress or a channel's client"))


def test_pages_without_csrf_protection_are_declared():
    hold("csrf-exempt", _nodes(lambda m, n: _name(n) == "csrf_exempt", "takes posts from anywhere"))


def test_pages_open_to_strangers_are_declared():
    hold(
        "open-pages",
        _nodes(lambda m, n: _name(n) == "login_not_required", "is open to strangers"),
    )


def test_only_the_worker_catches_everything():
    hold("catch-all", _nodes(lambda m, n: _catches_everything(n), "catches everything"))


def test_an_import_inside_a_function_has_a_reason():
    hold("late-import", (found for module in product() for found in _late_imports(module)))


def test_refusals_and_labels_are_translatable():
    hold("untranslated", _nodes(_says_plain_words, "says words nobody can translate"))


def _nodes(matches: Callable[[Module, ast.AST], bool], what: str) -> Iterator[tuple[str, str]]:
    for module in product():
        for node in ast.walk(module.tree):
            if matches(module, node):
                yield module.where, f"{module.where}:{getattr(node, 'lineno', 0)} {what}"


def _imports(names: tuple[str, ...], what: str) -> Iterator[tuple[str, str]]:
    for module in product():
        for line, name in module.imports():
            if any(name == banned or name.startswith(f"{banned}.") for banned in names):
                yield module.where, f"{module.where}:{line} {what}"


def _is_objects(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager"}


def _declares_safe(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and _name(node.func) in SAFE_BY_DECREE


def _name(node: ast.AST) -> str:
    if isinstance(node, ast.alias):
        return ""
    return getattr(node, "id", "") or getattr(node, "attr", "")


def _catches_everything(node: ast.AST) -> bool:
    if not isinstance(node, ast.ExceptHandler):
        return False
    caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
    wide = any(c is None or _name(c) in {"Exception", "BaseException"} for c in caught)
    # What raises again caught nothing.
    return wide and not any(isinstance(n, ast.Raise) for n in ast.walk(node))


def _late_imports(module: Module) -> Iterator[tuple[str, str]]:
    for function in module.functions():
        if module.path.stem == "apps" and function.name == "ready":
            continue  # the place that Django gives for it
        for node in ast.walk(function):
            if isinstance(node, ast.Import | ast.ImportFrom) and not _has_reason(module, node):
                yield (
                    module.where,
                    f"{module.where}:{node.lineno} imports late and does not say why",
                )


def _has_reason(module: Module, node: ast.stmt) -> bool:
    """A comment on the import, on its neighbours in the same block, or right above them."""
    first = node.lineno - 1
    while first and module.lines[first - 1].strip().startswith(("import ", "from ")):
        first -= 1
    near = module.lines[max(first - 1, 0) : node.lineno]
    comments = [re.sub(r"noqa: [A-Z0-9, ]+|#", "", line.partition("#")[2]) for line in near]
    return any(len(comment.split()) > 1 for comment in comments)


def _says_plain_words(module: Module, node: ast.AST) -> bool:
    if module.is_one_of("models"):
        return False  # what a field's help says there is for us; nobody sees it on a page
    if isinstance(node, ast.Call) and _name(node.func) in {"Refused", "ValidationError"}:
        return bool(node.args) and _is_words(node.args[0])
    if isinstance(node, ast.keyword):
        return node.arg in {"label", "help_text", "verbose_name"} and _is_words(node.value)
    if isinstance(node, ast.Assign):
        return any(_name(t) == "says" for t in node.targets) and _is_words(node.value)
    return False


def _is_words(node: ast.AST) -> bool:
    if isinstance(node, ast.JoinedStr):
        return True
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value != ""
