"""HTML made of what people here have written: cleaned, and dressed for a page or for a mail.

Few words are known, and none of them can style, name, load or run anything. A picture is
called by a name (`data-cid`) until a page or a mail says where it lies.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from html import escape, unescape

import nh3
from markupsafe import Markup

from makegood.kit.html import written as trusted
from makegood.kit.rx import rx

_TAGS = {
    *("a", "blockquote", "br", "code", "em", "h3", "h4", "h5", "h6"),
    *("hr", "img", "li", "ol", "p", "pre", "strong", "ul"),
}
_ATTRIBUTES = {
    "*": {"dir"},
    "a": {"href"},
    "img": {"alt", "data-cid"},
    "ol": {"start"},
    "li": {"value"},
}
_SCHEMES = {"http", "https", "mailto", "tel"}
_PICTURE = r"""<img (?:[^">]|"[^"]*")*>"""
_NAME = r' data-cid="([^"]*)"'
_WORDS = r' alt="([^"]*)"'

# What mail programs do not do by themselves, or each in its own way. No colours: a dark
# program keeps its own.
_LOOK = {
    "p": "margin:0 0 1em",
    "h3": "margin:0 0 .5em;font-size:1.15em",
    "h4": "margin:0 0 .5em;font-size:1em",
    "h5": "margin:0 0 .5em;font-size:1em",
    "h6": "margin:0 0 .5em;font-size:1em",
    "li": "margin:0 0 .25em",
    "hr": "margin:1em 0;border:0;border-top:1px solid #888",
    "pre": "margin:0 0 1em;white-space:pre-wrap;font-family:monospace",
    "code": "font-family:monospace",
    "img": "max-width:100%;height:auto",
}
_WHOLE = (
    "max-width:42em;font-family:system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,"
    "sans-serif;font-size:15px;line-height:1.5;overflow-wrap:anywhere"
)


def clean(html: str) -> str:
    return _cleaner("").clean(html)


@lru_cache(maxsize=8)
def _cleaner(mail: str) -> nh3.Cleaner:
    """For keeping; or for a mail that runs this way, where looks are set and never taken over."""
    fixed = {tag: {"style": look} for tag, look in _look(mail).items()} if mail else {}
    links = {} if mail else {"a": {"target": "_blank"}}
    return nh3.Cleaner(
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        url_relative="deny",
        link_rel=None if mail else "noopener noreferrer nofollow",
        set_tag_attribute_values={**links, **fixed},
    )


def _look(direction: str) -> Mapping[str, str]:
    side = "right" if direction == "rtl" else "left"
    quoted = f"margin:0 0 1em;padding-{side}:.8em;border-{side}:3px solid #888"
    items = f"margin:0 0 1em;padding-{side}:1.5em"
    return {**_LOOK, "blockquote": quoted, "ul": items, "ol": items}


def for_page(html: str, address_of: Callable[[str], str]) -> Markup:
    """What is kept, on a page of ours. A picture without an address is told by its words."""
    return trusted(_with_pictures(clean(html), address_of, ' class="written__picture"'))


def for_mail(html: str, source_of: Callable[[str], str], direction: str) -> str:
    """What is kept, as a part of a mail."""
    return _with_pictures(_cleaner(direction or "ltr").clean(html), source_of, "")


def mail_page(parts: str, *, language: str, direction: str) -> str:
    """A whole mail of these parts. It says that it is at home in the dark."""
    told = f' lang="{escape(language)}"' if language else ""
    return (
        f'<!doctype html><html{told} dir="{direction or "ltr"}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        '<meta name="color-scheme" content="light dark">'
        '<meta name="supported-color-schemes" content="light dark"></head>'
        f'<body><div{told} dir="{direction or "ltr"}" style="{_WHOLE}">{parts}</div></body></html>'
    )


def _with_pictures(html: str, source_of: Callable[[str], str], extra: str) -> str:
    if "<img" not in html:
        return html

    def placed(tag: str) -> str:
        name = "".join(rx(_NAME).findall(tag)[:1])
        source = source_of(unescape(name)) if name else ""
        if source:
            return str(rx(_NAME).sub(lambda _found: f' src="{escape(source)}"{extra}', tag))
        return f"[{''.join(rx(_WORDS).findall(tag)[:1])}]"

    return str(rx(_PICTURE).sub(lambda found: placed(found[0]), html))
