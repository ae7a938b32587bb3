"""A text that was read as Markdown, written as plain text: every word, and no signs."""

from collections.abc import Iterable, Iterator

from markdown_it.tree import SyntaxTreeNode

from makegood.kit.markdown_html import is_lone_number, number_of, words_of

_SILENT = ("https://", "http://", "mailto:", "tel:")


def text_of(tree: SyntaxTreeNode) -> str:
    return "\n".join(_parted(_lines(child) for child in tree.children))


def _parted(blocks: Iterable[list[str]], *, gap: bool = True) -> list[str]:
    lines: list[str] = []
    for block in blocks:
        if lines and gap:
            lines.append("")
        lines += block
    return lines


def _lines(node: SyntaxTreeNode) -> list[str]:
    """A block, line for line."""
    if node.type == "fence":
        code = node.content.rstrip("\n").split("\n")
        return [f"    {line}" for line in ([node.info.strip()] if node.info.strip() else []) + code]
    if node.type == "hr":
        return ["* * *"]
    if node.type == "blockquote":
        return [f"> {line}".rstrip() for line in _parted(map(_lines, node.children))]
    if is_lone_number(node):
        return _item(node.children[0], number_of(node.children[0]), indent=0)
    if node.type in ("bullet_list", "ordered_list"):
        signs = _signs(node)
        items = (_item(one, sign) for one, sign in zip(node.children, signs, strict=True))
        return _parted(items, gap=_is_loose(node))
    return "".join(_words(child) for child in node.children).split("\n")


def _signs(node: SyntaxTreeNode) -> Iterator[str]:
    """What stands before each: where all say the same number, they are counted."""
    is_counted = len({one.info for one in node.children}) == 1
    for place, item in enumerate(node.children, start=1):
        number = f"{place}{item.markup}" if is_counted else number_of(item)
        yield number if item.info else "-"


def _item(item: SyntaxTreeNode, sign: str, indent: int | None = None) -> list[str]:
    lines = _parted(map(_lines, item.children), gap=not _is_tight(item)) or [""]
    before = " " * (len(sign) + 1 if indent is None else indent)
    return [f"{sign} {lines[0]}".rstrip(), *(f"{before}{line}".rstrip() for line in lines[1:])]


def _is_loose(node: SyntaxTreeNode) -> bool:
    return not all(_is_tight(item) for item in node.children)


def _is_tight(item: SyntaxTreeNode) -> bool:
    return all(child.type != "paragraph" or child.hidden for child in item.children)


def _words(node: SyntaxTreeNode) -> str:
    """What stands inside a block, in its lines."""
    if node.type in ("text", "code_inline"):
        return node.content
    if node.type in ("softbreak", "hardbreak"):
        return "\n"
    if node.type == "image":
        return _picture(node)
    inside = "".join(_words(child) for child in node.children)
    return _link(node, inside) if node.type == "link" else inside


def _picture(node: SyntaxTreeNode) -> str:
    source, words = str(node.attrs.get("src", "")), words_of(node)
    beside = [str(node.attrs.get("title", "")), "" if source.startswith("cid:") else source]
    return f"[{' '.join(filter(None, [words, *beside]))}]"


def _link(node: SyntaxTreeNode, words: str) -> str:
    """The words, and where they lead unless they say so themselves."""
    href, title = str(node.attrs["href"]), str(node.attrs.get("title", ""))
    bare = href
    for scheme in _SILENT:
        bare = bare.removeprefix(scheme)
    is_said = words.strip() in (href, bare, bare.rstrip("/"))
    beside = ", ".join(filter(None, ["" if is_said else href, title]))
    return f"{words} ({beside})" if beside else words
