"""What people write with a little formatting, as HTML and as plain text.

CommonMark, less what surprises people who write letters and not documents: a new line stays
a new line, HTML is shown and never meant, four blanks are no code, a line of dashes makes no
title, `5*3*2` stays a sum, a date at the beginning of a line (`24. December`) starts no list,
and a quote or a list ends where the next line does not go on with it. Nothing that was typed
is ever swallowed. Why this and no other: docs/decisions/0040.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.hr import hr
from markdown_it.rules_block.list import list_block
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.emphasis import tokenize as emphasis
from markdown_it.tree import SyntaxTreeNode

from makegood.kit.direction import direction_of
from makegood.kit.html import LINK, TRAILING, paragraphs
from makegood.kit.markdown_html import html_of
from makegood.kit.markdown_text import text_of
from makegood.kit.rx import rx
from makegood.kit.written_html import clean

MAX_CHARACTERS = 50_000
"""Longer than this is nothing that somebody formatted: it is shown as it stands."""
MAX_BRACKETS = 1_000
"""Each may begin a link, and is looked for to its end: more of them would take seconds."""
_DEEPEST = 24
_LINKS = ("http://", "https://", "mailto:", "tel:")
_PICTURE = "cid:"
_OFF = ("code", "lheading", "reference", "html_block", "html_inline", "entity")
_SIGNS = "\\`*_[]<>#"


@dataclass(frozen=True, kw_only=True)
class Written:
    """A text as it is read: clean HTML, plain text, and which way it runs."""

    html: str
    text: str
    direction: str = ""
    pictures: tuple[str, ...] = ()
    """The pictures that stand in it, by the names that it calls them."""


@lru_cache(maxsize=2_048)
def written(source: str) -> Written:
    """What was typed, read as Markdown."""
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    direction = direction_of(source)
    tree = _tree(source)
    if tree is None:
        return Written(html=str(paragraphs(source)), text=source.strip("\n"), direction=direction)
    return Written(
        html=clean(html_of(tree, direction)),
        text=text_of(tree),
        direction=direction,
        pictures=tuple(dict.fromkeys(_pictures(tree))),
    )


def plain(source: str) -> str:
    """The words alone: for a line on a page, or a channel that knows no formatting."""
    return written(source).text


def escaped(value: str) -> str:
    """A value put into a text by a machine: shown as it is, whatever it looks like."""
    if plain(value) == value.strip():
        return value
    return "".join(f"\\{letter}" if letter in _SIGNS else letter for letter in value)


def _tree(source: str) -> SyntaxTreeNode | None:
    """None for what nobody typed by hand: too long, or nested until it would be swallowed."""
    if len(source) > MAX_CHARACTERS or source.count("[") > MAX_BRACKETS:
        return None
    tokens = _parser().parse("\n".join(_parted(source)))
    if max((token.level for token in tokens), default=0) >= _DEEPEST:
        return None
    return SyntaxTreeNode(tokens)


def _pictures(tree: SyntaxTreeNode) -> Iterator[str]:
    for node in tree.walk():
        source = str(node.attrs.get("src", "")) if node.type == "image" else ""
        if source.startswith(_PICTURE):
            yield source.removeprefix(_PICTURE)


# ── The grammar ───────────────────────────────────────────────────────────────


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True, "maxNesting": _DEEPEST + 8})
    parser.disable(list(_OFF))
    parser.block.ruler.at("list", _list, {"alt": ["paragraph", "blockquote"]})
    parser.block.ruler.at("hr", hr, {"alt": ["blockquote", "list"]})  # dashes under words are words
    parser.inline.ruler.at("emphasis", _emphasis)
    parser.inline.ruler.before("link", "bare_link", _bare_link)
    parser.validateLink = _is_link  # type: ignore[method-assign]
    parser.normalizeLink = _address  # type: ignore[method-assign]
    parser.normalizeLinkText = lambda link: link  # type: ignore[method-assign]
    return parser


def _is_link(url: str) -> bool:
    return url.lower().startswith((*_LINKS, _PICTURE, "www."))


def _address(url: str) -> str:
    """A web address as it is put into a page: nothing in it can end an attribute."""
    url = f"https://{url}" if url.lower().startswith("www.") else url
    return quote(url, safe="!#$%&'()*+,-./:;=?@[]_~")


def _list(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A list of numbers begins with one: what else begins with a number is a date, or a sum."""
    first = state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]]
    digits = first[: len(first) - len(first.lstrip("0123456789"))]
    if not silent and digits and digits != "1":
        return False
    return list_block(state, start, end, silent)


def _emphasis(state: StateInline, silent: bool) -> bool:
    """Stars between letters or figures of one word are signs of it, as underscores are."""
    if silent or state.src[state.pos] != "*":
        return emphasis(state, silent)
    end = state.pos
    while end < state.posMax and state.src[end] == "*":
        end += 1
    before = state.src[state.pos - 1] if state.pos else " "
    after = state.src[end] if end < state.posMax else " "
    if not (_is_plain_letter(before) and _is_plain_letter(after)):
        return emphasis(state, silent)
    state.append_pending(state.src[state.pos : end])
    state.pos = end
    return True


def _is_plain_letter(letter: str) -> bool:
    return letter.isascii() and letter.isalnum()


def _bare_link(state: StateInline, silent: bool) -> bool:
    """A web address as it stands becomes a link. Its scheme has been read as text already."""
    if silent or state.linkLevel or state.src[state.pos : state.pos + 3] != "://":
        return False
    scheme = next((one for one in ("https", "http") if state.pending.endswith(one)), "")
    if not scheme or state.pending[: -len(scheme)][-1:].isalnum():
        return False
    begins = state.pos - len(scheme)
    found = rx(LINK).match(state.src[begins : state.posMax])
    if found is None:
        return False
    url = found.group(0).rstrip(TRAILING + "*_")
    state.pending = state.pending[: -len(scheme)]
    opening = state.push("link_open", "a", 1)
    opening.attrs = {"href": _address(url)}
    state.push("text", "", 0).content = url
    state.push("link_close", "a", -1)
    state.pos = begins + len(url)
    return True


def _parted(source: str) -> Iterator[str]:
    """A blank line where a quote or a list stops: what follows is the writer's own again."""
    in_code = in_quote = in_list = False
    for line in source.split("\n"):
        bare = line.lstrip(" ")
        if bare.startswith(("```", "~~~")):
            in_code = not in_code
        elif not in_code:
            is_quote, is_item = bare.startswith(">"), _is_item(bare, in_list)
            if bare and (in_quote and not is_quote):
                yield ""
            elif bare and in_list and not is_item and line == bare:
                yield ""
                in_list = False
            in_quote = is_quote
            in_list = is_item or (in_list and (not bare or line != bare))
        yield line


def _is_item(bare: str, in_list: bool) -> bool:
    sign, space, _words = bare.partition(" ")
    if not space:
        return False
    number = sign.rstrip(".)")
    return sign in ("-", "*", "+") or (
        number != sign and number.isascii() and number.isdigit() and (in_list or number == "1")
    )
