"""Whoever gives a control or an element a key lists it: what `?` and the palette show is whole."""

import re

from makegood.kit import assets
from makegood.palette.keys import all_keys
from tests.house.source import templates

NAMED = re.compile(r'data-key="([^"{]+)"')
HEARS = re.compile(r"\"keydown\"|\bkeydown\(")
# These hear keys as their pattern wants it (arrows, Enter, Escape), inside what they open.
PATTERNS = {"ask-box", "pop-menu", "order-list"}


def test_every_key_that_a_template_names_is_listed():
    named = {key for path in templates() for key in NAMED.findall(path.read_text())}
    listed = {key.press for key in all_keys()}
    assert named - listed == set(), "write them into palette/keys.py"


def test_every_element_that_hears_keys_is_listed():
    sources = {name: assets.sources()[name].read_text() for name in assets.elements()}
    hearing = {name.rpartition("/")[2][:-3] for name, text in sources.items() if HEARS.search(text)}
    listed = {key.heard_by for key in all_keys() if key.heard_by}
    assert hearing - listed - PATTERNS == set()
    assert listed - hearing == {"row-list"}, "Enter opens a row because it is a link"
