"""Words with formatting as a tree: pages with Trusted Types let nobody write HTML into them.

A node is a text, or `{"t": "a", "href": "…", "c": [nodes]}`. The HTML was made by us of what an
agent typed; what is not known here loses its tag and keeps its words.
"""

from html.parser import HTMLParser
from typing import Any

Node = str | dict[str, Any]

TAGS = {
    "p", "br", "strong", "em", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a", "h1", "h2",
    "h3", "h4", "h5", "h6", "div", "span",
}  # fmt: skip
EMPTY = {"br"}
LINKS = ("http://", "https://", "mailto:", "tel:")
DEEPEST = 40


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root: list[Node] = []
        self._open: list[tuple[str, list[Node]]] = [("", self.root)]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == "img":
            self.handle_data(told.get("alt") or "")
        if tag not in TAGS or len(self._open) > DEEPEST:
            return
        node: dict[str, Any] = {"t": tag, "c": []}
        href = told.get("href") or ""
        if tag == "a" and href.lower().startswith(LINKS):
            node["href"] = href
        self._open[-1][1].append(node)
        if tag not in EMPTY:
            self._open.append((tag, node["c"]))

    def handle_endtag(self, tag: str) -> None:
        for place in range(len(self._open) - 1, 0, -1):
            if self._open[place][0] == tag:
                del self._open[place:]
                return

    def handle_data(self, data: str) -> None:
        if data:
            self._open[-1][1].append(data)


def tree_of(html: str) -> list[Node]:
    """What an agent wrote, as nodes."""
    builder = _Builder()
    builder.feed(html)
    builder.close()
    return builder.root
