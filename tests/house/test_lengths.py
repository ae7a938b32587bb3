"""The ruler of style B15: it binds the tail, where every other house went wrong."""

import ast
from collections.abc import Iterator

from tests.house.source import Function, Module, files, hold, modules, product, templates, where

MODULE, FUNCTION, ACTION, VIEW, METHOD, ARGUMENTS = 400, 40, 30, 15, 15, 6
TEMPLATE, SHEET, ELEMENT = 120, 250, 120


def test_no_module_is_too_long():
    hold(
        "module-length",
        (
            (module.where, f"{module.where} has {len(module.lines)} lines, {MODULE} at most")
            for module in modules()
            if len(module.lines) > MODULE
        ),
    )


def test_no_function_is_too_long():
    hold("function-length", (found for module in product() for found in _too_long(module)))


def test_no_function_takes_too_much():
    hold("arguments", (found for module in product() for found in _too_many_arguments(module)))


def test_no_template_is_too_long():
    hold("template-length", _long_files(templates(), TEMPLATE))


def test_no_style_sheet_is_too_long():
    hold("sheet-length", _long_files(files("*.css"), SHEET))


def test_no_element_is_too_long():
    hold("element-length", _long_files(files("*.js"), ELEMENT))


def _long_files(paths, limit: int) -> Iterator[tuple[str, str]]:
    for path in paths:
        if (length := len(path.read_text().splitlines())) > limit:
            yield where(path), f"{where(path)} has {length} lines, {limit} at most"


def _too_long(module: Module) -> Iterator[tuple[str, str]]:
    methods = _methods_of_models(module)
    for function in module.functions():
        length, limit = _length(function), _limit(module, function, function in methods)
        if length > limit:
            name = f"{module.where}:{function.name}"
            where = f"{module.where}:{function.lineno}"
            yield name, f"{where} {function.name} has {length} lines, {limit} at most"


def _methods_of_models(module: Module) -> set[ast.stmt]:
    if not module.is_one_of("models"):
        return set()
    classes = [node for node in module.tree.body if isinstance(node, ast.ClassDef)]
    return {statement for node in classes for statement in node.body}


def _limit(module: Module, function: Function, is_method_of_model: bool) -> int:
    if module.is_one_of("actions"):
        return ACTION
    if module.is_one_of("views") and any(a.arg == "request" for a in function.args.args[:1]):
        return VIEW
    return METHOD if is_method_of_model else FUNCTION


def _length(function: Function) -> int:
    """Lines of the body as they are read: the signature and the docstring do not count."""
    body = function.body
    if ast.get_docstring(function, clean=False) is not None:
        body = body[1:]
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def _too_many_arguments(module: Module) -> Iterator[tuple[str, str]]:
    for function in module.functions():
        given = function.args
        names = [a.arg for a in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
        counted = [name for name in names if name not in {"self", "cls", "by"}]
        if len(counted) > ARGUMENTS:
            name = f"{module.where}:{function.name}"
            where = f"{module.where}:{function.lineno}"
            yield name, f"{where} {function.name} takes {len(counted)}, {ARGUMENTS} at most"
