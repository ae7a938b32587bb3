"""How still more programs introduce a quote: other dates, line breaks and phones."""

import tomllib
from collections.abc import Iterator
from html import escape
from pathlib import Path

from .case import SHOP, SHOP_MAIL, Case, alternative, message

_MANNERS: dict[str, dict[str, list[str]]] = tomllib.loads(
    (Path(__file__).parent / "manners.toml").read_text("utf-8")
)
_WAS = ["Dear Ida,", "", "may we come tomorrow?", "", "Nora", "Lantern Ltd, Harbour Road 5"]
_MARKED = "\n".join(f"> {line}".rstrip() for line in _WAS)
_BARE = "\n".join(_WAS)


def manners() -> Iterator[Case]:
    """Every introduction above marked lines, every block above bare ones, every phone's boast."""
    for language, given in _MANNERS.items():
        words = given["words"]
        for name, raw in [*_introduced(given), *_blocks(given), *_phones(given)]:
            expected = {"lines": words, "kind": "person"}
            yield Case(f"manner-{language}-{name}", raw, expected, ("reply", language))


def _filled(shapes: list[str]) -> Iterator[tuple[int, str]]:
    for number, shape in enumerate(shapes):
        yield number, shape.format(n=SHOP, m=SHOP_MAIL)


def _introduced(given: dict[str, list[str]]) -> Iterator[tuple[str, bytes]]:
    said = "\n".join(given["words"])
    for number, above in _filled(given["says"]):
        name = f"says-{number}"
        yield f"{name}-top", message(f"{said}\n\n{above}\n\n{_MARKED}\n")
        yield f"{name}-close", message(f"{said}\n\n{above}\n{_MARKED}\n")
        yield f"{name}-bottom", message(f"{above}\n{_MARKED}\n\n{said}\n")
        if above.startswith("----"):
            continue
        yield (
            f"{name}-inside",
            message(f"{said}\n\n> {above.replace(chr(10), chr(10) + '> ')}\n>\n{_MARKED}\n"),
        )
        page = (
            f"<div>{'<br>'.join(map(escape, given['words']))}</div><br><div><div>{escape(above)}"
            f"</div><blockquote><div>{'<br>'.join(map(escape, _WAS))}</div></blockquote></div>"
        )
        yield f"{name}-html", message(page, kind="text/html")
        yield f"{name}-both", alternative(f"{said}\n\n{above}\n\n{_MARKED}\n", page)


def _blocks(given: dict[str, list[str]]) -> Iterator[tuple[str, bytes]]:
    said = "\n".join(given["words"])
    for number, above in _filled(given["blocks"]):
        is_marked = above.startswith(">")
        was = _MARKED if is_marked else _BARE
        gap = "\n>\n" if is_marked else "\n\n"
        yield f"block-{number}", message(f"{said}\n\n{above}{gap}{was}\n")
        yield f"block-{number}-close", message(f"{said}\n{above}\n{was}\n")
        if is_marked or "|" in above:
            continue
        lines = "".join(f"<div>{escape(line)}</div>" for line in f"{above}\n\n{was}".split("\n"))
        page = f"<div>{'<br>'.join(map(escape, given['words']))}</div><br>{lines}"
        yield f"block-{number}-html", message(page, kind="text/html")
        bold = "<br>".join(
            f"<b>{escape(line.partition(':')[0])}:</b>{escape(line.partition(':')[2])}"
            if ":" in line
            else escape(line)
            for line in above.replace("*", "").split("\n")
        )
        page = (
            f"<p>{'</p><p>'.join(map(escape, given['words']))}</p><div style='border-top:solid'>"
            f"<p>{bold}</p></div><p>{'<br>'.join(map(escape, _WAS))}</p>"
        )
        yield f"block-{number}-bold", message(page, kind="text/html")


def _phones(given: dict[str, list[str]]) -> Iterator[tuple[str, bytes]]:
    said = "\n".join(given["words"])
    above = given["says"][0].format(n=SHOP, m=SHOP_MAIL)
    for number, boast in enumerate(given["sent"]):
        yield f"phone-{number}", message(f"{said}\n\n{boast}\n")
        yield f"phone-{number}-quote", message(f"{said}\n\n{boast}\n\n{above}\n\n{_MARKED}\n")
        page = (
            f"<div>{'<br>'.join(map(escape, given['words']))}</div><br><div>{escape(boast)}</div>"
        )
        yield f"phone-{number}-html", message(page, kind="text/html")
