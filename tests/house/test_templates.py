"""Pages: they compile, they carry nothing inline, and every word can be translated."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.template import engines
from jinja2 import Environment, nodes
from jinja2.exceptions import TemplateError

from tests.house.source import files, hold, templates, where

OURS = [path for path in templates() if "jinja2" in path.parts]
INLINE = re.compile(
    r"\sstyle\s*=|\son[a-z]+\s*=|<style\b|javascript:|\shx-on\b|\shx-vals=.js:", re.IGNORECASE
)
SCRIPT = re.compile(r"<script\b([^>]*)>", re.IGNORECASE)
DATA_SCRIPT = re.compile(r'src=|type="(importmap|application/json|application/ld\+json)"')
SAFE = re.compile(r"\|\s*safe\b|\{%-?\s*autoescape\s+false")
LETTERS = re.compile(r"[^\W\d_]{2,}")
SAID_IN = {"aria-label", "title", "placeholder", "alt", "aria-description", "label"}
SILENT = {"script", "style", "code", "kbd"}
TRANSLATES = {"_", "gettext", "ngettext", "pgettext", "npgettext"}


@pytest.fixture(scope="module")
def environment() -> Environment:
    return engines["jinja2"].env


def test_every_template_compiles(environment):
    wrong = []
    for path in OURS:
        name = str(path).split("/jinja2/", 1)[1]
        try:
            environment.get_template(name)
        except TemplateError as error:
            wrong.append(f"{where(path)}: {error}")
    assert not wrong, "\n".join(wrong)


def test_templates_carry_no_inline_style_script_or_handler():
    hold("inline", (found for path in templates() for found in _inline(path)))


def test_no_template_switches_escaping_off():
    hold("safe-templates", _lines(templates(), SAFE, "switches escaping off"))


def test_every_word_on_a_page_can_be_translated(environment):
    hold("bare-text", (found for path in OURS for found in _bare_words(path, environment)))


def test_partials_of_other_apps_are_not_overridden():
    names = [str(path).split("/jinja2/", 1)[1] for path in OURS]
    apps = [path.parts[path.parts.index("jinja2") - 1] for path in OURS]
    wrong = [n for n, app in zip(names, apps, strict=True) if not n.startswith(f"{app}/")]
    # allauth and Django look for their pages under their own names.
    assert not [
        name
        for name in wrong
        if not name.startswith(("account/", "mfa/", "400", "403", "404", "50"))
    ]


def test_style_sheets_need_no_force_and_no_ids():
    hold("important", _lines(files("*.css"), re.compile(r"!important"), "uses !important"))
    hold(
        "css-ids",
        _lines(files("*.css"), re.compile(r"(^|[\s,>+~])#[a-z][\w-]*[^;{]*\{"), "styles an id"),
    )


def test_colours_live_among_the_tokens():
    raw = re.compile(r"#[0-9a-f]{3,8}\b(?![^;]*\{)|\b(?:rgb|hsl|oklch|lab)a?\(", re.IGNORECASE)
    sheets = [path for path in files("*.css") if path.name != "tokens.css"]
    hold("raw-colours", _lines(sheets, raw, "names a colour that tokens.css does not"))


def test_elements_build_no_html_from_strings():
    sinks = re.compile(
        r"\.(inner|outer)HTML\s*=|insertAdjacentHTML|document\.write|\beval\(|new Function"
    )
    hold("html-sinks", _lines(files("*.js"), sinks, "builds HTML from a string"))


def _lines(paths: list[Path], pattern: re.Pattern[str], what: str) -> Iterator[tuple[str, str]]:
    for path in paths:
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if pattern.search(line):
                yield where(path), f"{where(path)}:{number} {what}"


def _inline(path: Path) -> Iterator[tuple[str, str]]:
    text = re.sub(r"\{#.*?#\}", "", path.read_text(), flags=re.DOTALL)
    for match in INLINE.finditer(text):
        yield where(path), f"{where(path)} has{match.group()[:20]}"
    for match in SCRIPT.finditer(text):
        if not DATA_SCRIPT.search(match.group(1)):
            yield where(path), f"{where(path)} has an inline script"


def _bare_words(path: Path, environment: Environment) -> Iterator[tuple[str, str]]:
    source = path.read_text()
    reader = _Words()
    reader.feed(_without_code(source, environment))
    for line, words in reader.found:
        yield where(path), f"{where(path)}:{line} says “{words}” bare"
    for line, words in _literals(environment.parse(source)):
        yield where(path), f"{where(path)}:{line} passes “{words}” bare"


def _without_code(source: str, environment: Environment) -> str:
    """The HTML alone: expressions and translated blocks gone, line numbers kept."""
    kept, is_translated, opened = [], False, ""
    for _, kind, value in environment.lex(source):
        if kind == "block_begin":
            opened = "?"
        elif kind == "name" and opened == "?":
            opened = value
            is_translated = (is_translated or value == "trans") and value != "endtrans"
        is_html = kind == "data" and not is_translated
        kept.append(value if is_html else "\n" * value.count("\n"))
    return "".join(kept)


def _literals(tree: nodes.Template) -> Iterator[tuple[int, str]]:
    """Sentences handed to macros and filters as plain strings."""
    translated = {
        id(const)
        for call in tree.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name in TRANSLATES
        for const in call.find_all(nodes.Const)
    }
    for const in tree.find_all(nodes.Const):
        words = const.value
        is_sentence = isinstance(words, str) and re.match(r"[A-Z][\w’']+ [\w’']+", words)
        if is_sentence and id(const) not in translated:
            yield const.lineno, words


class _Words(HTMLParser):
    """Collects what a reader would see, except inside `translate="no"`."""

    VOID = frozenset(
        [
            "area",
            "base",
            "br",
            "col",
            "embed",
            "hr",
            "img",
            "input",
            "link",
            "meta",
            "source",
            "track",
            "wbr",
        ]
    )

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[int, str]] = []
        self.silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        for name in SAID_IN & given.keys():
            self._look(given[name] or "")
        if tag == "input" and given.get("type") in {"submit", "button"}:
            self._look(given.get("value") or "")
        if tag not in self.VOID and (
            self.silent or tag in SILENT or given.get("translate") == "no"
        ):
            self.silent.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.silent and tag in self.silent:
            while self.silent.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        self._look(data)

    def _look(self, data: str) -> None:
        if not self.silent and LETTERS.search(data):
            self.found.append((self.getpos()[0], " ".join(data.split())[:60]))
