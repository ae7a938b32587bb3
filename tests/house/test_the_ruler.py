"""The ruler itself is measured: each rule must find what it is for."""

import pytest
from jinja2 import Environment

from tests.house import test_habits, test_layers, test_lengths, test_templates, test_words
from tests.house.source import HOUSE, Module


def _module(where: str, text: str) -> Module:
    module = Module(HOUSE / where)
    module.__dict__["text"] = text  # what a file would hold, without the file
    return module


def _said(findings) -> str:
    return "\n".join(sentence for _, sentence in findings)


def test_reaching_into_another_app_is_named_with_its_line():
    module = _module(
        "portal/reactions.py", "\nfrom makegood.conversations.forms import ReplyForm\n"
    )
    assert _said(test_layers._reaches(module)) == (
        "portal/reactions.py:2 reaches into conversations.forms"
    )


@pytest.mark.parametrize(
    ("where", "lines", "is_wrong"),
    [
        ("desk/views.py", 15, False),
        ("desk/views.py", 16, True),
        ("desk/actions.py", 30, False),
        ("desk/actions.py", 31, True),
        ("desk/reading.py", 40, False),
        ("desk/reading.py", 41, True),
    ],
)
def test_lengths_bind_where_the_ruler_says(where, lines, is_wrong):
    body = "\n".join(["    pass"] * lines)
    module = _module(where, f'def page(request):\n    """Does not count."""\n{body}\n')
    assert bool(_said(test_lengths._too_long(module))) is is_wrong


def test_by_and_self_do_not_count_as_arguments():
    few = "class A:\n    def m(self, a, b, c, d, e, f, *, by): pass\n"
    many = "def m(a, b, c, d, e, f, g): pass\n"
    assert not _said(test_lengths._too_many_arguments(_module("kit/x.py", few)))
    assert "takes 7" in _said(test_lengths._too_many_arguments(_module("kit/x.py", many)))


def test_a_late_import_needs_its_reason():
    silent = "def f():\n    import json\n"
    spoken = "def f():\n    # Only workers need it, and it is slow.\n    import json\n"
    assert _said(test_habits._late_imports(_module("kit/x.py", silent)))
    assert not _said(test_habits._late_imports(_module("kit/x.py", spoken)))


def test_another_word_for_a_customer_is_found():
    module = _module("customers/x.py", "def merge_contacts(user_agent, contact_form): ...\n")
    assert _said(test_words._banned_names(module)) == (
        "customers/x.py:1 says merge_contacts; we say customers"
    )


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<p>Welcome back</p>", "Welcome back"),
        ('<a title="Close">{{ icon("x") }}</a>', "Close"),
        ('{{ button("Save it now") }}', "Save it now"),
        ("<p>{% trans %}Welcome{% endtrans %} {{ _('back again') }}</p>", ""),
        ('<p translate="no">Makegood</p><kbd>Enter</kbd>', ""),
        ("{# Said to us alone #}<br>", ""),
    ],
)
def test_bare_words_are_found_and_only_those(tmp_path, monkeypatch, html, found):
    monkeypatch.setattr(test_templates, "where", lambda path: path.name)
    page = tmp_path / "page.html"
    page.write_text(html)
    environment = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    said = _said(test_templates._bare_words(page, environment))
    assert (found in said) if found else (said == "")


@pytest.mark.parametrize(
    ("html", "is_wrong"),
    [
        ('<p style="color:red">', True),
        ('<a onclick="go()">', True),
        ("<script>go()</script>", True),
        ('<a href="javascript:go()">', True),
        ('<script type="module" src="x.js"></script>', False),
        ('<p class="style" data-once="1">', False),
    ],
)
def test_inline_code_is_found_and_only_that(tmp_path, monkeypatch, html, is_wrong):
    monkeypatch.setattr(test_templates, "where", lambda path: path.name)
    page = tmp_path / "page.html"
    page.write_text(html)
    assert bool(_said(test_templates._inline(page))) is is_wrong
