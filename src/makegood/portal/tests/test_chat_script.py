"""The chat's script as it is sent: small, complete, and built so that a strict page lets it in."""

import gzip
import re

import pytest
from django.test import Client

from makegood.portal.chat.bundle import BROWSER, PARTS, SHEETS, bundle

LOADER, BOTH = 15_000, 35_000
SPOKEN = re.compile(r'speak\("(\w\w)", \{\n(.*?)\n\}\)', re.DOTALL)
KEY = re.compile(r"^  (\w+):", re.MULTILINE)
SINKS = ("innerHTML", "outerHTML", "DOMParser", "insertAdjacentHTML", "document.write", "eval(",
         "new Function", "cssText", 'setAttribute("style"', "localStorage.clear")  # fmt: skip


def test_it_weighs_little_before_it_is_opened_and_little_after():
    loader, room = (len(bundle(name).compressed) for name in ("loader", "room"))
    assert 5_000 < loader <= LOADER
    assert loader + room <= BOTH


@pytest.mark.parametrize("name", ["loader", "room"])
def test_no_file_is_forgotten(name: str):
    assert sorted(PARTS[name]) == sorted(path.stem for path in (BROWSER / name).glob("*.js"))
    assert sorted(SHEETS[name]) == sorted(path.stem for path in (BROWSER / name).glob("*.css"))


def test_german_says_all_that_english_says():
    said: dict[str, set[str]] = {"en": set(), "de": set()}
    for path in sorted(BROWSER.rglob("words*.js")):
        for language, words in SPOKEN.findall(path.read_text()):
            said[language] |= set(KEY.findall(words))
    assert len(said["en"]) > 50
    assert said["en"] == said["de"]


def test_every_word_that_is_asked_for_is_there_and_no_other():
    scripts = [path for path in BROWSER.rglob("*.js") if not path.stem.startswith("words-")]
    text = "\n".join(path.read_text() for path in scripts)
    asked = set(re.findall(r"\bsay\(([^()]*)", text))
    named = {word for call in asked for word in re.findall(r'^"(\w+)"', call)}
    english = [p.read_text() for p in sorted(BROWSER.rglob("words*.js"))]
    there = {
        key
        for found in english
        for language, words in SPOKEN.findall(found)
        if language == "en"
        for key in KEY.findall(words)
    }
    assert named - there == set()
    assert there - set(re.findall(r'"(\w+)"', text)) == set()


@pytest.mark.parametrize("name", ["loader", "room"])
def test_it_makes_no_html_of_strings(name: str):
    text = bundle(name).text.decode()
    assert [sink for sink in SINKS if sink in text] == []


@pytest.mark.parametrize("name", ["loader", "room"])
def test_what_explains_stays_here(name: str):
    text = bundle(name).text.decode()
    assert "\n//" not in text
    assert "/*" not in text
    assert text.startswith("(() => {")


def test_a_browser_that_has_it_is_told_so(client: Client):
    first = client.get("/chat/widget.js", headers={"Accept-Encoding": "gzip"})
    again = client.get("/chat/widget.js", headers={"If-None-Match": first.headers["ETag"]})
    assert gzip.decompress(first.content) == client.get("/chat/widget.js").content
    assert "Accept-Encoding" in first.headers["Vary"]
    assert again.status_code == 304
    assert not again.content


@pytest.mark.parametrize("path", ["/chat/widget.js", "/chat/room.js"])
def test_every_page_may_load_it(client: Client, path: str):
    answer = client.get(path, headers={"Origin": "https://anybody.example"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer.headers["Content-Type"].startswith("text/javascript")
