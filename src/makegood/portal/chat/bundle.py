"""The chat's script for the shop's pages: many small files, sent as two.

The first puts the button on the page and keeps what is written; the second is fetched when
somebody comes near. Put together once a process, in the order that is stated here.
"""

import gzip
import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

BROWSER = Path(__file__).with_name("browser")
PARTS = {
    "loader": (
        "ground", "words", "keeping", "asking", "working", "tabs", "outbox", "talk", "fetching",
        "renewing",
        "events", "live", "colours", "element", "launcher", "title", "room", "invited", "inviting",
        "api", "start",
    ),
    "room": (
        "ground", "words-en", "words-de", "times", "prose", "grouping", "message", "log", "emoji",
        "uploads", "composer", "questions", "home", "notices", "sound", "inside", "menu", "onward",
        "asides", "verdict", "panel",
    ),
}  # fmt: skip
SHEETS = {
    "loader": ("tokens", "host", "launcher", "inviting"),
    "room": ("parts", "panel", "home", "log", "prose", "composer", "onward"),
}


@dataclass(frozen=True)
class Bundle:
    """One script as it is sent."""

    text: bytes
    compressed: bytes
    etag: str


@cache
def bundle(name: str) -> Bundle:
    """`loader` or `room`, ready to send."""
    text = _script(name).encode()
    return Bundle(
        text=text,
        compressed=gzip.compress(text, 9, mtime=0),
        etag=f'"{hashlib.sha256(text).hexdigest()[:20]}"',
    )


def _script(name: str) -> str:
    """One function, so that nothing of it becomes a name of the page's."""
    folder = BROWSER / name
    sheet = " ".join(_sheet((folder / f"{one}.css").read_text()) for one in SHEETS[name])
    style = f"const {name.upper()}_STYLE = {json.dumps(sheet, ensure_ascii=False)}"
    parts = [_without_comments((folder / f"{one}.js").read_text()) for one in PARTS[name]]
    return "\n".join(['(() => {\n"use strict"', style, *parts, "})()\n"])


def _without_comments(script: str) -> str:
    """Lines that only explain are left out, and what they are indented by."""
    lines = (line.strip() for line in script.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))


def _sheet(style: str) -> str:
    told = [piece.partition("*/")[2] for piece in ("*/" + style).split("/*")]
    return " ".join(" ".join(told).split())
