"""Foreign HTML, cleaned by nh3 with an explicit list, after a scan for what would stall it.

Nothing that is kept can style, name, load or run anything: no `style`, `class`, `id`, `name`
and no `src`. A picture waits in `data-src` (remote) or `data-cid` (came along) until the
page is asked to show it.
"""

from collections.abc import Iterator

import nh3

MAX_CHARACTERS = 2_000_000
MAX_DEPTH = 256
MAX_ELEMENTS = 50_000
MAX_ENTITIES = 100_000


def _words(line: str) -> frozenset[str]:
    return frozenset(line.split())


_TAGS = _words(
    "a abbr address article aside b bdo blockquote br caption center cite code col colgroup dd "
    "del dfn div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li "
    "main mark nav ol p pre q s samp section small span strike strong sub sup table tbody td "
    "tfoot th thead time tr tt u ul var wbr"
)
_GONE_WITH_CONTENT = {
    "script",
    "style",
    "title",
    "template",
    "svg",
    "math",
    "object",
    "select",
}
_ATTRIBUTES = {
    "*": {"dir", "lang", "title"},
    "a": {"href"},
    "img": {"alt", "width", "height", "data-src", "data-cid"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "ol": {"start"},
}
_LINKS = ("http://", "https://", "mailto:", "tel:")
_REMOTE = ("http://", "https://")

_VOID = _words("area base br col embed hr img input link meta param source track wbr")
# The parser closes these by itself: a thousand open `<p>` are not a thousand levels.
_SELF_CLOSING = _words("p li dt dd tr td th thead tbody tfoot option optgroup colgroup rp rt")
_FORMATTING = _words("a b big code em font i nobr s small strike strong tt u")


def is_too_tangled(html: str) -> bool:
    """Whether a browser's tree of this would be so deep or large that building it stalls.

    Every new block re-opens the formatting that is still open, so that is counted too.
    """
    if html.count("&") > MAX_ENTITIES:
        return True
    open_by_tag: dict[str, int] = {}
    depth = formatting = elements = 0
    for closing, tag in _tags(html):
        is_formatting = tag in _FORMATTING
        if closing:
            if open_by_tag.get(tag, 0):
                open_by_tag[tag] -= 1
                depth -= 1
                formatting -= is_formatting
            continue
        elements += 1 if is_formatting else 1 + formatting
        if tag not in _VOID and tag not in _SELF_CLOSING:
            open_by_tag[tag] = open_by_tag.get(tag, 0) + 1
            depth += 1
            formatting += is_formatting
        if depth > MAX_DEPTH or elements > MAX_ELEMENTS:
            return True
    return False


def _tags(html: str) -> Iterator[tuple[bool, str]]:
    """(whether it closes, name) of everything that begins like a tag."""
    for piece in html.split("<")[1:]:
        closing = piece.startswith("/")
        head = piece[closing : closing + 20]
        if head[:1].isalpha():
            words = head.replace(">", " ").replace("/", " ").split(None, 1)
            yield closing, words[0].lower()


def clean_mail_html(html: str) -> str:
    """HTML that may be shown in a sandboxed frame. Ask `is_too_tangled` first."""
    return _strict.clean(html[:MAX_CHARACTERS])


def cleaner_for_rewriting(hints: dict[str, set[str]]) -> nh3.Cleaner:
    """Makes well-formed HTML that still has its `src`, and the `class` and `id` words in `hints`.

    For a first pass only: what is made of it must go through `clean_mail_html`.
    """

    def kept(_tag: str, attribute: str, value: str) -> str | None:
        if attribute in hints:
            return " ".join(word for word in value.split() if word in hints[attribute]) or None
        return value

    return nh3.Cleaner(
        tags=set(_TAGS),
        clean_content_tags=_GONE_WITH_CONTENT,
        attributes={
            **_ATTRIBUTES,
            "*": _ATTRIBUTES["*"] | set(hints),
            "img": {"alt", "width", "height", "src"},
        },
        attribute_filter=kept,
        url_schemes={"http", "https", "mailto", "tel", "cid"},
        url_relative="deny",
        link_rel=None,
    )


def _kept(_tag: str, attribute: str, value: str) -> str | None:
    start = value.strip()[:10].lower()
    if attribute == "href":
        return value if start.startswith(_LINKS) else None
    if attribute == "data-src":
        return value if start.startswith(_REMOTE) else None
    if attribute in ("width", "height", "colspan", "rowspan", "start"):
        return value if value.isascii() and value.isdigit() and len(value) <= 4 else None
    return value


_strict = nh3.Cleaner(
    tags=set(_TAGS),
    clean_content_tags=_GONE_WITH_CONTENT,
    attributes=_ATTRIBUTES,
    attribute_filter=_kept,
    url_schemes={"http", "https", "mailto", "tel"},
    url_relative="deny",
    link_rel="noopener noreferrer nofollow",
    set_tag_attribute_values={"a": {"target": "_blank"}},
)
