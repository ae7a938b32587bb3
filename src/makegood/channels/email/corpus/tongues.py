"""How programs introduce a quote, sign and pass on in each language, in every shape."""

import textwrap
import tomllib
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

from .case import SHOP, SHOP_MAIL, Case, message

Tongue = dict[str, list[str]]
TONGUES: dict[str, Tongue] = tomllib.loads(
    (Path(__file__).parent / "tongues.toml").read_text("utf-8")
)
_QUOTED = "Dear Ida,\n\nyour lamp leaves on Friday.\nIs that all right for you?\n\nNora"
_MARKED = "\n".join(f"> {line}".rstrip() for line in _QUOTED.split("\n"))
_RULE = "_" * 32


def tongues() -> Iterator[Case]:
    """Every language, every way to introduce, sign and pass on."""
    for language, tongue in TONGUES.items():
        for name, raw, more in _all(tongue):
            lines = [line.strip() for line in "\n".join([*tongue["said"], *more]).split("\n")]
            expected: dict[str, Any] = {"kind": "person", ("kept" if more else "lines"): lines}
            yield Case(f"tongue-{language}-{name}", raw, expected, ("tongue", language))


Made = Iterator[tuple[str, bytes, list[str]]]


def _all(tongue: Tongue) -> Made:
    yield from _introduced(tongue)
    yield from _blocks(tongue)
    yield from _signed(tongue)
    own = "\n".join(tongue["trap"])
    said = "\n\n".join(tongue["said"])
    yield "own", message(f"{said}\n\n{own}\n"), tongue["trap"]
    above = f"{tongue['said'][0]}\n\n{own}\n\n{tongue['said'][1]}"
    quote = f"{_filled(tongue['intros'][0])}\n\n{_MARKED}"
    yield "own-quote", message(f"{above}\n\n{quote}\n"), tongue["trap"]


def _filled(words: str) -> str:
    return words.format(n=SHOP, m=SHOP_MAIL)


def _page(words: list[str]) -> str:
    return "".join(f"<div>{escape(line)}</div>" for line in words)


def _introduced(tongue: Tongue) -> Made:
    said, page = "\n\n".join(tongue["said"]), _page(tongue["said"])
    for at, words in enumerate(map(_filled, tongue["intros"])):
        name, one = f"intro-{at}", escape(words.replace("\n", " "))
        yield f"{name}-above", message(f"{said}\n\n{words}\n\n{_MARKED}\n"), []
        wrapped = "\n".join(textwrap.wrap(words, 60, break_long_words=False))
        yield f"{name}-wrapped", message(f"{said}\n\n{wrapped}\n\n{_MARKED}\n"), []
        yield f"{name}-below", message(f"{words}\n{_MARKED}\n\n{said}\n"), []
        first, second = tongue["said"]
        between = f"{words}\n> Is it Friday?\n\n{first}\n\n> Which colour?\n\n{second}\n"
        yield f"{name}-between", message(between), []
        cited = f"{page}<blockquote type=cite><div>{one}</div><br><div>Is it?</div></blockquote>"
        yield f"{name}-cited", message(cited, kind="text/html"), []
        gmail = (
            f"{page}<div class=gmail_quote><div class=gmail_attr>{one}</div><blockquote "
            "class=gmail_quote><div>Is it?</div></blockquote></div>"
        )
        yield f"{name}-gmail", message(gmail, kind="text/html"), []


def _block(tongue: Tongue) -> str:
    one, sent, to, _cc, subject, when = tongue["labels"]
    return (
        f"{one}: {SHOP} <{SHOP_MAIL}>\n{sent}: {when}\n{to}: Ida <ida@customer.test>\n"
        f"{subject}: Re: Your lamp"
    )


def _blocks(tongue: Tongue) -> Made:
    said, block, page = "\n\n".join(tongue["said"]), _block(tongue), _page(tongue["said"])
    yield "block", message(f"{said}\n\n{block}\n\n{_QUOTED}\n"), []
    yield "block-near", message(f"{said}\n{block}\n{_QUOTED}\n"), []
    yield "block-rule", message(f"{said}\n\n{_RULE}\n{block}\n\n{_QUOTED}\n"), []
    yield "block-loose", message(f"{said}\n\n{block.replace(': ', ' : ')}\n\n{_QUOTED}\n"), []
    for at, words in enumerate(tongue["orig"]):
        yield f"original-{at}", message(f"{said}\n\n{words}\n{block}\n\n{_QUOTED}\n"), []
    for at, words in enumerate(tongue["fwd"]):
        raw = message(f"{said}\n\n{words}\n{block}\n\n{_QUOTED}\n", subject="Fwd: Your lamp")
        yield f"passed-on-{at}", raw, []
    rows = [line.partition(": ") for line in block.split("\n")]
    head = "<br>".join(f"<b>{escape(a)}:</b> {escape(b)}" for a, _colon, b in rows)
    word = f'<div style="border-top:solid #E1E1E1 1.0pt"><p class="MsoNormal">{head}</p></div>'
    yield "block-word", message(f"{page}{word}<p>Is it?</p>", kind="text/html"), []
    yield "block-bare", message(f"{page}<p>{head}</p><p>Is it?</p>", kind="text/html"), []
    table = "".join(f"<tr><td>{escape(a)}:</td><td>{escape(b)}</td></tr>" for a, _colon, b in rows)
    raw = message(f"{page}<table>{table}</table><p>Is it?</p>", kind="text/html")
    yield "block-table", raw, []


def _signed(tongue: Tongue) -> Made:
    said, page = "\n\n".join(tongue["said"]), _page(tongue["said"])
    quote = f"{_filled(tongue['intros'][0])}\n\n{_MARKED}"
    for kind in ("phones", "legal"):
        for at, words in enumerate(tongue[kind]):
            name = f"{kind}-{at}"
            yield name, message(f"{said}\n\n{words}\n"), []
            yield f"{name}-quote", message(f"{said}\n\n{words}\n\n{quote}\n"), []
            html = f"{page}<div><br></div><div>{escape(words)}</div>"
            yield f"{name}-html", message(html, kind="text/html"), []
