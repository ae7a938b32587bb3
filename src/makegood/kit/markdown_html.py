"""A text that was read as Markdown, written as HTML. What is made here is cleaned afterwards."""

from collections.abc import Iterator
from html import escape

from markdown_it.tree import SyntaxTreeNode

from makegood.kit.direction import direction_of

_AROUND = {"strong": "strong", "em": "em", "blockquote": "blockquote"}
_MODEST = {"h1": "h3", "h2": "h3"}
"""A letter has no title: the largest heading is a third."""


def html_of(node: SyntaxTreeNode, direction: str) -> str:
    """`direction` is what stands around it: said again only where a part runs otherwise."""
    kind = node.type
    if kind == "text":
        return escape(node.content)
    if kind in ("softbreak", "hardbreak"):
        return "<br>"
    if kind == "code_inline":
        return f"<code>{escape(node.content)}</code>"
    if kind == "fence":
        return f"<pre><code>{escape(_code(node))}</code></pre>"
    if kind == "hr":
        return "<hr>"
    if kind == "image":
        return _picture(node)
    if kind == "link":
        return f'<a href="{escape(str(node.attrs["href"]))}">{_inside(node, direction)}</a>'
    if kind in ("paragraph", "heading", "bullet_list", "ordered_list"):
        return _block(node, direction)
    if kind in _AROUND:
        return f"<{_AROUND[kind]}>{_inside(node, direction)}</{_AROUND[kind]}>"
    return _inside(node, direction)  # the whole, and the inside of a block


def _inside(node: SyntaxTreeNode, direction: str) -> str:
    return "".join(html_of(child, direction) for child in node.children)


def _block(node: SyntaxTreeNode, direction: str) -> str:
    if is_lone_number(node):
        item = node.children[0]
        return f"<p>{number_of(item)} {_inside(item.children[0], direction)}</p>"
    if node.type == "paragraph" and node.hidden:
        return _inside(node, direction)
    own = direction_of(words_of(node)) or direction
    is_list = node.type in ("bullet_list", "ordered_list")
    inside = "".join(_items(node, own)) if is_list else _inside(node, own)
    return _tagged(node, inside, own, direction)


def _tagged(node: SyntaxTreeNode, inside: str, own: str, direction: str, number: str = "") -> str:
    said = f' dir="{own}"' if own != direction else ""
    tag = _MODEST.get(node.tag, node.tag)
    return f"<{tag}{number}{said}>{inside}</{tag}>"


def _items(node: SyntaxTreeNode, direction: str) -> Iterator[str]:
    """A number is said where counting would give another. Looked at once for the whole list."""
    is_counted = len({one.info for one in node.children}) < 2
    for place, item in enumerate(node.children, start=1):
        is_odd = bool(item.info) and not is_counted and item.info != str(place)
        own = direction_of(words_of(item)) or direction
        number = f' value="{item.info}"' if is_odd else ""
        yield _tagged(item, _inside(item, own), own, direction, number)


def _picture(node: SyntaxTreeNode) -> str:
    source, words = str(node.attrs.get("src", "")), words_of(node)
    if source.startswith("cid:"):
        return f'<img data-cid="{escape(source[4:])}" alt="{escape(words)}">'
    # A picture from elsewhere would tell its owner who reads: it stays a link.
    return f'<a href="{escape(source)}">{escape(words or source)}</a>'


def _code(node: SyntaxTreeNode) -> str:
    """With what was written behind its first fence: mostly a word that somebody meant."""
    info = node.info.strip()
    code = node.content.rstrip("\n")
    return f"{info}\n{code}" if info else code


def words_of(node: SyntaxTreeNode) -> str:
    if not node.children:
        return node.content
    return " ".join(words_of(child) for child in node.children)


def is_lone_number(node: SyntaxTreeNode) -> bool:
    """`1. December` alone is a date, no list of one."""
    if node.type != "ordered_list" or len(node.children) != 1:
        return False
    [item] = node.children
    return len(item.children) == 1 and item.children[0].type == "paragraph"


def number_of(item: SyntaxTreeNode) -> str:
    return f"{item.info}{item.markup}"
