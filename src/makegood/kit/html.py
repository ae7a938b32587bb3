"""HTML that is safe to put on a page. The only module that may call anything safe.

Foreign HTML is cleaned once, at the boundary (`channels/email`), and even then shown only
inside a sandboxed frame; what is made here is for our own pages.
"""

from collections.abc import Iterable

from markupsafe import Markup, escape

from makegood.kit.rx import rx

LINK = r"https?://[^\s<>\"'\x60{}|\\^\[\]]+"
TRAILING = ".,;:!?)»”’"


def paragraphs(text: str) -> Markup:
    """Plain text as paragraphs, with web addresses as links that tell nobody where from."""
    blocks = [block for block in text.replace("\r\n", "\n").split("\n\n") if block.strip()]
    return Markup("").join(Markup("<p>{}</p>").format(_lines(block)) for block in blocks)


def _lines(block: str) -> Markup:
    return Markup("<br>").join(_linked(line) for line in block.strip("\n").split("\n"))


def _linked(line: str) -> Markup:
    return Markup("").join(_pieces(line))


def _pieces(line: str) -> Iterable[Markup]:
    position = 0
    for found in rx(LINK).finditer(line):
        url = found.group(0).rstrip(TRAILING)
        yield escape(line[position : found.start()])
        yield Markup(
            '<a href="{0}" rel="noopener noreferrer nofollow" target="_blank">{0}</a>'
        ).format(url)
        position = found.start() + len(url)
    yield escape(line[position:])


def written(html: str) -> Markup:
    """What a template of ours has written: it escaped what it was given."""
    return Markup(html)  # noqa: S704


def secret_field(secret: str) -> Markup:
    """A form's hidden field, under the name that Django's check looks for."""
    return Markup('<input type="hidden" name="csrfmiddlewaretoken" value="{}">').format(secret)


def icon_markup(href: str, name: str, label: str) -> Markup:
    """One icon of the sprite: decoration without a label, an image with one."""
    if not label:
        return Markup('<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>').format(
            href, name
        )
    return Markup(
        '<svg class="icon" role="img" aria-label="{}"><use href="{}#{}"></use></svg>'
    ).format(label, href, name)


def stylesheet_links(hrefs: Iterable[str]) -> Markup:
    return Markup("\n").join(Markup('<link rel="stylesheet" href="{}">').format(h) for h in hrefs)


def script_tags(hrefs: Iterable[str]) -> Markup:
    return Markup("\n").join(
        Markup('<script type="module" src="{}"></script>').format(h) for h in hrefs
    )
